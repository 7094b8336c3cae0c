"""Whom ``--max-wait-first`` guarantees a match, and whether there could be more matches: ways of exchange without prices.

A plan has the most matches when no way leads from the source to the sink. An exchange that keeps the number of matches is a cycle
that does not pass between these two. The contract guarantees a child when some plan with the most matches holds it together with
all guaranteed before it; since the plan at hand holds all who are said to be guaranteed, the list is right when no child without
a match can come in without sending away one who stands before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.check.network import Network
from matcher.check.residual import SINK, SOURCE, Exchanges, Node
from matcher.check.world import World


def waiting_order(world: World) -> list[str]:
    """The ids of all children: who was registered first, then by id."""
    return [child.id for child in sorted(world.children.values(), key=lambda child: (child.registered_on, child.id))]


def list_faults(world: World, plan: Mapping[str, Any]) -> Iterator[str]:
    """Whether the list of the guaranteed is the matched children in their order."""
    guaranteed, matched = plan["guaranteed"], {child_id for child_id, _, _ in plan["pairs"]}
    for child_id in sorted(set(guaranteed) - matched):
        yield f"child {child_id}: guaranteed a match, but not matched"
    if len(guaranteed) != plan["matched"]:
        yield f"guaranteed: {len(guaranteed)} children, {plan['matched']} are matched"
    chosen = set(guaranteed)
    if list(guaranteed) != [child_id for child_id in waiting_order(world) if child_id in chosen]:
        yield "guaranteed: not in the order of registered_on, then child_id, or somebody twice"


def more_matches_faults(net: Network) -> Iterator[str]:
    """Whether some plan has more matches."""
    if SOURCE in _grow(Exchanges(net, joined=False), set(), SINK):
        yield f"plan: {len(net.partners)} matches, but one more is possible"


def passed_over_faults(net: Network, order: Sequence[str]) -> Iterator[str]:
    """Children without a match who could be guaranteed one, given that this plan has the most matches.

    From the last in the order to the first, children are let go one by one, so that what leads to a limit only grows.
    """
    kept = set(net.partners)
    exchanges = Exchanges(net, kept=kept, joined=False)
    reach: dict[Node, set[Node]] = {}
    for child_id in reversed(order):
        node, home = ("child", child_id), exchanges.around(child_id)
        if child_id in net.partners:
            kept.discard(child_id)
            for seen in reach.values():
                if home in seen and child_id not in net.locked:
                    _grow(exchanges, seen, node)
        elif child_id in net.by_child:
            seen = reach.setdefault(home, set()) or _grow(exchanges, reach[home], home)
            if node in seen:
                yield f"child {child_id}: passed over, but could be guaranteed a match"


def _grow(exchanges: Exchanges, seen: set[Node], start: Node) -> set[Node]:
    """Add to ``seen`` every node from which a way leads to ``start``."""
    stack = [] if start in seen else [start]
    seen.update(stack)
    while stack:
        for before, _ in exchanges.into(stack.pop()):
            if before not in seen:
                seen.add(before)
                stack.append(before)
    return seen
