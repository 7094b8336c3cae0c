"""The tie rule for lefts with one place each: the rule of ties.py, on the few pairs that are tight.

Nodes are the rights and, last, the outside. A way leads from a right to where one of its lefts could go instead without
loss: to another right, or to the outside; from the outside to where one without a right could go, and to the rights that
could lose a left without loss. A left can
have a right if and only if a way leads from that right to where the left is: only then are both in one strong component.
A search that fails has found nodes which nothing leads out of: they become a component of their own and are not searched
from elsewhere again. A search ends one step early, at any node that one of the lefts could leave for the target.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.bids import UNMATCHED
from matcher.assignment.kernel.components import strong_components
from matcher.compiling import compiled, light

NOBODY = -1


@compiled
def settle(rows, sides, price, match, left_price, tied):  # type: ignore[no-untyped-def]
    """Change ``match`` in place into the plan of the tie rule; ``tied`` are the lefts with more than one best choice, rising."""
    ways = _tight(rows, sides, price, left_price, tied)
    columns = _by_right(rows[2], ways, tied, price.size)
    rights, outside = sides[1], sides[1].size
    plan = _plan(rows, rights, match)
    component, n_components = strong_components(*_arcs(rows[2], price, left_price, tied, ways, plan))
    seen = np.zeros(outside + 1, dtype=np.int64)
    trail = (np.empty(outside + 1, dtype=np.int64), np.empty(outside + 1, dtype=np.int64), np.empty(outside + 1, dtype=np.int64))
    queue = np.empty(outside + 1, dtype=np.int64)
    step = (
        np.full(outside + 1, NOBODY, dtype=np.int64),
        np.empty(outside + 1, dtype=np.int64),
        np.empty(outside + 1, dtype=np.int64),
    )
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
            around = (component, seen, n_searches, left, target, step)
            if target < outside:
                _note_last_steps(left, target, rows[2], columns, plan[0], step)
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
    start, size, pairs = np.zeros(left_price.size + 1, dtype=np.int64), 0, np.empty(4 * tied.size + 1, dtype=np.int64)
    for left in tied:
        low, high, wanted, before = row_start[left], row_stop[left], left_price[left] - weight, size
        if size + high - low > pairs.size:
            pairs = np.append(pairs, np.empty(size + high - low, dtype=np.int64))
        for pair in range(low, high):
            pairs[size] = pair
            size += points[pair] - price[right[pair]] == wanted
        start[left + 1] = size - before
    return np.cumsum(start), pairs[:size]


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


@light
def _search(source, target, left, rows, price, left_price, tied, ways, plan, trail, queue, around):  # type: ignore[no-untyped-def]
    """Breadth-first from ``source``: 0 where the target is reached (``trail`` leads back), else how many nodes the queue holds.

    Lefts before ``left`` have chosen and stay.
    """
    outside = price.size
    _, _, holder, first, room = plan
    seen, stamp = around[1], around[2]
    queue[0], seen[source] = source, stamp
    at, n = 0, _last_step(source, trail, queue, 1, around)
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


@light
def _move_on(left, node, right, left_price, ways, trail, queue, n, around):  # type: ignore[no-untyped-def]
    """Reach where a left could go from the ``node`` where it is; the answer is how long the queue is now."""
    if left_price[left] == 0:
        n = _reach(around[0].size - 1, node, left, UNMATCHED, trail, queue, n, around)
    for pair in ways[1][ways[0][left] : ways[0][left + 1]]:
        n = _reach(np.int64(right[pair]), node, left, pair, trail, queue, n, around)
    return n


@light
def _reach(node, before, left, pair, trail, queue, n, around):  # type: ignore[no-untyped-def]
    """Put a node that is new to the search, and of its component, on the queue of n; the answer is how long that is now."""
    component, seen, stamp, _, _, _ = around
    if seen[node] == stamp or component[node] != component[queue[0]]:
        return n
    by_node, by_left, by_pair = trail
    seen[node], by_node[node], by_left[node], by_pair[node], queue[n] = stamp, before, left, pair, node
    return _last_step(node, trail, queue, n + 1, around)


@light
def _last_step(node, trail, queue, n, around):  # type: ignore[no-untyped-def]
    """Reach the target from a node that somebody could leave for it; the answer is how long the queue is now."""
    _, seen, stamp, mark, target, (noted, by_left, by_pair) = around
    if noted[node] != mark or seen[target] == stamp:
        return n
    seen[target], trail[0][target], trail[1][target], trail[2][target], queue[n] = (
        stamp,
        node,
        by_left[node],
        by_pair[node],
        target,
    )
    return n + 1


@light
def _note_last_steps(left, target, right, columns, match, step):  # type: ignore[no-untyped-def]
    """Note the nodes that a left after ``left`` could leave for the target, and by which pair."""
    start, pairs, lefts = columns
    noted, by_left, by_pair = step
    for at in range(start[target], start[target + 1]):
        other, outside = lefts[at], noted.size - 1
        if other > left:
            node = right[match[other]] if match[other] >= 0 else outside
            noted[node], by_left[node], by_pair[node] = left, other, pairs[at]


@compiled
def _by_right(right, ways, tied, n_right):  # type: ignore[no-untyped-def]
    """The tight pairs by their right, and their lefts: those of right j are ``start[j]:start[j + 1]``."""
    start = np.zeros(n_right + 1, dtype=np.int64)
    for pair in ways[1]:
        start[right[pair] + 1] += 1
    start = np.cumsum(start)
    free, pairs, lefts = start[:-1].copy(), np.empty(ways[1].size, dtype=np.int64), np.empty(ways[1].size, dtype=np.int64)
    for left in tied:
        for pair in ways[1][ways[0][left] : ways[0][left + 1]]:
            j = right[pair]
            pairs[free[j]], lefts[free[j]] = pair, left
            free[j] += 1
    return start, pairs, lefts


@light
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
