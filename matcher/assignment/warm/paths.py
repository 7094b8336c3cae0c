"""Repair of a plan and its prices by single shortest augmenting paths, from either side; compiled loops.

A left that lost its place, and a right with a price that got room, are repaired by one Dijkstra each under reduced lengths
[1]_: first all lefts, then the rights. Arrays are those of state.py.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.7 and 12.4.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.heap import drop_top, push
from matcher.assignment.paths import FAR
from matcher.assignment.warm.state import (
    BOUND,
    LEFTS,
    MATCHED,
    NONE,
    PLACES,
    PRICED,
    lowest,
    move_prices,
    note_column,
    note_row,
    seat,
    unseat,
)
from matcher.compiling import light


@light
def match_left(root, weight, graph, plan, work, proof):  # type: ignore[no-untyped-def]
    """Match ``root``, who is closed or waiting, along a shortest path, or leave unmatched who loses least by it.

    No right's price falls. A right that has room and a price is an end like any other with room.
    """
    left_price, price, capacity, _, first, holder, _, used = plan
    label, _, _, touched, settled = work[0]
    sums = proof[0]
    if sums[MATCHED] == sums[PLACES]:
        move_prices(-lowest(left_price), plan, proof)
    goal, end, n_touched, n_settled = _search_from_left(root, weight, graph, plan, work)
    for j in settled[:n_settled]:
        rise = goal - label[j]
        if rise > 0:
            price[j] += rise
            sums[BOUND] += rise * capacity[j]
            for left in holder[first[j] : first[j] + used[j]]:
                left_price[left] -= rise
                sums[BOUND] -= rise
                note_row(left, proof)
    left_price[root] = -goal
    sums[BOUND] -= goal
    sums[PRICED] += 1
    note_row(root, proof)
    _shift_from_left(root, end, graph, plan, work, proof)
    for j in touched[:n_touched]:
        label[j] = FAR


@light
def _search_from_left(root, weight, graph, plan, work):  # type: ignore[no-untyped-def]
    """Dijkstra to the nearest right with room, or left that goes unmatched (``end`` is ~left)."""
    left_price, _, _, _, first, holder, _, used = plan
    (label, _, _, _, settled), _, heap = work
    n_settled = 0
    goal, end, size, n_touched = _relax_row(root, 0, weight, graph, plan, work, (0, ~root, 0, 0))
    while size and heap[0][0] < goal:
        key, j = heap[0][0], heap[1][0]
        size -= 1
        drop_top(heap, size)
        if label[j] < key:
            continue
        settled[n_settled] = j
        n_settled += 1
        for left in holder[first[j] : first[j] + used[j]]:
            base = key + left_price[left]
            if base < goal:
                goal, end = base, ~left
            goal, end, size, n_touched = _relax_row(left, base, weight, graph, plan, work, (goal, end, size, n_touched))
    return goal, end, n_touched, n_settled


@light
def _relax_row(left, base, weight, graph, plan, work, found):  # type: ignore[no-untyped-def]
    """Reach further by all pairs of a left; ``found`` is (goal, end, size of the heap, number touched)."""
    start, right, points = graph
    _, price, capacity, _, _, _, _, used = plan
    (label, by_pair, by_left, touched, _), _, heap = work
    goal, end, size, n_touched = found
    base -= weight
    for pair in range(start[left], start[left + 1]):
        j = right[pair]
        reach = base - points[pair] + price[j]
        if reach < goal and reach < label[j]:
            if label[j] == FAR:
                touched[n_touched] = j
                n_touched += 1
            label[j], by_pair[j], by_left[j] = reach, pair, left
            if used[j] < capacity[j]:
                goal, end = reach, np.int64(j)
            else:
                push(heap, size, reach, j)
                size += 1
    return goal, end, size, n_touched


@light
def _shift_from_left(root, end, graph, plan, work, proof):  # type: ignore[no-untyped-def]
    """Everybody on the way takes the place of the next, from the end backwards."""
    _, by_pair, by_left, _, _ = work[0]
    if end == ~root:
        return
    j = unseat(~end, graph, plan, proof) if end < 0 else end
    left = by_left[j]
    while left != root:
        pair = by_pair[j]
        j = unseat(left, graph, plan, proof)
        seat(left, pair, graph, plan, proof)
        left = by_left[j]
    seat(root, by_pair[j], graph, plan, proof)


@light
def fill_right(root, weight, graph, columns, plan, work, proof):  # type: ignore[no-untyped-def]
    """Fill a place of ``root``, which has room and a price, along a shortest path; or its price, or another's, falls to 0.

    Every left with a price must be matched. No left's price falls.
    """
    left_price, price, capacity = plan[0], plan[1], plan[2]
    label, _, _, touched, settled, reached, _, visited = work[1]
    sums = proof[0]
    if sums[MATCHED] == sums[LEFTS]:
        move_prices(lowest(price), plan, proof)
    goal, end, n_touched, n_settled, n_visited = _search_from_right(root, weight, graph, columns, plan, work)
    for left in settled[:n_settled]:
        rise = goal - label[left]
        if rise > 0:
            left_price[left] += rise
            sums[BOUND] += rise
    for j in visited[:n_visited]:
        fall = goal - reached[j]
        if fall > 0:
            price[j] -= fall
            sums[BOUND] -= fall * capacity[j]
            note_column(j, proof)
        reached[j] = FAR
    _shift_from_right(root, end, graph, plan, work, proof)
    for left in touched[:n_touched]:
        label[left] = FAR


@light
def _search_from_right(root, weight, graph, columns, plan, work):  # type: ignore[no-untyped-def]
    """Dijkstra to the nearest unmatched left, or right that gives a place up (``end`` is ~right)."""
    right, price, match = graph[1], plan[1], plan[3]
    _, (label, _, _, _, settled, reached, by_holder, visited), heap = work
    reached[root], visited[0] = -price[root], root
    n_settled, n_visited = 0, 1
    goal, end, size, n_touched = _relax_column(root, 0, weight, columns, plan, work, (0, ~root, 0, 0))
    while size and heap[0][0] < goal:
        key, left = heap[0][0], heap[1][0]
        size -= 1
        drop_top(heap, size)
        if label[left] < key:
            continue
        settled[n_settled] = left
        n_settled += 1
        j = np.int64(right[match[left]])
        if reached[j] < FAR:
            continue
        reached[j], by_holder[j], visited[n_visited] = key, left, j
        n_visited += 1
        base = key + price[j]
        if base < goal:
            goal, end = base, ~j
        goal, end, size, n_touched = _relax_column(j, base, weight, columns, plan, work, (goal, end, size, n_touched))
    return goal, end, n_touched, n_settled, n_visited


@light
def _relax_column(j, base, weight, columns, plan, work, found):  # type: ignore[no-untyped-def]
    """Reach further by all pairs of a right; its own lefts are reached at no length by the pairs they have."""
    slots, pair_at, left_at, points_at, _ = columns
    left_price, match = plan[0], plan[3]
    _, (label, by_pair, by_right, touched, _, _, _, _), heap = work
    goal, end, size, n_touched = found
    base -= weight
    for at in range(slots[j], slots[j + 1]):
        left = left_at[at]
        reach = base - points_at[at] + left_price[left]
        if reach < goal and reach < label[left]:
            if label[left] == FAR:
                touched[n_touched] = left
                n_touched += 1
            label[left], by_pair[left], by_right[left] = reach, pair_at[at], j
            if match[left] == NONE:
                goal, end = reach, np.int64(left)
            else:
                push(heap, size, reach, left)
                size += 1
    return goal, end, size, n_touched


@light
def _shift_from_right(root, end, graph, plan, work, proof):  # type: ignore[no-untyped-def]
    """Everybody on the way moves to the right that reached them, from the end backwards."""
    _, by_pair, by_right, _, _, _, by_holder, _ = work[1]
    if end == ~root:
        return
    left = np.int64(end)
    if end < 0:
        left = np.int64(by_holder[~end])
        unseat(left, graph, plan, proof)
    while True:
        j = by_right[left]
        if j == root:
            seat(left, by_pair[left], graph, plan, proof)
            return
        following = np.int64(by_holder[j])
        unseat(following, graph, plan, proof)
        seat(left, by_pair[left], graph, plan, proof)
        left = following
