"""Moves of homes, labels and leaders, with meetings and attendances as they are; compiled loops."""

from __future__ import annotations

from matcher.calendar.walk.moves import accepted
from matcher.calendar.walk.state import (
    BEFORE,
    BOUND,
    COUNT,
    FIXED,
    HOME,
    LABEL,
    LEADER,
    MATCHER,
    MEMBERS,
    NONE,
    SESSION,
    SIZE,
    below,
    changes_at,
    changes_of,
    first_matcher,
    fits,
    move_home,
)
from matcher.compiling import light


@light
def rehome(ground, walk, heat):  # type: ignore[no-untyped-def]
    """Somebody's home is another group: that of one of her meetings, or any, which may have the same matcher."""
    volunteer = below(walk, ground.need.size)
    if walk.person[volunteer, COUNT] == 0:
        return 0.0
    group = walk.meeting[walk.meetings[volunteer, below(walk, walk.person[volunteer, COUNT])], LABEL]
    before = walk.person[volunteer, HOME]
    if below(walk, 6) == 0:
        group = below(walk, walk.group.shape[0])
    if group == before or walk.group[group, MEMBERS] >= ground.most_members:
        return 0.0
    cost = -changes_of(walk, volunteer)
    move_home(walk, volunteer, group)
    cost += changes_of(walk, volunteer)
    if accepted(walk, cost, heat):
        return float(cost)
    move_home(walk, volunteer, before)
    return 0.0


@light
def _changes_in(walk, meeting):  # type: ignore[no-untyped-def]
    """Changes of all who come to a meeting."""
    total = 0
    for i in range(walk.meeting[meeting, SIZE]):
        total += changes_at(walk, walk.people[meeting, i], meeting)
    return total


@light
def relabel(ground, walk, heat):  # type: ignore[no-untyped-def]
    """A meeting is another group's: that of one of its people, or a group that has none yet."""
    meeting = below(walk, walk.meeting.shape[0])
    if ground.standing[meeting, BOUND] or walk.meeting[meeting, SIZE] == 0:
        return 0.0
    before = walk.meeting[meeting, LABEL]
    label = walk.person[walk.people[meeting, below(walk, walk.meeting[meeting, SIZE])], HOME]
    if below(walk, 8) == 0:
        label = below(walk, walk.group.shape[0])
    if label == NONE or label == before:  # noqa: PLR1714, SIM109  numba has no "in" for a tuple of two types
        return 0.0
    cost = -_changes_in(walk, meeting)
    walk.meeting[meeting, LABEL] = label
    cost += _changes_in(walk, meeting)
    if accepted(walk, cost, heat):
        return float(cost)
    walk.meeting[meeting, LABEL] = before
    return 0.0


@light
def _led(ground, walk, meeting, matcher):  # type: ignore[no-untyped-def]
    """Another leader for a meeting, if he can; whether he does."""
    session, before = walk.meeting[meeting, SESSION], walk.meeting[meeting, LEADER]
    if ground.standing[meeting, FIXED] or matcher == before or not ground.open[matcher, session]:
        return False
    if not fits(ground, walk, first_matcher(ground) + matcher, session):
        return False
    _swap(walk, first_matcher(ground) + before, first_matcher(ground) + matcher, session)
    walk.meeting[meeting, LEADER] = matcher
    return True


@light
def _swap(walk, before, after, session):  # type: ignore[no-untyped-def]
    """One body is released from a session, another taken."""
    last = walk.taken[before] - 1
    for i in range(last + 1):
        if walk.moments[before, i] == session:
            walk.moments[before, i] = walk.moments[before, last]
            break
    walk.taken[before] = last
    walk.moments[after, walk.taken[after]] = session
    walk.taken[after] += 1


@light
def relead(ground, walk, heat):  # type: ignore[no-untyped-def]
    """A meeting has another leader: that of somebody's home, or any."""
    meeting = below(walk, walk.meeting.shape[0])
    if ground.standing[meeting, FIXED] or walk.meeting[meeting, SIZE] == 0:
        return 0.0
    before = walk.meeting[meeting, LEADER]
    home = walk.person[walk.people[meeting, below(walk, walk.meeting[meeting, SIZE])], HOME]
    matcher = below(walk, ground.open.shape[0])
    if home != NONE and below(walk, 3) > 0:
        matcher = walk.group[home, MATCHER]
    cost = -_changes_in(walk, meeting)
    if not _led(ground, walk, meeting, matcher):
        return 0.0
    cost += _changes_in(walk, meeting)
    if accepted(walk, cost, heat):
        return float(cost)
    _swap(walk, first_matcher(ground) + matcher, first_matcher(ground) + before, walk.meeting[meeting, SESSION])
    walk.meeting[meeting, LEADER] = before
    return 0.0


@light
def all_changes(walk):  # type: ignore[no-untyped-def]
    """Changes of the whole plan."""
    total = 0
    for meeting in range(walk.meeting.shape[0]):
        total += _changes_in(walk, meeting)
    return total


@light
def rematch(ground, walk, heat):  # type: ignore[no-untyped-def]
    """A group has another matcher, half of the time with those of its meetings that he can lead."""
    group = walk.meeting[below(walk, walk.meeting.shape[0]), LABEL]
    before, matcher = walk.group[group, MATCHER], below(walk, ground.open.shape[0])
    if matcher == before:
        return 0.0
    cost, along = -all_changes(walk), below(walk, 2) == 0
    walk.group[group, MATCHER] = matcher
    for meeting in range(walk.meeting.shape[0]):
        walk.meeting[meeting, BEFORE] = walk.meeting[meeting, LEADER]
        if along and walk.meeting[meeting, LABEL] == group:
            _led(ground, walk, meeting, matcher)
    cost += all_changes(walk)
    if accepted(walk, cost, heat):
        return float(cost)
    walk.group[group, MATCHER] = before
    for meeting in range(walk.meeting.shape[0]):
        if walk.meeting[meeting, BEFORE] != walk.meeting[meeting, LEADER]:
            _swap(
                walk,
                first_matcher(ground) + walk.meeting[meeting, LEADER],
                first_matcher(ground) + walk.meeting[meeting, BEFORE],
                walk.meeting[meeting, SESSION],
            )
            walk.meeting[meeting, LEADER] = walk.meeting[meeting, BEFORE]
    return 0.0
