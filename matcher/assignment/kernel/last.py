"""The last step where the lefts chose: places that are empty though they have a price choose among the lefts.

They are few, and mostly find somebody near. So only pairs that lose less than a limit are looked at by right: no way of less
than the limit leads over another pair, as no pair loses less than nothing [1]_. The limit grows until all have chosen.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, section 9.7.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.lists import empty_lists
from matcher.assignment.kernel.paths import forget, move_on, search_from, workspace
from matcher.assignment.kernel.views import seen_from_lefts, seen_from_places
from matcher.compiling import compiled, light

# Measured: the first limit is the range of points divided by this; it grows where it let fewer than half of the places choose.
FIRST = 8
GROWTH = 2


@compiled
def places_choose_on(rows, sides, match, price):  # type: ignore[no-untyped-def]
    """The pair of every left and optimal prices of the rights, from a plan whose empty places may have a price."""
    limit = 1 + (rows[3].max() - rows[3].min()) // FIRST
    while True:
        match, price, n_done, n_waiting = _within(rows, sides, match, price, limit)
        if not n_waiting:
            return match, price
        if n_done < n_waiting:
            limit *= GROWTH


@compiled
def _within(rows, sides, match, price, limit):  # type: ignore[no-untyped-def]
    """The same, as far as ways shorter than ``limit`` lead, and how many places have chosen and have not."""
    weight, rights = sides[2], sides[1]
    owner = np.repeat(np.arange(rights.size), rights)
    slots, lefts, points = _near(rows, sides, match, price, limit)
    place_rows = (slots[owner], slots[owner + 1], lefts, points)
    left_price, plan = seen_from_places(rows, place_rows, owner, sides, match, price)
    waiting = np.flatnonzero((plan[0] < 0) & (price[owner] > 0)).astype(np.int32)
    waiting = waiting[np.argsort(price[owner[waiting]])]
    lists, space = empty_lists(place_rows), workspace(plan[0].size, left_price.size, (place_rows[1] - place_rows[0]).sum())
    n_done = 0
    for place in waiting:
        found = search_from(place, place_rows, lists, weight, left_price, plan, space)
        known = found[0] <= _known(place, found[3], limit, price, owner, place_rows, weight, left_price, plan, space)
        if known:
            move_on(place, found, lefts, left_price, plan, space)
        forget(found, space)
        if not known:
            break
        n_done += 1
    match, settled = seen_from_lefts(rows, place_rows, owner, sides, plan[0], left_price)
    for place in waiting[n_done:]:
        settled[owner[place]] = price[owner[place]]
    for at, own in enumerate(plan[0]):
        if own >= 0:
            settled[owner[at]] = points[own] + weight - left_price[lefts[own]]
    return match, settled, n_done, waiting.size - n_done


@compiled
def _near(rows, sides, match, price, limit):  # type: ignore[no-untyped-def]
    """The pairs by right that lose less than ``limit``, as in ``turned``; those of the plan lose nothing."""
    start, stop, right, points = rows
    open_, weight = sides[0], sides[2]
    left_of, pair_of, n = np.empty(right.size + 1, dtype=np.uint32), np.empty(right.size + 1, dtype=np.uint32), 0
    slots = np.zeros(price.size + 1, dtype=np.int64)
    for left in range(match.size):
        if not open_[left]:
            continue
        low, high, own = start[left], stop[left], match[left]
        least = (points[own] - price[right[own]] if own >= 0 else -weight) - limit
        for pair in range(low, high):
            left_of[n], pair_of[n] = left, pair
            n += points[pair] - price[right[pair]] > least
    for pair in pair_of[:n]:
        slots[right[pair] + 1] += 1
    slots = np.cumsum(slots)
    free, lefts, near_points = slots[:-1].copy(), np.empty(n, dtype=np.uint32), np.empty(n, dtype=np.int64)
    for at in range(n):
        j = right[pair_of[at]]
        lefts[free[j]], near_points[free[j]] = left_of[at], points[pair_of[at]]
        free[j] += 1
    return slots, lefts, near_points


@light
def _known(root, n_settled, limit, price, owner, place_rows, weight, left_price, plan, space):  # type: ignore[no-untyped-def]
    """How long a way can be before it could lead over a pair that was left out.

    Such a pair lost ``limit`` or more under ``price``; now that is less by what the price of its right has fallen since.
    """
    label, _, (_, settled), _ = space
    match, _, holder, first, _ = plan
    known = limit - price[owner[root]]
    for left in settled[:n_settled]:
        place = holder[first[left]]
        fallen = price[owner[place]] - (place_rows[3][match[place]] + weight - left_price[left])
        known = min(known, label[left] + limit - fallen)
    return known
