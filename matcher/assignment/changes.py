"""What it takes to change a best plan: the network of single changes under reduced lengths.

Under the prices every change loses something or nothing, never less (length >= 0), and every right can reach the outside
at no loss (its price is the loss of one place). So no way from a right to a left i is longer than ``radius[i]``, the way
from the outside to i; and an arc that is as long as its head's radius is never needed on a way that is shorter than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import build, plan_flow, residual
from matcher.assignment.paths import FAR, grouped, reach_each, spread
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.network import Residual
    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs

    Graph = tuple[Int, Index, Int]

# The first scale of ways keeps so many arcs a node on average.
SHORT_ARCS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """All single changes of a plan.

    Attributes
    ----------
    ways : changes by one unit, their lengths reduced by the prices.
    radius : shape (nodes,); how much is lost on the way from the outside to each node.
    allowed : shape (pairs,); pairs that some plan may contain, as far as places go.
    least_weight : whoever loses half of this or more has broken a group's least; 0 where there is none.
    """

    ways: Residual
    radius: Int
    allowed: Mask
    least_weight: int

    def breaks_a_least(self, loss: Int) -> Mask | np.bool_:
        """Whether changes that lose so much leave a group below its least."""
        return (loss >= self.least_weight // 2) & (self.least_weight > 0)

    @property
    def outside(self) -> int:
        """The node where unused places stay."""
        return self.radius.size - 1

    def scales(self) -> list[int]:
        """Rising limits for ways: most ways consist of short arcs, and those are few; the last limit is above every radius."""
        length, top = self.ways.length, int(self.radius[self.radius < FAR].max()) + 1
        near = min(length.size - 1, SHORT_ARCS * self.radius.size)
        limits = [max(1, int(np.partition(length, near)[near])) if length.size else top]
        while limits[-1] < top:
            limits.append(limits[-1] * 2)
        return limits

    def ways_to(self, limit: int) -> Graph:
        """The changes that can lie on a way shorter than ``limit`` beside the outside, by their head: (start, tail, length)."""
        ways, radius = self.ways, self.radius
        useful = ways.length < np.minimum(radius, limit)[ways.head]
        useful &= (ways.head != self.outside) & (ways.tail != self.outside)
        arcs = np.flatnonzero(useful)
        start, by_head = grouped(ways.head[arcs], radius.size)
        arcs = arcs[by_head]
        return start, ways.tail[arcs], ways.length[arcs]

    def distances(self, rights: Index, lefts: Index) -> Int:
        """Length of the shortest way from each node of ``rights`` to the node of ``lefts`` beside it; ``lefts`` are sorted."""
        distance = np.full(rights.size, FAR, dtype=np.int64)
        for limit in self.scales():
            open_ = np.flatnonzero(distance == FAR)
            radius = np.minimum(self.radius, limit)
            found = reach_each(lefts[open_], rights[open_], radius, self.ways_to(limit))
            settled = self.radius[lefts[open_]] <= limit
            distance[open_] = np.where(settled, np.minimum(found, self.radius[lefts[open_]]), found)
            if (distance < FAR).all():
                break
        return distance


def changes_of(pairs: ScoredPairs, solved: Solved) -> Changes:
    """The changes of a proved plan.

    Raises
    ------
    CertificateError
        A change would gain under the prices: they are not of this plan and these pairs.
    """
    network = build(pairs, solved.fixed, cardinality_first=solved.prices.match_weight > 0)
    ways = residual(network, plan_flow(pairs, solved.chosen & ~solved.fixed, network))
    potential = solved.prices.potentials(pairs)
    ways.length[:] += potential[ways.head] - potential[ways.tail]
    if ways.length.size and ways.length.min() < 0:
        raise CertificateError(["a change of the plan gains under its prices"])
    start, by_tail = grouped(ways.tail, network.n_nodes)
    radius, _ = spread(start, ways.head[by_tail], ways.length[by_tail], network.outside)
    allowed = (network.capacity[: pairs.n_pairs] > 0) | solved.chosen
    return Changes(ways=ways, radius=radius, allowed=allowed, least_weight=network.least_weight)
