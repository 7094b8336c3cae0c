"""The single changes of a live plan: each breaks what no longer holds, repairs it, and proves the answer; compiled loops.

``live`` is (graph, columns, plan, work, proof) of state.py. Every answer is whether the proof holds.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.warm.paths import fill_right, match_left
from matcher.assignment.warm.start import fill, match_all
from matcher.assignment.warm.state import (
    BOUND,
    LEFTS,
    N_ROWS,
    NONE,
    PLACES,
    PRICED,
    SHUT,
    TOTAL,
    WAITING,
    note_column,
    proved,
    unseat,
)
from matcher.compiling import compiled, light


@compiled
def repair(broken, weight, live):  # type: ignore[no-untyped-def]
    """Match the ``broken`` lefts, fill the rights that this leaves with room and a price, and look at all pairs."""
    graph, columns, plan, work, proof = live
    pending = match_all(broken, weight, graph, plan, work, proof)
    fill(pending, weight, graph, columns, plan, work, proof)
    sums, rows, noted = proof[0], proof[1], proof[2]
    for left in range(rows.size):
        rows[left], noted[left] = left, True
    sums[N_ROWS] = rows.size
    return proved(weight, graph, columns, plan, proof)


@light
def set_left(left, opened, weight, live):  # type: ignore[no-untyped-def]
    """Open or close a left."""
    graph, columns, plan, work, proof = live
    left_price, match = plan[0], plan[3]
    if opened == (left_price[left] < SHUT) or graph[0][left] == graph[0][left + 1]:
        return True
    proof[0][LEFTS] += 1 if opened else -1
    if opened:
        match_left(left, weight, graph, plan, work, proof)
    else:
        proof[0][BOUND] -= left_price[left]
        proof[0][PRICED] -= 1
        left_price[left] = SHUT
        if match[left] >= 0:
            _fill_up(unseat(left, graph, plan, proof), weight, live)
    return proved(weight, graph, columns, plan, proof)


@compiled
def set_right(j, places, weight, live):  # type: ignore[no-untyped-def]
    """Give a right so many places; without any it is closed."""
    graph, columns, plan, work, proof = live
    price, capacity, first, holder, used = plan[1], plan[2], plan[4], plan[5], plan[7]
    places = min(places, first[j + 1] - first[j])
    if capacity[j]:
        proof[0][BOUND] -= price[j] * capacity[j]
    else:
        price[j] = _worth(j, weight, columns, plan)
        note_column(j, proof)
    losers = holder[first[j] + min(used[j], places) : first[j] + used[j]].astype(np.int64)
    for left in losers:
        _give_up(left, graph, plan, proof)
    proof[0][PLACES] += places - capacity[j]
    capacity[j] = places
    if places:
        proof[0][BOUND] += price[j] * places
    else:
        price[j] = SHUT
    for left in losers:
        match_left(left, weight, graph, plan, work, proof)
    _fill_up(j, weight, live)
    return proved(weight, graph, columns, plan, proof)


@compiled
def set_points(numbers, values, left_of, weight, live):  # type: ignore[no-untyped-def]
    """Give the pairs ``numbers`` other points; of a pair listed twice, the last counts. ``left_of`` is each pair's left."""
    graph, columns, plan, work, proof = live
    broken, freed = np.empty(numbers.size, dtype=np.int64), np.empty(numbers.size, dtype=np.int64)
    n_broken, n_freed = 0, 0
    for at in range(numbers.size):
        left = np.int64(left_of[numbers[at]])
        if _holds_with(numbers[at], left, values[at], weight, graph, columns, plan, proof):
            continue
        j = _give_up(left, graph, plan, proof)
        broken[n_broken] = left
        n_broken += 1
        if j >= 0:
            freed[n_freed] = j
            n_freed += 1
    for left in broken[:n_broken]:
        match_left(left, weight, graph, plan, work, proof)
    fill(freed[:n_freed], weight, graph, columns, plan, work, proof)
    return proved(weight, graph, columns, plan, proof)


@light
def _holds_with(pair, left, value, weight, graph, columns, plan, proof):  # type: ignore[no-untyped-def]
    """Write a pair's points; the answer is whether its left may keep its place (or has given it up already).

    That is the proof for this pair: a price that falls later is noted, and so is the row of who gives up the place. Who has a
    pair that becomes better keeps it, and the gain.
    """
    left_price, price, match = plan[0], plan[1], plan[3]
    right, points = graph[1], graph[2]
    gain = value - points[pair]
    points[pair] = value
    columns[3][columns[4][pair]] = value
    if left_price[left] == WAITING:
        return True
    if match[left] != pair:
        return left_price[left] + price[right[pair]] >= value + weight
    proof[0][TOTAL] += gain
    if gain > 0:
        left_price[left] += gain
        proof[0][BOUND] += gain
    return gain >= 0


@light
def _give_up(left, graph, plan, proof):  # type: ignore[no-untyped-def]
    """Take place and price of a left that is to be matched anew; the answer is its right, -1 for none."""
    left_price, match = plan[0], plan[3]
    proof[0][BOUND] -= left_price[left]
    proof[0][PRICED] -= 1
    left_price[left] = WAITING
    if match[left] == NONE:
        return np.int64(NONE)
    return unseat(left, graph, plan, proof)


@light
def _fill_up(j, weight, live):  # type: ignore[no-untyped-def]
    """Fill the places of a right until it is full or has no price; every left with a price must be matched."""
    graph, columns, plan, work, proof = live
    price, capacity, used = plan[1], plan[2], plan[7]
    while used[j] < capacity[j] and price[j] > 0:
        fill_right(j, weight, graph, columns, plan, work, proof)


@light
def _worth(j, weight, columns, plan):  # type: ignore[no-untyped-def]
    """What some left would give more for a place of this right than it has now."""
    slots, _, left_at, points_at, _ = columns
    most = np.int64(0)
    for at in range(slots[j], slots[j + 1]):
        most = max(most, points_at[at] + weight - plan[0][left_at[at]])
    return most
