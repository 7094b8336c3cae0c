"""Which friendship counts for a volunteer, and how much of its first year has passed on a day: whole numbers throughout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.records import Case, Friendship, Programme


def rounded_share(number: int, part: int, whole: int) -> int:
    """``number`` times the share ``part / whole``, rounded, halves up.

    >>> rounded_share(4, 1, 8), rounded_share(4, 45, 365)
    (1, 0)
    """
    return (2 * number * part + whole) // (2 * whole)


def anniversary(day: date) -> date:
    """The same day a year later; 29 February counts as 1 March in other years.

    >>> anniversary(date(2028, 2, 29)), anniversary(date(2027, 2, 28))
    (datetime.date(2029, 3, 1), datetime.date(2028, 2, 28))
    """
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if leap_day else day.replace(year=day.year + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstYear:
    """The first 12 months of the friendship that counts: from ``first`` to ``last``; ``ended`` is its known end."""

    friendship_id: str
    programme: Programme
    first: date
    last: date
    ended: date | None

    @classmethod
    def of(cls, friendship: Friendship) -> FirstYear:
        """The first year of one friendship."""
        return cls(
            friendship_id=friendship.friendship_id,
            programme=friendship.programme,
            first=friendship.started_on,
            last=anniversary(friendship.started_on) - timedelta(days=1),
            ended=friendship.ended_on,
        )

    @property
    def days(self) -> int:
        """How many days it has: 365 or 366."""
        return (self.last - self.first).days + 1

    def passed(self, day: date) -> int:
        """Days of it that have passed when ``day`` begins; none after the friendship's end count."""
        until = day if self.ended is None else min(day, self.ended)
        return min(max((until - self.first).days, 0), self.days)


def first_years(case: Case, year: int) -> Mapping[str, FirstYear]:
    """The first-year volunteers of a year, by id: of several such friendships the earliest, then the smallest id, counts."""
    known = {volunteer.volunteer_id for volunteer in case.volunteers}
    new_year, next_year = date(year, 1, 1), date(year + 1, 1, 1)
    found: dict[str, FirstYear] = {}
    for friendship in sorted(case.friendships, key=lambda f: (f.started_on, f.friendship_id)):
        if friendship.volunteer_id not in known or not friendship.active_on(case.planning_date):
            continue
        first_year = FirstYear.of(friendship)
        if first_year.first < next_year and first_year.last >= new_year:
            found.setdefault(friendship.volunteer_id, first_year)
    return dict(sorted(found.items()))
