"""Room left in meetings for volunteers past their first year: they are welcome where there is any, and are not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.year import Year


def seats_left(year: Year, plan: YearPlan) -> Mapping[str, int]:
    """How many more may come to each meeting, by its id: up to what its size and its venue allow.

    None to what is past, nor where the venue is unknown, since nobody knows how many it seats.
    """
    return {meeting.meeting_id: _left(year, meeting) for meeting in plan.meetings}


def _left(year: Year, meeting: PlannedMeeting) -> int:
    place = year.venue_index.get(meeting.venue_id)
    if place is None or meeting.date < year.floor:
        return 0
    return max(0, int(year.size_most[place]) - len(meeting.volunteers))
