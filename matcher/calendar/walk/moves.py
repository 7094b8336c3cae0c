"""The moves of a walk over whole plans: each changes the plan, and takes that back where chance does not accept its cost.

What a move may do is every hard rule's: sizes at most, limits in time, who may come and who may lead. Units unmet and people
too few at a meeting are paid for. Compiled loops.
"""

from __future__ import annotations

import math

from matcher.calendar.walk.state import (
    CAME,
    COUNT,
    DAY,
    HOME,
    LABEL,
    LISTED,
    LOGGED,
    MOST,
    NONE,
    SESSION,
    SIZE,
    add,
    below,
    drop,
    fits,
    fraction,
    take_back,
)
from matcher.compiling import light

TRIES = 6
LEAVES = 2


@light
def accepted(walk, cost, heat):  # type: ignore[no-untyped-def]
    """Whether chance takes a move: always if it costs nothing."""
    return cost <= 0 or fraction(walk) < math.exp(-cost / heat)


@light
def is_at(walk, volunteer, meeting):  # type: ignore[no-untyped-def]
    """Whether she comes to a meeting."""
    found = False
    for i in range(walk.person[volunteer, COUNT]):
        found |= walk.meetings[volunteer, i] == meeting
    return found


@light
def _joinable(ground, walk, volunteer, meeting):  # type: ignore[no-untyped-def]
    """Whether she may come by herself and does not yet."""
    return ground.could[volunteer, walk.meeting[meeting, SESSION]] != 0 and not is_at(walk, volunteer, meeting)


@light
def _some_meeting(ground, walk, volunteer):  # type: ignore[no-untyped-def]
    """A meeting she could join, half of the time rather one of her group; NONE where chance finds none."""
    own, found = below(walk, 2) == 0, NONE
    for _ in range(TRIES):
        meeting = below(walk, walk.meeting.shape[0])
        if not _joinable(ground, walk, volunteer, meeting):
            continue
        found = meeting
        if not own or walk.meeting[meeting, LABEL] == walk.person[volunteer, HOME]:
            break
    return found


@light
def _nearest(ground, walk, volunteer, session):  # type: ignore[no-untyped-def]
    """Her meeting that is nearest in time and that she may leave."""
    best, found = 1 << 30, NONE
    for i in range(walk.person[volunteer, COUNT]):
        meeting = walk.meetings[volunteer, i]
        distance = abs(ground.moment[walk.meeting[meeting, SESSION], DAY] - ground.moment[session, DAY])
        if distance < best and ground.could[volunteer, walk.meeting[meeting, SESSION]]:
            best, found = distance, meeting
    return found


@light
def _seat(ground, walk, worth, volunteer, first):  # type: ignore[no-untyped-def]
    """Find another place for somebody who lost hers, the meeting ``first`` before others; what that costs."""
    for turn in range(TRIES):
        meeting = first if turn == 0 and first != NONE else below(walk, walk.meeting.shape[0])
        session = walk.meeting[meeting, SESSION]
        free = walk.meeting[meeting, SIZE] < ground.moment[session, MOST]
        if free and _joinable(ground, walk, volunteer, meeting) and fits(ground, walk, volunteer, session):
            return add(ground, walk, worth, volunteer, meeting)
    return 0.0


@light
def _make_way(ground, walk, worth, volunteer, meeting):  # type: ignore[no-untyped-def]
    """She leaves what is too near in time; the cost, and a meeting she left; NaN where she cannot come all the same."""
    cost, left, session = 0.0, NONE, walk.meeting[meeting, SESSION]
    for _ in range(LEAVES):
        if fits(ground, walk, volunteer, session):
            break
        near = _nearest(ground, walk, volunteer, session)
        if near == NONE:
            return math.nan, left
        cost += drop(ground, walk, worth, volunteer, near)
        left = near
    if not fits(ground, walk, volunteer, session):
        return math.nan, left
    return cost, left


@light
def come(ground, walk, worth, heat):  # type: ignore[no-untyped-def]
    """Somebody comes to another meeting, instead of one near it in time; where it is full, somebody else gives her place."""
    volunteer = below(walk, ground.need.size)
    if ground.her_start[volunteer] == ground.her_start[volunteer + 1]:
        return 0.0
    meeting = _some_meeting(ground, walk, volunteer)
    if meeting == NONE:
        return 0.0
    cost, left = _make_way(ground, walk, worth, volunteer, meeting)
    if math.isnan(cost):
        take_back(ground, walk, worth, 0)
        return 0.0
    if left == NONE and walk.person[volunteer, CAME] >= ground.need[volunteer] and walk.person[volunteer, COUNT] > 0:
        other = walk.meetings[volunteer, below(walk, walk.person[volunteer, COUNT])]
        if ground.could[volunteer, walk.meeting[other, SESSION]]:
            cost, left = cost + drop(ground, walk, worth, volunteer, other), other
    if walk.meeting[meeting, SIZE] >= ground.moment[walk.meeting[meeting, SESSION], MOST]:
        free = walk.meeting[meeting, SIZE] - ground.standing[meeting, LISTED]
        if free <= 0:
            take_back(ground, walk, worth, 0)
            return 0.0
        loser = walk.people[meeting, ground.standing[meeting, LISTED] + below(walk, free)]
        cost += drop(ground, walk, worth, loser, meeting)
        cost += add(ground, walk, worth, volunteer, meeting)
        cost += _seat(ground, walk, worth, loser, left)
    else:
        cost += add(ground, walk, worth, volunteer, meeting)
    return _decided(ground, walk, worth, heat, cost)


@light
def _decided(ground, walk, worth, heat, cost):  # type: ignore[no-untyped-def]
    """Keep the logged steps or take them back."""
    if accepted(walk, cost, heat):
        walk.tally[LOGGED] = 0
        return cost
    take_back(ground, walk, worth, 0)
    return 0.0


@light
def leave(ground, walk, worth, heat):  # type: ignore[no-untyped-def]
    """Somebody does not come any more."""
    meeting = below(walk, walk.meeting.shape[0])
    free = walk.meeting[meeting, SIZE] - ground.standing[meeting, LISTED]
    if free <= 0:
        return 0.0
    volunteer = walk.people[meeting, ground.standing[meeting, LISTED] + below(walk, free)]
    return _decided(ground, walk, worth, heat, drop(ground, walk, worth, volunteer, meeting))
