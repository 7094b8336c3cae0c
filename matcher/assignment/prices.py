"""Prices of a finished plan, and the proof from them that no plan is better.

The prices solve the dual of the assignment's linear program, so their sum is an upper bound for every plan; where it
equals the plan's own value, the plan is proved best [1]_. The proof trusts neither the solver nor how prices were found.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.2-9.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import open_lefts, residual
from matcher.assignment.paths import FAR, grouped, spread
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, Mask, ScoredPairs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Whole prices in the combined order, in which a pair weighs ``match_weight`` + points.

    ``right[j]`` is what all would lose if one place of right j went (0 where one is free), ``group[k]`` what all would
    gain if the limit of group k were one higher (below 0: if its least were one lower), ``left[i]`` what is left for i.
    For every pair that some plan allows beside the fixed ones, left + right + the prices of all groups around the left
    >= weight (where the left's capacity is above 1, the rest is the pair's own price); for a pair of a plan, equality.
    Lefts and rights are >= 0, but for the left of a fixed pair: there, what remains. ``crossing`` prices the limits that
    cross the groups likewise; they bound the plan, and seldom as closely as it can be bounded.
    """

    left: Int
    right: Int
    group: Int
    match_weight: int
    crossing: Int = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def slack(self, pairs: ScoredPairs) -> Int:
        """Left + right + group price minus the weight, of every pair."""
        return self._left_and_group(pairs)[pairs.left] + self.right[pairs.right] - (pairs.points + self.match_weight)

    def potentials(self, pairs: ScoredPairs) -> Int:
        """The prices as potentials of the network's nodes; the outside is 0."""
        return np.concatenate(
            [-self._left_and_group(pairs), self.right, -chained(pairs, self.group), np.zeros(1, dtype=np.int64)]
        )

    def _left_and_group(self, pairs: ScoredPairs) -> Int:
        total = self.left + above_lefts(pairs, self.group)
        for price, limit in zip(self.crossing, pairs.crossing, strict=True):
            total[limit.members] += price
        return total


def chained(pairs: ScoredPairs, group_price: Int) -> Int:
    """The prices of each group and of all groups around it, added up."""
    total = group_price.copy()
    for k in range(pairs.n_groups):
        if pairs.group_parent[k] >= 0:
            total[k] += total[pairs.group_parent[k]]
    return total


def above_lefts(pairs: ScoredPairs, group_price: Int) -> Int:
    """The prices of all groups around each left, added up."""
    return np.append(chained(pairs, group_price), 0)[pairs.group]


def prices_of(pairs: ScoredPairs, fixed: Mask, network: Network, flow: Int) -> Prices:
    """Prices of the plan that ``flow`` is: lengths of shortest residual paths from each node to the outside.

    Raises
    ------
    CertificateError
        The plan is not optimal: a cycle of changes gains.
    """
    ways = residual(network, flow)
    start, by_head = grouped(ways.head, network.n_nodes)
    label, settled = spread(start, ways.tail[by_head], ways.length[by_head], network.outside)
    if not settled:
        raise CertificateError(["the plan can be improved along a cycle of changes"])
    top = int(max(0, network.gain[: pairs.n_pairs].max(initial=0))) + network.least_weight * network.owed.size
    first_group = pairs.n_left + pairs.n_right
    # A node without a path has no capacity: its price costs nothing, and is set high enough to close all its pairs.
    right = np.where(label[pairs.n_left : first_group] < FAR, label[pairs.n_left : first_group], top)
    group = _group(pairs, network, label[first_group:], top)
    part = Prices(left=np.zeros(pairs.n_left, dtype=np.int64), right=right, group=group, match_weight=network.match_weight)
    path = np.maximum(0, -above_lefts(pairs, group) - label[: pairs.n_left])
    return replace(part, left=_left(pairs, fixed, -part.slack(pairs), path))


def _group(pairs: ScoredPairs, network: Network, label: Int, top: int) -> Int:
    """How much further each group is from the outside than the group around it; ``label`` ends with the outside's."""
    _, _, beyond, owed = network.places(pairs)
    must = np.zeros(pairs.n_groups, dtype=np.int64)
    must[network.owed] = owed
    own, around = label[:-1], label[pairs.group_parent]  # -1, no parent, is the outside
    known = (own < FAR) & (around < FAR)
    price = np.where(known, around - own, 0)
    return np.where(beyond + must == 0, top, np.where(must > 0, price, np.maximum(price, 0)))


def _left(pairs: ScoredPairs, fixed: Mask, margin: Int, path: Int) -> Int:
    """A left with one place: its best margin; with a fixed pair on it: that pair's; with several: from its path."""
    best = np.zeros(pairs.n_left, dtype=np.int64)
    np.maximum.at(best, pairs.left, margin)
    single = pairs.left_capacity <= 1
    held = fixed & single[pairs.left]
    left = np.where(single, best, path)
    left[pairs.left[held]] = margin[held]
    return left


def certify(pairs: ScoredPairs, chosen: Mask, fixed: Mask, prices: Prices) -> int:
    """Proved upper bound on the points of every plan with as many pairs as ``chosen`` (all plans, if match_weight is 0).

    Time and memory are linear in the pairs. Equals the plan's total.

    Raises
    ------
    CertificateError
        The plan breaks a capacity or leaves a fixed pair out, the prices are not feasible, or their sum is not the plan's value.
    """
    caps = pairs.useful_capacities()
    room = tuple(cap - used for cap, used in zip(caps, pairs.counts(fixed), strict=True))
    faults = []
    if any((used > cap).any() for used, cap in zip(pairs.counts(chosen), caps, strict=True)):
        faults.append("the plan exceeds a capacity")
    if (pairs.counts(chosen)[2] < pairs.group_least).any():
        faults.append("the plan leaves a group below its least")
    if (fixed & ~chosen).any():
        faults.append("the plan leaves out a fixed pair")
    if any(price.size and price.min() < 0 for price in (prices.left[room[0] > 0], prices.right)):
        faults.append("a price is negative")
    free = ~fixed & open_lefts(pairs, room[0], room[2])[pairs.left] & (room[1] > 0)[pairs.right]
    rest = -prices.slack(pairs)
    group_places = np.where(prices.group > 0, caps[2], pairs.group_least)
    priced = ((prices.left, caps[0]), (prices.right, caps[1]), (prices.group, group_places))
    bound = sum(_exact_dot(price, places) for price, places in priced)
    bound += _exact_dot(np.where(fixed, rest, np.maximum(rest, 0)), (fixed | free).astype(np.int64))
    matched = int(chosen.sum())
    value = matched * prices.match_weight + _exact_dot(pairs.points, chosen.astype(np.int64))
    if bound != value:
        faults.append(f"the bound {bound} is not the plan's value {value}")
    if faults:
        raise CertificateError(faults)
    return bound - matched * prices.match_weight


def _exact_dot(value: Int, times: Int) -> int:
    """Sum of value * times without overflow: ``times`` sum to the number of pairs at most, values stay within 2**62."""
    return (int(((value >> 31) * times).sum()) << 31) + int(((value & (2**31 - 1)) * times).sum())
