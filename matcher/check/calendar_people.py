"""Volunteers, matchers, venues and listed meetings as the checker of the calendar sees them: facts read off their rows once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.check.calendar_days import EVENINGS, Span, within
from matcher.check.calendar_owed import Obligation
from matcher.check.calendar_settings import MOST_A_MONTH
from matcher.check.facts import Place, place_at
from matcher.check.people import PROGRAMMES, Row, Volunteer


@dataclass(frozen=True, slots=True)
class Planned:
    """A first-year volunteer: who she is, when she can come, and what she owes."""

    volunteer: Volunteer
    owed: Obligation

    def why_not(self, day: date, slot: str) -> str:
        """What keeps her from coming then; empty: nothing does."""
        v = self.volunteer
        if not self.owed.first <= day <= self.owed.last:
            return f"outside the first year ({self.owed.first} to {self.owed.last})"
        if v.stops_on is not None and day > v.stops_on:
            return f"after the last day {v.stops_on}"
        if paused_on(v, day):
            return "during a pause"
        return "" if slot in (v.slots or EVENINGS) else f"not free on {slot}"


@dataclass(frozen=True, slots=True)
class Lead:
    """A matcher, who leads meetings."""

    id: str
    programmes: frozenset[str]
    slots: frozenset[str]
    absent: tuple[Span, ...]
    most_a_month: int

    def why_not(self, day: date, slot: str) -> str:
        """What keeps the matcher away then; empty: nothing does."""
        if within(day, self.absent):
            return "absent"
        return "" if slot in self.slots else f"not free on {slot}"


@dataclass(frozen=True, slots=True)
class Hall:
    """A venue."""

    id: str
    place: Place | None
    capacity: int
    slots: frozenset[str]
    closed: tuple[Span, ...]

    def why_not(self, day: date, slot: str) -> str:
        """What shuts the venue then; empty: nothing does."""
        if within(day, self.closed):
            return "closed"
        return "" if slot in self.slots else f"not free on {slot}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A meeting that stands: a fact before the planning date, or a pinned one."""

    id: str
    day: date
    slot: str
    venue_id: str
    matcher_id: str
    programme: frozenset[str]
    group: str
    volunteers: frozenset[str]
    fact: bool

    @property
    def name(self) -> str:
        """What it is called in a fault."""
        return f"{'past' if self.fact else 'pinned'} meeting {self.id}"


def paused_on(volunteer: Volunteer, day: date) -> bool:
    """Whether a day lies in the volunteer's pause; an open end is far away."""
    first, last = volunteer.paused_from, volunteer.paused_until
    return not (first is None and last is None) and (first or date.min) <= day <= (last or date.max)


def read_lead(row: Row) -> Lead:
    """Facts of a row of ``matchers``."""
    said = row.get("max_meetings_per_month")
    return Lead(
        id=row["matcher_id"],
        programmes=frozenset(row.get("programmes") or PROGRAMMES),
        slots=frozenset(row.get("availability") or EVENINGS),
        absent=tuple(row.get("absent") or ()),
        most_a_month=MOST_A_MONTH if said is None else said,
    )


def read_hall(row: Row, places: Mapping[str, Place]) -> Hall:
    """Facts of a row of ``venues``."""
    latitude, longitude = row.get("latitude"), row.get("longitude")
    return Hall(
        id=row["venue_id"],
        place=places.get(row["postcode"]) if latitude is None or longitude is None else place_at(latitude, longitude),
        capacity=row["capacity"],
        slots=frozenset(row.get("availability") or EVENINGS),
        closed=tuple(row.get("closed") or ()),
    )


def read_kept(row: Row, floor: date) -> Kept:
    """Facts of a row of ``meetings``; one before ``floor`` is past."""
    return Kept(
        id=row["meeting_id"],
        day=row["date"],
        slot=row["slot"],
        venue_id=row["venue_id"],
        matcher_id=row["matcher_id"],
        programme=frozenset(row["programme"]),
        group=row.get("group") or "",
        volunteers=frozenset(row.get("volunteers") or ()),
        fact=row["date"] < floor,
    )
