"""Ages, months, metres and minutes against naive definitions and geopy (P24)."""

from __future__ import annotations

import calendar
import math
import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from geopy.distance import geodesic

from matcher.check.facts import age_on, metres_between, minutes_for, months_away, place_at, whole_months_until
from matcher.check.people import read_child, read_volunteer
from matcher.check.rules import child_age, volunteer_age
from matcher.check.settings import DEFAULTS
from tests.check.instances import child, volunteer
from tests.volume import volume

FIRST, LAST = date(2024, 1, 1), date(2036, 12, 31)
LIMITS = {"voksenven": (6, 12), "storebror": (11, 15), "familieven": (0, 6)}


def naive_age(born: date, day: date) -> int:
    """How many birthdays there have been: 29 February has its birthday on 1 March in other years."""
    birthdays = []
    for year in range(born.year + 1, day.year + 1):
        if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
            birthdays.append(date(year, 3, 1))
        else:
            birthdays.append(born.replace(year=year))
    return sum(birthday <= day for birthday in birthdays)


def days() -> Iterator[date]:
    for number in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=number)


def births_about(day: date, years: int) -> list[date]:
    """Birth dates of those who turn ``years`` about ``day``: from two days before to two days after."""
    there = date(day.year - years, day.month, min(day.day, calendar.monthrange(day.year - years, day.month)[1]))
    return [there + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]


@pytest.mark.parametrize("programme", sorted(LIMITS))
def test_child_age_every_day_of_thirteen_years(programme: str) -> None:
    least, most = LIMITS[programme]
    wrong = []
    for day in days():
        for born in {b for years in (least, most + 1) if years for b in births_about(day, years)}:
            if born <= day:
                facts = read_child(child(programme=programme, birth_date=born), day, {}, befriended=False, asked=False)
                if child_age(facts, day, DEFAULTS) != (least <= naive_age(born, day) <= most):
                    wrong.append((born, day))
    assert wrong == []


@pytest.mark.parametrize(("programme", "least", "most"), [("voksenven", 18, 200), ("storebror", 20, 35)])
def test_volunteer_age_every_day_of_thirteen_years(programme: str, least: int, most: int) -> None:
    wrong = []
    for day in days():
        for born in {b for years in (18, 20, 36) for b in births_about(day, years)}:
            facts = read_volunteer(volunteer(birth_date=born), day, {}, busy=0)
            if volunteer_age(facts, programme, day, DEFAULTS) != (least <= naive_age(born, day) <= most):
                wrong.append((born, day))
    assert wrong == []


def test_age_on_any_days() -> None:
    rng = random.Random(24)
    for _ in range(volume(ci=20_000, long=200_000)):
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(27_000))
        day = FIRST + timedelta(days=rng.randrange(4_700))
        assert age_on(born, day) == naive_age(born, day), (born, day)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2018, 3, 1), date(2027, 3, 1), 9),
        (date(2018, 3, 2), date(2027, 3, 1), 8),
        (date(2016, 2, 29), date(2027, 2, 28), 10),
        (date(2016, 2, 29), date(2027, 3, 1), 11),
        (date(2016, 2, 29), date(2028, 2, 28), 11),
        (date(2016, 2, 29), date(2028, 2, 29), 12),
        (date(2016, 2, 28), date(2027, 2, 28), 11),
        (date(2027, 3, 1), date(2027, 3, 1), 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2027, 3, 1), -24, date(2025, 3, 1)),
        (date(2026, 2, 28), -24, date(2024, 2, 28)),
        (date(2024, 2, 29), -24, date(2022, 2, 28)),
        (date(2027, 8, 31), -6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 24), 2, date(2027, 2, 24)),
        (date(2027, 1, 31), -1, date(2026, 12, 31)),
        (date(2027, 11, 30), 1, date(2027, 12, 30)),
        (date(2027, 5, 5), 0, date(2027, 5, 5)),
        (date(9999, 12, 30), 1, date(9999, 12, 31)),
        (date(2027, 3, 1), 1_000_000, date(9999, 12, 31)),
        (date(2027, 3, 1), -1_000_000, date(1, 1, 1)),
    ],
)
def test_months_away(day: date, months: int, there: date) -> None:
    assert months_away(day, months) == there


@pytest.mark.parametrize(
    ("last_day", "day", "months"),
    [
        (date(2028, 2, 29), date(2027, 2, 28), 12),
        (date(2028, 2, 27), date(2027, 2, 28), 11),
        (date(2028, 2, 28), date(2027, 2, 28), 12),
        (date(2027, 2, 28), date(2027, 1, 31), 1),
        (date(2027, 3, 1), date(2027, 3, 1), 0),
        (date(2027, 2, 28), date(2027, 3, 1), -1),
        (date(2026, 2, 28), date(2027, 3, 1), -13),
    ],
)
def test_whole_months_until(last_day: date, day: date, months: int) -> None:
    assert whole_months_until(last_day, day) == months


def test_whole_months_until_is_the_largest_that_fits() -> None:
    rng = random.Random(3)
    for _ in range(volume(ci=3_000, long=50_000)):
        day = FIRST + timedelta(days=rng.randrange(2_000))
        last_day = day + timedelta(days=rng.randrange(-800, 2_500))
        fits = [n for n in range(-30, 90) if months_away(day, n) <= last_day]
        assert whole_months_until(last_day, day) == max(fits)


def test_metres_as_geopy_in_denmark() -> None:
    rng = random.Random(5)
    worst = 0.0
    for _ in range(volume(ci=2_000, long=100_000)):
        a, b = ((rng.uniform(54.5, 57.9), rng.uniform(8, 15.3)) for _ in range(2))
        worst = max(worst, abs(metres_between(place_at(*a), place_at(*b)) - geodesic(a, b).m))
    assert worst < 1e-5


def test_metres_as_geopy_anywhere() -> None:
    rng = random.Random(6)
    for _ in range(volume(ci=2_000, long=100_000)):
        a = (rng.uniform(-89, 89), rng.uniform(-180, 180))
        b = (max(-90.0, min(90.0, a[0] + rng.uniform(-9, 9))), (a[1] + rng.uniform(-12, 12) + 180) % 360 - 180)
        assert abs(metres_between(place_at(*a), place_at(*b)) - geodesic(a, b).m) < 1e-5, (a, b)


def test_metres_as_geopy_across_the_world() -> None:
    rng = random.Random(7)
    for _ in range(volume(ci=1_000, long=20_000)):
        a, b = ((rng.uniform(-80, 80), rng.uniform(-80, 80)) for _ in range(2))
        assert abs(metres_between(place_at(*a), place_at(*b)) - geodesic(a, b).m) < 2e-4, (a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0.0, 0.0), (0.0, 1.0)),
        ((0.0, 0.0), (1.0, 0.0)),
        ((0.0, -179.9), (0.0, 179.9)),
        ((55.7, 12.3), (55.7, 12.3 + 1e-9)),
        ((55.7, 12.3), (55.7000001, 12.3)),
        ((90.0, 0.0), (89.0, 120.0)),
        ((-45.0, 10.0), (45.0, 170.0)),
        ((10.0, 0.0), (-10.0, 178.0)),
    ],
)
def test_metres_on_special_lines(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert metres_between(place_at(*a), place_at(*b)) == pytest.approx(geodesic(a, b).m, abs=2e-4)


def test_metres_of_one_point_and_of_antipodes() -> None:
    here = place_at(55.7314, 12.3633)
    assert metres_between(here, here) == 0.0
    across = metres_between(place_at(0.3, 0.0), place_at(-0.2, 179.9))
    assert math.isfinite(across)
    assert across == pytest.approx(20_003_931, rel=0.02)


@pytest.mark.parametrize(
    ("kmh", "extra", "right"),
    [(40, 5, 60 * 1.3 * 10 / 40 + 5), (15, 2, 54.0), (22, 12, 60 * 1.3 * 10 / 22 + 12)],
)
def test_minutes_of_ten_kilometres(kmh: float, extra: float, right: float) -> None:
    assert minutes_for(10_000, 1.3, kmh, extra) == pytest.approx(right, abs=1e-12)
