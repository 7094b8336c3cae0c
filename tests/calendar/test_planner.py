"""Plans of tiny years against every plan there is; of larger ones against the rules and the independent checker."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matcher.calendar.plan import PlannedMeeting, YearPlan
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.verify import violations
from matcher.calendar.watch import Effort, Progress
from matcher.calendar.year import Year
from matcher.errors import InfeasibleError
from matcher.records import Case, Matcher, Meeting, Venue
from tests.calendar.brute import best_levels
from tests.calendar.years import PLANNED_ON, along, case_of, complaints, friendship, tiny_case, volunteer, year_of
from tests.volume import volume

ALL = ("voksenven", "storebror", "familieven")
SLOW = {9, 13}
"""Tiny years whose list of plans is long."""


def thousandths(plan: YearPlan) -> tuple[int, int, int, int, int]:
    o = plan.objective
    return o.unmet, o.meetings, o.changes, round(o.travel_minutes * 1000), o.load_spread


@pytest.mark.parametrize("seed", [s for s in range(volume(ci=14, long=120)) if s not in SLOW or volume(ci=0, long=1)])
def test_levels_of_tiny_years(seed: int) -> None:
    case, settings = tiny_case(seed)
    year = year_of(case, settings)
    best, _ = best_levels(year)
    plan = plan_year(year, effort=Effort.QUICK)
    found, bound = thousandths(plan), plan.bound
    assert found[:2] == best[:2]
    assert found >= best
    assert (bound.unmet, bound.meetings) <= best[:2]
    if found[2] == best[2]:
        assert round(bound.travel_minutes * 1000) <= best[3]
    assert plan.status == "feasible" or found == best
    assert violations(year, plan) == ()
    assert complaints(case, plan, settings) == []


@pytest.fixture(scope="module")
def case() -> Case:
    return along(26, 3)


@pytest.fixture(scope="module")
def year(case: Case) -> Year:
    return year_of(case)


@pytest.fixture(scope="module")
def plan(year: Year) -> YearPlan:
    return plan_year(year, effort=Effort.QUICK)


def test_first_plan_keeps_every_rule(case: Case, year: Year) -> None:
    plan = first_plan(year)
    assert plan.meetings
    assert violations(year, plan) == ()
    assert complaints(case, plan) == []


def test_first_levels_are_proved(case: Case, year: Year, plan: YearPlan) -> None:
    assert (plan.objective.unmet, plan.objective.meetings) == (plan.bound.unmet, plan.bound.meetings)
    assert plan.objective.unmet <= first_plan(year).objective.unmet
    assert violations(year, plan) == ()
    assert complaints(case, plan) == []
    assert not plan.cut


def test_order_of_rows_changes_nothing(case: Case, plan: YearPlan) -> None:
    tables = ("children", "volunteers", "friendships", "matchers", "venues", "closures")
    turned = case.model_copy(update={name: tuple(reversed(getattr(case, name))) for name in tables})
    assert plan_year(year_of(turned), effort=Effort.QUICK) == plan


def test_no_time_still_gives_a_plan(case: Case, year: Year) -> None:
    plan = plan_year(year, seconds=0.0)
    assert plan.cut
    assert plan.status == "feasible"
    assert plan.bound.unmet <= plan.objective.unmet
    assert violations(year, plan) == ()
    assert complaints(case, plan) == []


@pytest.mark.parametrize("level", ["meetings", "changes", "travel_minutes"])
def test_interrupt_keeps_the_best_so_far(case: Case, year: Year, level: str) -> None:
    def stop(progress: Progress) -> None:
        if progress.level == level:
            raise KeyboardInterrupt

    plan = plan_year(year, listener=stop)
    assert plan.cut
    assert complaints(case, plan) == []


def as_listed(row: PlannedMeeting, *, pinned: bool) -> Meeting:
    columns = ("meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group", "volunteers")
    return Meeting.model_validate({name: getattr(row, name) for name in columns} | {"pinned": pinned})


def test_half_a_year_with_facts_and_a_pinned_meeting(case: Case, plan: YearPlan) -> None:
    """The plan's first half has been held, one meeting later is pinned; the rest is planned again."""
    today = date(2027, 6, 1)
    rows = [row for row in plan.meetings if row.date < today] + [row for row in plan.meetings if row.date >= today][:1]
    meetings = tuple(as_listed(row, pinned=row.date >= today) for row in rows)
    later = case.model_copy(update={"planning_date": today, "meetings": meetings})
    again = year_of(later)
    found = plan_year(again, effort=Effort.QUICK)
    kept = {row.meeting_id for row in found.meetings if row.pinned}
    assert kept == {row.meeting_id for row in rows}
    assert all(row.date >= today for row in found.meetings if not row.pinned)
    assert violations(again, found) == ()
    assert complaints(later, found) == []


PARTITIONS = [("voksenven+storebror", "familieven"), ("voksenven", "storebror", "familieven")]


@pytest.mark.parametrize("together", PARTITIONS[: volume(ci=1, long=2)])
def test_other_partitions(case: Case, together: tuple[str, ...]) -> None:
    settings = {"together": together}
    year = year_of(case, settings)
    plan = plan_year(year, effort=Effort.QUICK)
    assert violations(year, plan) == ()
    assert complaints(case, plan, settings) == []


def two_pinned(**facts: object) -> Case:
    people = [volunteer(f"V{k}") for k in range(4)]
    row: dict[str, object] = {"date": date(2027, 2, 1), "slot": "mon_evening", "programme": ALL, "pinned": True}
    row |= {"matcher_id": "M1", "venue_id": "L1", "volunteers": ("V0",)}
    first = Meeting.model_validate({"meeting_id": "N1", **row})
    second = Meeting.model_validate(
        {"meeting_id": "N2", **row, "matcher_id": "M2", "venue_id": "L2", "volunteers": ("V1",), **facts}
    )
    return case_of(
        people,
        [friendship(one.volunteer_id) for one in people],
        matchers=tuple(Matcher(matcher_id=f"M{k}", postcode="2750") for k in (1, 2)),
        venues=tuple(Venue(venue_id=f"L{k}", postcode="2750", capacity=10) for k in (1, 2)),
        meetings=(first, second),
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"matcher_id": "M1"}, "pinned_clash_matcher"),
        ({"venue_id": "L1"}, "pinned_clash_venue"),
        ({"volunteers": ("V0", "V2")}, "pinned_clash_volunteer"),
    ],
)
def test_pinned_meetings_that_clash(facts: dict[str, object], code: str) -> None:
    with pytest.raises(InfeasibleError) as error:
        year_of(two_pinned(**facts))
    assert [one[0] for one in error.value.clashing] == [code]
    assert {error.value.clashing[0][1][key] for key in ("first", "second")} == {"N1", "N2"}


def test_what_pinned_meetings_break_by_themselves_is_kept() -> None:
    case = two_pinned(date=date(2027, 2, 8))
    again = case.model_copy(update={"meetings": (case.meetings[0], case.meetings[1].model_copy(update={"volunteers": ("V0",)}))})
    plan = plan_year(year_of(again), effort=Effort.QUICK)
    assert {row.meeting_id for row in plan.meetings if row.pinned} == {"N1", "N2"}
    assert complaints(again, plan) == []


def test_two_regions_are_planned_apart() -> None:
    """Two towns far from each other, each with its own matcher."""
    people = [volunteer(f"V{k}", postcode="2750" if k < 5 else "9000") for k in range(10)]
    evenings = ("mon_evening",), ("tue_evening",)
    people = [one.model_copy(update={"availability": evenings[k // 5]}) for k, one in enumerate(people)]
    case = case_of(
        people,
        [friendship(one.volunteer_id, PLANNED_ON + timedelta(days=60)) for one in people],
        matchers=tuple(Matcher(matcher_id=f"M{k}", postcode="2750", availability=evenings[k]) for k in (0, 1)),
        venues=(Venue(venue_id="L0", postcode="2750", capacity=10), Venue(venue_id="L1", postcode="9000", capacity=10)),
    )
    year = year_of(case)
    plan = plan_year(year, effort=Effort.QUICK)
    assert plan.objective.unmet == 0
    assert plan.status == "optimal"
    assert {plan.home["V0"]} != {plan.home["V9"]}
    assert complaints(case, plan) == []
    assert violations(year, plan) == ()


def test_nobody_to_plan() -> None:
    case = case_of([volunteer("V1")], [])
    plan = plan_year(year_of(case))
    assert (plan.meetings, plan.status) == ((), "optimal")
    assert complaints(case, plan) == []


@pytest.mark.parametrize("table", ["matchers", "venues"])
def test_nobody_can_lead_or_nowhere_is(case: Case, table: str) -> None:
    year = year_of(case.model_copy(update={table: ()}))
    plan = plan_year(year, effort=Effort.QUICK)
    assert plan.meetings == ()
    assert plan.objective.unmet == plan.bound.unmet == int(year.owed.sum())
    assert set(plan.home) == set(year.volunteers)


def test_a_year_that_is_over(case: Case) -> None:
    plan = plan_year(year_of(case, year=2025))
    assert plan.meetings == ()


def test_slack_is_kept(case: Case, plan: YearPlan) -> None:
    settings = {"calendar.slack.unmet": 2, "calendar.slack.meetings": 1, "calendar.slack.changes": 3}
    year = year_of(case, settings)
    found = plan_year(year, effort=Effort.QUICK)
    assert found.objective.unmet <= plan.objective.unmet + 2
    assert found.objective.meetings <= found.bound.meetings + 1
    assert found.objective.meetings <= plan.objective.meetings + 1
    assert violations(year, found) == ()
    assert complaints(case, found, settings) == []
