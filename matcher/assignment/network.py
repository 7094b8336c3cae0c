"""The pairs as a network: outside -> group -> ... -> left -> right -> outside, and back to the outside at no cost.

A unit of flow is one place that is used. Arc number p below the number of pairs is pair p; then come the lefts', the
rights' and the groups' places, and last the places that a group must use (``owed``): using one of those earns more than
anything else can, so that a plan breaks a least only where no plan keeps it. Nodes: lefts, rights, groups, the outside last.
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
    owed : the groups that must use more places, in the order of the last arcs.
    n_nodes : number of nodes; the outside is the last.
    match_weight : weight M of one match in the combined order, 0 where the total alone counts. A pair's gain is M + points.
    least_weight : gain of a place that a group must use: more than any two plans can differ by otherwise; 0 where none must.
    """

    tail: Index
    head: Index
    capacity: Int
    gain: Int
    owed: Int
    n_nodes: int
    match_weight: int
    least_weight: int

    @property
    def outside(self) -> int:
        """The node where unused places stay."""
        return self.n_nodes - 1

    def places(self, pairs: ScoredPairs) -> tuple[Int, Int, Int, Int]:
        """Capacities of the lefts, of the rights, of the groups beyond what they must use, and of what they must use."""
        first = pairs.n_pairs + np.cumsum([pairs.n_left, pairs.n_right, pairs.n_groups])
        lefts, rights, groups, owed = np.split(self.capacity[pairs.n_pairs :], first - pairs.n_pairs)
        return lefts, rights, groups, owed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residual:
    """Arcs along which a plan can be changed by one unit, and the gain that is lost by it (``length``)."""

    tail: Index
    head: Index
    length: Int


def points_room(most: int) -> int:
    """The largest magnitude of points with which ``match_weight`` fits, where there can be so many matches."""
    return (LABEL_RANGE // 12 - 2) // (4 * max(most, 1))


def match_weight(pairs: ScoredPairs) -> int:
    """M of the combined order: more than any two plans' totals can differ by, twice over, so that the levels never mix.

    Raises
    ------
    RuleError
        The points are so large that sums along a path could leave the 64-bit integers. Along a simple residual path
        pairs are given up and taken in turn (but for one passage of the outside), so no label exceeds 3 M, and no sum
        of a left's, a right's and a group's price and a weight exceeds 12 M.
    """
    most, largest = _most_pairs(pairs), _largest(pairs)
    weight = 4 * most * largest + 1
    if largest > points_room(most):
        raise RuleError(f"points up to {largest} in up to {most} matches exceed the integer range")
    return weight


def build(pairs: ScoredPairs, fixed: Mask, *, cardinality_first: bool = True) -> Network:
    """The network of the pairs beside the ``fixed`` ones, which are in every plan; limits that cross are left out.

    Raises
    ------
    InfeasibleError
        The capacities do not allow the fixed pairs.
    RuleError
        The points exceed the integer range.
    """
    room = _room_beside(pairs, fixed)
    lefts, rights, groups, least = room
    n_left, n_right, n_groups = pairs.n_left, pairs.n_right, pairs.n_groups
    outside = n_left + n_right + n_groups
    above_left = np.where(pairs.group >= 0, n_left + n_right + pairs.group, outside)
    above_group = np.where(pairs.group_parent >= 0, n_left + n_right + pairs.group_parent, outside)
    left_ids, right_ids, group_ids = np.split(np.arange(outside), [n_left, n_left + n_right])
    owed = np.flatnonzero(np.minimum(least, groups) > 0)
    weight = match_weight(pairs) if cardinality_first else 0
    above = _least_weight(pairs, weight, len(owed)) if owed.size else 0
    gain = np.zeros(pairs.n_pairs + outside + owed.size, dtype=np.int64)
    gain[: pairs.n_pairs] = pairs.points + weight
    gain[pairs.n_pairs + outside :] = above
    beyond = np.maximum(groups - least, 0)
    return Network(
        tail=np.concatenate([pairs.left, above_left, right_ids, above_group, above_group[owed]]).astype(np.int32),
        head=np.concatenate([pairs.right + n_left, left_ids, np.full(n_right, outside), group_ids, group_ids[owed]]).astype(
            np.int32
        ),
        capacity=np.concatenate([_open_pairs(pairs, fixed, room), lefts, rights, beyond, np.minimum(least, groups)[owed]]).astype(
            np.int64
        ),
        gain=gain,
        owed=owed,
        n_nodes=outside + 1,
        match_weight=weight,
        least_weight=above,
    )


def plan_flow(pairs: ScoredPairs, free: Mask, network: Network | None = None) -> Int:
    """Flow on every arc of the plan whose pairs, beside the fixed ones, are ``free``: what must be used is used first.

    The ``network`` is needed where groups must use places.
    """
    lefts, rights, groups = pairs.counts(free)
    if network is None or not network.owed.size:
        return np.concatenate([free, lefts, rights, groups]).astype(np.int64)
    owed = np.minimum(groups[network.owed], network.capacity[network.capacity.size - network.owed.size :])
    groups[network.owed] -= owed
    return np.concatenate([free, lefts, rights, groups, owed]).astype(np.int64)


def residual(network: Network, flow: Int) -> Residual:
    """What can be changed by one unit: more where there is room, less where there is flow."""
    more = np.flatnonzero(flow < network.capacity)
    less = np.flatnonzero(flow > 0)
    return Residual(
        tail=np.concatenate([network.tail[more], network.head[less]]),
        head=np.concatenate([network.head[more], network.tail[less]]),
        length=np.concatenate([-network.gain[more], network.gain[less]]),
    )


def open_lefts(pairs: ScoredPairs, lefts: Int, groups: Int) -> Mask:
    """Lefts that have a place in every group around them, given the places of lefts and groups."""
    has_place = groups > 0
    for k in range(pairs.n_groups):
        has_place[k] &= pairs.group_parent[k] < 0 or has_place[pairs.group_parent[k]]
    open_ = lefts > 0
    grouped = pairs.group >= 0
    open_[grouped] &= has_place[pairs.group[grouped]]
    return open_


def _most_pairs(pairs: ScoredPairs) -> int:
    lefts, rights, _ = pairs.useful_capacities()
    return int(min(lefts.sum(), rights.sum()))


def _largest(pairs: ScoredPairs) -> int:
    return max(abs(int(pairs.points.max())), abs(int(pairs.points.min()))) if pairs.n_pairs else 0


def _least_weight(pairs: ScoredPairs, weight: int, n_owed: int) -> int:
    """As M is above the points, so is this above M and the points; a simple path leaves each group once.

    Raises
    ------
    RuleError
        Sums along a path could leave the 64-bit integers.
    """
    most, largest = _most_pairs(pairs), _largest(pairs)
    above = 4 * most * (weight + largest) + 1
    if 4 * (n_owed + 3) * above >= LABEL_RANGE:
        raise RuleError(f"points up to {largest} in up to {most} matches under {n_owed} least numbers exceed the integer range")
    return above


def _room_beside(pairs: ScoredPairs, fixed: Mask) -> tuple[Int, Int, Int, Int]:
    """Capacities that the fixed pairs leave, and what groups must still have."""
    kinds = ("left", "right", "group")
    capacities = (pairs.left_capacity, pairs.right_capacity, pairs.group_limit)
    taken = pairs.counts(fixed)
    clashing = [
        (f"fixed_over_{kind}_capacity", {kind: str(i), "fixed": str(used[i]), "capacity": str(capacity[i])})
        for kind, capacity, used in zip(kinds, capacities, taken, strict=True)
        for i in np.flatnonzero(used > capacity)
    ]
    if clashing:
        raise InfeasibleError(clashing)
    lefts, rights, groups = (
        np.minimum(capacity - used, useful)
        for capacity, used, useful in zip(capacities, taken, pairs.useful_capacities(), strict=True)
    )
    return lefts, rights, groups, np.maximum(pairs.group_least - taken[2], 0)


def _open_pairs(pairs: ScoredPairs, fixed: Mask, room: tuple[Int, Int, Int, Int]) -> Mask:
    """Pairs that some plan beside the fixed ones can contain."""
    lefts, rights, groups, _ = room
    return ~fixed & open_lefts(pairs, lefts, groups)[pairs.left] & (rights[pairs.right] > 0)
