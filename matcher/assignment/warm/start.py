"""From any guess of a plan and of the rights' prices to a plan and prices that searches can repair; compiled loops.

Arrays are those of state.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.warm.paths import fill_right, match_left
from matcher.assignment.warm.state import BOUND, LEFTS, NONE, PLACES, PRICED, SHUT, WAITING, seat, unseat
from matcher.compiling import compiled, light

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int


@compiled
def pair_columns(left, right, points, n_right):  # type: ignore[no-untyped-def]
    """The pairs by their right: (slots, pair, left, points, at)."""
    slots = np.zeros(n_right + 1, dtype=np.int64)
    for j in right:
        slots[j + 1] += 1
    for j in range(n_right):
        slots[j + 1] += slots[j]
    pair_at, left_at = np.empty(right.size, dtype=np.int32), np.empty(right.size, dtype=np.uint32)
    points_at, at_of = np.empty(right.size, dtype=np.int64), np.empty(right.size, dtype=np.int32)
    free = slots[:-1].copy()
    for pair in range(right.size):
        at = free[right[pair]]
        free[right[pair]] += 1
        pair_at[at], left_at[at], points_at[at], at_of[pair] = pair, left[pair], points[pair], at
    return slots, pair_at, left_at, points_at, at_of


@compiled
def empty_plan(price, capacity, room, n_left):  # type: ignore[no-untyped-def]
    """Nobody matched; ``room`` is how many places each right could get at most. Rights without a place are closed."""
    first = np.zeros(price.size + 1, dtype=np.int64)
    for j in range(price.size):
        first[j + 1] = first[j] + room[j]
    return (
        np.zeros(n_left, dtype=np.int64),
        np.where(capacity > 0, np.maximum(price, 0), SHUT),
        capacity,
        np.full(n_left, NONE, dtype=np.int64),
        first,
        np.empty(first[-1], dtype=np.int32),
        np.empty(n_left, dtype=np.int64),
        np.zeros(price.size, dtype=np.int64),
    )


@compiled
def pairs_of(right_of, start, right):  # type: ignore[no-untyped-def]
    """The pair of each left with the right that it had, -1 where they are no pair."""
    pairs = np.full(right_of.size, NONE, dtype=np.int64)
    for left in range(right_of.size):
        low, high = start[left], start[left + 1]
        while low < high and right_of[left] >= 0:
            middle = (low + high) // 2
            if right[middle] < right_of[left]:
                low = middle + 1
            else:
                high = middle
        if low < start[left + 1] and right[low] == right_of[left]:
            pairs[left] = low
    return pairs


@compiled
def begin(guess, open_, weight, graph, plan, proof):  # type: ignore[no-untyped-def]
    """Seat whom the ``guess`` (a pair of each left, or -1) seats at tight pairs; the answer is the lefts to be matched.

    A full right keeps its price and a left takes what its best full right leaves it. A right with room takes what the lefts
    would give more than that, so that one who is new, or was left, is one search and not one of every left that likes it.
    """
    start, right = graph[0], graph[1]
    left_price, price, capacity, used = plan[0], plan[1], plan[2], plan[7]
    for left in range(guess.size):
        if guess[left] >= 0 and open_[left] and used[right[guess[left]]] < capacity[right[guess[left]]]:
            seat(left, guess[left], graph, plan, proof)
    for j in range(price.size):
        if not used[j] and capacity[j]:
            price[j] = 0
    full = used >= capacity
    for left in range(guess.size):
        open_now = open_[left] and start[left] < start[left + 1]
        left_price[left] = _share(left, weight, graph, plan, full) if open_now else SHUT
    for j in range(price.size):
        if capacity[j]:
            proof[0][BOUND] += price[j] * capacity[j]
            proof[0][PLACES] += capacity[j]
    return _not_tight(weight, graph, plan, proof)


@compiled
def _not_tight(weight, graph, plan, proof):  # type: ignore[no-untyped-def]
    """Unseat whose pair is not tight; the answer is the open lefts that have a price and no place, now WAITING."""
    _, right, points = graph
    left_price, price, _, match, _, _, _, _ = plan
    broken, n_broken = np.empty(match.size, dtype=np.int64), 0
    for left in range(match.size):
        pair, own = match[left], left_price[left]
        if own == SHUT:
            continue
        if pair >= 0 and own + price[right[pair]] != points[pair] + weight:
            unseat(left, graph, plan, proof)
        proof[0][LEFTS] += 1
        if match[left] == NONE and own:
            left_price[left], broken[n_broken] = WAITING, left
            n_broken += 1
        else:
            proof[0][BOUND] += own
            proof[0][PRICED] += 1
    return broken[:n_broken]


@light
def _share(left, weight, graph, plan, full):  # type: ignore[no-untyped-def]
    """What the left's own and its best full right leave it; rights with room then take what it would give more for them."""
    start, right, points = graph
    price, match = plan[1], plan[3]
    best = np.int64(0)
    if match[left] >= 0:
        best = max(best, points[match[left]] + weight - price[right[match[left]]])
    for pair in range(start[left], start[left + 1]):
        j = right[pair]
        margin = points[pair] + weight - price[j]
        if full[j] and margin > best:
            best = margin
    for pair in range(start[left], start[left + 1]):
        j = right[pair]
        if not full[j] and points[pair] + weight - best > price[j]:
            price[j] = points[pair] + weight - best
    return best


@compiled
def match_all(broken, weight, graph, plan, work, proof):  # type: ignore[no-untyped-def]
    """Match every ``broken`` left; the answer is the rights left with room and a price."""
    price, capacity, used = plan[1], plan[2], plan[7]
    for left in broken:
        match_left(left, weight, graph, plan, work, proof)
    return np.flatnonzero((used < capacity) & (price > 0))


@light
def fill(rights, weight, graph, columns, plan, work, proof):  # type: ignore[no-untyped-def]
    """Fill the places of ``rights`` until none with room has a price."""
    price, capacity, used = plan[1], plan[2], plan[7]
    for j in rights:
        while used[j] < capacity[j] and price[j] > 0:
            fill_right(j, weight, graph, columns, plan, work, proof)


@compiled
def tight_pairs(left_price, price, weight, graph):  # type: ignore[no-untyped-def]
    """The pairs that weigh what their prices are, rising, and whether none weighs more. Who is closed has the price SHUT."""
    start, right, points = graph
    found, n, least = np.empty(2 * left_price.size, dtype=np.int64), 0, np.int64(0)
    for left in range(left_price.size):
        own = left_price[left] - weight
        for pair in range(start[left], start[left + 1]):
            slack = own + price[right[pair]] - points[pair]
            least = min(least, slack)
            if slack == 0:
                if n == found.size:
                    found = np.append(found, np.empty_like(found))
                found[n] = pair
                n += 1
    return found[:n], least == 0


def in_weight(price: Int, before: int, after: int) -> Int:
    """Prices of whole matches and points, from one weight of a match to another (0: there are only points)."""
    if not before or before == after:
        return price
    matches = (price + before // 2) // before
    return price + matches * (after - before)
