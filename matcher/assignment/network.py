"""The pairs as a network: outside -> group -> left -> right -> outside, and back to the outside at no cost.

A unit of flow is one place that is used. Arc number p below the number of pairs is pair p; then come the lefts',
the rights' and the groups' places. Nodes: lefts, rights, groups, the outside last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.errors import InfeasibleError, RuleError

if TYPE_CHECKING:
    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs

LABEL_RANGE = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Arcs of the network of one question; what is ``fixed`` has been taken out of the capacities.

    Attributes
    ----------
    tail, head : int32 arrays, shape (arcs,). capacity, gain : int64 arrays, shape (arcs,).
    n_nodes : number of nodes; the outside is the last.
    match_weight : weight M of one match in the combined order, 0 where the total alone counts. A pair's gain is M + points.
    """

    tail: Index
    head: Index
    capacity: Int
    gain: Int
    n_nodes: int
    match_weight: int

    @property
    def outside(self) -> int:
        """The node where unused places stay."""
        return self.n_nodes - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residual:
    """Arcs along which a plan can be changed by one unit, and the gain that is lost by it (``length``)."""

    tail: Index
    head: Index
    length: Int


def match_weight(pairs: ScoredPairs) -> int:
    """M of the combined order: more than any two plans' totals can differ by, twice over, so that the levels never mix.

    Raises
    ------
    RuleError
        The points are so large that sums along a path could leave the 64-bit integers. Along a simple residual path
        pairs are given up and taken in turn (but for one passage of the outside), so no label exceeds 3 M, and no sum
        of a left's, a right's and a group's price and a weight exceeds 12 M.
    """
    lefts, rights, _ = pairs.useful_capacities()
    most = int(min(lefts.sum(), rights.sum()))
    largest = max(abs(int(pairs.points.max())), abs(int(pairs.points.min()))) if pairs.n_pairs else 0
    weight = 4 * most * largest + 1
    if 12 * weight >= LABEL_RANGE:
        raise RuleError(f"points up to {largest} in up to {most} matches exceed the integer range")
    return weight


def build(pairs: ScoredPairs, fixed: Mask, *, cardinality_first: bool = True) -> Network:
    """The network of the pairs beside the ``fixed`` ones, which are in every plan.

    Raises
    ------
    InfeasibleError
        The capacities do not allow the fixed pairs.
    RuleError
        The points exceed the integer range.
    """
    room = _room_beside(pairs, fixed)
    lefts, rights, groups = room
    n_left, n_right, n_groups = pairs.n_left, pairs.n_right, pairs.n_groups
    outside = n_left + n_right + n_groups
    above_left = np.where(pairs.group >= 0, n_left + n_right + pairs.group, outside)
    left_ids, right_ids, group_ids = np.split(np.arange(outside), [n_left, n_left + n_right])
    weight = match_weight(pairs)
    gain = np.zeros(pairs.n_pairs + outside, dtype=np.int64)
    gain[: pairs.n_pairs] = pairs.points + (weight if cardinality_first else 0)
    return Network(
        tail=np.concatenate([pairs.left, above_left, right_ids, np.full(n_groups, outside)]).astype(np.int32),
        head=np.concatenate([pairs.right + n_left, left_ids, np.full(n_right, outside), group_ids]).astype(np.int32),
        capacity=np.concatenate([_open_pairs(pairs, fixed, room), lefts, rights, groups]).astype(np.int64),
        gain=gain,
        n_nodes=outside + 1,
        match_weight=weight if cardinality_first else 0,
    )


def plan_flow(pairs: ScoredPairs, free: Mask) -> Int:
    """Flow on every arc of the plan whose pairs, beside the fixed ones, are ``free``."""
    return np.concatenate([free, *pairs.counts(free)]).astype(np.int64)


def residual(network: Network, flow: Int) -> Residual:
    """What can be changed by one unit: more where there is room, less where there is flow."""
    more = np.flatnonzero(flow < network.capacity)
    less = np.flatnonzero(flow > 0)
    return Residual(
        tail=np.concatenate([network.tail[more], network.head[less]]),
        head=np.concatenate([network.head[more], network.tail[less]]),
        length=np.concatenate([-network.gain[more], network.gain[less]]),
    )


def _room_beside(pairs: ScoredPairs, fixed: Mask) -> tuple[Int, Int, Int]:
    """Capacities that the fixed pairs leave."""
    kinds = ("left", "right", "group")
    capacities = (pairs.left_capacity, pairs.right_capacity, pairs.group_limit)
    clashing = [
        (f"fixed_over_{kind}_capacity", {kind: str(i), "fixed": str(used[i]), "capacity": str(capacity[i])})
        for kind, capacity, used in zip(kinds, capacities, pairs.counts(fixed), strict=True)
        for i in np.flatnonzero(used > capacity)
    ]
    if clashing:
        raise InfeasibleError(clashing)
    lefts, rights, groups = (
        np.minimum(capacity - used, useful)
        for capacity, used, useful in zip(capacities, pairs.counts(fixed), pairs.useful_capacities(), strict=True)
    )
    return lefts, rights, groups


def _open_pairs(pairs: ScoredPairs, fixed: Mask, room: tuple[Int, Int, Int]) -> Mask:
    """Pairs that some plan beside the fixed ones can contain."""
    lefts, rights, groups = room
    left_open = lefts > 0
    grouped = pairs.group >= 0
    left_open[grouped] &= groups[pairs.group[grouped]] > 0
    return ~fixed & left_open[pairs.left] & (rights[pairs.right] > 0)
