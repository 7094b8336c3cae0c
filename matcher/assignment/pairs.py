"""What the solver is asked: scored pairs of two sides, how many pairs each may have, and limits on groups of lefts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.errors import RuleError

if TYPE_CHECKING:
    from matcher.assignment.limits import Limit

Index = npt.NDArray[np.int32]
Int = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredPairs:
    """Eligible pairs with whole points. Left: children. Right: volunteers. Groups: children under one limit; they may nest.

    Attributes
    ----------
    left, right : int32 arrays, shape (pairs,), sorted by (left, right), no pair twice.
    points : int64 array, shape (pairs,).
    left_capacity, right_capacity : int64 arrays, shapes (lefts,) and (rights,), each >= 0.
    group : int32 array, shape (lefts,); the innermost group of a left, -1 for none.
    group_limit : int64 array, shape (groups,), >= 0; the most pairs that a group's lefts may have together.
    group_least : int64 array, shape (groups,), >= 0; the fewest that they must have.
    group_parent : int32 array, shape (groups,); the next larger group around a group, a smaller number than its own, or -1.
    crossing : limits that cross the groups; with any, the question is no network.

    Raises
    ------
    RuleError
        The arrays do not fit together; ``ScoredPairs.of`` sorts and converts.
    """

    left: Index
    right: Index
    points: Int
    left_capacity: Int
    right_capacity: Int
    group: Index
    group_limit: Int
    group_least: Int
    group_parent: Index
    crossing: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        left, right = self.left, self.right
        if not (left.shape == right.shape == self.points.shape and left.ndim == 1):
            raise RuleError(f"pairs: lengths {left.shape}, {right.shape} and {self.points.shape} differ")
        for name, index, size in (("left", left, self.n_left), ("right", right, self.n_right)):
            if index.size and not (index.min() >= 0 and index.max() < size):
                raise RuleError(f"pairs: {name} holds an index outside 0..{size - 1}")
        if not _rising(left, right).all():
            raise RuleError("pairs: not sorted by (left, right), or a pair is listed twice")
        if self.group.shape != self.left_capacity.shape:
            raise RuleError("pairs: group needs one entry per left")
        if self.group.size and not (self.group.min() >= -1 and self.group.max() < self.n_groups):
            raise RuleError("pairs: group names a group without a limit")
        if any(a.size and a.min() < 0 for a in (self.left_capacity, self.right_capacity, self.group_limit, self.group_least)):
            raise RuleError("pairs: a capacity or limit is negative")
        if not self.group_limit.shape == self.group_least.shape == self.group_parent.shape:
            raise RuleError("pairs: group_limit, group_least and group_parent have different lengths")
        if not ((self.group_parent >= -1) & (self.group_parent < np.arange(self.n_groups))).all():
            raise RuleError("pairs: a group's parent is not one of the groups before it")

    @classmethod
    def of(
        cls,
        left: npt.ArrayLike,
        right: npt.ArrayLike,
        points: npt.ArrayLike,
        *,
        n_left: int,
        n_right: int,
        left_capacity: npt.ArrayLike = 1,
        right_capacity: npt.ArrayLike = 1,
        group: npt.ArrayLike = -1,
        group_limit: npt.ArrayLike = (),
        group_least: npt.ArrayLike = 0,
        group_parent: npt.ArrayLike = -1,
        crossing: tuple[Limit, ...] = (),
    ) -> ScoredPairs:
        """From array-likes in any order; a number stands for the same capacity (or group) everywhere."""
        one, two = np.array(left, dtype=np.int32), np.array(right, dtype=np.int32)
        listed = np.array(points, dtype=np.int64)
        if not _rising(one, two).all():
            order = np.lexsort((two, one))
            one, two, listed = one[order], two[order], listed[order]
        return cls(
            left=one,
            right=two,
            points=listed,
            left_capacity=_spread(left_capacity, n_left),
            right_capacity=_spread(right_capacity, n_right),
            group=_spread(group, n_left).astype(np.int32),
            group_limit=np.array(group_limit, dtype=np.int64),
            group_least=_spread(group_least, np.size(group_limit)),
            group_parent=_spread(group_parent, np.size(group_limit)).astype(np.int32),
            crossing=crossing,
        )

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.left)

    @property
    def n_left(self) -> int:
        """Number of lefts."""
        return len(self.left_capacity)

    @property
    def n_right(self) -> int:
        """Number of rights."""
        return len(self.right_capacity)

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_limit)

    def counts(self, chosen: Mask) -> tuple[Int, Int, Int]:
        """How many of the ``chosen`` pairs each left, right and group has."""
        lefts = np.bincount(self.left[chosen], minlength=self.n_left)
        rights = np.bincount(self.right[chosen], minlength=self.n_right)
        grouped = self.group >= 0
        groups = np.zeros(self.n_groups, dtype=np.int64)
        np.add.at(groups, self.group[grouped], lefts[grouped])
        for k in range(self.n_groups - 1, 0, -1):  # a group's pairs are those of the groups around it too
            if self.group_parent[k] >= 0:
                groups[self.group_parent[k]] += groups[k]
        return lefts, rights, groups

    def useful_capacities(self) -> tuple[Int, Int, Int]:
        """Capacities of lefts, rights and groups, none more than one above the number of pairs it could ever have.

        The one above keeps a place free where all pairs leave one free, so that its price is 0 there too.
        """
        lefts, rights, groups = self.counts(np.ones(self.n_pairs, dtype=np.bool_))
        return (
            np.minimum(self.left_capacity, lefts + 1),
            np.minimum(self.right_capacity, rights + 1),
            np.minimum(self.group_limit, groups + 1),
        )


def _rising(left: Index, right: Index) -> Mask:
    """Whether each pair comes after the one before it, by left and then by right."""
    rising: Mask = (left[1:] > left[:-1]) | ((left[1:] == left[:-1]) & (right[1:] > right[:-1]))
    return rising


def _spread(value: npt.ArrayLike, size: int) -> Int:
    """A number, or an array of the right length, as a fresh array."""
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.int64), (size,)))
