"""Shortest augmenting paths from one left after the other; prices are touched only where a search has been.

``rows`` and ``lists`` are those of lists.py, ``plan`` that of bids.py.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.bids import UNMATCHED
from matcher.assignment.kernel.heap import drop_top, push
from matcher.assignment.kernel.lists import KEPT, LONG_ROW, UNKNOWN, renew
from matcher.assignment.paths import FAR
from matcher.compiling import compiled, light


@compiled
def workspace(n_left, n_right, n_pairs):  # type: ignore[no-untyped-def]
    """What a search needs: label, pair and left by which each right was reached; rights touched and settled; a heap."""
    label = np.full(n_right, FAR, dtype=np.int64)
    reached = (np.empty(n_right, dtype=np.int64), np.empty(n_right, dtype=np.int32))
    lists = (np.empty(n_right, dtype=np.int32), np.empty(n_right, dtype=np.int32))
    most = n_pairs + 2 * n_left + 1
    heap = (np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32))
    return label, reached, lists, heap


@light
def match_each(rows, lists, weight, price, plan, waiting, space):  # type: ignore[no-untyped-def]
    """Match every ``waiting`` left along a shortest augmenting path, or leave the one unmatched that loses least."""
    for root in waiting:
        found = search_from(root, rows, lists, weight, price, plan, space)
        move_on(root, found, rows[2], price, plan, space)
        forget(found, space)


@light
def move_on(root, found, right, price, plan, space):  # type: ignore[no-untyped-def]
    """Change plan and prices by what a search has found."""
    goal, end, _, n_settled = found
    label, reached, (_, settled), _ = space
    for j in settled[:n_settled]:
        if label[j] < goal:
            price[j] += goal - label[j]
    _shift(root, end, right, plan, reached)


@light
def forget(found, space):  # type: ignore[no-untyped-def]
    """Make room for the next search."""
    label, _, (touched, _), _ = space
    for j in touched[: found[2]]:
        label[j] = FAR


@light
def search_from(root, rows, lists, weight, price, plan, space):  # type: ignore[no-untyped-def]
    """Dijkstra under reduced costs to the nearest right with room, or left that goes unmatched (``end`` is ~left).

    The answer is (length of the way, at most 0, ``end``, number of rights touched, number of rights settled). In the heap,
    ~left stands for the pairs of a left beside its list.
    """
    start, stop, _, points = rows
    match, _, holder, first, room = plan
    label, _, (_, settled), heap = space
    keys, nodes = heap
    goal, end, size, n_touched, n_settled = 0, ~root, 0, 0, 0
    left, base, place, last = root, 0, 0, 0
    while True:
        found = (goal, end, size, n_touched)
        if stop[left] - start[left] <= LONG_ROW:
            goal, end, size, n_touched = _relax_row(left, base, rows, weight, price, room, space, found)
        else:
            if lists[3][left] == UNKNOWN:
                renew(left, rows, lists, weight, price)
            goal, end, size, n_touched = _relax_list(left, base, lists, weight, price, room, space, found)
        place += 1
        while place >= last and size and keys[0] < goal:
            key, j = keys[0], nodes[0]
            size -= 1
            drop_top(heap, size)
            if j < 0:
                found = (goal, end, size, n_touched)
                goal, end, size, n_touched = _relax_rest(~j, key, rows, lists, weight, price, room, space, found)
            elif label[j] == key:
                settled[n_settled] = j
                n_settled += 1
                place, last = first[j], first[j + 1]
        if place >= last:
            return goal, end, n_touched, n_settled
        left, j = holder[place], settled[n_settled - 1]
        base = label[j] + points[match[left]] + weight - price[j]
        if base < goal:
            goal, end = base, ~left


@light
def _relax_row(left, base, rows, weight, price, room, space, found):  # type: ignore[no-untyped-def]
    """Reach further by all pairs of a left; ``found`` is (goal, end, size of the heap, number touched)."""
    start, stop, right, points = rows
    label, (by_pair, by_left), (touched, _), heap = space
    goal, end, size, n_touched = found
    for pair in range(start[left], stop[left]):
        j = right[pair]
        reach = base - points[pair] - weight + price[j]
        if reach < goal and reach < label[j]:
            if label[j] == FAR:
                touched[n_touched] = j
                n_touched += 1
            label[j], by_pair[j], by_left[j] = reach, pair, left
            if room[j]:
                goal, end = reach, j
            else:
                push(heap, size, reach, j)
                size += 1
    return goal, end, size, n_touched


@light
def _relax_list(left, base, lists, weight, price, room, space, found):  # type: ignore[no-untyped-def]
    """Reach further by the pairs on a left's list, and leave the others for later, where they could matter."""
    kept_pair, kept_right, kept_points, limit = lists
    label, (by_pair, by_left), (touched, _), heap = space
    goal, end, size, n_touched = found
    for at in range(KEPT):
        j = kept_right[left, at]
        reach = base - kept_points[left, at] - weight + price[j]
        if reach < goal and reach < label[j]:
            if label[j] == FAR:
                touched[n_touched] = j
                n_touched += 1
            label[j], by_pair[j], by_left[j] = reach, kept_pair[left, at], left
            if room[j]:
                goal, end = reach, j
            else:
                push(heap, size, reach, j)
                size += 1
    if base - limit[left] < goal:
        push(heap, size, base - limit[left], ~left)
        size += 1
    return goal, end, size, n_touched


@light
def _relax_rest(left, key, rows, lists, weight, price, room, space, found):  # type: ignore[no-untyped-def]
    """Reach further by the pairs beside a left's list: by those of a new list first, where the old one was out of date."""
    before = lists[3][left]
    base = key + before
    renew(left, rows, lists, weight, price)
    if lists[3][left] < before:
        return _relax_list(left, base, lists, weight, price, room, space, found)
    return _relax_row(left, base, rows, weight, price, room, space, found)


@light
def _shift(root, end, right, plan, reached):  # type: ignore[no-untyped-def]
    """Change the plan along the way that a search has found."""
    match, slot, holder, first, room = plan
    by_pair, by_left = reached
    if end == ~root:
        return
    if end < 0:
        left = ~end
        j, place = right[match[left]], slot[left]
        match[left], slot[left] = UNMATCHED, -1
    else:
        j = end
        room[j] -= 1
        place = first[j] + room[j]
    left = by_left[j]
    while left != root:
        before, freed = right[match[left]], slot[left]
        holder[place], slot[left], match[left] = left, place, by_pair[j]
        j, place = before, freed
        left = by_left[j]
    holder[place], slot[root], match[root] = root, place, by_pair[j]
