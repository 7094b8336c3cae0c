"""A year planned anew: nothing past moves, fewest promises are changed, and people keep their groups."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rulebook import load_rulebook
from matcher.calendar.anew.promises import Earlier, Promise, year_from
from matcher.calendar.anew.replan import Replanned, replan
from matcher.calendar.finish import fixed_of_year
from matcher.calendar.measure import travel_of
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.running.watch import Effort, Progress
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.check.calendar import check_replan, public_holidays, read_year
from matcher.geography.postcodes import load_postcodes
from matcher.records import SLOTS, Case, Meeting
from tests.calendar.brute import _plans, _unmet
from tests.calendar.years import PLANNED_ON, along, case_of, friendship, plain, tiny_case, volunteer, year_of
from tests.volume import volume

ALL = ("voksenven", "storebror", "familieven")
FROM = date(2027, 2, 15)
SLOW = {9, 13}
"""Tiny years whose list of plans is long."""


def faults(case: Case, before: YearPlan, found: Replanned, from_date: date, values: dict[str, Any]) -> list[str]:
    """What the independent checker says of a plan beside the earlier one."""
    told = {**load_rulebook(case.planning_date).all_values(), **values}
    places = {name: (row.latitude, row.longitude) for name, row in load_postcodes().items()}
    world = read_year(case.model_dump(exclude={"settings"}), told, places, found.plan.year, public_holidays(found.plan.year))
    columns = ("volunteer_id", "date", "slot", "venue_id")
    changed = [{name: getattr(one, name) for name in columns} for one in found.changed]
    return check_replan(world, plain(before), {**plain(found.plan), "changed_promises": changed}, from_date)


def anew(case: Case, before: YearPlan, from_date: date = FROM, values: dict[str, Any] | None = None, **how: Any) -> Replanned:
    """Plan anew, and let both checks judge what comes of it."""
    year = year_of(case, values)
    found = replan(year, Earlier.of(before), from_date, **{"effort": Effort.QUICK, **how})
    assert violations(found.year, found.plan) == ()
    assert faults(case, before, found, from_date, values or {}) == []
    assert found.plan.bound.unmet <= found.plan.objective.unmet
    assert len(found.forced) <= found.changed_bound <= len(found.changed)
    assert set(found.forced) <= set(found.changed)
    return found


def proved(found: Replanned) -> bool:
    """Whether the first two levels are the fewest there are."""
    return found.plan.objective.unmet == found.plan.bound.unmet and len(found.changed) == found.changed_bound


# ---------------------------------------------------------------------------------------------------- tiny years


def disturbed(case: Case, draw: random.Random) -> Case:
    """Some of what happens in a year: somebody ill, a place closed, a friendship ended, a pause, somebody new."""
    days = [date(2027, 2, 1) + timedelta(days=7 * k) for k in range(8)]
    tables: dict[str, Any] = {}
    first, last = sorted(draw.sample(days, 2))
    for what in draw.sample(["ill", "closed", "ended", "pause", "new", "small"], draw.randint(1, 3)):
        if what == "ill":
            tables["matchers"] = tuple(_one(draw, case.matchers, lambda row: {"absent": (*row.absent, (first, last))}))
        elif what == "closed":
            tables["venues"] = tuple(_one(draw, case.venues, lambda row: {"closed": (*row.closed, (first, last))}))
        elif what == "small":
            tables["venues"] = tuple(_one(draw, case.venues, lambda _: {"capacity": 2}))
        elif what == "ended":
            tables["friendships"] = tuple(_one(draw, case.friendships, lambda _: {"ended_on": case.planning_date}))
        elif what == "pause":
            tables["volunteers"] = tuple(_one(draw, case.volunteers, lambda _: {"paused_from": first, "paused_until": last}))
    if "volunteers" not in tables and "friendships" not in tables:
        tables["volunteers"] = (*case.volunteers, volunteer("VNEW"))
        tables["friendships"] = (*case.friendships, friendship("VNEW", date(2027, 1, 10), child_id=case.children[0].child_id))
    return case.model_copy(update=tables)


def _one(draw: random.Random, rows: Any, change: Any) -> list[Any]:
    chosen = draw.randrange(len(rows))
    return [row.model_copy(update=change(row)) if k == chosen else row for k, row in enumerate(rows)]


def fewest(year: Year, promises: tuple[Promise, ...]) -> tuple[int, int]:
    """Fewest unmet, then fewest changed promises, over all plans of a tiny year."""
    best = None
    for plan, joined in _plans(year):
        kept = {
            (year.volunteers[v], int(year.day[t]), int(year.slot[t]), year.venues[place])
            for t, place, who, _ in plan
            for v in who
        }
        for one, more in zip(fixed_of_year(year), joined, strict=True):
            names = {*one.meeting.volunteers, *(year.volunteers[v] for v in more)}
            kept |= {(name, one.day, one.slot, one.meeting.venue_id) for name in names}
        told = [(p.volunteer_id, p.date.toordinal(), SLOTS.index(p.slot), p.venue_id) for p in promises]
        value = (_unmet(year, plan, joined), sum(one not in kept for one in told))
        best = value if best is None or value < best else best
    assert best is not None
    return best


@pytest.mark.parametrize("seed", [s for s in range(volume(ci=6, long=150)) if s not in SLOW or volume(ci=0, long=1)])
def test_no_plan_of_a_tiny_year_changes_fewer(seed: int) -> None:
    case, values = tiny_case(seed)
    draw = random.Random(seed)
    before, later = first_plan(year_of(case, values)), disturbed(case, draw)
    from_date = date(2027, 2, 1) + timedelta(days=draw.randint(0, 30))
    found = anew(later, before, from_date, values)
    earlier = Earlier.of(before)
    year = year_from(year_of(later, values), earlier, from_date)
    best = fewest(year, earlier.promises(year.floor))
    assert (found.plan.objective.unmet, len(found.changed)) == best
    assert (found.plan.bound.unmet, found.changed_bound) <= best


@settings(max_examples=volume(ci=4, long=150), deadline=None, derandomize=True)
@given(st.integers(100, 10_000), st.integers(-40, 70))
def test_any_disturbance_is_answered(seed: int, days: int) -> None:
    case, values = tiny_case(seed)
    before = first_plan(year_of(case, values))
    from_date = date(2027, 2, 1) + timedelta(days=days)
    found = anew(disturbed(case, random.Random(seed)), before, from_date, values)
    past = [row for row in before.meetings if row.date < found.year.floor]
    assert [row.meeting_id for row in found.plan.meetings if row.date < found.year.floor] == [row.meeting_id for row in past]


# ------------------------------------------------------------------------------------------------------ a village


@pytest.fixture(scope="module")
def village() -> Case:
    """Six volunteers who can come on Mondays, to one place."""
    people = [volunteer(f"V{k}") for k in range(6)]
    return case_of(people, [friendship(row.volunteer_id) for row in people])


@pytest.fixture(scope="module")
def agreed(village: Case) -> YearPlan:
    return first_plan(year_of(village))


def test_a_friendship_has_ended(village: Case, agreed: YearPlan) -> None:
    """Whom nobody plans for any more is told that she is not expected; nobody else is touched."""
    found = anew(replaced(village, "friendships", "volunteer_id", "V0", ended_on=date(2026, 10, 20)), agreed, PLANNED_ON)
    hers = {row.date for row in agreed.meetings if "V0" in row.volunteers}
    assert len(hers) == 3
    assert {(one.volunteer_id, one.date) for one in found.changed} == {("V0", day) for day in hers}
    assert found.changed == found.forced
    assert proved(found)
    assert "V0" not in found.plan.home


def test_somebody_new_in_may(village: Case, agreed: YearPlan) -> None:
    """Her three meetings need three others each: six may have one meeting more than they owe, three promises must move."""
    bond = friendship("NY", date(2027, 5, 3))
    people, bonds = (*village.volunteers, volunteer("NY")), (*village.friendships, bond)
    later = village.model_copy(update={"volunteers": people, "friendships": bonds})
    found = anew(later, agreed, date(2027, 1, 4))
    assert found.plan.objective.unmet == 0
    assert len(found.changed) == found.changed_bound == 3
    assert found.forced == ()
    assert {row.meeting_id for row in agreed.meetings} <= {row.meeting_id for row in found.plan.meetings}
    assert {found.plan.home[v] for v in agreed.home} == set(agreed.home.values())
    assert set(found.plan.home) == {*agreed.home, "NY"}


def test_too_few_are_left(village: Case, agreed: YearPlan) -> None:
    """Three of six cannot meet by themselves; all promises are changed."""
    ended = village
    for name in ("V0", "V1", "V2"):
        ended = replaced(ended, "friendships", "volunteer_id", name, ended_on=date(2026, 10, 20))
    found = anew(ended, agreed, PLANNED_ON)
    assert found.plan.meetings == ()
    assert len(found.changed) == sum(len(row.volunteers) for row in agreed.meetings)
    assert found.plan.objective.unmet == found.plan.bound.unmet == 9


# ------------------------------------------------------------------------------------------------- a larger year


@pytest.fixture(scope="module")
def case() -> Case:
    return along(20, 2)


@pytest.fixture(scope="module")
def plan(case: Case) -> YearPlan:
    return plan_year(year_of(case), effort=Effort.QUICK)


def replaced(case: Case, table: str, key: str, name: str, **facts: Any) -> Case:
    """The case with other facts of one row."""
    rows = [row.model_copy(update=facts) if getattr(row, key) == name else row for row in getattr(case, table)]
    return case.model_copy(update={table: tuple(rows)})


def busiest(plan: YearPlan, column: str) -> str:
    return str(Counter(getattr(row, column) for row in plan.meetings if row.date >= FROM).most_common(1)[0][0])


def test_nothing_has_happened(case: Case, plan: YearPlan) -> None:
    found = anew(case, plan)
    assert found.changed == ()
    assert proved(found)
    assert found.plan.objective.values()[:3] <= plan.objective.values()[:3]
    places = [(row.meeting_id, row.volunteers) for row in plan.meetings]
    assert [(row.meeting_id, row.volunteers) for row in found.plan.meetings] == places
    assert not found.plan.cut


def test_somebody_is_ill(case: Case, plan: YearPlan) -> None:
    """Others lead; nobody's promise is changed."""
    name, first, last = busiest(plan, "matcher_id"), date(2027, 3, 1), date(2027, 4, 30)
    found = anew(replaced(case, "matchers", "matcher_id", name, absent=((first, last),)), plan)
    assert proved(found)
    assert not any(row.matcher_id == name and first <= row.date <= last for row in found.plan.meetings)
    assert len(found.changed) == 0
    assert set(found.plan.home.values()) <= set(plan.home.values())


@pytest.fixture(scope="module")
def closed(case: Case, plan: YearPlan) -> Case:
    return replaced(case, "venues", "venue_id", busiest(plan, "venue_id"), closed=((FROM, date(2027, 12, 31)),))


@pytest.fixture(scope="module")
def elsewhere(closed: Case, plan: YearPlan) -> Replanned:
    return anew(closed, plan)


def test_a_venue_is_closed(plan: YearPlan, elsewhere: Replanned) -> None:
    name = busiest(plan, "venue_id")
    promised = {(v, row.date) for row in plan.meetings if row.venue_id == name and row.date >= FROM for v in row.volunteers}
    assert {(one.volunteer_id, one.date) for one in elsewhere.forced} == promised
    assert proved(elsewhere)
    assert elsewhere.plan.objective.unmet < plan.objective.unmet + len(promised)


def test_another_meeting_is_pinned(case: Case, plan: YearPlan) -> None:
    """Who is listed there keeps the days before and after it free, so a promise may have to give way."""
    row = next(row for row in plan.meetings if row.date >= FROM)
    columns = {name: getattr(row, name) for name in ("slot", "venue_id", "matcher_id", "programme")}
    day = row.date + timedelta(days=7)
    pinned = Meeting(meeting_id="FAST", date=day, pinned=True, volunteers=row.volunteers[:1], **columns)
    found = anew(case.model_copy(update={"meetings": (pinned,)}), plan)
    assert next(one for one in found.plan.meetings if one.meeting_id == "FAST").pinned
    assert row.volunteers[0] in {one.volunteer_id for one in found.forced}
    assert proved(found)


def test_half_of_the_year_has_passed(case: Case, plan: YearPlan) -> None:
    """The case's own word on a meeting that was held stands: here one who had not been listed came."""
    today = date(2027, 6, 1)
    row = next(row for row in plan.meetings if row.date < today)
    guest = next(v for v in sorted(plan.home) if v not in row.volunteers)
    held = Meeting.model_validate(
        {name: getattr(row, name) for name in Meeting.model_fields if name not in {"pinned", "volunteers"}}
        | {"volunteers": (*row.volunteers, guest)}
    )
    found = anew(case.model_copy(update={"planning_date": today, "meetings": (held,)}), plan, date(2027, 3, 1))
    past = [row.meeting_id for row in plan.meetings if row.date < today]
    assert [row.meeting_id for row in found.plan.meetings if row.date < today] == past
    assert guest in found.plan.meetings[past.index(row.meeting_id)].volunteers
    assert all(one.date >= today for one in found.changed)


def test_no_time_and_an_interrupt_still_give_a_plan(closed: Case, plan: YearPlan) -> None:
    def stop(progress: Progress) -> None:
        if progress.level == "meetings":
            raise KeyboardInterrupt

    assert anew(closed, plan, seconds=0.0).plan.cut
    assert anew(closed, plan, listener=stop).plan.cut


def test_the_order_of_rows_changes_nothing(closed: Case, plan: YearPlan, elsewhere: Replanned) -> None:
    tables = ("children", "volunteers", "friendships", "matchers", "venues", "closures")
    turned = closed.model_copy(update={table: tuple(reversed(getattr(closed, table))) for table in tables})
    other = anew(turned, plan)
    assert (other.plan, other.changed) == (elsewhere.plan, elsewhere.changed)


def test_travel_of_a_guest_who_was_there_is_counted(case: Case, plan: YearPlan) -> None:
    """A volunteer whose friendship has ended was at a meeting that is a fact now."""
    first = plan.meetings[0]
    later = replaced(case, "friendships", "volunteer_id", first.volunteers[0], ended_on=date(2026, 11, 20))
    year = year_from(year_of(later), Earlier.of(plan), first.date + timedelta(days=1))
    assert first.volunteers[0] not in year.volunteers
    assert travel_of(year, [first]) == travel_of(year_of(case), [first])
