"""A question where some stay unmatched, as one where nobody does: for solvers that know only the latter.

Each left gets a right of its own that stands for no match, and each right a left likewise. These stand-ins may take each
other at no cost along the same pairs, so whoever is matched frees two stand-ins for one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from benchmarks.peers.markets import Index, Int, Market


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges of a square question, sorted by (left, right), with whole costs >= 0."""

    left: Index
    right: Index
    cost: Int
    n: int

    @property
    def starts(self) -> npt.NDArray[np.int32]:
        """Where each left's edges begin, shape (n + 1,)."""
        return np.searchsorted(self.left, np.arange(self.n + 1)).astype(np.int32)


def with_own_dummies(market: Market) -> tuple[Index, Index, Int]:
    """All pairs, and for each left one right more that only it can have: left, right and cost > 0 of each edge, unsorted.

    Every left is matched once, with its dummy or not, so one shift of all costs changes nothing.
    """
    top = int(market.points.max()) + 1
    own = np.arange(market.n_left, dtype=np.int32)
    return (
        np.concatenate([market.left, own]),
        np.concatenate([market.right, own + np.int32(market.n_right)]),
        np.concatenate([top - market.points, np.full(market.n_left, top + market.weight)]),
    )


def doubled(market: Market) -> Edges:
    """The square question of all people and their stand-ins."""
    left, right, cost = with_own_dummies(market)
    theirs = np.arange(market.n_right, dtype=np.int32)
    return _sorted(
        np.concatenate([left, theirs + np.int32(market.n_left), market.right + np.int32(market.n_left)]),
        np.concatenate([right, theirs, market.left + np.int32(market.n_right)]),
        np.concatenate([cost, np.zeros(market.n_right + market.left.size, dtype=np.int64)]),
        market.n_left + market.n_right,
    )


def square(market: Market) -> Edges:
    """The question as it is, where everybody can be matched, else doubled."""
    if market.perfect:
        return _sorted(market.left, market.right, int(market.points.max()) - market.points, market.n_left)
    return doubled(market)


def _sorted(left: Index, right: Index, cost: Int, n: int) -> Edges:
    order = np.lexsort((right, left))
    return Edges(left[order], right[order], cost[order], n)
