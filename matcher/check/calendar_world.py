"""A case as the checker of the calendar sees it: who is planned, what stands, which days are closed, how far it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.check.calendar_days import Shut, Span, public_holidays
from matcher.check.calendar_owed import obligations
from matcher.check.calendar_people import Hall, Kept, Lead, Planned, read_hall, read_kept, read_lead
from matcher.check.calendar_settings import YearSettings, read_year_settings
from matcher.check.facts import metres_between, minutes_for
from matcher.check.people import Row, Volunteer, read_places, read_volunteer
from matcher.check.settings import read_settings

SLACK_METRES = 1.5
"""The engine's metre is within one metre of ours."""


@dataclass(frozen=True, kw_only=True)
class YearWorld:
    """What the checker knows of a year. ``kept`` and ``elsewhere``: meetings that stand, in the year and in other years.

    ``floor`` is the first day on which anything new may lie.
    """

    year: int
    floor: date
    settings: YearSettings
    travel: Mapping[str, float]
    volunteers: Mapping[str, Volunteer]
    planned: Mapping[str, Planned]
    leads: Mapping[str, Lead]
    halls: Mapping[str, Hall]
    kept: Mapping[str, Kept]
    elsewhere: tuple[Kept, ...]
    shut: Shut
    told_holidays: frozenset[date]

    def why_closed(self, day: date) -> str:
        """What keeps anything new off a day; empty: nothing does."""
        return f"before {self.floor}" if day < self.floor else self.shut.why(day)

    def minutes(self, volunteer_id: str, venue_id: str, shift: float = 0.0) -> float | None:
        """Estimated minutes one way, were it ``shift`` metres further; None where a place is not known."""
        volunteer, hall = self.volunteers.get(volunteer_id), self.halls.get(venue_id)
        if volunteer is None or hall is None or volunteer.place is None or hall.place is None:
            return None
        n, by = self.travel, volunteer.transport
        metres = max(0.0, metres_between(volunteer.place, hall.place) + shift)
        return minutes_for(metres, n["travel.detour"], n[f"travel.{by}_kmh"], n[f"travel.{by}_minutes"])


def read_year(
    case: Mapping[str, Any],
    settings: Mapping[str, object],
    places: Mapping[str, tuple[float, float]],
    year: int,
    holidays: Collection[date],
) -> YearWorld:
    """Index a case for one calendar year.

    Parameters
    ----------
    case : mapping
        ``planning_date`` and the tables as sequences of rows, fields named as the contract's columns. Lists of ``from/to``
        are pairs of dates; a closure may name its ends ``start`` and ``end`` too.
    settings : mapping
        All settings by their flat keys.
    places : mapping
        Postcode to (latitude, longitude) in degrees WGS84: the product's table with the case's own rows in it.
    year : int
        The calendar year that is planned.
    holidays : collection of date
        The public holidays that the engine was told of.
    """
    known, today = read_year_settings(settings), case["planning_date"]
    centres = read_places(places)
    volunteers = {row["volunteer_id"]: read_volunteer(row, today, centres, busy=0) for row in case["volunteers"]}
    kept = [read_kept(row, today) for row in case.get("meetings", ()) if row["date"] < today or row.get("pinned")]
    return YearWorld(
        year=year,
        floor=today,
        settings=known,
        travel=read_settings(settings).numbers,
        volunteers=volunteers,
        planned=_planned(case, volunteers, known, year),
        leads={m["matcher_id"]: read_lead(m) for m in case.get("matchers", ())},
        halls={v["venue_id"]: read_hall(v, centres) for v in case.get("venues", ())},
        kept={meeting.id: meeting for meeting in kept if meeting.day.year == year},
        elsewhere=tuple(meeting for meeting in kept if meeting.day.year != year),
        shut=Shut(
            month=known.whole("calendar.july.closed_month"),
            holidays=frozenset(holidays) | public_holidays(year),
            quiet_days=known.quiet_days,
            closures=tuple(_ends(row) for row in case.get("closures", ())),
        ),
        told_holidays=frozenset(holidays),
    )


def _planned(case: Mapping[str, Any], volunteers: Mapping[str, Volunteer], known: YearSettings, year: int) -> dict[str, Planned]:
    least, most = known.whole("calendar.obligation.min_meetings"), known.whole("calendar.obligation.max_meetings")
    owed = obligations(case.get("friendships", ()), case["planning_date"], year, least, most)
    return {v: Planned(volunteers[v], owed[v]) for v in sorted(owed) if v in volunteers}


def _ends(row: Row) -> Span:
    return (row["from"], row["to"]) if "from" in row else (row["start"], row["end"])


def open_days(world: YearWorld) -> list[date]:
    """The days of the year on which something new may lie, in their order."""
    first = date(world.year, 1, 1).toordinal()
    days = (date.fromordinal(n) for n in range(first, date(world.year, 12, 31).toordinal() + 1))
    return [day for day in days if not world.why_closed(day)]
