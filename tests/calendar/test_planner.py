"""Plans of tiny years against every plan there is; of larger ones against the rules and the independent checker."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from threading import Barrier
from types import MappingProxyType

import pytest

from matcher.calendar import planner
from matcher.calendar.meetings.parts import joined, parts_of, united
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.plan import PlannedMeeting, YearPlan
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.running.parallel import planned_apart
from matcher.calendar.running.solver import Clock, Solver
from matcher.calendar.running.watch import Effort, Progress, Watch
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.errors import InfeasibleError
from matcher.records import Case, Matcher, Meeting, Venue
from tests.calendar.brute import best_levels
from tests.calendar.years import PLANNED_ON, YEAR, along, case_of, complaints, friendship, tiny_case, volunteer, year_of
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
    return along(20, 2)


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


def apart_towns() -> Case:
    """Two towns far from each other, each with its own matcher."""
    people = [volunteer(f"V{k}", postcode="2750" if k < 5 else "9000") for k in range(10)]
    evenings = ("mon_evening",), ("tue_evening",)
    people = [one.model_copy(update={"availability": evenings[k // 5]}) for k, one in enumerate(people)]
    return case_of(
        people,
        [friendship(one.volunteer_id, PLANNED_ON + timedelta(days=60)) for one in people],
        matchers=tuple(Matcher(matcher_id=f"M{k}", postcode="2750", availability=evenings[k]) for k in (0, 1)),
        venues=(Venue(venue_id="L0", postcode="2750", capacity=10), Venue(venue_id="L1", postcode="9000", capacity=10)),
    )


def test_two_regions_are_planned_apart() -> None:
    case = apart_towns()
    year = year_of(case)
    plan = plan_year(year, effort=Effort.QUICK)
    assert plan.objective.unmet == 0
    assert plan.status == "optimal"
    assert {plan.home["V0"]} != {plan.home["V9"]}
    assert complaints(case, plan) == []
    assert violations(year, plan) == ()


class Meets:
    """A part whose levels 1 and 2 are done only once so many parts are at it together."""

    need, standing, rank, open = 1, MappingProxyType({}), (0, 0), (0, 0)

    def __init__(self, together: Barrier) -> None:
        self.together = together

    def first_levels(self, _solver: Solver, _watch: Watch) -> None:
        self.together.wait(timeout=30)

    def prove_meetings(self, _solver: Solver, _watch: Watch, _others: int) -> None:
        raise AssertionError

    def plan(self, _solver: Solver, _watch: Watch, _others: tuple[int, int]) -> YearPlan:
        return empty_plan()


def empty_plan() -> YearPlan:
    return first_plan(year_of(case_of([], [])))


def test_as_many_regions_at_a_time_as_there_are_workers() -> None:
    parts = [Meets(Barrier(3))] * 3
    assert planned_apart(parts, Watch(Clock(None), None), 1, lambda _: [], workers=3) == [empty_plan()] * 3


def test_the_number_of_workers_does_not_change_the_plan() -> None:
    year = year_of(apart_towns())
    assert plan_year(year, effort=Effort.QUICK, workers=4) == plan_year(year, effort=Effort.QUICK)


EVENINGS = ("mon_evening", "tue_evening")


def closed_but(days: list[date]) -> tuple[dict[str, object], ...]:
    """Closures that leave only these days of the year."""
    edges = [date(YEAR, 1, 1) - timedelta(days=1), *days, date(YEAR + 1, 1, 1)]
    pairs = [(one + timedelta(days=1), other - timedelta(days=1)) for one, other in pairwise(edges)]
    return tuple({"from": first, "to": last, "what": "lukket"} for first, last in pairs if first <= last)


def two_regions(seed: int) -> tuple[Case, dict[str, object]]:
    """Two towns far apart, a few evenings; people and matchers are free on some of them, and a matcher lives in each town."""
    draw = random.Random(seed)
    monday = date(YEAR, 2, 1)
    days = sorted(draw.sample([monday + timedelta(days=7 * k + turn) for k in range(3) for turn in (0, 1)], 4))

    def some() -> tuple[str, ...]:
        return draw.choice([EVENINGS[:1], EVENINGS[1:], EVENINGS])

    people = [
        volunteer(f"V{k}", postcode="2750" if k < 2 else "9000", availability=some(), transport=draw.choice(["car", "public"]))
        for k in range(4)
    ]
    case = case_of(
        people,
        [friendship(one.volunteer_id, date(2026, draw.randint(3, 12), 1)) for one in people],
        matchers=tuple(
            Matcher(
                matcher_id=f"M{k}",
                postcode="2750" if k < 1 else "9000",
                availability=some(),
                max_meetings_per_month=draw.randint(1, 2),
            )
            for k in range(2)
        ),
        venues=tuple(Venue(venue_id=f"L{k}", postcode="2750" if k < 1 else "9000", capacity=3) for k in range(2)),
        closures=closed_but(days),
    )
    return case, {
        "calendar.meeting_size.min_volunteers": draw.randint(1, 2),
        "calendar.meeting_size.max_volunteers": 3,
        "calendar.spacing.min_days": 7,
        "calendar.group_size.max_members": 3,
    }


def split(monkeypatch: pytest.MonkeyPatch, *, apart: bool) -> None:
    """Have regions planned by themselves and left so, as large ones are; ``apart``: also where another's matchers might help."""
    monkeypatch.setattr(planner, "_closed", lambda _, plan, *__: plan)
    monkeypatch.setattr(planner, "parts_of", partial(parts_of, large=0))
    if apart:
        monkeypatch.setattr(planner, "grouped_by_help", lambda *_: [])


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("seed", range(20, 20 + volume(ci=3, long=300)))
def test_regions_that_share_matchers_against_every_plan(seed: int, apart: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matcher may be needed in the other town: no bound and no proof is untrue, and levels 1 and 2 are the best there are."""
    case, settings = two_regions(seed)
    year = year_of(case, settings)
    best, seen = best_levels(year)
    split(monkeypatch, apart=apart)
    plan = plan_year(year, effort=Effort.QUICK)
    found, bound = thousandths(plan), plan.bound
    assert found[:2] == best[:2] or (apart and found > best)
    assert bound.unmet <= best[0]
    assert bound.meetings <= min(meetings for unmet, meetings in seen if unmet <= found[0])
    if found[:3] == best[:3]:
        assert round(bound.travel_minutes * 1000) <= best[3]
    assert plan.status == "feasible" or found == best
    assert violations(year, plan) == ()
    assert complaints(case, plan, settings) == []


def town_without_tuesdays() -> tuple[Year, Case, dict[str, object]]:
    """Four near a hall for two; on Monday their matcher leads three in a hall farther off. The other town's has Tuesdays."""
    days = [date(YEAR, 2, 1), date(YEAR, 2, 2), date(YEAR, 2, 9)]
    both = [EVENINGS, EVENINGS, EVENINGS, EVENINGS[1:], EVENINGS[1:]]
    people = [volunteer(f"V{k}", postcode="2750" if k < 4 else "9000", availability=free) for k, free in enumerate(both)]
    venues = [("L0", "2750", 2), ("L1", "2730", 3), ("L2", "9000", 3)]
    case = case_of(
        people,
        [friendship(one.volunteer_id) for one in people],
        matchers=tuple(
            Matcher(matcher_id=f"M{k}", postcode=("2750", "9000")[k], availability=EVENINGS[k : k + 1]) for k in range(2)
        ),
        venues=tuple(Venue(venue_id=name, postcode=place, capacity=size) for name, place, size in venues),
        closures=closed_but(days),
    )
    sizes = {"calendar.meeting_size.min_volunteers": 1, "calendar.meeting_size.max_volunteers": 3}
    return year_of(case, sizes), case, dict(sizes)


def test_bounds_of_regions_whose_matchers_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is free twice. Apart V3 has none; with two Tuesdays near by for the four, V4 would have none instead.

    That plan leaves as many unmet in as many meetings, with a shorter way: travel's bound may not be above it.
    """
    year, case, settings = town_without_tuesdays()
    split(monkeypatch, apart=True)
    plan = plan_year(year, effort=Effort.QUICK)
    owed = int(year.owed.sum())
    near, far = (int(year.minutes[0, place]) for place in (0, 1))
    assert thousandths(plan)[:2] == (owed - 4, 2)
    assert plan.objective.travel_minutes * 1000 >= 3 * far > 4 * near
    assert plan.bound.unmet <= owed - 5
    assert plan.bound.travel_minutes * 1000 <= 4 * near
    assert plan.status == "feasible"
    assert complaints(case, plan, settings) == []


def test_regions_are_planned_again_with_those_whose_matchers_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    year, case, settings = town_without_tuesdays()
    split(monkeypatch, apart=False)
    plan = plan_year(year, effort=Effort.QUICK)
    assert thousandths(plan)[:2] == best_levels(year)[0][:2] == (int(year.owed.sum()) - 5, 3)
    assert plan.bound.unmet == plan.objective.unmet
    assert complaints(case, plan, settings) == []


def test_parts_put_together_keep_their_own() -> None:
    """Of three towns any two; the pinned meeting stays in the last, what nobody knows in the first."""
    towns = ("2750", "9000", "6700")
    known = {"date": date(YEAR, 2, 1), "slot": "mon_evening", "programme": ALL, "pinned": True, "matcher_id": "M1"}
    rows: list[dict[str, object]] = [
        {"meeting_id": "N1", "venue_id": "L2", "volunteers": ("V4",)},
        {"meeting_id": "N2", "venue_id": "X", "matcher_id": "X"},
    ]
    people = [volunteer(f"V{k}", postcode=towns[k // 2]) for k in range(6)]
    case = case_of(
        people,
        [friendship(one.volunteer_id) for one in people],
        matchers=tuple(Matcher(matcher_id=f"M{k}", postcode=towns[k]) for k in range(3)),
        venues=tuple(Venue(venue_id=f"L{k}", postcode=town, capacity=10) for k, town in enumerate(towns)),
        meetings=tuple(Meeting.model_validate({**known, **row}) for row in rows),
    )
    year = year_of(case, {"calendar.meeting_size.min_volunteers": 2})
    parts, shared = parts_of(sessions_of(year), large=0)
    assert (len(parts), shared) == (3, True)
    found = [united(year, parts, chosen) for chosen in ((0, 1), (1, 2), (0, 2))]
    assert [one.volunteers for one in found] == [("V0", "V1", "V2", "V3"), ("V2", "V3", "V4", "V5"), ("V0", "V1", "V4", "V5")]
    assert [one.venues for one in found] == [("L0", "L1"), ("L1", "L2"), ("L0", "L2")]
    assert [[row.meeting.meeting_id for row in one.fixed] for one in found] == [["N2"], ["N1"], ["N1", "N2"]]
    assert [[one.volunteers[v] for row in one.fixed for v in row.listed] for one in found] == [[], ["V4"], ["V4"]]
    assert united(year, parts, (0, 1, 2)) is year


def test_slack_counts_once_for_all_parts() -> None:
    """Each part is within the slack of its bound, both together are not: what is called proved is what the checker accepts."""
    case, settings = apart_towns(), {"calendar.slack.meetings": 1}
    year = year_of(case, settings)
    parts, _ = parts_of(sessions_of(year))
    plans = [plan_year(part, effort=Effort.QUICK) for part in parts]
    assert len(plans) == 2
    for low, status in ((0, "optimal"), (1, "feasible")):
        loose = [
            replace(plan, bound=replace(plan.bound, meetings=plan.objective.meetings - below), status="optimal")
            for plan, below in zip(plans, (1, low), strict=True)
        ]
        whole = joined(year, loose, plan_year(year, effort=Effort.QUICK).bound.load_spread, cut=False)
        assert whole.status == status
        assert complaints(case, whole, settings) == []


def test_one_part_spends_the_slack() -> None:
    """A meeting less, and those of it unmet: in the larger town alone."""
    case, plain = apart_towns(), plan_year(year_of(apart_towns()), effort=Effort.QUICK)
    settings = {"calendar.slack.unmet": 5}
    year = year_of(case, settings)
    found = plan_year(year, effort=Effort.QUICK)
    assert found.objective.unmet == plain.objective.unmet + 5
    assert found.objective.meetings == plain.objective.meetings - 1
    assert violations(year, found) == ()
    assert complaints(case, found, settings) == []


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
