"""A sound plan with one thing wrong: the rule that it breaks is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.calendar.measure import levels_of
from matcher.calendar.plan import PlannedMeeting, YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.records import SLOTS, Closure
from tests.calendar.years import along, year_of


@pytest.fixture(scope="module")
def year() -> Year:
    case = along(40, 3)
    matchers = tuple(row.model_copy(update={"absent": ((date(2027, 10, 11), date(2027, 10, 17)),)}) for row in case.matchers)
    closures = (*case.closures, Closure.model_validate({"from": date(2027, 4, 5), "to": date(2027, 4, 11), "what": "lukket"}))
    return year_of(case.model_copy(update={"matchers": matchers, "closures": closures}))


@pytest.fixture(scope="module")
def plan(year: Year) -> YearPlan:
    return first_plan(year)


def changed(year: Year, plan: YearPlan, old: PlannedMeeting, **fields: Any) -> set[str]:
    """Rules broken by the plan with one meeting changed; its levels are counted anew."""
    new = replace(old, **fields)
    meetings = tuple(new if row is old else row for row in plan.meetings)
    counted = replace(plan, meetings=meetings, objective=levels_of(year, meetings, plan.home, plan.group_matcher))
    return {one.rule for one in violations(year, counted)}


def on(day: date, meeting: PlannedMeeting) -> dict[str, Any]:
    return {"date": day, "slot": SLOTS[day.weekday() * 3 + SLOTS.index(meeting.slot) % 3]}


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2027, 3, 26), "public_holiday"),
        (date(2027, 12, 24), "quiet_day"),
        (date(2027, 7, 14), "july"),
        (date(2027, 4, 7), "closure"),
        (date(2027, 10, 13), "matcher_absent"),
        (date(2026, 11, 25), "not_before_planning"),
    ],
)
def test_days(year: Year, plan: YearPlan, day: date, rule: str) -> None:
    first = plan.meetings[0]
    assert rule in changed(year, plan, first, **on(day, first))


def test_sizes(year: Year, plan: YearPlan) -> None:
    first = plan.meetings[0]
    assert "meeting_size" in changed(year, plan, first, volunteers=first.volunteers[:3])
    assert "meeting_size" in changed(year, plan, first, volunteers=year.volunteers[:11])


def test_people(year: Year, plan: YearPlan) -> None:
    first = plan.meetings[0]
    everybody = changed(year, plan, first, volunteers=year.volunteers)
    assert {"meeting_travel", "volunteer_available", "spacing", "obligation", "inside_first_year"} <= everybody
    assert "fixed" in changed(year, plan, first, volunteers=(*first.volunteers, "nobody"))


def test_venues_and_matchers(year: Year, plan: YearPlan) -> None:
    first, second = plan.meetings[:2]
    there = {"date": second.date, "slot": second.slot}
    assert "one_meeting_in_a_venue" in changed(year, plan, first, **there, venue_id=second.venue_id)
    led = changed(year, plan, first, **there, matcher_id=second.matcher_id)
    assert {"matcher_day", "one_place_at_a_time"} <= led
    assert "objective" in changed(year, plan, first, matcher_id="M9999")


def test_a_month(year: Year, plan: YearPlan) -> None:
    matcher = year.matchers[0]
    most = year.facts_of_matchers[0]["matcher_max_meetings_per_month"]
    days = [date(2027, 9, 1) + timedelta(days=k) for k in range(most + 1)]
    first = replace(plan.meetings[0], matcher_id=matcher)
    rows = [replace(first, meeting_id=f"N{k}", **on(day, first)) for k, day in enumerate(days)]
    found = {one.rule for one in violations(year, replace(plan, meetings=tuple(rows)))}
    assert "matcher_month" in found


def test_groups_and_levels(year: Year, plan: YearPlan) -> None:
    one = next(iter(plan.group_matcher))
    crowded = replace(plan, home=dict.fromkeys(plan.home, one))
    assert "group_size" in {found.rule for found in violations(year, crowded)}
    wrong = replace(plan, objective=replace(plan.objective, unmet=plan.objective.unmet + 1))
    assert {found.rule for found in violations(year, wrong)} == {"objective"}
    assert violations(year, plan) == ()
