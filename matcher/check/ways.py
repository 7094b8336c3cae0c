"""Cheapest ways of exchange to one node, found nearest first and no further than an answer takes; the tie rule from them.

Dijkstra's search against the steps' direction [1]_. Of each node that it has reached only the next cheapest step waits in the
queue, so a step that is dearer than the answer is never looked at. Most cheapest ways that are long pass the outside (the
source or the sink): there the search stops, and goes on with one search to the outside that all others share.

.. [1] R. Ahuja, T. Magnanti, J. Orlin, Network Flows, Prentice Hall, 1993, section 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf

from matcher.check.network import Network
from matcher.check.residual import SINK, SOURCE, Exchanges, Node, Step


class Ways:
    """Cheapest ways to one node; not to be used by two threads at once.

    Parameters
    ----------
    exchanges : Exchanges
        The steps.
    home : node
        Where the ways lead.
    outside : Ways, optional
        Those to the sink, where exchanges may change the number of matches (then the source is as good as the sink).
    """

    def __init__(self, exchanges: Exchanges, home: Node, outside: Ways | None = None) -> None:
        self._exchanges = exchanges
        self._outside = outside
        self._from_outside: int | None = None
        self._done: dict[Node, int] = {}
        self._serial = count()
        self._queue: list[tuple[int, int, Node, int, Iterator[Step]]] = [(0, next(self._serial), home, 0, iter(()))]

    def cost(self, node: Node, at_most: float = inf) -> int | None:
        """Cost of the cheapest way from ``node``; None where there is none, or none as cheap as ``at_most``."""
        while node not in self._done and self._from_outside is None and self._goes_on(at_most):
            self._settle_next()
        through = self._through_outside(node, at_most)
        while node not in self._done and self._goes_on(min(at_most, through - 1)):
            self._settle_next()
        found = min(self._done.get(node, inf), through)
        return int(found) if found <= at_most and found < inf else None

    def _through_outside(self, node: Node, at_most: float) -> float:
        """Cost of the cheapest way through the outside, where that may be less than what is known of ``node`` already."""
        out = self._from_outside
        if self._outside is None or out is None or self._done.get(node, inf) <= out:
            return inf
        rest = self._outside.cost(node, at_most - out)
        return inf if rest is None else out + rest

    def within(self, at_most: float = inf) -> dict[Node, int]:
        """Costs from all nodes with a way as cheap as ``at_most``, those through the outside only where it is not shared."""
        while self._goes_on(at_most):
            self._settle_next()
        return {node: cost for node, cost in self._done.items() if cost <= at_most}

    def _goes_on(self, at_most: float) -> bool:
        return bool(self._queue) and self._queue[0][0] <= at_most

    def _settle_next(self) -> None:
        cost, _, node, base, rest = heappop(self._queue)
        self._wait(base, rest)
        if node in self._done:
            return
        self._done[node] = cost
        if self._outside is None or node not in (SOURCE, SINK):
            self._wait(cost, self._exchanges.into(node))
        elif self._from_outside is None:
            self._from_outside = cost

    def _wait(self, base: int, steps: Iterator[Step]) -> None:
        """Put the next of the steps to a settled node into the queue."""
        for before, step in steps:
            if before not in self._done:
                heappush(self._queue, (base + step, next(self._serial), before, base, steps))
                return


def costs_back(exchanges: Exchanges, child_id: str, at_most: float = inf) -> dict[str, int]:
    """Cheapest cost of a way of exchange from each volunteer back to the child.

    Volunteers without a way (or with none as cheap as ``at_most``) are not in the answer.
    """
    found = Ways(exchanges, ("child", child_id)).within(at_most)
    return {name: cost for (kind, name), cost in found.items() if kind == "volunteer"}


def tie_faults(net: Network, order: Sequence[str], *, all_kept: bool = False) -> Iterator[str]:
    """Children, in ``order``, who could have had a smaller volunteer_id (or one at all) in an equally good plan.

    ``all_kept``: every plan has the same children. Then no way passes the source or a limit, and limits may cross.
    """
    fixed: set[str] = set(net.locked)
    exchanges = Exchanges(net, held=fixed, kept=net.partners if all_kept else (), joined=not all_kept)
    for child_id in order:
        if child_id in fixed:
            continue
        has = net.partners.get(child_id)
        tight = [v for c, v, points in net.by_child.get(child_id, ()) if net.excess(c, v, points) == 0]
        wanted = [v for v in tight if has is None or v < has]
        if wanted:
            reach = costs_back(exchanges, child_id, at_most=0)
            better = min((v for v in wanted if v in reach), default=None)
            if better is not None:
                yield f"child {child_id}: has {has}, but an equally good plan gives {better}"
        fixed.add(child_id)


def can_do_without(exchanges: Exchanges, child_id: str, at_most: int, outside: Ways | None = None) -> bool:
    """Whether some plan without the child's planned pair is worth at most ``at_most`` less than the best plan."""
    if exchanges.is_held(child_id):
        return False
    ways = Ways(exchanges, ("volunteer", exchanges.net.partners[child_id]), outside)
    for node, step in exchanges.out_of(child_id):
        if step > at_most:
            break
        if ways.cost(node, at_most - step) is not None:
            return True
    return False
