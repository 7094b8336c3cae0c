"""Days and obligations, by hand and against counting."""

from __future__ import annotations

import random
from datetime import date, timedelta

import holidays as public
import pytest

from matcher.check.calendar_days import easter_sunday, holiday_faults, public_holidays, slots_of, within
from matcher.check.calendar_owed import anniversary, days_passed, obligations, rounded_share
from matcher.check.calendar_settings import read_year_settings
from tests.check.years import danish, friendship, owed
from tests.volume import volume


def test_easter_and_the_days_that_follow_it() -> None:
    known = {2008: (3, 23), 2011: (4, 24), 2019: (4, 21), 2024: (3, 31), 2027: (3, 28), 2038: (4, 25), 2285: (3, 22)}
    assert {year: (easter_sunday(year).month, easter_sunday(year).day) for year in known} == known
    assert date(2023, 5, 5) in public_holidays(2023)
    assert date(2024, 4, 26) not in public_holidays(2024)
    assert not public_holidays(2027) & {date(2027, 6, 5), date(2027, 12, 24), date(2027, 12, 31)}


@pytest.mark.parametrize("year", range(2000, 2100))
def test_public_holidays_are_those_of_the_package(year: int) -> None:
    assert public_holidays(year) == set(public.country_holidays("DK", years=year))


def test_told_holidays_are_compared() -> None:
    right = danish(2027)
    extra = [date(2027, 6, 5), date(2027, 12, 24), date(2027, 12, 31), date(2026, 5, 1)]
    assert list(holiday_faults(2027, right + extra)) == []
    assert list(holiday_faults(2027, right[1:])) == ["public holidays: 2027-01-01 is one, but was not told"]
    assert list(holiday_faults(2027, [*right, date(2027, 4, 23)])) == ["public holidays: 2027-04-23 was told, but is none"]


def test_spans_have_their_ends_and_days_three_slots() -> None:
    span = (date(2027, 2, 1), date(2027, 2, 3))
    assert [within(date(2027, 2, d), (span,)) for d in (1, 3, 4)] == [True, True, False]
    assert not within(date(2027, 1, 31), (span,))
    assert slots_of(date(2027, 2, 1)) == ("mon_morning", "mon_afternoon", "mon_evening")


def test_the_first_year_has_365_or_366_days() -> None:
    assert anniversary(date(2028, 2, 29)) == date(2029, 3, 1)
    assert anniversary(date(2027, 2, 28)) == date(2028, 2, 28)
    assert days_passed(date(2027, 3, 1), None, date(2029, 1, 1)) == 366
    assert days_passed(date(2028, 2, 29), None, date(2031, 1, 1)) == 366
    assert days_passed(date(2027, 3, 1), None, date(2027, 3, 1)) == 0
    assert days_passed(date(2027, 3, 1), None, date(2027, 1, 1)) == 0
    assert days_passed(date(2027, 3, 1), date(2027, 3, 4), date(2028, 1, 1)) == 3
    assert days_passed(date(2027, 3, 1), date(2027, 2, 1), date(2028, 1, 1)) == 0


def test_halves_go_up() -> None:
    assert [rounded_share(4, part, 8) for part in range(9)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert [rounded_share(6, part, 8) for part in (1, 2, 3)] == [1, 2, 2]


def _owed(*bonds: dict[str, object], today: date = date(2026, 10, 1)) -> dict[str, tuple[str, int, int]]:
    found = obligations(bonds, today, 2027, 4, 6)
    return {v: (o.friendship_id, o.least, o.most) for v, o in found.items()}


def test_what_is_owed_by_hand() -> None:
    assert _owed(friendship("V1", "F1", date(2027, 1, 1))) == {"F1": ("V1", 4, 6)}
    assert _owed(friendship("V1", "F1", date(2026, 1, 2))) == {"F1": ("V1", 0, 0)}  # one day of 365 is left
    assert _owed(friendship("V1", "F1", date(2026, 1, 1))) == {}
    assert _owed(friendship("V1", "F1", date(2027, 12, 31))) == {"F1": ("V1", 0, 0)}
    assert _owed(friendship("V1", "F1", date(2028, 1, 1))) == {}
    assert _owed(friendship("V1", "F1", date(2026, 7, 2))) == {"F1": ("V1", 2, 3)}  # 183 of 365 days: 2.005 and 3.008
    # 45 days of 366 are .49 and .74 in all: of four none, of six one
    assert _owed(friendship("V1", "F1", date(2027, 11, 17))) == {"F1": ("V1", 0, 1)}


def test_the_least_is_never_above_the_most() -> None:
    # until 1 January 46 days of 365 have passed: 4F .504 is 1, 6F .756 is 1; it ends when 4F is 1.5 and 6F 2.25
    bond = friendship("V1", "F1", date(2026, 11, 16), ended_on=date(2027, 4, 2))
    assert [rounded_share(n, 137, 365) - rounded_share(n, 46, 365) for n in (4, 6)] == [1, 1]
    assert _owed(bond) == {"F1": ("V1", 1, 1)}
    least_above = [
        (begun, gone) for begun in range(366) for gone in range(begun, 366)
        if rounded_share(4, gone, 365) - rounded_share(4, begun, 365) > rounded_share(6, gone, 365) - rounded_share(6, begun, 365)
    ]  # fmt: skip
    assert least_above
    begun, gone = least_above[0]
    first = date(2027, 1, 1) - timedelta(begun)
    bond = friendship("V1", "F1", first, ended_on=first + timedelta(gone))
    share = rounded_share(6, gone, 365) - rounded_share(6, begun, 365)
    assert _owed(bond, today=date(2026, 1, 1)) == {"F1": ("V1", share, share)}


def test_an_end_stops_the_growth_and_a_past_end_takes_the_friendship_out() -> None:
    begun = date(2027, 1, 1)
    assert _owed(friendship("V1", "F1", begun, ended_on=date(2027, 7, 2))) == {"F1": ("V1", 2, 3)}
    assert _owed(friendship("V1", "F1", date(2026, 9, 1), ended_on=date(2026, 12, 1))) == {"F1": ("V1", 0, 0)}
    assert _owed(friendship("V1", "F1", date(2026, 9, 1), ended_on=date(2026, 10, 1))) == {}
    assert _owed(friendship("V1", "F1", date(2026, 9, 1), ended_on=date(2026, 10, 2))) != {}


def test_of_several_friendships_the_earliest_then_the_smallest_id_counts() -> None:
    early, late = friendship("V9", "F1", date(2026, 6, 1)), friendship("V1", "F1", date(2026, 9, 1))
    assert _owed(late, early)["F1"][0] == "V9"
    assert _owed(friendship("V3", "F1", date(2026, 6, 1)), early)["F1"][0] == "V3"
    assert _owed(late, friendship("V0", "F1", date(2025, 6, 1)))["F1"][0] == "V1"  # its first year is over
    assert _owed(late, friendship("V0", "F1", date(2026, 2, 1), ended_on=date(2026, 9, 1)))["F1"][0] == "V1"


def test_whole_numbers_agree_with_counting_days() -> None:
    rng = random.Random(1)
    for _ in range(volume(ci=1_500, long=100_000)):
        begun = date(2026, 1, 2) + timedelta(rng.randrange(729))
        end = begun + timedelta(rng.randrange(400)) if rng.random() < 0.5 else None
        bond = friendship("V1", "F1", begun, ended_on=end)
        found = obligations([bond], date(2025, 1, 1), 2027, 4, 6)["F1"]
        assert (found.least, found.most) == owed(bond, 2027), bond


def test_settings_have_the_contracts_defaults() -> None:
    plain = read_year_settings({"note": "x", "calendar.spacing.min_days": 14, "together": ("familieven", "storebror+voksenven")})
    assert plain.whole("calendar.spacing.min_days") == 14
    assert plain.whole("calendar.meeting_size.min_volunteers") == 4
    assert plain.together == (frozenset({"familieven"}), frozenset({"storebror", "voksenven"}))
    assert read_year_settings({}).together == (frozenset({"voksenven", "storebror", "familieven"}),)
    assert read_year_settings({"calendar.quiet_day.days": ("05-01",)}).quiet_days == {"05-01"}
    for wrong in (("voksenven", "storebror"), ("voksenven+voksenven", "storebror", "familieven"), "voksenven", 3):
        with pytest.raises(TypeError):
            read_year_settings({"together": wrong})
