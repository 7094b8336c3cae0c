"""Prices of a finished plan, and the proof from them that no plan is better.

The prices solve the dual of the assignment's linear program, so their sum is an upper bound for every plan; where it
equals the plan's own value, the plan is proved best [1]_. The proof trusts neither the solver nor how prices were found.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.2-9.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import residual
from matcher.assignment.paths import FAR, grouped, spread
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, Mask, ScoredPairs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Whole prices in the combined order, in which a pair weighs ``match_weight`` + points.

    ``right[j]`` is what all would lose if one place of right j went (0 where one is free), ``group[k]`` what all would
    gain if the limit of group k were one higher, ``left[i]`` what is left for i. For every pair that some plan allows
    beside the fixed ones, left + right + group >= weight (where the left's capacity is above 1, the rest is the pair's
    own price); for a pair of a plan, equality. All are >= 0, but for the left of a fixed pair: there, what remains.
    """

    left: Int
    right: Int
    group: Int
    match_weight: int

    def slack(self, pairs: ScoredPairs) -> Int:
        """Left + right + group price minus the weight, of every pair."""
        return self._left_and_group(pairs)[pairs.left] + self.right[pairs.right] - (pairs.points + self.match_weight)

    def potentials(self, pairs: ScoredPairs) -> Int:
        """The prices as potentials of the network's nodes; the outside is 0."""
        return np.concatenate([-self._left_and_group(pairs), self.right, -self.group, np.zeros(1, dtype=np.int64)])

    def _left_and_group(self, pairs: ScoredPairs) -> Int:
        total = self.left.copy()
        grouped = pairs.group >= 0
        total[grouped] += self.group[pairs.group[grouped]]
        return total


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
    top = int(max(0, network.gain.max(initial=0)))
    first_group = pairs.n_left + pairs.n_right
    # A node without a path has no capacity: its price costs nothing, and is set high enough to close all its pairs.
    right = np.where(label[pairs.n_left : first_group] < FAR, label[pairs.n_left : first_group], top)
    closed = network.capacity[pairs.n_pairs + first_group :] == 0
    group = np.where(closed, top, np.maximum(0, -label[first_group : network.outside]))
    part = Prices(left=np.zeros(pairs.n_left, dtype=np.int64), right=right, group=group, match_weight=network.match_weight)
    above = np.where(pairs.group >= 0, first_group + pairs.group, network.outside)
    path = np.maximum(0, label[above] - label[: pairs.n_left])
    return Prices(left=_left(pairs, fixed, -part.slack(pairs), path), right=right, group=group, match_weight=part.match_weight)


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
    if (fixed & ~chosen).any():
        faults.append("the plan leaves out a fixed pair")
    signed = (prices.left[room[0] > 0], prices.right, prices.group)
    if any(price.size and price.min() < 0 for price in signed):
        faults.append("a price is negative")
    lefts_open, rights_open = room[0] > 0, room[1] > 0
    grouped = pairs.group >= 0
    lefts_open[grouped] &= room[2][pairs.group[grouped]] > 0
    free = ~fixed & lefts_open[pairs.left] & rights_open[pairs.right]
    rest = -prices.slack(pairs)
    bound = sum(_exact_dot(price, cap) for price, cap in zip((prices.left, prices.right, prices.group), caps, strict=True))
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
