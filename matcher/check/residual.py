"""What it costs to bring a pair into the best plan, or to do without it, and the tie rule: cheapest ways of exchange.

A plan is a flow: from a source through the limits over a child, the larger first, to the child, the volunteer and a sink. An
exchange is a cycle of steps in what is left of the network beside the plan. Under proved prices every step costs nothing or
more: giving a child another volunteer costs the pair's excess, taking away its match the price u, leaving a place free the price
v; one match fewer under a limit costs its price where that is above 0 (it is full), one more the price's amount where it is below
0 (it has its least). So the least cost of bringing in a pair is its excess plus the cheapest way from its volunteer back to its
child [1]_. A limit is left only while it has more than its least, and entered only while it has less than its most.

.. [1] R. Ahuja, T. Magnanti, J. Orlin, Network Flows, Prentice Hall, 1993, sections 9.7 and 12.4.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from matcher.check.groups import Forest
from matcher.check.network import Network

Node = tuple[str, str]
SOURCE: Node = ("source", "")
SINK: Node = ("sink", "")


@dataclass(frozen=True)
class Exchanges:
    """The steps that are open beside a plan whose limits nest.

    Attributes
    ----------
    net : the plan and its prices.
    held : children who keep the volunteer they have, or go without as they do; locked children always.
    kept : children who keep a match, whoever the volunteer is.
    joined : whether an exchange may change the number of matches.
    """

    net: Network
    held: Collection[str] = ()
    kept: Collection[str] = ()
    joined: bool = True

    def into(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Nodes that one step leads from to ``node``, with the step's cost."""
        kind, name = node
        if kind == "child":
            yield self._into_child(name)
        elif kind == "volunteer":
            yield from self._into_volunteer(name)
        elif kind == "limit":
            yield from self._into_limit(name)
        elif node == SOURCE:
            yield from self._let_go(SOURCE)
            if self.joined:
                yield SINK, 0
        else:
            yield from self._into_sink()

    def around(self, child_id: str) -> Node:
        """The smallest limit over a child, or the source."""
        return _limit(self._forest.inner.get(child_id))

    @cached_property
    def _forest(self) -> Forest:
        if self.net.forest is None:
            raise ValueError("limits cross: a plan under them is no flow")
        return self.net.forest

    @cached_property
    def _matched(self) -> Mapping[Node, Sequence[str]]:
        """Matched children by the smallest limit over them."""
        found = defaultdict(list)
        for child_id in self.net.partners:
            found[self.around(child_id)].append(child_id)
        return found

    @cached_property
    def _within(self) -> Mapping[Node, Sequence[str]]:
        """Limits by the next larger one around them."""
        found = defaultdict(list)
        for name in sorted({*self._forest.inner.values(), *self._forest.outer.values()}):
            found[_limit(self._forest.outer.get(name))].append(name)
        return found

    def _into_child(self, child_id: str) -> tuple[Node, int]:
        """Only the volunteer who has the child can let go of it; a child without one comes in under its limits."""
        if child_id in self.net.partners:
            return ("volunteer", self.net.partners[child_id]), 0
        return self.around(child_id), 0

    def _into_volunteer(self, volunteer_id: str) -> Iterator[tuple[Node, int]]:
        for child_id, excess in self.net.by_volunteer.get(volunteer_id, ()):
            if not self._is_held(child_id) and self.net.partners.get(child_id) != volunteer_id:
                yield ("child", child_id), excess
        if self.net.used.get(volunteer_id, 0):
            yield SINK, self.net.v.get(volunteer_id, 0)

    def _into_limit(self, name: str) -> Iterator[tuple[Node, int]]:
        yield from self._let_go(("limit", name))
        most = self.net.limits[name].most
        if most is None or self.net.given[name] < most:
            yield _limit(self._forest.outer.get(name)), max(0, -self.net.price.get(name, 0))

    def _into_sink(self) -> Iterator[tuple[Node, int]]:
        for volunteer_id, room in self.net.room.items():
            if self.net.used.get(volunteer_id, 0) < room:
                yield ("volunteer", volunteer_id), 0
        if self.joined:
            yield SOURCE, 0

    def _let_go(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Children right under a limit, or under none, who could lose their match, and limits that could have one fewer."""
        for child_id in self._matched.get(node, ()):
            if child_id not in self.kept and not self._is_held(child_id):
                yield ("child", child_id), self.net.u.get(child_id, 0)
        for name in self._within.get(node, ()):
            if self.net.given[name] > (self.net.limits[name].least or 0):
                yield ("limit", name), max(0, self.net.price.get(name, 0))

    def _is_held(self, child_id: str) -> bool:
        return child_id in self.held or child_id in self.net.locked


def _limit(name: str | None) -> Node:
    return SOURCE if name is None else ("limit", name)


def cheapest_into(exchanges: Exchanges, home: Node, at_most: int | None = None) -> dict[Node, int]:
    """Cheapest cost of a way from each node to ``home``; nodes without one (as cheap as ``at_most``) are not in the answer."""
    done: dict[Node, int] = {}
    queue: list[tuple[int, Node]] = [(0, home)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = cost
        for before, step in exchanges.into(node):
            if before not in done and (at_most is None or cost + step <= at_most):
                heapq.heappush(queue, (cost + step, before))
    return done


def costs_back(exchanges: Exchanges, child_id: str, at_most: int | None = None) -> dict[str, int]:
    """Cheapest cost of a way of exchange from each volunteer back to the child.

    Volunteers without a way (or with none as cheap as ``at_most``) are not in the answer.
    """
    found = cheapest_into(exchanges, ("child", child_id), at_most)
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
        wanted = [v for v, excess in net.by_child.get(child_id, ()) if excess == 0 and (has is None or v < has)]
        if wanted:
            reach = costs_back(exchanges, child_id, at_most=0)
            better = min((v for v in wanted if v in reach), default=None)
            if better is not None:
                yield f"child {child_id}: has {has}, but an equally good plan gives {better}"
        fixed.add(child_id)


def losses(exchanges: Exchanges, child_id: str) -> dict[str, int | None]:
    """How much less the best plan with each of the child's pairs is worth than the best plan; None where no plan can have it."""
    net = exchanges.net
    back = {} if child_id in net.locked else costs_back(exchanges, child_id)
    found = {v: None if v not in back else excess + back[v] for v, excess in net.by_child.get(child_id, ())}
    if child_id in net.partners:
        found[net.partners[child_id]] = 0
    return found


def can_do_without(exchanges: Exchanges, child_id: str, at_most: int) -> bool:
    """Whether some plan without the child's planned pair is worth at most ``at_most`` less than the best plan."""
    home = ("volunteer", exchanges.net.partners[child_id])
    return ("child", child_id) in cheapest_into(exchanges, home, at_most)
