"""Small years of fictional people, in which every plan can be listed, and larger synthetic ones."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from constraints.calendar_rules import load_calendar
from constraints.rulebook import load_rulebook
from matcher.calendar.plan import YearPlan
from matcher.calendar.settings import LEVELS
from matcher.calendar.year import Year
from matcher.check.calendar import check_calendar, public_holidays, read_year
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Child, Friendship, Matcher, Meeting, Venue, Volunteer
from scenarios.synthetic import synthetic_case

PLANNED_ON = date(2026, 11, 2)
YEAR = 2027
TOWNS = ("2750", "2740", "2730", "2100")


def volunteer(name: str, **facts: Any) -> Volunteer:
    """Somebody who can come on Monday evenings."""
    known = {"programmes": ("voksenven",), "birth_date": date(1990, 1, 1), "gender": "woman", "postcode": "2750"}
    return Volunteer.model_validate({"volunteer_id": name, "availability": ("mon_evening",), **known, **facts})


def friendship(name: str, begun: date = date(2026, 9, 1), **facts: Any) -> Friendship:
    """The active friendship of a volunteer, V1 with B1."""
    known = {"friendship_id": f"F{name}", "child_id": f"B{name}", "volunteer_id": name, "programme": "voksenven"}
    return Friendship.model_validate({**known, "started_on": begun, **facts})


def case_of(people: list[Volunteer], friendships: list[Friendship], **tables: Any) -> Case:
    """A case with one matcher and one venue where nothing else is said."""
    children = [
        Child(
            child_id=row.child_id,
            programme="voksenven",
            birth_date=date(2018, 1, 1),
            gender="girl",
            postcode="2750",
            registered_on=date(2025, 1, 1),
        )
        for row in friendships
    ]
    known: dict[str, Any] = {
        "planning_date": PLANNED_ON,
        "matchers": (Matcher(matcher_id="M1", postcode="2750"),),
        "venues": (Venue(venue_id="L1", postcode="2750", capacity=10),),
    }
    return Case.model_validate(
        {**known, "children": tuple(children), "volunteers": tuple(people), "friendships": tuple(friendships), **tables}
    )


def year_of(case: Case, settings: Mapping[str, Any] | None = None, year: int = YEAR) -> Year:
    """The year as the planner sees it."""
    general = load_rulebook(case.planning_date).all_values()
    return Year.of(case, load_calendar(settings or {}), general, load_postcodes(), year)


def tiny_case(seed: int) -> tuple[Case, dict[str, Any]]:
    """Three to five volunteers, few days, one or two venues and matchers, sometimes a pinned meeting; small sizes by settings."""
    draw = random.Random(seed)
    days = sorted(draw.sample(range(8), draw.randint(3, 4)))
    mondays = [date(YEAR, 2, 1) + timedelta(days=7 * k) for k in days]
    open_days = set(mondays)
    closed = _closed_but(open_days)
    people = [
        volunteer(f"V{k}", postcode=draw.choice(TOWNS), transport=draw.choice(["car", "public"]))
        for k in range(draw.randint(3, 5))
    ]
    bonds = [friendship(row.volunteer_id, date(2026, draw.randint(3, 12), draw.randint(1, 28))) for row in people]
    matchers = [
        Matcher(matcher_id=f"M{k}", postcode="2750", max_meetings_per_month=draw.randint(1, 2), absent=_some(draw, mondays))
        for k in range(draw.randint(1, 2))
    ]
    venues = [
        Venue(venue_id=f"L{k}", postcode=draw.choice(TOWNS), capacity=draw.randint(2, 4), closed=_some(draw, mondays))
        for k in range(draw.randint(1, 2))
    ]
    meetings = [_meeting(draw, mondays, people)] if draw.random() < 0.4 else []
    settings = {
        "calendar.meeting_size.min_volunteers": 2,
        "calendar.meeting_size.max_volunteers": 3,
        "calendar.spacing.min_days": draw.choice([7, 14, 28]),
        "calendar.group_size.max_members": draw.choice([2, 3]),
    }
    return case_of(
        people, bonds, matchers=tuple(matchers), venues=tuple(venues), closures=closed, meetings=tuple(meetings)
    ), settings


def _some(draw: random.Random, days: list[date]) -> tuple[tuple[date, date], ...]:
    return tuple((day, day) for day in days if draw.random() < 0.2)


def _meeting(draw: random.Random, days: list[date], people: list[Volunteer]) -> Meeting:
    listed = tuple(row.volunteer_id for row in draw.sample(people, draw.randint(1, 2)))
    return Meeting(
        meeting_id="N1",
        date=draw.choice(days),
        slot="mon_evening",
        venue_id="L0",
        matcher_id="M0",
        programme=("voksenven", "storebror", "familieven"),
        pinned=True,
        volunteers=listed,
    )


def _closed_but(days: set[date]) -> tuple[dict[str, Any], ...]:
    """Closures that leave only these days of the year."""
    rows, first = [], date(YEAR, 1, 1)
    for day in [*sorted(days), date(YEAR + 1, 1, 1)]:
        if first < day:
            rows.append({"from": first, "to": day - timedelta(days=1), "what": "lukket"})
        first = day + timedelta(days=1)
    return tuple(rows)


def along(volunteers: int, seed: int) -> Case:
    """A synthetic year in which some friendships begin along the way."""
    draw, on = random.Random(seed), date(2026, 12, 1)
    case = synthetic_case(children=20, volunteers=10, seed=seed, planning_date=on, friendships=volunteers)
    begun = [
        row if row.ended_on is not None else row.model_copy(update={"started_on": on + timedelta(days=draw.randint(-330, 250))})
        for row in case.friendships
    ]
    return case.model_copy(update={"friendships": tuple(begun)})


def complaints(case: Case, plan: YearPlan, settings: Mapping[str, Any] | None = None) -> list[str]:
    """What the independent checker says of a plan."""
    values = {**load_rulebook(case.planning_date).all_values(), **(settings or {})}
    places = {name: (row.latitude, row.longitude) for name, row in load_postcodes().items()}
    world = read_year(case.model_dump(exclude={"settings"}), values, places, plan.year, public_holidays(plan.year))
    return check_calendar(world, plain(plan))


def plain(plan: YearPlan) -> dict[str, Any]:
    """A plan as plain data, in the contract's columns."""
    meetings = [
        {
            "meeting_id": row.meeting_id,
            "date": row.date,
            "slot": row.slot,
            "venue_id": row.venue_id,
            "matcher_id": row.matcher_id,
            "programme": list(row.programme),
            "group": row.group,
            "volunteers": list(row.volunteers),
        }
        for row in plan.meetings
    ]
    return {
        "year": plan.year,
        "meetings": sorted(meetings, key=lambda row: str(row["meeting_id"])),
        "groups": [{"volunteer_id": v, "group": g, "matcher_id": plan.group_matcher[g]} for v, g in sorted(plan.home.items())],
        "unmet": [{"volunteer_id": v, "missing": number} for v, number in sorted(plan.unmet.items())],
        "objective": {level: getattr(plan.objective, level) for level in LEVELS},
        "bound": {level: getattr(plan.bound, level) for level in LEVELS},
        "status": plan.status,
    }
