"""The levels of a finished plan, counted from its records alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.limits import limits_of
from matcher.calendar.plan import MINUTE, Levels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from matcher.calendar.plan import PlannedMeeting
    from matcher.calendar.year import Mask, Year


def leaders(year: Year) -> tuple[str, ...]:
    """Matchers who could lead any meeting of the year, by the rules on single people and places, or who lead a fixed one."""
    led = {one.meeting.matcher_id for one in year.fixed if one.in_year}
    limits = [limits_of(year.book, "matcher", facts) for facts in year.facts_of_matchers]
    for p in range(len(year.sets)):
        possible = _moments(year, p)
        for m in np.flatnonzero(year.leads[:, p]).tolist():
            if all(limit.most > 0 for limit in limits[m]) and (year.matcher_free[m] & possible).any():
                led.add(year.matchers[m])
    return tuple(name for name in year.matchers if name in led)


def _moments(year: Year, p: int) -> Mask:
    """Times at which a meeting of a set is possible by itself, shape (T,)."""
    members = np.flatnonzero((year.set_of == p) & (year.allowed > 0))
    possible = np.zeros(len(year.day), dtype=np.bool_)
    for place in range(len(year.venues)):
        if year.size_most[place] >= year.size_least[place]:
            near = members[year.near[members, place]]
            enough = year.volunteer_free[near].sum(axis=0) >= max(1, year.size_least[place])
            possible |= year.venue_free[place] & enough
    return possible


def unmet_of(year: Year, meetings: Sequence[PlannedMeeting]) -> dict[str, int]:
    """What each volunteer lacks, where any."""
    attended = Counter(name for meeting in meetings for name in meeting.volunteers)
    lacks = {name: int(year.owed[v]) - attended[name] for name, v in year.volunteer_index.items()}
    return {name: number for name, number in lacks.items() if number > 0}


def changes_of(meetings: Sequence[PlannedMeeting], home: Mapping[str, str], group_matcher: Mapping[str, str]) -> int:
    """Attendances outside one's home group, and attendances whose matcher is not the home group's matcher."""
    return sum(
        (meeting.group != home[name]) + (meeting.matcher_id != group_matcher[home[name]])
        for meeting in meetings
        for name in meeting.volunteers
        if name in home
    )


def travel_of(year: Year, meetings: Sequence[PlannedMeeting]) -> int:
    """Thousandths of a minute one way, summed over all attendances; an unknown journey counts none."""
    return sum(year.way(name, meeting.venue_id) for meeting in meetings for name in meeting.volunteers)


def spread_of(meetings: Sequence[PlannedMeeting], able: Collection[str]) -> int:
    """Most minus fewest meetings over the matchers who could lead any."""
    led = Counter(meeting.matcher_id for meeting in meetings)
    loads = [led[name] for name in able]
    return max(loads, default=0) - min(loads, default=0)


def levels_of(
    year: Year, meetings: Sequence[PlannedMeeting], home: Mapping[str, str], group_matcher: Mapping[str, str]
) -> Levels:
    """All five levels."""
    return Levels(
        unmet=sum(unmet_of(year, meetings).values()),
        meetings=len(meetings),
        changes=changes_of(meetings, home, group_matcher),
        travel_minutes=travel_of(year, meetings) / MINUTE,
        load_spread=spread_of(meetings, leaders(year)),
    )
