"""Who is in the first year of a friendship, and how many meetings that makes in a calendar year. Whole numbers only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.check.people import Row


@dataclass(frozen=True, slots=True)
class Obligation:
    """A volunteer's first year (``first`` to ``last``, both in it), and what it asks of her in the calendar year."""

    friendship_id: str
    programme: str
    first: date
    last: date
    least: int
    most: int


def anniversary(started_on: date) -> date:
    """The first anniversary; of 29 February it is 1 March."""
    if (started_on.month, started_on.day) == (2, 29):
        return date(started_on.year + 1, 3, 1)
    return started_on.replace(year=started_on.year + 1)


def days_passed(started_on: date, ended_on: date | None, day: date) -> int:
    """Days of the first year that are behind when ``day`` begins; from ``ended_on`` on they grow no more."""
    until = day if ended_on is None else min(day, ended_on)
    return (min(max(until, started_on), anniversary(started_on)) - started_on).days


def rounded_share(times: int, passed: int, length: int) -> int:
    """The whole number nearest to ``times`` x ``passed`` / ``length``; a half goes up."""
    return (2 * times * passed + length) // (2 * length)


def obligation(friendship: Row, year: int, least: int, most: int) -> Obligation:
    """What a friendship asks of its volunteer in the year, of ``least`` to ``most`` meetings in its first twelve months."""
    started_on, ended_on = friendship["started_on"], friendship.get("ended_on")
    length = (anniversary(started_on) - started_on).days
    before, after = (days_passed(started_on, ended_on, date(y, 1, 1)) for y in (year, year + 1))
    at_least, at_most = (rounded_share(n, after, length) - rounded_share(n, before, length) for n in (least, most))
    return Obligation(
        friendship_id=friendship["friendship_id"],
        programme=friendship["programme"],
        first=started_on,
        last=anniversary(started_on) - timedelta(1),
        least=min(at_least, at_most),
        most=at_most,
    )


def obligations(friendships: Iterable[Row], today: date, year: int, least: int, most: int) -> Mapping[str, Obligation]:
    """By volunteer: of active friendships whose first year overlaps the year, the earliest, then the smallest id."""
    owed: dict[str, list[Row]] = defaultdict(list)
    for row in friendships:
        active = row.get("ended_on") is None or row["ended_on"] > today
        if active and row["started_on"] <= date(year, 12, 31) and anniversary(row["started_on"]) > date(year, 1, 1):
            owed[row["volunteer_id"]].append(row)
    return {
        volunteer_id: obligation(min(rows, key=lambda row: (row["started_on"], row["friendship_id"])), year, least, most)
        for volunteer_id, rows in owed.items()
    }
