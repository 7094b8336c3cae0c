"""Every relaxation is true: made in the case itself, the finished plan with the witness keeps all rules and lacks less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from constraints.rulebook import load_rulebook
from matcher.calendar.measure import levels_of, unmet_of
from matcher.calendar.plan import PlannedMeeting, YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.reasons.changes import KINDS, SETTINGS, Change
from matcher.calendar.reasons.more import More
from matcher.calendar.reasons.relaxations import MOST_SHOWN, Nearest, Relaxation, nearest_relaxations
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.geography.postcodes import load_postcodes
from matcher.records import PROGRAMMES, SLOTS, Case, Matcher, Meeting, Venue
from tests.calendar.years import YEAR, along, case_of, complaints, friendship, volunteer, year_of
from tests.volume import volume

EVENINGS = tuple(slot for slot in SLOTS if slot.endswith("evening"))
Settings = Mapping[str, Any]


def nearest(case: Case, settings: Settings, year: Year, plan: YearPlan) -> Nearest:
    general = {**load_rulebook(case.planning_date).all_values(), **settings}
    return nearest_relaxations(year, plan, general, load_postcodes())


def made(case: Case, settings: Settings, changes: Iterable[Change]) -> tuple[Case, Settings]:
    """The case with the changes, as somebody would make them in the tables."""
    for change in changes:
        facts = change.facts
        if change.kind in SETTINGS:
            settings = {**settings, f"calendar.{facts['rule']}.{facts['parameter']}": facts["becomes"]}
        elif change.kind == "venue_new":
            venue = Venue(venue_id="new", postcode=str(facts["postcode"]), capacity=99)
            case = case.model_copy(update={"venues": (*case.venues, venue)})
        else:
            case = with_row(case, change.kind, facts)
    return case, settings


def with_row(case: Case, kind: str, facts: Mapping[str, Any]) -> Case:
    who = next(name for name in ("volunteer", "matcher", "venue") if name in facts)

    def changed(row: Any) -> Any:
        if getattr(row, f"{who}_id") != facts[who]:
            return row
        if kind.endswith("_slot"):
            return row.model_copy(update={"availability": (*(row.availability or EVENINGS), facts["slot"])})
        if kind == "seats":
            return row.model_copy(update={"capacity": facts["becomes"]})
        if kind == "matcher_month":
            return row.model_copy(update={"max_meetings_per_month": facts["becomes"]})
        days = {name: date.fromisoformat(text) if text else None for name, text in facts.items() if name in DAYS}
        return row.model_copy(update=days)

    table = f"{who}s"
    return case.model_copy(update={table: tuple(changed(row) for row in getattr(case, table))})


DAYS = ("paused_from", "paused_until", "stops_on")


def with_meetings(year: Year, plan: YearPlan, more: Iterable[More]) -> YearPlan:
    """The plan with the witness: meetings joined, or new ones."""
    rows = {(row.date, row.slot, row.venue_id): row for row in plan.meetings}
    for one in more:
        at = (one.date, one.slot, one.venue_id)
        if at in rows:
            rows[at] = replace(rows[at], volunteers=tuple(sorted({*rows[at].volunteers, *one.volunteers})))
        else:
            rows[at] = PlannedMeeting(
                meeting_id=f"more-{len(rows)}",
                date=one.date,
                slot=one.slot,
                venue_id=one.venue_id,
                matcher_id=one.matcher_id,
                programme=one.programme,
                group=plan.home[one.volunteers[0]],
                volunteers=one.volunteers,
                pinned=False,
            )
    meetings = tuple(rows.values())
    objective = levels_of(year, meetings, plan.home, plan.group_matcher)
    return replace(plan, meetings=meetings, objective=objective, unmet=unmet_of(year, meetings))


def confirm(case: Case, settings: Settings, plan: YearPlan, changes: Iterable[Change], more: Iterable[More]) -> YearPlan:
    """The plan in the changed case; both checks accept it."""
    new_case, new_settings = made(case, settings, changes)
    year = year_of(new_case, new_settings)
    better = with_meetings(year, plan, more)
    assert violations(year, better) == ()
    return better


def confirm_all(case: Case, settings: Settings, plan: YearPlan, found: Nearest) -> set[tuple[str, ...]]:
    """Confirm whatever is said; the kinds of change that were."""
    assert set(found.by_volunteer) == set(plan.unmet)
    kinds = set()
    for name, several in found.by_volunteer.items():
        assert len(several) <= MOST_SHOWN
        for one in several:
            better = confirm(case, settings, plan, one.changes, one.meetings)
            assert one.missing == plan.unmet[name]
            assert better.unmet.get(name, 0) == one.missing - one.gives < one.missing
            assert better.objective.unmet < plan.objective.unmet
            kinds.add(tuple(change.kind for change in one.changes))
    for helped in found.helps:
        better = confirm(case, settings, plan, [helped.change], helped.meetings)
        assert len(helped.volunteers) > 1
        assert all(better.unmet.get(name, 0) < plan.unmet[name] for name in helped.volunteers)
        assert sum(plan.unmet[name] - better.unmet.get(name, 0) for name in helped.volunteers) == helped.gives
    return kinds


def scarce(case: Case, *, month: int = 4, seats: int = 10) -> Case:
    matchers = tuple(row.model_copy(update={"max_meetings_per_month": month}) for row in case.matchers)
    venues = tuple(row.model_copy(update={"capacity": min(row.capacity, seats)}) for row in case.venues)
    return case.model_copy(update={"matchers": matchers, "venues": venues})


@pytest.mark.parametrize("seed", range(1, 1 + volume(ci=1, long=40)))
@pytest.mark.parametrize(
    ("month", "seats", "settings"),
    [
        (4, 10, {}),
        (1, 5, {}),
        (2, 10, {"together": ("voksenven+storebror", "familieven"), "calendar.meeting_size.min_volunteers": 3}),
        (1, 12, {"calendar.spacing.min_days": 60}),
    ],
)
def test_every_relaxation_is_true(seed: int, month: int, seats: int, settings: Settings) -> None:
    case = scarce(along(25, seed), month=month, seats=seats)
    year = year_of(case, settings)
    plan = first_plan(year)
    confirm_all(case, settings, plan, nearest(case, settings, year, plan))


def test_half_the_year_has_passed() -> None:
    """Meetings that have been are facts; nobody joins them, and they count towards every limit."""
    case = scarce(along(40, 6), month=2, seats=5)
    begun, today = first_plan(year_of(case)), date(YEAR, 6, 1)
    rows = tuple(
        Meeting(
            meeting_id=row.meeting_id,
            date=row.date,
            slot=row.slot,
            venue_id=row.venue_id,
            matcher_id=row.matcher_id,
            programme=row.programme,  # type: ignore[arg-type]
            pinned=True,
            volunteers=row.volunteers,
        )
        for row in begun.meetings
        if row.date < date(YEAR, 9, 1)
    )
    later = case.model_copy(update={"planning_date": today, "meetings": rows})
    year = year_of(later)
    plan = first_plan(year)
    found = nearest(later, {}, year, plan)
    assert confirm_all(later, {}, plan, found)
    assert all(one.date >= today for several in found.by_volunteer.values() for each in several for one in each.meetings)


def test_nowhere_to_meet_and_nobody_to_lead() -> None:
    case = small(venues=(), matchers=())
    year = year_of(case)
    plan = first_plan(year)
    found = nearest(case, {}, year, plan)
    assert set(found.by_volunteer.values()) == {()}
    assert found.helps == ()


def test_a_finished_large_year_names_many_kinds() -> None:
    case = scarce(along(50, 5), month=1, seats=6)
    year = year_of(case)
    plan = first_plan(year)
    found = nearest(case, {}, year, plan)
    kinds = confirm_all(case, {}, plan, found)
    assert len({kind for one in kinds for kind in one}) >= 5
    assert found.helps


MANY = tuple(f"V{k}" for k in range(6))
BEGUN = date(2026, 9, 1)


def small(of_first: Mapping[str, Any] | None = None, *, n: int = 6, **tables: Any) -> Case:
    """Volunteers on Monday evenings in one town, whose first year ends in August; the first is V0."""
    people = [volunteer(f"V{k}", **((of_first or {}) if k == 0 else {})) for k in range(n)]
    return case_of(people, [friendship(row.volunteer_id, BEGUN) for row in people], **tables)


def of_first(case: Case, settings: Settings | None = None, plan: YearPlan | None = None) -> list[Relaxation]:
    """What is found for V0, every one confirmed."""
    year = year_of(case, settings)
    plan = plan or first_plan(year)
    found = nearest(case, settings or {}, year, plan)
    confirm_all(case, settings or {}, plan, found)
    return list(found.by_volunteer.get("V0", ()))


def facts_of(found: list[Relaxation], kind: str) -> Mapping[str, Any]:
    return next(one.changes[0].facts for one in found if [change.kind for change in one.changes] == [kind])


def test_nobody_lacks_anything() -> None:
    assert of_first(small()) == []


def test_one_more_evening() -> None:
    found = of_first(small({"availability": ("sat_morning",)}))
    assert facts_of(found, "volunteer_slot") == {"volunteer": "V0", "slot": "mon_evening"}
    assert found[0].gives == found[0].missing


def test_a_little_further() -> None:
    facts = facts_of(of_first(small({"postcode": "3450"})), "travel")
    assert (facts["venue"], facts["was"]) == ("L1", 60.0)
    assert 1 <= facts["more"] <= 30


def test_a_venue_in_her_town() -> None:
    case = small()
    towns = ["3000", "3000", "3000", "3000", "2750", "2750"]
    people = tuple(row.model_copy(update={"postcode": town}) for row, town in zip(case.volunteers, towns, strict=True))
    facts = facts_of(of_first(case.model_copy(update={"volunteers": people})), "venue_new")
    assert facts == {"postcode": "3000", "municipality": "Helsingør"}


def test_a_shorter_pause() -> None:
    later = facts_of(of_first(small({"paused_from": date(2027, 2, 1)})), "pause")
    assert (later["paused_until"], later["ends"]) == ("", 0)
    assert later["paused_from"] > "2027-02-01"
    sooner = facts_of(of_first(small({"paused_from": date(2026, 9, 1), "paused_until": date(2027, 8, 31)})), "pause")
    assert (sooner["paused_from"], sooner["ends"]) == ("2026-09-01", 1)
    assert sooner["paused_until"] < "2027-08-31"


def test_a_pause_of_one_day_is_dropped() -> None:
    only, paused = date(YEAR, 2, 1), {"paused_from": date(YEAR, 2, 1), "paused_until": date(YEAR, 2, 1)}
    facts = facts_of(of_first(small(paused, closures=closed_but(only))), "pause")
    assert facts == {"volunteer": "V0", "paused_from": "", "paused_until": "", "ends": 0, "was": "2027-02-01"}


def test_a_later_last_day() -> None:
    assert facts_of(of_first(small({"stops_on": date(2027, 1, 5)})), "stays")["stops_on"] > "2027-01-05"


def test_a_matcher_on_another_evening() -> None:
    away = (Matcher(matcher_id="M1", postcode="2750", availability=("wed_evening",)),)
    facts = facts_of(of_first(small(matchers=away)), "matcher_slot")
    assert facts == {"matcher": "M1", "slot": "mon_evening"}


def test_a_matcher_at_her_limit() -> None:
    never = (Matcher(matcher_id="M1", postcode="2750", max_meetings_per_month=0),)
    assert facts_of(of_first(small(matchers=never)), "matcher_month")["becomes"] == 1


def test_a_venue_open_at_another_time() -> None:
    shut = (Venue(venue_id="L1", postcode="2750", capacity=10, availability=("wed_evening",)),)
    assert facts_of(of_first(small(venues=shut)), "venue_slot") == {"venue": "L1", "slot": "mon_evening"}


def test_meetings_of_fewer() -> None:
    facts = facts_of(of_first(small(n=3)), "least")
    assert (facts["was"], facts["becomes"]) == (4, 3)


def pinned(day: date, people: Iterable[str], name: str = "N1") -> Meeting:
    return Meeting(
        meeting_id=name,
        date=day,
        slot="mon_evening",
        venue_id="L1",
        matcher_id="M1",
        programme=PROGRAMMES,
        pinned=True,
        volunteers=tuple(people),
    )


def closed_but(*days: date) -> tuple[dict[str, Any], ...]:
    edges = [date(YEAR - 1, 12, 31), *days, date(YEAR + 1, 1, 1)]
    gaps = [(one + timedelta(days=1), other - timedelta(days=1)) for one, other in pairwise(edges)]
    return tuple({"from": first, "to": last, "what": "lukket"} for first, last in gaps)


def test_one_place_more_at_a_full_meeting() -> None:
    only = date(YEAR, 2, 1)
    full: dict[str, Any] = {"meetings": (pinned(only, MANY[1:]),), "closures": closed_but(only)}
    room = (Venue(venue_id="L1", postcode="2750", capacity=5),)
    facts = facts_of(of_first(small(venues=room, **full)), "seats")
    assert facts == {"venue": "L1", "was": 5, "becomes": 6}
    large = (Venue(venue_id="L1", postcode="2750", capacity=50),)
    settings = {"calendar.meeting_size.max_volunteers": 5}
    facts = facts_of(of_first(small(venues=large, **full), settings), "most")
    assert (facts["was"], facts["becomes"]) == (5, 6)


def test_meetings_closer_to_each_other() -> None:
    days = date(YEAR, 2, 1), date(YEAR, 2, 22)
    facts = facts_of(of_first(small(closures=closed_but(*days))), "apart")
    assert (facts["was"], facts["becomes"]) == (28, 21)


def test_two_changes_where_one_is_not_enough() -> None:
    away = (Matcher(matcher_id="M1", postcode="2750", availability=("wed_evening",)),)
    shut = (Venue(venue_id="L1", postcode="2750", capacity=10, availability=("mon_evening", "tue_evening")),)
    found = of_first(small({"availability": ("thu_evening",)}, matchers=away, venues=shut))
    assert found
    assert all(len(one.changes) == 2 for one in found)


def test_a_plan_that_leaves_room_says_so() -> None:
    case = small()
    year = year_of(case)
    plan = first_plan(year)
    fewer = with_meetings(year, replace(plan, meetings=plan.meetings[:1]), ())
    found = of_first(case, plan=fewer)
    assert [one.changes for one in found] == [()]


def test_every_kind_has_a_place() -> None:
    assert set(SETTINGS) < set(KINDS)


def test_the_checker_agrees_on_a_relaxed_year() -> None:
    case = small({"availability": ("sat_morning",)})
    year = year_of(case)
    plan = first_plan(year)
    one = nearest(case, {}, year, plan).by_volunteer["V0"][0]
    new_case, settings = made(case, {}, one.changes)
    better = with_meetings(year_of(new_case, settings), plan, one.meetings)
    bare = replace(better, bound=replace(better.bound, load_spread=better.objective.load_spread))
    assert complaints(new_case, bare, settings) == []
