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

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from operator import itemgetter

from matcher.check.groups import Forest
from matcher.check.network import Network

Node = tuple[str, str]
Step = tuple[Node, int]
"""Where a step leads from, or to, and what it costs."""
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

    def into(self, node: Node) -> Iterator[Step]:
        """Nodes that one step leads from to ``node``, with the step's cost; the cheapest first."""
        kind, name = node
        if kind == "child":
            yield self._into_child(name)
        elif kind == "volunteer":
            yield from _by_cost(self._into_volunteer(name), self._taken_from(name))
        elif kind == "limit":
            yield from _by_cost(self._let_go(node), self._fewer_within(node), self._one_more(name))
        elif node == SOURCE:
            if self.joined:
                yield SINK, 0
            yield from _by_cost(self._let_go(node), self._fewer_within(node))
        else:
            if self.joined:
                yield SOURCE, 0
            yield from self._with_room

    def out_of(self, child_id: str) -> Iterator[Step]:
        """Nodes that one step leads to from a matched child who is not held, with the step's cost; the cheapest first."""
        has, excess = self.net.partners[child_id], self.net.excess
        others = [(("volunteer", v), excess(c, v, points)) for c, v, points in self.net.by_child[child_id] if v != has]
        let_go = [] if child_id in self.kept else [(self.around(child_id), self.net.u.get(child_id, 0))]
        return iter(sorted([*others, *let_go], key=itemgetter(1)))

    def is_held(self, child_id: str) -> bool:
        """Whether the child stays as it is."""
        return child_id in self.held or child_id in self.net.locked

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
        """Matched children by the smallest limit over them, the lowest priced first."""
        found = defaultdict(list)
        for child_id in sorted(self.net.partners, key=lambda name: self.net.u.get(name, 0)):
            found[self.around(child_id)].append(child_id)
        return found

    @cached_property
    def _with_room(self) -> Sequence[Step]:
        """Steps into the sink: volunteers who have places left."""
        used = self.net.used
        return [(("volunteer", name), 0) for name, room in self.net.room.items() if used.get(name, 0) < room]

    @cached_property
    def _within(self) -> Mapping[Node, Sequence[str]]:
        """Limits by the next larger one around them."""
        found = defaultdict(list)
        for name in sorted({*self._forest.inner.values(), *self._forest.outer.values()}):
            found[_limit(self._forest.outer.get(name))].append(name)
        return found

    def _into_child(self, child_id: str) -> Step:
        """Only the volunteer who has the child can let go of it; a child without one comes in under its limits."""
        if child_id in self.net.partners:
            return ("volunteer", self.net.partners[child_id]), 0
        return self.around(child_id), 0

    def _into_volunteer(self, volunteer_id: str) -> Iterator[Step]:
        """Children who could have the volunteer instead of what they have."""
        for child_id, _, points in self.net.nearest(volunteer_id):
            if not self.is_held(child_id) and self.net.partners.get(child_id) != volunteer_id:
                yield ("child", child_id), self.net.excess(child_id, volunteer_id, points)

    def _taken_from(self, volunteer_id: str) -> Iterator[Step]:
        """One place more for a volunteer who uses one."""
        if self.net.used.get(volunteer_id, 0):
            yield SINK, self.net.v.get(volunteer_id, 0)

    def _one_more(self, name: str) -> Iterator[Step]:
        """One match more under a limit that is not full."""
        most = self.net.limits[name].most
        if most is None or self.net.given[name] < most:
            yield _limit(self._forest.outer.get(name)), max(0, -self.net.price.get(name, 0))

    def _let_go(self, node: Node) -> Iterator[Step]:
        """Children right under a limit, or under none, who could lose their match."""
        for child_id in self._matched.get(node, ()):
            if child_id not in self.kept and not self.is_held(child_id):
                yield ("child", child_id), self.net.u.get(child_id, 0)

    def _fewer_within(self, node: Node) -> Iterator[Step]:
        """Limits right within another, or within none, that could have one match fewer."""
        limits, price = self.net.limits, self.net.price
        open_ = [name for name in self._within.get(node, ()) if self.net.given[name] > (limits[name].least or 0)]
        return iter(sorted(((("limit", name), max(0, price.get(name, 0))) for name in open_), key=itemgetter(1)))


def _limit(name: str | None) -> Node:
    return SOURCE if name is None else ("limit", name)


def _by_cost(*steps: Iterator[Step]) -> Iterator[Step]:
    return merge(*steps, key=itemgetter(1))
