"""Small cases for meetings of a few and outings, and their days read from the records alone, without the rules."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays
from geopy.distance import geodesic

from constraints.calendar_rules import load_calendar
from constraints.rulebook import load_rulebook
from matcher.calendar.dates.diary import Diary
from matcher.columns import Facts
from matcher.geography.postcodes import load_postcodes
from matcher.records import DAYS, PARTS, PROGRAMMES, Case, Child, Friendship, Matcher, Meeting, Venue, Volunteer

PLANNED_ON = date(2027, 6, 1)
FIRST, LAST = date(2027, 5, 28), date(2027, 7, 4)
TOWNS = ("2750", "2740", "2100", "4000", "9990")
SLOTS = ("mon_evening", "tue_evening", "wed_afternoon", "sat_morning", "thu_evening")
GENERAL = load_rulebook(PLANNED_ON).all_values()
SPEED = {"car": (40, 5), "bike": (15, 2), "public": (22, 12)}


def diary_of(case: Case, first: date = FIRST, last: date = LAST, settings: dict[str, Any] | None = None) -> Diary:
    facts = Facts.of(case, GENERAL, load_postcodes())
    return Diary.of(case, load_calendar(settings or {}), facts, first, last)


def child(name: str, **facts: Any) -> Child:
    known = {"programme": "voksenven", "birth_date": date(2018, 1, 1), "gender": "girl", "postcode": "2750"}
    return Child.model_validate({"child_id": name, "registered_on": date(2025, 1, 1), **known, **facts})


def volunteer(name: str, **facts: Any) -> Volunteer:
    known = {"programmes": ("voksenven",), "birth_date": date(1990, 1, 1), "gender": "woman", "postcode": "2750"}
    return Volunteer.model_validate({"volunteer_id": name, **known, **facts})


def drawn_case(seed: int) -> Case:
    """Two children and volunteers or some more, few weekly times, absences, pauses, closures, meetings already set."""
    draw = random.Random(seed)
    children = [
        child(
            f"B{k}",
            programme=draw.choice(PROGRAMMES[:2]),
            postcode=draw.choice(TOWNS),
            municipality=draw.choice(["Ballerup", "Herlev"]),
            availability=_slots(draw),
            matcher_id=draw.choice(["M0", "M1", None, "M9"]),
        )
        for k in range(5)
    ]
    volunteers = [
        volunteer(
            f"V{k}",
            programmes=tuple(draw.sample(PROGRAMMES, draw.randint(1, 2))),
            postcode=draw.choice(TOWNS),
            transport=draw.choice(list(SPEED)),
            availability=_slots(draw),
            paused_from=draw.choice([None, None, date(2027, 6, 10)]),
            paused_until=draw.choice([None, date(2027, 6, 20)]),
            stops_on=draw.choice([None, None, date(2027, 6, 24)]),
        )
        for k in range(3)
    ]
    matchers = [
        Matcher(
            matcher_id=f"M{k}",
            postcode=draw.choice(TOWNS),
            programmes=tuple(draw.sample(PROGRAMMES, draw.randint(1, 3))),
            social_education=draw.random() < 0.4,
            availability=_slots(draw),
            absent=draw.choice([(), ((date(2027, 6, 1), date(2027, 6, 15)),)]),
        )
        for k in range(draw.randint(1, 3))
    ]
    venues = [
        Venue(
            venue_id=f"L{k}",
            postcode=draw.choice(TOWNS),
            capacity=draw.randint(2, 9),
            availability=_slots(draw),
            closed=draw.choice([(), ((date(2027, 6, 8), date(2027, 6, 22)),)]),
        )
        for k in range(draw.randint(0, 2))
    ]
    friendships = [
        Friendship(
            friendship_id=f"F{k}",
            child_id=row.child_id,
            volunteer_id=draw.choice(volunteers).volunteer_id,
            programme=row.programme,
            started_on=draw.choice([date(2026, 5, 1), date(2027, 6, 14)]),
            ended_on=draw.choice([None, None, None, date(2027, 6, 21), date(2027, 5, 1)]),
            matcher_id=draw.choice(["M0", None]),
        )
        for k, row in enumerate([*children, draw.choice(children)])
        if draw.random() < 0.9
    ]
    return Case.model_validate(
        {
            "planning_date": PLANNED_ON,
            "children": tuple(children),
            "volunteers": tuple(volunteers),
            "matchers": tuple(matchers),
            "venues": tuple(venues),
            "friendships": tuple(friendships),
            "meetings": tuple(_meetings(draw)),
            "closures": ({"from": date(2027, 6, 28), "to": date(2027, 8, 8), "what": "sommer"},) if draw.random() < 0.5 else (),
        }
    )


def _slots(draw: random.Random) -> tuple[str, ...]:
    return tuple(sorted(draw.sample(SLOTS, draw.randint(1, 3)))) if draw.random() < 0.7 else ()


def _meetings(draw: random.Random) -> Iterable[Meeting]:
    for k in range(draw.randint(0, 4)):
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))
        yield Meeting(
            meeting_id=f"N{k}",
            date=day,
            slot=f"{DAYS[day.weekday()]}_evening",
            venue_id=draw.choice(["L0", "L1"]),
            matcher_id=draw.choice(["M0", "M1"]),
            programme=PROGRAMMES,
            pinned=draw.random() < 0.5,
            volunteers=tuple(draw.sample(["V0", "V1", "V2"], 1)),
        )


class Plain:
    """What the records say of single times, in plain Python."""

    def __init__(self, case: Case, *, small: bool) -> None:
        self.case, self.small = case, small
        self.holidays = set(holidays.country_holidays("DK", years=2027))

    def times(self) -> Iterable[tuple[date, str]]:
        for n in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=n)
            if self.day(day):
                for part in PARTS:
                    yield day, f"{DAYS[day.weekday()]}_{part}"

    def day(self, day: date) -> bool:
        quiet = day in self.holidays or (day.month, day.day) in {(6, 5), (12, 24), (12, 31)}
        closed = any(row.start <= day <= row.end for row in self.case.closures) or day.month == 7
        return day >= self.case.planning_date and not quiet and (self.small or not closed)

    @staticmethod
    def weekly(row: Any, slot: str) -> bool:
        return slot in row.availability if row.availability else slot.endswith("evening")

    def busy(self, day: date, slot: str, *, who: str) -> bool:
        return any(
            (row.date, row.slot) == (day, slot) and who in {row.matcher_id, row.venue_id, *row.volunteers}
            for row in self.case.meetings
        )

    def volunteer(self, row: Volunteer, day: date, slot: str) -> bool:
        pausing = row.paused_from is not None or row.paused_until is not None
        away = pausing and (row.paused_from or date.min) <= day <= (row.paused_until or date.max)
        gone = row.stops_on is not None and day > row.stops_on
        return self.weekly(row, slot) and not away and not gone and not self.busy(day, slot, who=row.volunteer_id)

    def matcher(self, row: Matcher, day: date, slot: str) -> bool:
        away = any(first <= day <= last for first, last in row.absent)
        return self.weekly(row, slot) and not away and not self.busy(day, slot, who=row.matcher_id)

    def venue(self, row: Venue, day: date, slot: str) -> bool:
        shut = any(first <= day <= last for first, last in row.closed)
        return self.weekly(row, slot) and not shut and not self.busy(day, slot, who=row.venue_id)


def minutes(here: Any, there: Any) -> float:
    """Estimated minutes between two rows by their postcodes; NaN where one is unknown."""
    places = load_postcodes()
    if here.postcode not in places or there.postcode not in places:
        return float("nan")
    speed, wait = SPEED[getattr(here, "transport", "public")]
    return 60 * 1.3 * kilometres(here.postcode, there.postcode) / speed + wait


@cache
def kilometres(here: str, there: str) -> float:
    one, other = (load_postcodes()[code] for code in (here, there))
    return float(geodesic((one.latitude, one.longitude), (other.latitude, other.longitude)).km)
