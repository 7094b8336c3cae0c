"""Many repairs at once, by the kernel's searches: prices only rise then, so that it can keep the best pairs of long rows.

First the lefts that lost their place choose, then the places that are empty though they have a price; what chooses on one
side raises the other side's prices only. Arrays are those of state.py, rows those of kernel/lists.py.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.lists import empty_lists
from matcher.assignment.kernel.paths import match_each, workspace
from matcher.assignment.warm.state import NONE, SHUT, lowest
from matcher.compiling import compiled


@compiled
def lefts_choose(waiting, weight, graph, plan):  # type: ignore[no-untyped-def]
    """Match the ``waiting`` lefts; the answer is whether a right is left with room and a price.

    Of the plan, match and both prices are up to date afterwards, and which lefts a right has is not.
    """
    start, right, points = graph
    left_price, price, capacity, match = plan[0], plan[1], plan[2], plan[3]
    if (match >= 0).sum() == capacity.sum():
        price += np.where(capacity > 0, lowest(left_price), 0)
    _choose((start[:-1], start[1:], right, points), weight, price, capacity, match, waiting)
    room = capacity.copy()
    for left in range(match.size):
        pair = match[left]
        if pair >= 0:
            room[right[pair]] -= 1
            left_price[left] = points[pair] + weight - price[right[pair]]
        elif left_price[left] < SHUT:
            left_price[left] = 0
    return ((room > 0) & (price > 0)).any()


@compiled
def places_choose(weight, graph, columns, plan):  # type: ignore[no-untyped-def]
    """Fill the places of rights that have room and a price, or let prices fall to 0; match and both prices are up to date."""
    right, points = graph[1], graph[2]
    slots, pair_at, left_at, points_at, at_of = columns
    left_price, price, capacity, match = plan[0], plan[1], plan[2], plan[3]
    open_ = (left_price < SHUT).astype(np.int64)
    if (match >= 0).sum() == open_.sum():
        left_price += np.where(open_ > 0, lowest(price), 0)
    owner = np.repeat(np.arange(capacity.size), capacity)
    next_place = np.cumsum(capacity) - capacity
    chosen = np.full(owner.size, NONE, dtype=np.int64)
    for pair in match:
        if pair >= 0:
            chosen[next_place[right[pair]]] = at_of[pair]
            next_place[right[pair]] += 1
    waiting = np.flatnonzero((chosen < 0) & (price[owner] > 0))
    _choose((slots[owner], slots[owner + 1], left_at, points_at), weight, left_price, open_, chosen, waiting)
    match[:] = NONE
    for place in range(owner.size):
        if chosen[place] >= 0:
            pair, left = pair_at[chosen[place]], left_at[chosen[place]]
            match[left], price[owner[place]] = pair, points[pair] + weight - left_price[left]
    for place in range(owner.size):
        if chosen[place] < 0:
            price[owner[place]] = 0


@compiled
def _choose(rows, weight, price, capacity, match, waiting):  # type: ignore[no-untyped-def]
    """Let those ``waiting`` choose along shortest paths; ``match`` is the pair of each row, ``price`` of those chosen."""
    if not waiting.size:
        return
    first = np.zeros(capacity.size + 1, dtype=np.int64)
    first[1:] = np.cumsum(capacity)
    slot, holder, room = np.full(match.size, -1, dtype=np.int64), np.full(first[-1], -1, dtype=np.int32), capacity.copy()
    for row in range(match.size):
        if match[row] >= 0:
            j = rows[2][match[row]]
            room[j] -= 1
            slot[row], holder[first[j] + room[j]] = first[j] + room[j], row
    space = workspace(match.size, price.size, (rows[1] - rows[0]).sum())
    match_each(rows, empty_lists(rows), weight, price, (match, slot, holder, first, room), waiting.astype(np.int32), space)
