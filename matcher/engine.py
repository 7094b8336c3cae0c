"""The engine as one object: a case and a rulebook in, answers out. Every answer passes the independent checker first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

import numpy as np

from matcher.assignment.best import Solved, solve
from matcher.assignment.pairs import ScoredPairs
from matcher.candidates import Candidates, PairFacts, failing, find_candidates
from matcher.columns import Facts
from matcher.errors import InfeasibleError, UsageError
from matcher.explain import why_child, why_pair
from matcher.judge import Judge
from matcher.planning import assignment_of
from matcher.ranking import ranked_for_children, ranked_for_volunteers
from matcher.records import Case, Postcode
from matcher.results import Assignment, ChildReasons, PairReasons, Proposal
from matcher.rules import Rulebook
from matcher.table import People


@dataclass(frozen=True)
class Engine:
    """Answers questions about one case under one rulebook; everything is computed once, when it is first asked for."""

    case: Case
    rulebook: Rulebook
    people: People

    @classmethod
    def of(cls, case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode]) -> Engine:
        """Bring together a case, the rules in force, and the product's postcode table (the case's own rows go first)."""
        return cls(case, rulebook, People.of(case, Facts.of(case, rulebook.all_values(), postcodes)))

    @cached_property
    def data_hash(self) -> str:
        """Names the case and the settings that an answer was made from: the same whatever the order of the rows."""
        rows = {
            name: sorted(json.dumps(r, sort_keys=True, default=str) for r in table)
            for name, table in self._plain_tables().items()
        }
        text = json.dumps([rows, str(self.case.planning_date), self.rulebook.all_values()], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _plain_tables(self) -> dict[str, list[dict[str, object]]]:
        plain = self.case.model_dump(mode="json", exclude={"planning_date", "settings"})
        return {str(name): list(table) for name, table in plain.items()}

    @cached_property
    def candidates(self) -> Candidates:
        """Every eligible pair with its score."""
        return find_candidates(self.case, self.people, self.rulebook)

    @cached_property
    def pair_facts(self) -> PairFacts:
        """What is known of single pairs; cheap, so that reasons need no loop over all pairs."""
        return PairFacts.of(self.case, self.people, self.rulebook)

    @cached_property
    def scored_pairs(self) -> ScoredPairs:
        """The eligible pairs as the solver takes them, with places and matchers' limits."""
        found, people = self.candidates, self.people
        limits = {m.matcher_id: m.max_new_friendships for m in self.case.matchers if m.max_new_friendships is not None}
        group_of = {matcher_id: k for k, matcher_id in enumerate(sorted(limits))}
        return ScoredPairs.of(
            found.child,
            found.volunteer,
            found.points,
            n_left=len(people.children),
            n_right=len(people.volunteers),
            right_capacity=[people.facts.free_places(v) for v in people.volunteers],
            group=[group_of.get(c.matcher_id or "", -1) for c in people.children],
            group_limit=[limits[matcher_id] for matcher_id in sorted(limits)],
        )

    @cached_property
    def limited_matchers(self) -> tuple[str, ...]:
        """Matchers with a limit on new friendships, in the order of the solver's groups."""
        return tuple(sorted(m.matcher_id for m in self.case.matchers if m.max_new_friendships is not None))

    @cached_property
    def solved(self) -> Solved:
        """The best plan, its prices and its proof.

        Raises
        ------
        InfeasibleError
            The locks cannot all hold.
        UsageError
            The case has quotas: a plan that leaves them out is no answer to it.
        """
        if self.case.quotas:
            raise UsageError("quotas_not_yet", number=str(len(self.case.quotas)))
        order = np.array([c.registered_on.toordinal() for c in self.people.children], dtype=np.int64)
        try:
            return solve(self.scored_pairs, np.argsort(order, kind="stable"), fixed=self._locked())
        except InfeasibleError as error:
            raise InfeasibleError([(code, self._named(facts)) for code, facts in error.clashing]) from None

    def _locked(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Indices of the locked pairs; a locked pair that is not eligible is no plan at all."""
        if not self.pair_facts.locked:
            return np.zeros(0, dtype=np.int64)
        at = {(int(i), int(j)): k for k, (i, j) in enumerate(zip(self.candidates.child, self.candidates.volunteer, strict=True))}
        locked = sorted(self.candidates.pair_facts.locked)
        barred = [pair for pair in locked if pair not in at]
        if barred:
            raise InfeasibleError([("lock_not_eligible", self._barred(pair)) for pair in barred])
        return np.array([at[pair] for pair in locked], dtype=np.int64)

    def _barred(self, pair: tuple[int, int]) -> dict[str, str]:
        reasons = why_pair(self.people, self.rulebook, self.pair_facts, pair)
        failed = [v.rule for v in reasons.verdicts if not v.holds and not v.waived]
        rules = ";".join(["forbidden"] * reasons.forbidden + failed)
        return {"child": reasons.child_id, "volunteer": reasons.volunteer_id, "rules": rules}

    def _named(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Ids for the solver's indices."""
        names = dict(facts)
        if "left" in names:
            names["child"] = self.people.children[int(names.pop("left"))].child_id
        if "right" in names:
            names["volunteer"] = self.people.volunteers[int(names.pop("right"))].volunteer_id
        if "group" in names:
            names["matcher"] = self.limited_matchers[int(names.pop("group"))]
        return names

    @cached_property
    def judge(self) -> Judge:
        """The independent checker, told about this case."""
        return Judge.of(self.case, self.rulebook, self.people.facts.postcodes, self.failing)

    @cached_property
    def _assignment(self) -> Assignment:
        plan = assignment_of(self.candidates, self.scored_pairs, self.solved, self.limited_matchers, self.data_hash)
        self.judge.accepts_plan(plan)
        return plan

    def assign(self) -> Assignment:
        """Make the provably best plan: most children, then the highest total, then the contract's tie rule.

        Raises
        ------
        InfeasibleError
            The locked pairs cannot all be in one plan.
        CertificateError
            The proof or the independent checker refuses the plan.
        """
        return self._assignment

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
        plan = self.assign()
        chosen_children = [self.child_index(name) for name in children]
        chosen_volunteers = [self.volunteer_index(name) for name in volunteers]
        if chosen_volunteers and not chosen_children:
            found = ranked_for_volunteers(self.candidates, self.scored_pairs, self.solved, chosen_volunteers, top)
        else:
            everyone = chosen_children or list(range(len(self.people.children)))
            found = ranked_for_children(self.candidates, self.scored_pairs, self.solved, everyone, chosen_volunteers, top)
        of: Literal["child_id", "volunteer_id"] = "volunteer_id" if volunteers and not children else "child_id"
        restricted = bool(children and volunteers)
        self.judge.accepts_proposals(found, plan, of=of, asked=tuple(children or volunteers), top=None if restricted else top)
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
        return _index_of(child_id, [c.child_id for c in self.people.children], "unknown_child")

    def volunteer_index(self, volunteer_id: str) -> int:
        """Place of a volunteer in the order of ids; raises ``UsageError``."""
        return _index_of(volunteer_id, [v.volunteer_id for v in self.people.volunteers], "unknown_volunteer")


def _index_of(name: str, ids: Sequence[str], code: str) -> int:
    try:
        return ids.index(name)
    except ValueError:
        near = get_close_matches(name, ids, n=1, cutoff=0.5)
        raise UsageError(code, id=name, nearest=near[0] if near else "") from None
