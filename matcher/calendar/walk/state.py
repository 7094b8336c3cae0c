"""The state of a walk over whole plans, and its single steps; compiled loops.

A body is a volunteer, a matcher or a venue, in this order: each has limits in time, and a list of the moments it is taken.
A moment is a session, or after those a fixed meeting. A meeting is a fixed one of the year, or after those a held session.
Costs are fractions: a change, a unit of need unmet, a person too few at a meeting, a minute on the way (``Worth``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.compiling import light

NONE = -1
DAYS = 4
"""The kind of a limit on spans of days; smaller ones number the columns of ``Ground.moment`` from SPAN on."""
ADDED, DROPPED = 0, 1
DAY, VENUE, LEAST, MOST, SPAN = range(5)
FIXED, BOUND, LISTED = range(3)
SESSION, LEADER, LABEL, SIZE, BEFORE = range(5)
COUNT, CAME, HOME = range(3)
MATCHER, MEMBERS = range(2)
LOGGED, UNMET, FEW = range(3)
Int = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]


class Ground(NamedTuple):
    """What stands: S sessions, V volunteers, M matchers, L venues, K meetings.

    could : shape (V, moments), whether she may come; ``start``, ``who``: who may come to each session; ``her_start``, ``hers``:
        her sessions.
    moment : shape (moments, 8): DAY, VENUE, LEAST and MOST people, and from SPAN on its number by slot, date, month and year.
    way : shape (V, L), minutes; ``open``: shape (M, S), whether a matcher may lead.
    limit : shape (bodies, limits, 3): kind (NONE: no more), days, most.
    need : shape (V,), units beside the fixed attendances.
    standing : shape (K, 3): FIXED, whether place, time and leader stand, BOUND, whether the group does, and how many of its
        people are LISTED, so stand; they are its first ones.
    most_members : of a group.
    """

    could: npt.NDArray[np.uint8]
    start: Int
    who: Int
    her_start: Int
    hers: Int
    moment: Int
    way: Float
    open: npt.NDArray[np.uint8]
    limit: Int
    need: Int
    standing: Int
    most_members: int


class Walk(NamedTuple):
    """A plan that changes in place.

    moments, taken : shapes (bodies, most), (bodies,), when each body is taken.
    meeting : shape (K, 5): SESSION, LEADER, LABEL, SIZE, and room for its leader BEFORE a move.
    people : shape (K, most), who comes; ``at``: shape (S,), the meeting of each session, NONE where none.
    meetings : shape (V, most), where she comes, fixed ones too; ``person``: shape (V, 3): COUNT of them, CAME, how many are
        not fixed, and her HOME, NONE for whoever has no meeting.
    group : shape (G, 2): MATCHER, MEMBERS.
    log : steps that may be taken back: kind, volunteer, meeting, her home before.
    tally : steps LOGGED, units UNMET, people too FEW.
    chance : state of the random numbers.
    """

    moments: Int
    taken: Int
    meeting: Int
    people: Int
    at: Int
    meetings: Int
    person: Int
    group: Int
    log: Int
    tally: Int
    chance: npt.NDArray[np.uint64]


class Worth(NamedTuple):
    """What is paid for a unit unmet, a person too few, and a minute, where a change costs 1."""

    unmet: float
    few: float
    minute: float


@light
def below(walk, number):  # type: ignore[no-untyped-def]
    """A random whole number from 0 to below ``number``."""
    x = walk.chance[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    walk.chance[0] = x
    return np.int64((x >> np.uint64(33)) % np.uint64(number))


@light
def fraction(walk):  # type: ignore[no-untyped-def]
    """A random number from 0 to below 1."""
    return below(walk, 1 << 30) / (1 << 30)


@light
def fits(ground, walk, body, moment):  # type: ignore[no-untyped-def]
    """Whether a body may be taken at a moment too."""
    mine, n = walk.moments, walk.taken[body]
    new = ground.moment[moment, DAY]
    for k in range(ground.limit.shape[1]):
        kind, length, most = ground.limit[body, k, 0], ground.limit[body, k, 1], ground.limit[body, k, 2]
        if kind == NONE:
            break
        if kind < DAYS:
            count = 0
            for i in range(n):
                count += ground.moment[mine[body, i], SPAN + kind] == ground.moment[moment, SPAN + kind]
            if count >= most:
                return False
            continue
        for i in range(-1, n):  # a span that begins with the new moment, or with one shortly before it
            first = new if i < 0 else ground.moment[mine[body, i], DAY]
            if first > new or new >= first + length:
                continue
            count = 0
            for j in range(n):
                other = ground.moment[mine[body, j], DAY]
                count += first <= other < first + length
            if count >= most:
                return False
    return True


@light
def first_matcher(ground):  # type: ignore[no-untyped-def]
    """The first body that is a matcher."""
    return ground.need.size


@light
def first_venue(ground):  # type: ignore[no-untyped-def]
    """The first body that is a venue."""
    return ground.need.size + ground.open.shape[0]


@light
def take(walk, body, moment):  # type: ignore[no-untyped-def]
    """A body is taken at a moment."""
    walk.moments[body, walk.taken[body]] = moment
    walk.taken[body] += 1


@light
def release(walk, body, moment):  # type: ignore[no-untyped-def]
    """A body is not taken any more."""
    last = walk.taken[body] - 1
    for i in range(last + 1):
        if walk.moments[body, i] == moment:
            walk.moments[body, i] = walk.moments[body, last]
            break
    walk.taken[body] = last


@light
def changes_at(walk, volunteer, meeting):  # type: ignore[no-untyped-def]
    """Changes of one attendance: 0, 1 or 2."""
    home = walk.person[volunteer, HOME]
    if home == NONE:
        return 2
    return int(walk.meeting[meeting, LABEL] != home) + int(walk.meeting[meeting, LEADER] != walk.group[home, MATCHER])


@light
def changes_of(walk, volunteer):  # type: ignore[no-untyped-def]
    """Changes of all her attendances."""
    total = 0
    for i in range(walk.person[volunteer, COUNT]):
        total += changes_at(walk, volunteer, walk.meetings[volunteer, i])
    return total


@light
def add(ground, walk, worth, volunteer, meeting):  # type: ignore[no-untyped-def]
    """She comes too; what that costs."""
    session = walk.meeting[meeting, SESSION]
    walk.log[walk.tally[LOGGED], 0], walk.log[walk.tally[LOGGED], 1] = ADDED, volunteer
    walk.log[walk.tally[LOGGED], 2], walk.log[walk.tally[LOGGED], 3] = meeting, walk.person[volunteer, HOME]
    walk.tally[LOGGED] += 1
    label, cost = walk.meeting[meeting, LABEL], 0.0
    if walk.person[volunteer, HOME] == NONE and walk.group[label, MEMBERS] < ground.most_members:
        cost -= changes_of(walk, volunteer)  # of meetings whose groups were full
        walk.person[volunteer, HOME] = label
        walk.group[label, MEMBERS] += 1
        cost += changes_of(walk, volunteer)
    cost += changes_at(walk, volunteer, meeting) + worth.minute * ground.way[volunteer, ground.moment[session, VENUE]]
    if walk.person[volunteer, CAME] < ground.need[volunteer]:
        cost -= worth.unmet
        walk.tally[UNMET] -= 1
    if walk.meeting[meeting, SIZE] < ground.moment[session, LEAST]:
        cost -= worth.few
        walk.tally[FEW] -= 1
    walk.person[volunteer, CAME] += 1
    walk.meetings[volunteer, walk.person[volunteer, COUNT]] = meeting
    walk.person[volunteer, COUNT] += 1
    walk.people[meeting, walk.meeting[meeting, SIZE]] = volunteer
    walk.meeting[meeting, SIZE] += 1
    take(walk, volunteer, session)
    return cost


@light
def drop(ground, walk, worth, volunteer, meeting):  # type: ignore[no-untyped-def]
    """She does not come; what that costs."""
    session = walk.meeting[meeting, SESSION]
    walk.log[walk.tally[LOGGED], 0], walk.log[walk.tally[LOGGED], 1] = DROPPED, volunteer
    walk.log[walk.tally[LOGGED], 2], walk.log[walk.tally[LOGGED], 3] = meeting, walk.person[volunteer, HOME]
    walk.tally[LOGGED] += 1
    cost = -changes_at(walk, volunteer, meeting) - worth.minute * ground.way[volunteer, ground.moment[session, VENUE]]
    walk.person[volunteer, CAME] -= 1
    if walk.person[volunteer, CAME] < ground.need[volunteer]:
        cost += worth.unmet
        walk.tally[UNMET] += 1
    last = walk.person[volunteer, COUNT] - 1
    for i in range(last + 1):
        if walk.meetings[volunteer, i] == meeting:
            walk.meetings[volunteer, i] = walk.meetings[volunteer, last]
            break
    walk.person[volunteer, COUNT] = last
    if last == 0 and walk.person[volunteer, HOME] != NONE:
        walk.group[walk.person[volunteer, HOME], MEMBERS] -= 1
        walk.person[volunteer, HOME] = NONE
    last = walk.meeting[meeting, SIZE] - 1
    for i in range(last + 1):
        if walk.people[meeting, i] == volunteer:
            walk.people[meeting, i] = walk.people[meeting, last]
            break
    walk.meeting[meeting, SIZE] = last
    if last < ground.moment[session, LEAST]:
        cost += worth.few
        walk.tally[FEW] += 1
    release(walk, volunteer, session)
    return cost


@light
def move_home(walk, volunteer, group):  # type: ignore[no-untyped-def]
    """Her home is another group, or none."""
    if walk.person[volunteer, HOME] != NONE:
        walk.group[walk.person[volunteer, HOME], MEMBERS] -= 1
    if group != NONE:
        walk.group[group, MEMBERS] += 1
    walk.person[volunteer, HOME] = group


@light
def take_back(ground, walk, worth, until):  # type: ignore[no-untyped-def]
    """Undo the logged steps, the last one first, down to ``until``."""
    while walk.tally[LOGGED] > until:
        at = walk.tally[LOGGED] - 1
        kind, volunteer, meeting, home = walk.log[at, 0], walk.log[at, 1], walk.log[at, 2], walk.log[at, 3]
        if kind == ADDED:
            drop(ground, walk, worth, volunteer, meeting)
        else:
            add(ground, walk, worth, volunteer, meeting)
        if walk.person[volunteer, HOME] != home:
            move_home(walk, volunteer, home)
        walk.tally[LOGGED] = at


@light
def place(ground, walk, meeting, session, leader):  # type: ignore[no-untyped-def]
    """An empty meeting goes to another session under a leader; the old session must be released before."""
    walk.meeting[meeting, SESSION], walk.meeting[meeting, LEADER] = session, leader
    walk.at[session] = meeting
    take(walk, first_matcher(ground) + leader, session)
    take(walk, first_venue(ground) + ground.moment[session, VENUE], session)
    walk.tally[FEW] += ground.moment[session, LEAST]


@light
def lift(ground, walk, meeting):  # type: ignore[no-untyped-def]
    """An empty meeting leaves its session."""
    session = walk.meeting[meeting, SESSION]
    walk.at[session] = NONE
    release(walk, first_matcher(ground) + walk.meeting[meeting, LEADER], session)
    release(walk, first_venue(ground) + ground.moment[session, VENUE], session)
    walk.tally[FEW] -= ground.moment[session, LEAST]
