"""What the solver is asked about a case: its eligible pairs, places, limits, locks, and who chooses first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.assignment.best import Solved, solve
from matcher.assignment.guarantee import guaranteed
from matcher.assignment.limits import arranged
from matcher.assignment.pairs import Int, Mask, ScoredPairs
from matcher.assignment.solvers import AUTO, search_of
from matcher.candidates import Candidates
from matcher.errors import InfeasibleError
from matcher.planlimits import PlanLimit, PlanLimits
from matcher.table import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """How a plan is to be made.

    Attributes
    ----------
    solver : ``auto``, or the name of one (``matcher.assignment.solvers``); all write the same plan.
    max_wait_first : whether the longest waiting children are guaranteed a match before anything else counts.
    seconds : so long may a search take, where limits cross; None for as long as it takes.
    """

    solver: str = AUTO
    max_wait_first: bool = False
    seconds: float | None = None


DEFAULT = Planning()


@dataclass(frozen=True, eq=False)
class Question:
    """The pairs of a case as the solver takes them.

    ``locked`` are numbers of pairs that are in every plan. ``only`` restricts the plan to some children (shape (children,)).
    """

    candidates: Candidates
    limits: PlanLimits
    locked: Int
    only: Mask | None = None

    @property
    def people(self) -> People:
        """The children and volunteers."""
        return self.candidates.people

    @cached_property
    def pairs(self) -> ScoredPairs:
        """All eligible pairs, or those of the children in ``only``, with places and limits."""
        found, kept = self.candidates, self.kept
        limits = self.limits.arrangement if self.only is None else arranged((), len(self.people.children))
        return ScoredPairs.of(
            found.child[kept],
            found.volunteer[kept],
            found.points[kept],
            n_left=len(self.people.children),
            n_right=len(self.people.volunteers),
            right_capacity=[self.people.facts.free_places(v) for v in self.people.volunteers],
            group=limits.group,
            group_limit=limits.most,
            group_least=limits.least,
            group_parent=limits.parent,
            crossing=limits.crossing,
        )

    @cached_property
    def kept(self) -> Int:
        """The numbers, among all eligible pairs, of those that are asked about."""
        n_pairs = len(self.candidates)
        return np.arange(n_pairs) if self.only is None else np.flatnonzero(self.only[self.candidates.child])

    @cached_property
    def order(self) -> Int:
        """The children by how long they have waited, then by id."""
        waiting_since = np.array([c.registered_on.toordinal() for c in self.people.children], dtype=np.int64)
        return np.argsort(waiting_since, kind="stable")

    def solved(self, planning: Planning, *, ties: bool = True) -> Solved:
        """The best plan (any of them without ``ties``); ``max_wait_first`` is for ``longest_first`` to see to.

        Raises
        ------
        InfeasibleError
            The locks and limits cannot all hold; ids for the solver's indices.
        """
        fixed = np.searchsorted(self.kept, self.locked)
        try:
            return solve(self.pairs, self.order, fixed=fixed, solver=planning.solver, seconds=planning.seconds, ties=ties)
        except InfeasibleError as error:
            raise InfeasibleError([(code, self._named(facts)) for code, facts in error.clashing]) from None

    def longest_first(self, solved: Solved, planning: Planning) -> tuple[int, ...]:
        """The children that are guaranteed a match, in their order, given a plan with the most matches.

        Raises
        ------
        TimeLimitError
            Limits cross, and time ran out.
        """
        if not self.pairs.crossing:
            return guaranteed(self.pairs, solved, self.order)
        from matcher.assignment.crossing.guarantee import crossing_guaranteed  # noqa: PLC0415  seldom needed, slow to load

        return crossing_guaranteed(self.pairs, solved, self.order, seconds=planning.seconds, search=search_of(planning.solver))

    def of_children(self, children: tuple[int, ...]) -> Question:
        """The same question with the pairs of these children only, all of whom can be matched together.

        As every plan then matches the same children, no limit says anything more.
        """
        only = np.zeros(len(self.people.children), dtype=np.bool_)
        only[list(children)] = True
        return replace(self, only=only)

    def without(self, *names: str) -> Question:
        """The same question without the limits of these names."""
        return replace(self, limits=self.limits.without(*names))

    def with_limits(self, *more: PlanLimit) -> Question:
        """The same question under some more limits."""
        return replace(self, limits=self.limits.with_limits(*more))

    def _named(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Ids for the solver's indices."""
        names = dict(facts)
        if "left" in names:
            names["child"] = self.people.children[int(names.pop("left"))].child_id
        if "right" in names:
            names["volunteer"] = self.people.volunteers[int(names.pop("right"))].volunteer_id
        if "group" in names:
            names["limit"] = self.limits.of_group(int(names.pop("group")))[0].name
        return names
