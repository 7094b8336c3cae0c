"""One question after another about a case that changes: an engine that starts from what was answered before.

::

    session = Session.of(case, rulebook, postcodes)
    without = session.remove(volunteers=["V0007"])
    lost = session.solved.total - without.solved.total
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from matcher.assignment.best import Solved
from matcher.assignment.solvers import AUTO
from matcher.candidates import Candidates
from matcher.columns import Facts
from matcher.engine import Engine
from matcher.loops import ready_for
from matcher.question import DEFAULT, Planning
from matcher.records import Case, Postcode, Record
from matcher.rules import Rulebook
from matcher.session.candidates import candidates_again, carried
from matcher.session.kept import Kept
from matcher.session.rows import added, removed, replaced
from matcher.table import People

STEPS_A_PAIR = 2
"""What a plan found from nothing takes a pair, in steps of ``matcher.loops`` (measured at 255 x 280)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """What a session knows once its plan is made: the case, its candidates, and the plan with its prices."""

    case: Case
    candidates: Candidates
    solved: Solved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Before:
    """The latest answer to be had when a session was made, and who is as they were in it."""

    answered: Answered
    kept: Kept


@dataclass(frozen=True)
class Session(Engine):
    """An engine whose methods give the next session, of a case or rules that differ; nothing is edited in place.

    So a baseline and a scenario live side by side, and undo is to keep the session of before. Sessions share what did not
    change: candidates are scored anew for those who are not as before, and the plan is found from the latest plan and its
    prices. Every answer is that of a new ``Engine`` on the same case, to the byte; ``solved`` is proved by its prices, and
    what ``assign`` and ``proposals`` answer has passed the independent checker, here as there. For totals alone read
    ``solved``: nothing else is made.

    Records are taken as they are: what the reader of a file fills in (the municipality of a postcode, earlier friendships)
    is for whoever makes them.

    A session holds the answer that it started from, and no earlier one.
    """

    postcodes: Mapping[str, Postcode] = field(default_factory=lambda: MappingProxyType({}), repr=False, compare=False)
    before: Before | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode], planning: Planning = DEFAULT) -> Session:
        """Begin with a case, the rules in force, and the product's postcode table (the case's own rows go first)."""
        return cls(case, rulebook, _people(case, rulebook, postcodes), planning, postcodes)

    def with_case(self, case: Case) -> Session:
        """The session of another case: it finds out by itself who is as before."""
        return self._next(case, self.rulebook, self.planning)

    def with_rulebook(self, rulebook: Rulebook) -> Session:
        """The session of the same case under other rules, settings or weights."""
        return self._next(self.case, rulebook, self.planning)

    def with_planning(self, planning: Planning) -> Session:
        """The session of the same case with its plan made in another way."""
        return self._next(self.case, self.rulebook, planning)

    def add(self, *rows: Record) -> Session:
        """The session with more rows, of any table of a case.

        Raises
        ------
        UsageError
            ``row_taken``: a row of that id is there already.
        """
        return self.with_case(added(self.case, rows))

    def remove(self, *rows: Record, children: Sequence[str] = (), volunteers: Sequence[str] = ()) -> Session:
        """The session without some rows, and without the children and volunteers of some ids.

        With people go the friendships, declines, offers and decisions that name them, as if they had never been there.

        Raises
        ------
        UsageError
            The case does not have one of them.
        """
        people = [
            *(self.people.children[self.child_index(name)] for name in children),
            *(self.people.volunteers[self.volunteer_index(name)] for name in volunteers),
        ]
        return self.with_case(removed(self.case, [*rows, *people]))

    def replace(self, *rows: Record) -> Session:
        """The session with rows in the places of those of the same ids.

        Raises
        ------
        UsageError
            ``row_unknown``: no row has that id; ``row_unnamed``: rows of that table have none.
        """
        return self.with_case(replaced(self.case, rows))

    @cached_property
    def candidates(self) -> Candidates:
        """Every eligible pair with its score."""
        if self.before is None:
            return super().candidates
        return candidates_again(self.before.answered.candidates, self.case, self.people, self.rulebook, self.before.kept)

    def _next(self, case: Case, rulebook: Rulebook, planning: Planning) -> Session:
        people, answered = _people(case, rulebook, self.postcodes), self._answered()
        if answered is None:
            return Session(case, rulebook, people, planning, self.postcodes)
        kept = Kept.of(answered.case, answered.candidates, case, people, rulebook)
        people = carried(answered.candidates.people, people, kept, rulebook)
        return Session(case, rulebook, people, planning, self.postcodes, Before(answered=answered, kept=kept))

    def _answered(self) -> Answered | None:
        """The latest answer: this session's own if it has been asked for its plan, and has one."""
        if "solved" in vars(self):
            return Answered(case=self.case, candidates=self.candidates, solved=self.solved)
        return None if self.before is None else self.before.answered

    def _best(self) -> Solved:
        """The best plan from the one before, where that pays and there is one."""
        question = self.question
        by_name = self.planning.solver != AUTO
        if self.before is None or by_name or question.pairs.crossing or not ready_for(STEPS_A_PAIR * len(self.candidates)):
            return super()._best()
        from matcher.assignment.warm import Start, resolve  # noqa: PLC0415  it loads what is compiled

        answered, kept = self.before.answered, self.before.kept
        start = Start.of(answered.solved, kept.children.was, kept.volunteers.was)
        return resolve(question.pairs, question.order, start, fixed=question.locked)


def _people(case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode]) -> People:
    return People.of(case, Facts.of(case, rulebook.all_values(), postcodes))
