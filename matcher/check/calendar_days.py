"""Days without meetings: Danish public holidays by the checker's own arithmetic, other fixed days, July, closures.

Easter Sunday is found by the Gregorian rule as Meeus gives it, from an anonymous writer to Nature in 1876 [1]_.

.. [1] J. Meeus, Astronomical Algorithms, 2nd edition, 1998, chapter 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

Span = tuple[date, date]

_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday."""
_PRAYER_FROM_EASTER = 26
_LAST_PRAYER_YEAR = 2023  # store bededag is no holiday from 2024 on
_FIXED = ((1, 1), (12, 25), (12, 26))
_NEARLY = ((6, 5), (12, 24), (12, 31))  # no holidays by law: whoever lists them among the holidays does no harm
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


def holiday_faults(year: int, told: Collection[date]) -> Iterator[str]:
    """Where the holidays that the engine was told of are not those that arithmetic gives."""
    own, fine = public_holidays(year), {date(year, month, day) for month, day in _NEARLY}
    theirs = {day for day in told if day.year == year}
    for day in sorted(own - theirs):
        yield f"public holidays: {day} is one, but was not told"
    for day in sorted(theirs - own - fine):
        yield f"public holidays: {day} was told, but is none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """Days without meetings: a month (0: none), public holidays, days (``MM-DD``) kept like them, closures."""

    month: int
    holidays: frozenset[date]
    quiet_days: frozenset[str]
    closures: tuple[Span, ...]

    def why(self, day: date) -> str:
        """What keeps all meetings off a day; empty: nothing does."""
        if day.month == self.month:
            return f"in month {day.month}, which has no meetings"
        if day in self.holidays:
            return "on a public holiday"
        if f"{day:%m-%d}" in self.quiet_days:
            return "on a day kept like a holiday"
        return "in a closure" if within(day, self.closures) else ""


def within(day: date, spans: Iterable[Span]) -> bool:
    """Whether a day lies in one of the spans; their ends belong to them."""
    return any(first <= day <= last for first, last in spans)


def slots_of(day: date) -> tuple[str, ...]:
    """The three slots of a day."""
    return tuple(f"{_WEEKDAYS[day.weekday()]}_{part}" for part in ("morning", "afternoon", "evening"))


EVENINGS = frozenset(f"{weekday}_evening" for weekday in _WEEKDAYS)
"""When somebody is free who has not said when."""
