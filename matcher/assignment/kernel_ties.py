"""The tie rule for lefts with one place each: the rule of ties.py, on the few pairs that are tight.

Nodes are the rights and, last, the outside. A way leads from a right to where one of its lefts could go instead without
loss: to another right, or to the outside; from the outside to where one without a right could go, and to the rights that
could lose a left without loss. A left can
have a right if and only if a way leads from that right to where the left is: only then are both in one strong component.
A search that fails has found nodes which nothing leads out of: they become a component of their own and are not searched
from elsewhere again.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel_bids import UNMATCHED
from matcher.assignment.kernel_components import strong_components
from matcher.compiling import compiled

NOBODY = -1


@compiled
def settle(rows, sides, price, match, left_price, tied):  # type: ignore[no-untyped-def]
    """Change ``match`` in place into the plan of the tie rule; ``tied`` are the lefts with more than one best choice, rising."""
    ways = _tight(rows, sides, price, left_price, tied)
    rights, outside = sides[1], sides[1].size
    plan = _plan(rows, rights, match)
    component, n_components = strong_components(*_arcs(rows[2], price, left_price, tied, ways, plan))
    seen = np.zeros(outside + 1, dtype=np.int64)
    trail = (np.empty(outside + 1, dtype=np.int64), np.empty(outside + 1, dtype=np.int64), np.empty(outside + 1, dtype=np.int64))
    queue = np.empty(outside + 1, dtype=np.int64)
    n_searches = 0
    for left in tied:
        for slot in range(ways[0][left], ways[0][left + 1]):
            pair = ways[1][slot]
            if pair == match[left]:
                break
            target = rows[2][match[left]] if match[left] >= 0 else outside
            if component[rows[2][pair]] != component[target]:
                continue
            n_searches += 1
            around = (component, seen, n_searches)
            n_reached = _search(rows[2][pair], target, left, rows, price, left_price, tied, ways, plan, trail, queue, around)
            if n_reached == 0:
                _turn(rows[2][pair], target, left, pair, rights, plan, trail)
                break
            for node in queue[:n_reached]:
                component[node] = n_components + n_searches


@compiled
def _tight(rows, sides, price, left_price, tied):  # type: ignore[no-untyped-def]
    """The tight pairs of the ``tied`` lefts: those of left i are ``pairs[start[i]:start[i + 1]]``."""
    row_start, row_stop, right, points = rows
    weight = sides[2]
    start, size = np.zeros(left_price.size + 1, dtype=np.int64), 0
    for left in tied:
        for pair in range(row_start[left], row_stop[left]):
            tight = points[pair] + weight - price[right[pair]] == left_price[left]
            start[left + 1] += tight
            size += tight
    pairs, size = np.empty(size, dtype=np.int64), 0
    for left in tied:
        for pair in range(row_start[left], row_stop[left]):
            if points[pair] + weight - price[right[pair]] == left_price[left]:
                pairs[size] = pair
                size += 1
    return np.cumsum(start), pairs


@compiled
def _arcs(right, price, left_price, tied, ways, plan):  # type: ignore[no-untyped-def]
    """All ways: those from node x lead to ``end[start[x]:start[x + 1]]``."""
    match, _, _, first, room = plan
    outside = price.size
    home = np.empty(tied.size, dtype=np.int64)
    start = np.zeros(outside + 2, dtype=np.int64)
    for at, left in enumerate(tied):
        home[at] = right[match[left]] if match[left] >= 0 else outside
        start[home[at] + 1] += ways[0][left + 1] - ways[0][left] + (left_price[left] == 0)
    for j in range(outside):
        start[j + 1] += room[j] > 0
        start[outside + 1] += (price[j] == 0) & (room[j] < first[j + 1] - first[j])
    start = np.cumsum(start)
    free, end = start[:-1].copy(), np.empty(start[-1], dtype=np.int64)
    for at, left in enumerate(tied):
        node = home[at]
        for pair in ways[1][ways[0][left] : ways[0][left + 1]]:
            end[free[node]] = right[pair]
            free[node] += 1
        if left_price[left] == 0:
            end[free[node]] = outside
            free[node] += 1
    for j in range(outside):
        if room[j]:
            end[free[j]] = outside
        if price[j] == 0 and room[j] < first[j + 1] - first[j]:
            end[free[outside]] = j
            free[outside] += 1
    return start, end


@compiled
def _plan(rows, rights, match):  # type: ignore[no-untyped-def]
    """Match, the slot of each left, the left in each slot, each right's first slot, and how many slots (the first) are empty."""
    first = np.zeros(rights.size + 1, dtype=np.int64)
    first[1:] = np.cumsum(rights)
    slot, holder, room = np.full(match.size, -1, dtype=np.int64), np.full(first[-1], NOBODY, dtype=np.int64), rights.copy()
    for left in range(match.size):
        if match[left] >= 0:
            j = rows[2][match[left]]
            room[j] -= 1
            slot[left] = first[j] + room[j]
            holder[slot[left]] = left
    return match, slot, holder, first, room


@compiled
def _search(source, target, left, rows, price, left_price, tied, ways, plan, trail, queue, around):  # type: ignore[no-untyped-def]
    """Breadth-first from ``source``: 0 where the target is reached (``trail`` leads back), else how many nodes the queue holds.

    Lefts before ``left`` have chosen and stay.
    """
    outside = price.size
    _, _, holder, first, room = plan
    _, seen, stamp = around
    queue[0], seen[source] = source, stamp
    at, n = 0, 1
    while at < n and seen[target] != stamp:
        node = queue[at]
        at += 1
        if node == outside:
            for j in range(outside):
                if price[j] == 0 and room[j] < first[j + 1] - first[j]:
                    n = _reach(j, node, NOBODY, UNMATCHED, trail, queue, n, around)
            for other in tied:
                if other > left and plan[0][other] < 0:
                    n = _move_on(other, node, rows[2], left_price, ways, trail, queue, n, around)
            continue
        if room[node]:
            n = _reach(outside, node, NOBODY, UNMATCHED, trail, queue, n, around)
        for other in holder[first[node] + room[node] : first[node + 1]]:
            if other > left:
                n = _move_on(other, node, rows[2], left_price, ways, trail, queue, n, around)
    return 0 if seen[target] == stamp else n


@compiled
def _move_on(left, node, right, left_price, ways, trail, queue, n, around):  # type: ignore[no-untyped-def]
    """Reach where a left could go from the ``node`` where it is; the answer is how long the queue is now."""
    if left_price[left] == 0:
        n = _reach(around[0].size - 1, node, left, UNMATCHED, trail, queue, n, around)
    for pair in ways[1][ways[0][left] : ways[0][left + 1]]:
        n = _reach(np.int64(right[pair]), node, left, pair, trail, queue, n, around)
    return n


@compiled
def _reach(node, before, left, pair, trail, queue, n, around):  # type: ignore[no-untyped-def]
    """Put a node that is new to the search, and of its component, on the queue of n; the answer is how long that is now."""
    component, seen, stamp = around
    if seen[node] == stamp or component[node] != component[queue[0]]:
        return n
    by_node, by_left, by_pair = trail
    seen[node], by_node[node], by_left[node], by_pair[node], queue[n] = stamp, before, left, pair, node
    return n + 1


@compiled
def _turn(source, target, left, pair, rights, plan, trail):  # type: ignore[no-untyped-def]
    """Move everybody along the way that a search found, and ``left`` to the source by its ``pair``."""
    match, slot, holder, first, room = plan
    by_node, by_left, by_pair = trail
    outside, node, free = rights.size, target, slot[left]
    while node != source:
        before, mover = by_node[node], by_left[node]
        if mover != NOBODY:
            freed, match[mover], slot[mover] = slot[mover], by_pair[node], -1
            if node != outside:
                slot[mover], holder[free] = free, mover
            free = freed
        elif node == outside:
            room[before] -= 1
            free = first[before] + room[before]
        else:
            emptied = first[node] + room[node]
            if emptied != free:
                holder[free] = holder[emptied]
                slot[holder[free]] = free
            holder[emptied] = NOBODY
            room[node] += 1
        node = before
    match[left], slot[left], holder[free] = pair, free, left
