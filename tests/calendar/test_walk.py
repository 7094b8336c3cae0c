"""Walks over whole plans: what they hand back keeps every rule, and their running counts stay true."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest

from matcher.calendar import planner
from matcher.calendar.draft import Draft
from matcher.calendar.finish import met_of, year_plan
from matcher.calendar.groups.grouping import Groups, grouped
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.calendar.meetings.parts import parts_of
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.running.solver import Clock
from matcher.calendar.running.watch import Effort, Progress, Watch
from matcher.calendar.verify import violations
from matcher.calendar.walk import anneal
from matcher.calendar.walk.anneal import WORTH, Kept, walked
from matcher.calendar.walk.cooling import COMPILING, cooled
from matcher.calendar.walk.ground import ground_of, plan_of, walk_of
from matcher.calendar.walk.groups import all_changes
from matcher.calendar.walk.state import COUNT, FEW, HOME, MEMBERS, NONE, UNMET, Ground, Walk
from matcher.calendar.year import Year
from matcher.records import Case, Matcher, Meeting, Venue
from tests.calendar.years import PLANNED_ON, along, case_of, complaints, friendship, tiny_case, volunteer, year_of
from tests.volume import volume

TODAY = date(2027, 6, 1)


def halfway(case: Case) -> Case:
    """Half of a first plan has been held, with its groups; the next two meetings are pinned."""
    columns = ("meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group", "volunteers")
    rows = first_plan(year_of(case)).meetings
    kept = [row for row in rows if row.date < TODAY] + [row for row in rows if row.date >= TODAY][:2]
    meetings = [
        Meeting.model_validate({name: getattr(row, name) for name in columns} | {"pinned": row.date >= TODAY}) for row in kept
    ]
    return case.model_copy(update={"planning_date": TODAY, "meetings": tuple(meetings)})


@pytest.fixture(scope="module", params=["whole", "halfway"])
def case(request: pytest.FixtureRequest) -> Case:
    case = along(26, 3)
    return case if request.param == "whole" else halfway(case)


@pytest.fixture(scope="module")
def year(case: Case) -> Year:
    return year_of(case)


@pytest.fixture(scope="module")
def start(year: Year) -> tuple[Draft, Groups]:
    draft = greedy_draft(sessions_of(year))
    return draft, grouped(met_of(draft))


def cooled_plans(start: tuple[Draft, Groups]) -> list[YearPlan]:
    found = cooled(*start, start[0].unmet, 1, 0, volume(ci=30_000, long=1_000_000), Watch(Clock(None)))
    return [year_plan(draft, groups) for draft, groups in found]


def test_walks_keep_every_rule_and_earlier_levels(case: Case, year: Year, start: tuple[Draft, Groups]) -> None:
    before = year_plan(*start)
    plans = cooled_plans(start)
    assert plans
    for plan in plans:
        assert violations(year, plan) == ()
        assert complaints(case, plan) == []
        assert plan.objective.unmet <= before.objective.unmet
        assert plan.objective.meetings == before.objective.meetings
    assert min(plan.objective.changes for plan in plans) < before.objective.changes
    assert cooled_plans(start) == plans


def recounted(ground: Ground, walk: Walk) -> tuple[int, int]:
    """Units unmet and people too few, from who comes to what."""
    came, few = np.zeros(len(ground.need), dtype=np.int64), 0
    for (session, _, _, size, _), people, (fixed, _, listed) in zip(walk.meeting, walk.people, ground.standing, strict=True):
        np.add.at(came, people[listed:size], 1)
        few += 0 if fixed else max(0, int(ground.moment[session, 2]) - int(size))
    return int(np.maximum(ground.need - came, 0).sum()), few


@pytest.mark.parametrize("heat", [3.0, 0.3])
def test_running_counts_stay_true(start: tuple[Draft, Groups], heat: float) -> None:
    """In heat nearly every move is taken, in the cold nearly every one is taken back."""
    draft, groups = start
    ground, walk = ground_of(draft.sessions, len(draft.held)), walk_of(draft, groups, 5)
    kept = Kept(walk.meeting.copy(), walk.people.copy(), walk.person.copy(), walk.group.copy(), np.zeros(1))
    for _ in range(5):
        walked(ground, walk, WORTH, kept, 0, 2000, heat, heat)
        assert recounted(ground, walk) == (walk.tally[UNMET], walk.tally[FEW])
        home = walk.person[:, HOME]
        assert (np.bincount(home[home != NONE], minlength=len(walk.group)) == walk.group[:, MEMBERS]).all()
        assert (home[walk.person[:, COUNT] == 0] == NONE).all()
        assert walk.group[:, MEMBERS].max() <= ground.most_members
        plan, _ = plan_of(draft.sessions, ground, walk.meeting, walk.people, walk.person, walk.group)
        assert plan.unmet == walk.tally[UNMET]
        assert (walk_of(plan, groups, 1).taken == walk.taken).all()


def full_cost(ground: Ground, walk: Walk) -> float:
    """What the whole plan costs, counted anew."""
    paid = WORTH.unmet * walk.tally[UNMET] + WORTH.few * walk.tally[FEW]
    return float(all_changes(walk) + WORTH.minute * anneal._minutes(ground, walk) + paid)


def test_the_running_cost_stays_true(case: Case) -> None:
    """Also where groups are so small that somebody comes to a meeting and has no home for a while."""
    draft = greedy_draft(sessions_of(year_of(case, {"calendar.group_size.max_members": 1})))
    ground, walk = ground_of(draft.sessions, len(draft.held)), walk_of(draft, grouped(met_of(draft)), 5)
    cost, homeless = full_cost(ground, walk), 0
    for _ in range(volume(ci=10_000, long=200_000)):
        cost += anneal._step(ground, walk, WORTH, 3.0)
        homeless += int(((walk.person[:, HOME] == NONE) & (walk.person[:, COUNT] > 0)).any())
    assert homeless
    assert cost == pytest.approx(full_cost(ground, walk))


@pytest.mark.parametrize("seed", range(volume(ci=4, long=40)))
def test_walks_of_tiny_years_keep_every_rule(seed: int) -> None:
    case, settings = tiny_case(seed)
    year = year_of(case, settings)
    draft = greedy_draft(sessions_of(year))
    for one, groups in cooled(draft, grouped(met_of(draft)), draft.unmet, seed, 0, 3000, Watch(Clock(None))):
        plan = year_plan(one, groups)
        assert violations(year, plan) == ()
        assert complaints(case, plan, settings) == []


def test_no_walk_without_time(start: tuple[Draft, Groups]) -> None:
    assert cooled(*start, start[0].unmet, 1, 0, 1000, Watch(Clock(0.0))) == []


def test_a_walk_that_cannot_be_loaded_says_why(start: tuple[Draft, Groups], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no room to keep compiled code")

    monkeypatch.setattr(anneal, "load", broken)
    with pytest.raises(OSError, match="no room"):
        cooled(*start, start[0].unmet, 1, 0, 1000, Watch(Clock(None)))


def test_compiling_is_not_begun_with_little_time_left(start: tuple[Draft, Groups], monkeypatch: pytest.MonkeyPatch) -> None:
    anneal.load()
    assert anneal.is_compiled()
    short, long = Clock(COMPILING / 2), Clock(COMPILING * 100)
    assert cooled(*start, start[0].unmet, 1, 0, 30_000, Watch(short))
    monkeypatch.setattr(anneal, "is_compiled", lambda: False)
    assert cooled(*start, start[0].unmet, 1, 0, 30_000, Watch(Clock(COMPILING / 2))) == []
    assert cooled(*start, start[0].unmet, 1, 0, 30_000, Watch(long))
    assert not long.cut


@pytest.fixture(scope="module")
def two_towns() -> Case:
    """Two towns far from each other whose matchers could lead in both."""
    people = [volunteer(f"V{k}", postcode="2750" if k < 5 else "9000") for k in range(10)]
    return case_of(
        people,
        [friendship(one.volunteer_id, PLANNED_ON + timedelta(days=60)) for one in people],
        matchers=tuple(Matcher(matcher_id=f"M{k}", postcode="2750" if k % 2 else "9000") for k in range(4)),
        venues=(Venue(venue_id="L0", postcode="2750", capacity=10), Venue(venue_id="L1", postcode="9000", capacity=10)),
    )


def test_matchers_are_allotted_to_near_regions(two_towns: Case) -> None:
    parts, shared = parts_of(sessions_of(year_of(two_towns)), large=0)
    assert shared
    assert [part.venues for part in parts] == [("L0",), ("L1",)]
    assert [part.matchers for part in parts] == [("M1", "M3"), ("M0", "M2")]
    assert sorted(name for part in parts for name in part.volunteers) == sorted(f"V{k}" for k in range(10))
    assert len(parts_of(sessions_of(year_of(two_towns)))[0]) == 1


def test_one_region_keeps_its_matchers() -> None:
    year = year_of(along(26, 3))
    assert parts_of(sessions_of(year), large=0) == ((year,), False)


def test_regions_that_share_matchers(two_towns: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planned apart or as one: the same levels, and bounds that hold for both."""
    year = year_of(two_towns)
    whole = plan_year(year, effort=Effort.QUICK)
    monkeypatch.setattr(planner, "parts_of", partial(parts_of, large=0))
    apart = plan_year(year, effort=Effort.QUICK)
    assert apart.objective.values()[:2] == whole.objective.values()[:2] == apart.bound.values()[:2]
    assert apart.bound.travel_minutes <= min(apart.objective.travel_minutes, whole.objective.travel_minutes)
    assert complaints(two_towns, apart) == []
    assert violations(year, apart) == ()
    assert plan_year(year, effort=Effort.QUICK) == apart


def test_interrupt_of_parts(two_towns: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planner, "parts_of", partial(parts_of, large=0))
    plan = plan_year(year_of(two_towns), listener=stop)
    assert plan.cut
    assert complaints(two_towns, plan) == []
