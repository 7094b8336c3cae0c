"""What it costs to bring a pair into the best plan, and the tie rule: cheapest ways of exchange under the prices.

Under optimal prices every step of an exchange costs nothing or more: giving a child another volunteer costs the pair's excess,
taking away a child's match its price u, leaving a place free its price v or g. So the least cost of bringing in a pair is its
excess plus the cheapest way that leads from its volunteer back to its child [1]_.

.. [1] R. Ahuja, T. Magnanti, J. Orlin, Network Flows, Prentice Hall, 1993, sections 9.7 and 12.4.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence

from matcher.check.network import Network

Node = tuple[str, str]
OUTSIDE: Node = ("outside", "")


def costs_back(net: Network, child_id: str, fixed: Collection[str] = (), at_most: int | None = None) -> dict[str, int]:
    """Cheapest cost of a way of exchange from each volunteer back to the child, leaving ``fixed`` children as they are.

    Volunteers without a way (or with none as cheap as ``at_most``) are not in the answer.
    """
    home: Node = ("child", child_id)
    done: dict[Node, int] = {}
    queue: list[tuple[int, Node]] = [(0, home)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = cost
        for before, step in _steps_into(net, node, fixed):
            if before not in done and (at_most is None or cost + step <= at_most):
                heapq.heappush(queue, (cost + step, before))
    return {name: cost for (kind, name), cost in done.items() if kind == "volunteer"}


def _steps_into(net: Network, node: Node, fixed: Collection[str]) -> Iterator[tuple[Node, int]]:
    kind, name = node
    if kind == "child":
        yield _into_child(net, name)
    elif kind == "volunteer":
        yield from _into_volunteer(net, name, fixed)
    elif kind == "matcher":
        yield from _into_matcher(net, name, fixed)
    else:
        yield from _into_outside(net, fixed)


def _into_child(net: Network, child_id: str) -> tuple[Node, int]:
    """Only the volunteer who has the child can let go of it; a child without one comes in from outside."""
    if child_id in net.partners:
        return ("volunteer", net.partners[child_id]), 0
    return _around(net, child_id), 0


def _into_volunteer(net: Network, volunteer_id: str, fixed: Collection[str]) -> Iterator[tuple[Node, int]]:
    for child_id, excess in net.by_volunteer.get(volunteer_id, ()):
        if child_id not in fixed and child_id not in net.locked and net.partners.get(child_id) != volunteer_id:
            yield ("child", child_id), excess
    if net.used.get(volunteer_id, 0):
        yield OUTSIDE, net.v.get(volunteer_id, 0)


def _into_matcher(net: Network, matcher_id: str, fixed: Collection[str]) -> Iterator[tuple[Node, int]]:
    yield from _let_go(net, ("matcher", matcher_id), fixed)
    if net.group_used.get(matcher_id, 0) < net.group_limit[matcher_id]:
        yield OUTSIDE, 0


def _into_outside(net: Network, fixed: Collection[str]) -> Iterator[tuple[Node, int]]:
    yield from _let_go(net, OUTSIDE, fixed)
    for volunteer_id, room in net.room.items():
        if net.used.get(volunteer_id, 0) < room:
            yield ("volunteer", volunteer_id), 0
    for matcher_id, used in net.group_used.items():
        if used:
            yield ("matcher", matcher_id), net.g.get(matcher_id, 0)


def _let_go(net: Network, node: Node, fixed: Collection[str]) -> Iterator[tuple[Node, int]]:
    """Children of a matcher with a limit, or of none, who could lose their match."""
    for child_id in net.partners:
        if child_id not in fixed and child_id not in net.locked and _around(net, child_id) == node:
            yield ("child", child_id), net.u.get(child_id, 0)


def _around(net: Network, child_id: str) -> Node:
    return ("matcher", net.group[child_id]) if child_id in net.group else OUTSIDE


def tie_faults(net: Network, order: Sequence[str]) -> Iterator[str]:
    """Children, in ``order``, who could have had a smaller volunteer_id (or one at all) in an equally good plan."""
    fixed: set[str] = set(net.locked)
    for child_id in order:
        if child_id in fixed:
            continue
        has = net.partners.get(child_id)
        wanted = [v for v, excess in net.by_child.get(child_id, ()) if excess == 0 and (has is None or v < has)]
        if wanted:
            reach = costs_back(net, child_id, fixed, at_most=0)
            better = min((v for v in wanted if v in reach), default=None)
            if better is not None:
                yield f"child {child_id}: has {has}, but an equally good plan gives {better}"
        fixed.add(child_id)


def losses(net: Network, child_id: str) -> dict[str, int | None]:
    """How much less the best plan with each of the child's pairs is worth than the best plan; None where no plan can have it."""
    back = {} if child_id in net.locked else costs_back(net, child_id)
    found = {v: None if v not in back else excess + back[v] for v, excess in net.by_child.get(child_id, ())}
    if child_id in net.partners:
        found[net.partners[child_id]] = 0
    return found
