"""The same plan and prices seen from the lefts and from the rights' places: who chooses has rows, who is chosen has room.

``rows`` are those of lists.py, a plan is that of bids.py, ``sides`` is (open lefts, places of rights, weight of a
match, the price that closes a left or right).
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.bids import CLOSED, UNMATCHED
from matcher.assignment.kernel.rows import pair_of, turned
from matcher.compiling import compiled


@compiled
def empty_plan(open_, rights):  # type: ignore[no-untyped-def]
    """Nobody matched: match, slot, holder, first, room."""
    first = np.zeros(rights.size + 1, dtype=np.int64)
    for j in range(rights.size):
        first[j + 1] = first[j] + rights[j]
    match = np.where(open_, UNMATCHED, CLOSED)
    return match, np.full(open_.size, -1, dtype=np.int64), np.full(first[-1], -1, dtype=np.int32), first, rights.copy()


@compiled
def plan_of(rows, sides, match):  # type: ignore[no-untyped-def]
    """The plan of lefts whose pairs are ``match``."""
    plan = empty_plan(sides[0], sides[1])
    in_plan, slot, holder, first, room = plan
    for left in range(match.size):
        if match[left] >= 0:
            j = rows[2][match[left]]
            room[j] -= 1
            place = first[j] + room[j]
            in_plan[left], slot[left], holder[place] = match[left], place, left
    return plan


@compiled
def places(rows, rights):  # type: ignore[no-untyped-def]
    """The right of each place, and the places' rows.

    Those of one right share their pairs: as lefts have one place, none is taken twice.
    """
    slots, lefts, points = turned(rows, rights.size)
    owner = np.repeat(np.arange(rights.size), rights)
    return owner, (slots[owner], slots[owner + 1], lefts, points)


@compiled
def seen_from_places(rows, place_rows, owner, sides, match, price):  # type: ignore[no-untyped-def]
    """The prices of the lefts, and the plan of the places, from those of the lefts."""
    open_, rights, weight, closed = sides
    plan = empty_plan(np.ones(owner.size, dtype=np.bool_), open_.astype(np.int64))
    place_match, slot, holder, first, room = plan
    left_price = np.where(open_, 0, closed)
    next_place = np.cumsum(rights) - rights
    for left in range(match.size):
        if match[left] >= 0:
            j = rows[2][match[left]]
            place = next_place[j]
            next_place[j] += 1
            place_match[place] = pair_of(left, place_rows[0][place], place_rows[1][place], place_rows[2])
            slot[place], holder[first[left]], room[left] = first[left], place, 0
            left_price[left] = rows[3][match[left]] + weight - price[j]
    return left_price, plan


@compiled
def seen_from_lefts(rows, place_rows, owner, sides, place_match, left_price):  # type: ignore[no-untyped-def]
    """The pair of every left and the prices of the rights, from those of the places and of the lefts."""
    open_, rights, weight, closed = sides
    match = np.where(open_, UNMATCHED, CLOSED)
    price = np.where(rights > 0, 0, closed)
    for place in range(owner.size):
        if place_match[place] >= 0:
            left, j = place_rows[2][place_match[place]], owner[place]
            match[left] = pair_of(j, rows[0][left], rows[1][left], rows[2])
            price[j] = rows[3][match[left]] + weight - left_price[left]
    for place in range(owner.size):
        if place_match[place] < 0:
            price[owner[place]] = 0
    return match, price
