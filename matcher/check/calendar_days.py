"""Days without meetings: Danish public holidays by the checker's own arithmetic, other fixed days, July, closures.

Easter Sunday is found by the Gregorian rule as Meeus gives it, from an anonymous writer to Nature in 1876 [1]_.

.. [1] J. Meeus, Astronomical Algorithms, 2nd edition, 1998, chapter 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

Span = tuple[date, date]

_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday."""
_PRAYER_FROM_EASTER = 26
_LAST_PRAYER_YEAR = 2023  # store bededag is no holiday from 2024 on
_FIXED = ((1, 1), (12, 25), (12, 26))
_ALSO_WITHOUT = ((6, 5), (12, 24), (12, 31))
_JULY = 7
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def easter_sunday(year: int) -> date:
    """The date of Easter Sunday in the Gregorian calendar."""
    golden, century, of_century = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * to_sunday) // 451
    month, day0 = divmod(moon + to_sunday - 7 * late + 114, 31)
    return date(year, month, day0 + 1)


def public_holidays(year: int) -> frozenset[date]:
    """Public holidays in Denmark; 5 June, 24 and 31 December are none by law."""
    easter = easter_sunday(year)
    movable = (*_FROM_EASTER, _PRAYER_FROM_EASTER) if year <= _LAST_PRAYER_YEAR else _FROM_EASTER
    return frozenset(easter + timedelta(days) for days in movable) | {date(year, month, day) for month, day in _FIXED}


def other_days_without(year: int) -> frozenset[date]:
    """Days that are no public holidays, but without meetings all the same."""
    return frozenset(date(year, month, day) for month, day in _ALSO_WITHOUT)


def holiday_faults(year: int, told: Collection[date]) -> Iterator[str]:
    """Where the holidays that the engine was told of are not those that arithmetic gives."""
    own, fine = public_holidays(year), other_days_without(year)
    theirs = {day for day in told if day.year == year}
    for day in sorted(own - theirs):
        yield f"public holidays: {day} is one, but was not told"
    for day in sorted(theirs - own - fine):
        yield f"public holidays: {day} was told, but is none"


def why_closed(day: date, holidays: Collection[date], closures: Iterable[Span]) -> str:
    """What keeps all meetings off a day; empty: nothing does."""
    if day.month == _JULY:
        return "in July"
    if day in holidays:
        return "on a public holiday"
    if day in other_days_without(day.year):
        return "on 5 June, 24 or 31 December"
    return "in a closure" if within(day, closures) else ""


def within(day: date, spans: Iterable[Span]) -> bool:
    """Whether a day lies in one of the spans; their ends belong to them."""
    return any(first <= day <= last for first, last in spans)


def fits_weekday(day: date, slot: str) -> bool:
    """Whether a weekly slot is one of that day of the week."""
    return slot.partition("_")[0] == _WEEKDAYS[day.weekday()]


def slots_of(day: date) -> tuple[str, ...]:
    """The three slots of a day."""
    return tuple(f"{_WEEKDAYS[day.weekday()]}_{part}" for part in ("morning", "afternoon", "evening"))


EVENINGS = frozenset(f"{weekday}_evening" for weekday in _WEEKDAYS)
"""When somebody is free who has not said when."""
