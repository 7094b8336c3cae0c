"""A first plan and prices without searching: an auction, then augmenting row reduction.

``rows`` and ``lists`` are those of lists.py. ``plan`` is (match, slot, holder, first, room): the pair of each left
(UNMATCHED or CLOSED for none), the slot it holds, the left in each slot, the first slot of each right (its slots are
``first[j]:first[j + 1]``), and how many of them are empty (those are its first).
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.lists import KEPT, LONG_ROW, as_good, best_two, up_to_date
from matcher.compiling import compiled, light

UNMATCHED = -1
CLOSED = -2


@compiled
def bid(rows, lists, weight, price, first, queue, step, floor):  # type: ignore[no-untyped-def]
    """Raise prices by an auction: each left pays for its best right what it is worth more than its second best, and ``step``.

    Nobody accepts a margin at or below ``floor``. It ends early where a bid of each leaves no fewer waiting. A right is as
    expensive as its cheapest place. The plan is forgotten.
    """
    start, stop, right, points = rows
    kept_right = lists[1]
    bidder = np.full(first[-1], -1, dtype=np.int32)
    paid = np.repeat(price, np.diff(first))
    n, size, head = queue.size, queue.size, 0
    fewest, patience = n, n
    while size and patience:
        if size < fewest:
            fewest, patience = size, n
        patience -= 1
        left = queue[head]
        head, size = head + 1 if head + 1 < n else 0, size - 1
        low, high = start[left], stop[left]
        if high - low <= LONG_ROW:
            best, second, one = best_two(points, right, price, low, high, floor - weight)
            j = right[max(one, low)]
        else:
            best, second, one = up_to_date(left, rows, lists, weight, price, floor)
            j = kept_right[left, max(one, 0)]
        if one < 0:
            continue
        place = first[j]
        for other in range(first[j] + 1, first[j + 1]):
            if paid[other] < paid[place]:
                place = other
        outbid, bidder[place] = bidder[place], left
        paid[place] += best - second + step
        price[j] = paid[first[j] : first[j + 1]].min()
        if outbid >= 0:
            tail = head + size
            queue[tail if tail < n else tail - n] = outbid
            size += 1


@light
def take(rows, lists, weight, price, plan, waiting, rounds, most_moves):  # type: ignore[no-untyped-def]
    """Match lefts to their best right where that needs no search (augmenting row reduction).

    A price rises only to where the left's second best is as good. Whom a move displaces moves on, ``most_moves`` times at
    most: long wars over prices cost more than the searches that they save. Who is left over comes first in ``waiting``;
    their number is the answer.
    """
    start, stop, right, points = rows
    match, slot, holder, first, room = plan
    n_waiting = waiting.size
    for _ in range(rounds):
        n_next = 0
        for turn in range(n_waiting):
            left, moves = waiting[turn], most_moves
            while left >= 0:
                low, high = start[left], stop[left]
                if high - low <= LONG_ROW:
                    best, second, pair = best_two(points, right, price, low, high, -weight)
                else:
                    best, second, pair = _best_of_list(left, rows, lists, weight, price)
                if pair < 0:
                    break
                if best == second and not room[right[pair]]:
                    pair = _as_good_with_room(left, pair, rows, lists, price, room)
                j = right[pair]
                single = first[j + 1] - first[j] == 1
                if not room[j] and (not single or best == second or not moves):
                    waiting[n_next] = left
                    n_next += 1
                    break
                moves -= 1
                if single:
                    price[j] += best - second
                loser = -1
                if room[j]:
                    room[j] -= 1
                else:
                    loser = holder[first[j]]
                    match[loser], slot[loser] = UNMATCHED, -1
                place = first[j] + room[j]
                holder[place], slot[left], match[left] = left, place, pair
                left = loser
        n_waiting = n_next
    return n_waiting


@light
def _best_of_list(left, rows, lists, weight, price):  # type: ignore[no-untyped-def]
    """``best_two`` of a long row, by its list."""
    best, second, one = up_to_date(left, rows, lists, weight, price, 0)
    return best, second, lists[0][left, one] if one >= 0 else one


@light
def _as_good_with_room(left, pair, rows, lists, price, room):  # type: ignore[no-untyped-def]
    """A pair of the left, of a long row one on its list, that is as good as ``pair`` and has room; ``pair`` if there is none."""
    start, stop, right, points = rows
    kept_pair, kept_right, kept_points, _ = lists
    if stop[left] - start[left] <= LONG_ROW:
        return as_good(points, right, price, room, start[left], stop[left], pair)
    for at in range(KEPT):
        if kept_pair[left, at] == pair:
            return kept_pair[left, as_good(kept_points[left], kept_right[left], price, room, 0, KEPT, at)]
    return pair
