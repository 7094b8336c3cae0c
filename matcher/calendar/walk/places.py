"""The move of a meeting to another session: where and when it is held; compiled loops."""

from __future__ import annotations

from matcher.calendar.walk.moves import TRIES, accepted, is_at
from matcher.calendar.walk.state import (
    CAME,
    FEW,
    FIXED,
    HOME,
    LABEL,
    LEADER,
    LOGGED,
    MATCHER,
    MOST,
    NONE,
    SESSION,
    SIZE,
    SPAN,
    VENUE,
    add,
    below,
    drop,
    first_matcher,
    first_venue,
    fits,
    lift,
    place,
    take_back,
)
from matcher.compiling import light


@light
def _target(ground, walk, meeting):  # type: ignore[no-untyped-def]
    """A session that somebody of its group, or of its people, could come to, and that group; NONE where chance finds none."""
    group, volunteer = walk.meeting[meeting, LABEL], below(walk, ground.need.size)
    if below(walk, 4) > 0:
        volunteer = walk.people[meeting, below(walk, walk.meeting[meeting, SIZE])] if walk.meeting[meeting, SIZE] else volunteer
    elif walk.person[volunteer, HOME] != NONE:
        group = walk.person[volunteer, HOME]
    first, last = ground.her_start[volunteer], ground.her_start[volunteer + 1]
    if first == last:
        return NONE, group
    session = ground.hers[first + below(walk, last - first)]
    here = walk.meeting[meeting, SESSION]
    for _ in range(TRIES if below(walk, 2) == 0 else 0):  # rather one at the same place, or on the same evening
        if (
            ground.moment[session, VENUE] == ground.moment[here, VENUE]
            or ground.moment[session, SPAN + 1] == ground.moment[here, SPAN + 1]
        ):
            break
        session = ground.hers[first + below(walk, last - first)]
    return session, group


@light
def _gather(ground, walk, worth, meeting):  # type: ignore[no-untyped-def]
    """Fill a meeting: its group's who need it, then all others who do; what that costs."""
    session, cost = walk.meeting[meeting, SESSION], 0.0
    first, n = ground.start[session], ground.start[session + 1] - ground.start[session]
    shift = below(walk, n)
    for turn in range(2):
        for i in range(n):
            if walk.meeting[meeting, SIZE] >= ground.moment[session, MOST]:
                return cost
            volunteer = ground.who[first + (i + shift) % n]
            if walk.person[volunteer, CAME] >= ground.need[volunteer] or is_at(walk, volunteer, meeting):
                continue
            if turn == 0 and walk.person[volunteer, HOME] != walk.meeting[meeting, LABEL]:
                continue
            if fits(ground, walk, volunteer, session):
                cost += add(ground, walk, worth, volunteer, meeting)
    return cost


@light
def _leader(ground, walk, session, group, now):  # type: ignore[no-untyped-def]
    """Who may lead a session: the group's matcher, who leads now, or any; NONE if nobody."""
    n = ground.open.shape[0]
    shift = below(walk, n)
    for i in range(-2, n):
        matcher = walk.group[group, MATCHER] if i == -2 else now if i == -1 else (i + shift) % n
        if ground.open[matcher, session] and fits(ground, walk, first_matcher(ground) + matcher, session):
            return matcher
    return NONE


@light
def relocate(ground, walk, worth, heat):  # type: ignore[no-untyped-def]
    """A meeting is held elsewhere or at another time, with whoever of its group and of its people can come."""
    meeting = below(walk, walk.meeting.shape[0])
    if ground.standing[meeting, FIXED]:
        return 0.0
    session, group = _target(ground, walk, meeting)
    if session == NONE or session >= walk.at.size or walk.at[session] != NONE or not ground.moment[session, MOST]:
        return 0.0
    before, leader, label = walk.meeting[meeting, SESSION], walk.meeting[meeting, LEADER], walk.meeting[meeting, LABEL]
    cost = 0.0
    while walk.meeting[meeting, SIZE] > 0:
        cost += drop(ground, walk, worth, walk.people[meeting, walk.meeting[meeting, SIZE] - 1], meeting)
    few = walk.tally[FEW]
    lift(ground, walk, meeting)
    found = NONE
    if fits(ground, walk, first_venue(ground) + ground.moment[session, VENUE], session):
        found = _leader(ground, walk, session, group, leader)
    if found == NONE:
        place(ground, walk, meeting, before, leader)
        take_back(ground, walk, worth, 0)
        return 0.0
    place(ground, walk, meeting, session, found)
    walk.meeting[meeting, LABEL] = group
    cost += worth.few * (walk.tally[FEW] - few)
    mark = walk.tally[LOGGED]
    cost += _gather(ground, walk, worth, meeting)
    if accepted(walk, cost, heat):
        walk.tally[LOGGED] = 0
        return cost
    take_back(ground, walk, worth, mark)
    lift(ground, walk, meeting)
    walk.meeting[meeting, LABEL] = label
    place(ground, walk, meeting, before, leader)
    take_back(ground, walk, worth, 0)
    return 0.0
