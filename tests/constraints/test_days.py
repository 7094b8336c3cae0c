"""P24: every day 2024-2036 against every age limit and certificate, by a definition that counts anniversaries one by one."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from matcher.columns import COLUMNS, Facts
from matcher.records import Child, Volunteer
from tests.constraints.asking import BOOK, plainly
from tests.constraints.people import CHILD, VOLUNTEER
from tests.volume import volume

FIRST, LAST = date(2024, 1, 1), date(2036, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
SOME_DAYS = random.Random(24).sample(EVERY_DAY, volume(ci=700, long=len(EVERY_DAY)))
LEAPS = [day for day in EVERY_DAY if (day.month, day.day) in {(2, 28), (2, 29), (3, 1)}]
DAYS = sorted({*SOME_DAYS, *LEAPS})


def birthday(born: date, year: int) -> date:
    """The day in a year on which somebody turns a year older: 1 March for 29 February in other years."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def naive_age(born: date, on: date) -> int:
    return sum(birthday(born, year) <= on for year in range(born.year + 1, on.year + 1))


def births_around(limit: int, on: date) -> list[date]:
    """Birth dates near the day on which somebody of that age has a birthday."""
    middle = birthday(on, on.year - limit)
    return [middle + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]


def facts_on(day: date) -> Facts:
    nothing: dict[str, int] = {}
    return Facts(
        planning_date=day, settings={}, postcodes={}, child_active=nothing, child_offers=nothing,
        volunteer_active=nothing, volunteer_offers=nothing,
    )  # fmt: skip


def holds(key: str, person: Child | Volunteer, day: date, **others: float) -> bool:
    """A rule's answer on the columns of one record."""
    facts, rule = facts_on(day), BOOK.rule(key)
    columns = {n: COLUMNS[n].get(person, facts) for n in rule.needs if n not in others}
    return bool(plainly(rule, {**{n: float("nan") if v is None else float(v) for n, v in columns.items()}, **others}))


@pytest.mark.parametrize(
    ("programme", "code", "low", "high"), [("voksenven", 1, 6, 12), ("storebror", 2, 11, 15), ("familieven", 4, 0, 6)]
)
def test_child_age_every_day(programme: str, code: int, low: int, high: int) -> None:
    for day in DAYS:
        for born in {*births_around(low, day), *births_around(high + 1, day)}:
            if born <= day:
                child = Child.model_construct(**{**CHILD, "birth_date": born})
                expected = low <= naive_age(born, day) <= high
                assert holds("child_age", child, day, child_programme=code) is expected, (programme, born, day)


@pytest.mark.parametrize(("code", "low", "high"), [(1, 18, 200), (2, 20, 35)])
def test_volunteer_age_every_day(code: int, low: int, high: int) -> None:
    for day in DAYS:
        for born in {*births_around(low, day), *births_around(36, day)}:
            volunteer = Volunteer.model_construct(**{**VOLUNTEER, "birth_date": born})
            expected = low <= naive_age(born, day) <= high
            assert holds("volunteer_age", volunteer, day, child_programme=code) is expected, (born, day)


def same_day_two_years_earlier(day: date) -> date:
    return day.replace(year=day.year - 2, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 2)


def test_certificate_every_day() -> None:
    for day in DAYS:
        oldest = same_day_two_years_earlier(day)
        for seen in (*(oldest + timedelta(days=n) for n in (-2, -1, 0, 1)), day, day + timedelta(days=1)):
            volunteer = Volunteer.model_construct(**{**VOLUNTEER, "child_certificate_on": seen})
            assert holds("child_certificate", volunteer, day) is (oldest <= seen <= day), (seen, day)


def test_last_day_every_day() -> None:
    for day in DAYS:
        leap = (day.month, day.day) == (2, 29)
        nearest = day.replace(year=day.year + 1, day=28) if leap else day.replace(year=day.year + 1)
        for last in (nearest + timedelta(days=n) for n in (-2, -1, 0, 1)):
            volunteer = Volunteer.model_construct(**{**VOLUNTEER, "stops_on": last})
            assert holds("stays_long_enough", volunteer, day) is (last >= nearest), (last, day)
