"""Why somebody gets too few: the rule is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from constraints.rulebook import load_rulebook
from matcher.calendar.planner import plan_year
from matcher.calendar.reasons import unmet_reasons, year_without
from matcher.calendar.watch import Effort
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Matcher
from tests.calendar.years import PLANNED_ON, case_of, friendship, volunteer, year_of


def reasons(case: Case) -> dict[str, tuple[str, ...]]:
    year = year_of(case)
    plan = plan_year(year, effort=Effort.QUICK)
    general = load_rulebook(case.planning_date).all_values()
    return dict(unmet_reasons(year, plan, year_without(year, general, load_postcodes())))


def six(**of_first: Any) -> Case:
    people = [volunteer(f"V{k}", **(of_first if k == 0 else {})) for k in range(6)]
    return case_of(people, [friendship(row.volunteer_id, PLANNED_ON + timedelta(days=30)) for row in people])


def test_nobody_lacks_anything() -> None:
    assert reasons(six()) == {}


def test_a_time_that_nobody_shares() -> None:
    assert reasons(six(availability=("sat_morning",)))["V0"] == ("volunteer_available",)


def test_too_far_away() -> None:
    assert reasons(six(postcode="9000"))["V0"] == ("meeting_travel",)


def test_a_pause_without_end() -> None:
    assert reasons(six(paused_from=PLANNED_ON))["V0"] == ("volunteer_paused",)


def test_no_matcher_for_the_evening() -> None:
    case = six()
    away = case.model_copy(update={"matchers": (Matcher(matcher_id="M1", postcode="2750", availability=("wed_evening",)),)})
    found = reasons(away)
    assert set(found) == {f"V{k}" for k in range(6)}
    assert all("matcher_available" in keys for keys in found.values())


def test_matchers_at_their_limit() -> None:
    case = six()
    never = case.model_copy(update={"matchers": (Matcher(matcher_id="M1", postcode="2750", max_meetings_per_month=0),)})
    assert set(reasons(never).values()) == {("matcher_month",)}
