"""The tie rule: of all best plans, the one that every solver must write.

Lefts in a given order each take the smallest right (a match before none) that some best plan allows beside the choices
already made; a left with more places takes further ones likewise. Every best plan uses only arcs that are tight under
the optimal prices, so all of them are reached from one by cycles of tight arcs. A pair can enter the plan if and only if
such a cycle runs through it. A search that fails has found a set of nodes which nothing leads out of: no cycle crosses
its border, now or later, so it becomes a component of its own and is never searched from outside again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.paths import grouped
from matcher.loops import loop, part

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, Mask, ScoredPairs
    from matcher.assignment.prices import Prices


def settle_ties(pairs: ScoredPairs, network: Network, flow: Int, prices: Prices, order: Int) -> Mask:
    """The pairs, beside the fixed ones, of the best plan that the tie rule names: shape (pairs,).

    ``flow`` is any best plan's, ``prices`` are optimal, ``order`` is a permutation of the lefts.
    """
    potential = prices.potentials(pairs)
    reduced = potential[network.head] - potential[network.tail] - network.gain
    tight = np.flatnonzero((reduced == 0) & (network.capacity > 0))
    tight_flow, capacity = flow[tight], network.capacity[tight]
    start, by_end = grouped(np.concatenate([network.tail[tight], network.head[tight]]), network.n_nodes)
    slots = np.empty(by_end.size, dtype=np.int64)
    slots[by_end] = np.arange(by_end.size)
    graph = (
        start,
        (by_end % max(tight.size, 1)).astype(np.int32),
        np.concatenate([network.head[tight], network.tail[tight]])[by_end],
        by_end < tight.size,
        slots,
    )
    passable = np.concatenate([tight_flow < capacity, tight_flow > 0])[by_end]
    _walk(order.astype(np.int64), graph, tight_flow, capacity, passable)
    settled = flow[: pairs.n_pairs] > 0
    tight_pairs = tight[tight < pairs.n_pairs]
    settled[tight_pairs] = tight_flow[: tight_pairs.size] > 0
    return settled


@loop(steps=lambda _, graph, *__: 10 * graph[1].size)
def _walk(order, graph, flow, capacity, passable):  # type: ignore[no-untyped-def]
    """Change ``flow`` in place into the rule's plan.

    Slots ``start[x]:start[x + 1]`` hold node x's arcs, its pairs in the order of the rights; ``slots[a]`` and
    ``slots[a + arcs]`` are the slots of arc a at its tail and its head; ``passable`` tells whether a unit can leave by a slot.
    """
    start, arc, other, forward, _ = graph
    n_nodes = start.size - 1
    component = np.zeros(n_nodes, dtype=np.int32)
    seen = np.zeros(n_nodes, dtype=np.int64)
    trail = (np.zeros(n_nodes, dtype=np.int64), np.zeros(n_nodes, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32))
    stamp, components = 0, 1
    for left in order:
        units = _units(left, graph, flow, capacity)
        for slot in range(start[left], start[left + 1]):
            pair, right = arc[slot], other[slot]
            if not forward[slot]:
                continue
            if flow[pair] > 0:
                units -= 1
            elif units > 0 and component[right] == component[left]:
                stamp += 1
                reached = _search(right, left, pair, graph, passable, component, seen, trail, stamp)
                if reached == 0:
                    _turn(right, left, slot, graph, flow, capacity, passable, trail)
                    units -= 1
                for visited in trail[2][:reached]:
                    component[visited] = components
                components += 1
        component[left] = -1


@part
def _units(left, graph, flow, capacity):  # type: ignore[no-untyped-def]
    """How many pairs a left may still choose: those it has among tight ones, and its places that are free at no cost."""
    start, arc, _, forward, _ = graph
    units = 0
    for slot in range(start[left], start[left + 1]):
        units += flow[arc[slot]] if forward[slot] else capacity[arc[slot]] - flow[arc[slot]]
    return units


@part
def _search(source, target, pair, graph, passable, component, seen, trail, stamp):  # type: ignore[no-untyped-def]
    """Breadth-first from ``source`` to ``target``: 0 if found (``trail`` leads back), else how many nodes lie in its queue.

    The target's pairs up to ``pair`` are decided; so are all pairs of lefts that chose before (their component is -1).
    """
    start, arc, other, _, _ = graph
    by_slot, by_node, queue = trail
    queue[0], first, last = source, 0, 1
    seen[source] = stamp
    while first < last:
        node = queue[first]
        first += 1
        for slot in range(start[node], start[node + 1]):
            if not passable[slot]:
                continue
            end = other[slot]
            if seen[end] == stamp or component[end] != component[target] or (end == target and arc[slot] <= pair):
                continue
            seen[end], by_slot[end], by_node[end] = stamp, slot, node
            if end == target:
                return 0
            queue[last] = end
            last += 1
    return last


@part
def _turn(source, target, closing, graph, flow, capacity, passable, trail):  # type: ignore[no-untyped-def]
    """Move one unit along the way that a search found, and along the ``closing`` slot from target to source."""
    _, arc, _, forward, slots = graph
    by_slot, by_node, _ = trail
    node, slot, moving = target, closing, True
    while moving:
        way = arc[slot]
        flow[way] += 1 if forward[slot] else -1
        passable[slots[way]] = flow[way] < capacity[way]
        passable[slots[way + flow.size]] = flow[way] > 0
        moving = node != source
        slot, node = by_slot[node], by_node[node]
