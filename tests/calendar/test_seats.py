"""Room that is left in meetings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matcher.calendar.planner import first_plan
from matcher.calendar.seats import seats_left
from matcher.records import Meeting, Venue
from tests.calendar.years import along, case_of, friendship, volunteer, year_of


def test_room_is_what_size_and_venue_leave():
    case = along(40, 3)
    year = year_of(case)
    plan = first_plan(year)
    seats = seats_left(year, plan)
    capacity = {row.venue_id: row.capacity for row in case.venues}
    assert plan.meetings
    assert seats == {row.meeting_id: min(10, capacity[row.venue_id]) - len(row.volunteers) for row in plan.meetings}


def test_none_in_what_is_past_unknown_or_too_full_already():
    people = [volunteer(f"V{k}") for k in range(6)]
    facts = {"slot": "mon_evening", "matcher_id": "M1", "programme": ("voksenven", "storebror", "familieven")}
    names = tuple(row.volunteer_id for row in people)
    past = Meeting(meeting_id="N1", date=date(2027, 1, 4), venue_id="L1", volunteers=names[:2], **facts)
    full = Meeting(meeting_id="N2", date=date(2027, 3, 1), venue_id="L1", volunteers=names, pinned=True, **facts)
    nowhere = Meeting(meeting_id="N3", date=date(2027, 3, 8), venue_id="L9", volunteers=names[:1], pinned=True, **facts)
    open_one = Meeting(meeting_id="N4", date=date(2027, 5, 3), venue_id="L1", volunteers=names[:2], pinned=True, **facts)
    case = case_of(
        people,
        [friendship(name) for name in names],
        venues=(Venue(venue_id="L1", postcode="2750", capacity=5),),
        meetings=(past, full, nowhere, open_one),
        planning_date=date(2027, 2, 1),
    )
    year = year_of(case)
    plan = first_plan(year)
    seats = seats_left(year, replace(plan, meetings=tuple(row for row in plan.meetings if row.meeting_id.startswith("N"))))
    assert (seats["N1"], seats["N2"], seats["N3"]) == (0, 0, 0)
    (kept,) = (row for row in plan.meetings if row.meeting_id == "N4")
    assert seats["N4"] == 5 - len(kept.volunteers)
