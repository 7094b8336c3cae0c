"""The engine as one object: a case and a rulebook in, answers out. Every answer passes the independent checker first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

import numpy as np

from matcher.assignment.best import Solved
from matcher.assignment.known_changes import KnownChanges
from matcher.assignment.limits import UNLIMITED
from matcher.candidates import Candidates, PairFacts, failing, find_candidates
from matcher.check import ProposalsJudge
from matcher.columns import Facts
from matcher.errors import InfeasibleError, TimeLimitError, UsageError
from matcher.explain import why_child, why_pair
from matcher.fingerprint import data_hash
from matcher.judge import Judge
from matcher.planlimits import PlanLimit, plan_limits
from matcher.planning import assignment_of
from matcher.question import DEFAULT, Planning, Question
from matcher.ranking import ranked_for_children, ranked_for_volunteers
from matcher.records import Case, Postcode
from matcher.results import Assignment, ChildReasons, LimitUse, PairReasons, Proposal
from matcher.rules import Rulebook
from matcher.table import People


@dataclass(frozen=True)
class Engine:
    """Answers questions about one case under one rulebook; everything is computed once, when it is first asked for."""

    case: Case
    rulebook: Rulebook
    people: People
    planning: Planning = DEFAULT

    @classmethod
    def of(cls, case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode], planning: Planning = DEFAULT) -> Engine:
        """Bring together a case, the rules in force, and the product's postcode table (the case's own rows go first)."""
        return cls(case, rulebook, People.of(case, Facts.of(case, rulebook.all_values(), postcodes)), planning)

    @cached_property
    def data_hash(self) -> str:
        """Names the case and the settings that an answer was made from: the same whatever the order of the rows."""
        return data_hash(self.case, self.rulebook.all_values())

    @cached_property
    def candidates(self) -> Candidates:
        """Every eligible pair with its score."""
        return find_candidates(self.case, self.people, self.rulebook)

    @cached_property
    def pair_facts(self) -> PairFacts:
        """What is known of single pairs; cheap, so that reasons need no loop over all pairs."""
        return PairFacts.of(self.case, self.people, self.rulebook)

    @cached_property
    def question(self) -> Question:
        """What the solver is asked.

        Raises
        ------
        InfeasibleError
            A locked pair is not eligible.
        """
        found = self.candidates
        limits = plan_limits(self.case, self.people.children, np.diff(found.starts) > 0)
        return Question(candidates=found, limits=limits, locked=self._locked())

    @cached_property
    def solved(self) -> Solved:
        """The best plan, its prices and its proof.

        Raises
        ------
        InfeasibleError
            The locks and limits cannot all hold: an irreducible clash among them, and the ways out.
        """
        try:
            return self._best()
        except InfeasibleError:
            from matcher.clash import explained  # noqa: PLC0415  seldom needed

            raise explained(self.question, self.case) from None

    def _best(self) -> Solved:
        """The best plan, from nothing."""
        return self.question.solved(self.planning)

    def _locked(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Indices of the locked pairs; a locked pair that is not eligible is no plan at all."""
        if not self.pair_facts.locked:
            return np.zeros(0, dtype=np.int64)
        found, width = self.candidates, len(self.people.volunteers)
        locked = sorted(found.pair_facts.locked)
        keys, wanted = found.child * width + found.volunteer, np.array([i * width + j for i, j in locked], dtype=np.int64)
        at = np.searchsorted(keys, wanted)
        barred = [pair for pair, held in zip(locked, np.append(keys, -1)[at] == wanted, strict=True) if not held]
        if barred:
            raise InfeasibleError([("lock_not_eligible", self._barred(pair)) for pair in barred])
        return at

    def _barred(self, pair: tuple[int, int]) -> dict[str, str]:
        reasons = why_pair(self.people, self.rulebook, self.pair_facts, pair)
        failed = [v.rule for v in reasons.verdicts if not v.holds and not v.waived]
        rules = ";".join(["forbidden"] * reasons.forbidden + failed)
        return {"child": reasons.child_id, "volunteer": reasons.volunteer_id, "rules": rules}

    @cached_property
    def changes(self) -> KnownChanges:
        """What other choices than the plan's would take."""
        return KnownChanges(self.question.pairs, self.solved)

    @cached_property
    def judge(self) -> Judge:
        """The independent checker, told about this case."""
        return Judge.of(self.case, self.rulebook, self.people.facts.postcodes, self.failing)

    @cached_property
    def _default_plan(self) -> Assignment:
        plan = assignment_of(self.question, self.solved, self.data_hash)
        self.judge.accepts_plan(plan)
        return plan

    @cached_property
    def _beside_plan(self) -> ProposalsJudge:
        return self.judge.beside(self._default_plan)

    @cached_property
    def _longest_first(self) -> Assignment:
        first = self.question.longest_first(self.solved, self.planning)
        question = self.question.of_children(first)
        solved = question.solved(self.planning)
        price = self.solved.total - solved.total
        status = self.solved.status  # that there are no more matches rests on the search for the best plan
        plan = assignment_of(question, solved, self.data_hash, guaranteed=first, price=price, status=status)
        self.judge.accepts_plan(plan)
        return plan

    def assign(self) -> Assignment:
        """Make the provably best plan: most children, then the highest total, then the contract's tie rule.

        With ``max_wait_first`` the longest waiting children are guaranteed a match before the total counts.

        Raises
        ------
        InfeasibleError
            The locked pairs and the limits cannot all hold in one plan.
        CertificateError
            The proof or the independent checker refuses the plan.
        """
        return self._longest_first if self.planning.max_wait_first else self._default_plan

    def within(self, seconds: float | None) -> Engine:
        """The same engine, with all that it knows already; the searches that are still to come take so many seconds at most."""
        other = replace(self, planning=replace(self.planning, seconds=seconds))
        known = {name: value for name, value in vars(self).items() if name not in vars(other)}
        vars(other).update(known)
        return other

    def limit_uses(self, left: Callable[[], float | None] = lambda: None) -> tuple[LimitUse, ...]:
        """Each limit that could bind, with what all would gain without it; those for which the seconds ``left`` suffice."""
        return tuple(self._limit_uses(left)) if self.solved.status == "optimal" else ()

    def _limit_uses(self, left: Callable[[], float | None]) -> Iterator[LimitUse]:
        matched = np.zeros(len(self.people.children), dtype=np.bool_)
        matched[self.question.pairs.left[self.solved.chosen]] = True
        used = self.question.limits.matches(matched)
        for one in self.question.limits.limits:
            try:
                free = self._without(one, used[one.name], left())
            except (TimeLimitError, KeyboardInterrupt):  # the plan is there, and goes out with what is known beside it
                return
            if free.status == "optimal":
                yield self._limit_use(one, used[one.name], free)

    def _without(self, one: PlanLimit, matches: int, seconds: float | None) -> Solved:
        """The best plan without a limit."""
        if matches not in (one.limit.least, one.limit.most):
            return self.solved
        if seconds == 0:
            raise TimeLimitError
        return self.question.without(one.name).solved(replace(self.planning, seconds=seconds), ties=False)

    def _limit_use(self, one: PlanLimit, matches: int, free: Solved) -> LimitUse:
        return LimitUse(
            kind=one.kind,
            key=one.key,
            at_least=one.limit.least or None,
            at_most=None if one.limit.most == UNLIMITED else one.limit.most,
            matches=matches,
            gives_up=free.total - self.solved.total,
            matches_lost=free.matched - self.solved.matched,
        )

    def proposals(self, children: Sequence[str] = (), volunteers: Sequence[str] = (), top: int = 5) -> tuple[Proposal, ...]:
        """Rank pairs, each with its parts and with what choosing it costs all the others.

        Parameters
        ----------
        children
            Ids to propose volunteers for; none named: every waiting child.
        volunteers
            Ids to propose children for; with ``children`` too: only these volunteers are proposed.
        top
            How many rows each list has at most.

        Raises
        ------
        UsageError
            An id is not in the case.
        """
        judge, restricted = self._beside_plan, bool(children and volunteers)
        chosen_children = [self.child_index(name) for name in children]
        chosen_volunteers = [self.volunteer_index(name) for name in volunteers]
        if chosen_volunteers and not chosen_children:
            found = ranked_for_volunteers(self.question, self.changes, chosen_volunteers, top, self.planning.seconds)
        else:
            everyone = chosen_children or list(range(len(self.people.children)))
            found = ranked_for_children(self.question, self.changes, everyone, chosen_volunteers, top, self.planning.seconds)
        of: Literal["child_id", "volunteer_id"] = "volunteer_id" if volunteers and not children else "child_id"
        judge, top_each = (self.judge.beside(None), None) if restricted else (judge, top)
        self.judge.accepts_proposals(found, judge, of=of, asked=tuple(children or volunteers), top=top_each)
        return found

    def why_pair(self, child_id: str, volunteer_id: str) -> PairReasons:
        """Each rule's verdict on one pair, and the parts of its score; raises ``UsageError`` for unknown ids."""
        pair = (self.child_index(child_id), self.volunteer_index(volunteer_id))
        return why_pair(self.people, self.rulebook, self.pair_facts, pair)

    def failing(self, child_id: str, volunteer_id: str) -> tuple[str, ...]:
        """Keys of the rules that a pair fails and nobody has waived; raises ``UsageError`` for unknown ids."""
        pair = (self.child_index(child_id), self.volunteer_index(volunteer_id))
        return failing(self.people, self.rulebook, self.pair_facts, pair)

    def why_child(self, child_id: str) -> ChildReasons:
        """What keeps each volunteer from a child, and the nearest relaxations; raises ``UsageError`` for an unknown id."""
        return why_child(self.people, self.rulebook, self.pair_facts, self.child_index(child_id))

    def child_index(self, child_id: str) -> int:
        """Place of a child in the order of ids; raises ``UsageError``."""
        return _index_of(child_id, self._child_places, "unknown_child")

    def volunteer_index(self, volunteer_id: str) -> int:
        """Place of a volunteer in the order of ids; raises ``UsageError``."""
        return _index_of(volunteer_id, self._volunteer_places, "unknown_volunteer")

    @cached_property
    def _child_places(self) -> dict[str, int]:
        return {child.child_id: place for place, child in enumerate(self.people.children)}

    @cached_property
    def _volunteer_places(self) -> dict[str, int]:
        return {volunteer.volunteer_id: place for place, volunteer in enumerate(self.people.volunteers)}


def _index_of(name: str, places: Mapping[str, int], code: str) -> int:
    if name not in places:
        near = get_close_matches(name, places, n=1, cutoff=0.5)
        raise UsageError(code, id=name, nearest=near[0] if near else "")
    return places[name]
