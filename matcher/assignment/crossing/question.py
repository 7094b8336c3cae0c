"""What is left of a question with limits that cross once some pairs are fixed, and who is under which of those limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import open_lefts
from matcher.errors import InfeasibleError

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

CLASH = (("limits_clash", dict[str, str]()),)
"""What an ``InfeasibleError`` carries here; which limits clash is found elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Pairs that may be chosen beside the fixed ones, in capacities and limits that these leave.

    Attributes
    ----------
    pairs : the question; ``numbers`` are its pairs' numbers in the whole one.
    member : bool, shape (crossing limits, lefts).
    least, most : int64, shape (crossing limits,); ``most`` is no more than one above the pairs under the limit.
    """

    pairs: ScoredPairs
    numbers: Int
    member: Mask
    least: Int
    most: Int

    def on_lefts(self, multipliers: Int) -> Int:
        """The multipliers of the crossing limits around each left, added up."""
        return multipliers @ self.member.astype(np.int64)

    def signed(self, multipliers: Int) -> Int:
        """The multipliers, none below 0 where nothing must be, none above 0 where all pairs leave a place free."""
        entries = self.member[:, self.pairs.left].sum(1)
        floor = np.where(self.least > 0, multipliers, np.maximum(multipliers, 0))
        return np.where(self.most > entries, np.minimum(floor, 0), floor)

    def part(self, keep: Mask) -> Question:
        """The same with the pairs in ``keep`` alone."""
        pairs = self.pairs
        fewer = replace(pairs, left=pairs.left[keep], right=pairs.right[keep], points=pairs.points[keep])
        return replace(self, pairs=fewer, numbers=self.numbers[keep])

    def holds(self, chosen: Mask) -> bool:
        """Whether ``chosen`` keeps every capacity and limit."""
        lefts, rights, groups = self.pairs.counts(chosen)
        crossing = self.member @ lefts
        within = [lefts <= self.pairs.left_capacity, rights <= self.pairs.right_capacity, groups <= self.pairs.group_limit]
        within += [groups >= self.pairs.group_least, crossing <= self.most, crossing >= self.least]
        return all(bool(kept.all()) for kept in within)


def beside(pairs: ScoredPairs, fixed: Mask) -> Question:
    """The question that the ``fixed`` pairs leave.

    Raises
    ------
    InfeasibleError
        A capacity or limit does not allow the fixed pairs.
    """
    lefts, rights, groups = pairs.counts(fixed)
    member = np.zeros((len(pairs.crossing), pairs.n_left), dtype=np.bool_)
    for row, limit in zip(member, pairs.crossing, strict=True):
        row[limit.members] = True
    under = member @ lefts
    most = np.array([limit.most for limit in pairs.crossing], dtype=np.int64) - under
    least = np.maximum(np.array([limit.least for limit in pairs.crossing], dtype=np.int64) - under, 0)
    room = (pairs.left_capacity - lefts, pairs.right_capacity - rights, pairs.group_limit - groups, most)
    if any((left_over < 0).any() for left_over in room):
        raise InfeasibleError(CLASH)
    numbers = np.flatnonzero(~fixed)
    rest = replace(
        pairs,
        left=pairs.left[numbers],
        right=pairs.right[numbers],
        points=pairs.points[numbers],
        left_capacity=room[0],
        right_capacity=room[1],
        group_limit=room[2],
        group_least=np.maximum(pairs.group_least - groups, 0),
        crossing=(),
    )
    most = np.minimum(most, member[:, rest.left].sum(1) + 1)
    return Question(pairs=rest, numbers=numbers, member=member, least=least, most=most)


def open_pairs(question: Question) -> Mask:
    """Pairs for which every capacity and limit has a place."""
    pairs = question.pairs
    lefts = open_lefts(pairs, pairs.left_capacity, pairs.group_limit)
    lefts &= ~(question.member & (question.most == 0)[:, None]).any(0)
    return lefts[pairs.left] & (pairs.right_capacity > 0)[pairs.right]
