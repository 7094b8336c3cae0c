"""What a year's calendar files tell: each meeting, with everybody who was ever told of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.year import Year

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
Told = dict[str, bool]
"""Everybody who was ever told of a meeting, and whether she takes part now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A meeting as people are told of it.

    Attributes
    ----------
    start, end : wall clock in Copenhagen, with its zone.
    place, led_by : where, and who leads, as people read it, on one line; ``led_by`` is the name of ``leader``.
    leaders, volunteers : everybody who was told; one leader takes part.
    sequence : how often what is told changed since it was first told.
    cancelled : it was told and is no longer held.
    """

    meeting_id: str
    start: datetime
    end: datetime
    venue_id: str
    place: str
    leaders: Told
    volunteers: Told
    led_by: str
    sequence: int = 0
    cancelled: bool = False
    programmes: tuple[str, ...] = ()
    group: str = ""

    @property
    def leader(self) -> str:
        """The matcher who leads it."""
        return next(iter(taking_part(self.leaders)), "")

    @property
    def tells(self) -> tuple[object, ...]:
        """All that anybody reads of it."""
        when, who = (self.start, self.end), (self.leader, self.led_by, taking_part(self.volunteers))
        return self.cancelled, when, self.venue_id, self.place, who, self.programmes, self.group


def one_line(text: str) -> str:
    """Text on one line, without the signs that no calendar file may hold."""
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text).split())


def taking_part(told: Told) -> list[str]:
    """Ids of those who take part, sorted."""
    return sorted(name for name, comes in told.items() if comes)


def events_of(year: Year, plan: YearPlan, told: Mapping[str, Event]) -> list[Event]:
    """Every event to be told by its start and id: the plan's meetings, and those told before that are no longer held.

    ``told``: what an earlier calendar said, by meeting id. What it said of another year, or of a day before the planning
    date that is no longer in the plan, is forgotten.
    """
    before = {name: event for name, event in told.items() if event.start.year == plan.year}
    now = {row.meeting_id: _held(year, row) for row in plan.meetings}
    events = [_without_past(_after(before[name], event) if name in before else event, plan) for name, event in now.items()]
    gone = [event for name, event in before.items() if name not in now and event.start.date() >= plan.planning_date]
    return sorted([*events, *map(_called_off, gone)], key=lambda event: (event.start, event.meeting_id))


def _held(year: Year, row: PlannedMeeting) -> Event:
    times = str(year.book[f"calendar.times.{row.slot.partition('_')[2]}"])
    first, last = (time.fromisoformat(clock) for clock in times.split("-"))
    venue = next((venue for venue in year.case.venues if venue.venue_id == row.venue_id), None)
    leader = next((matcher for matcher in year.case.matchers if matcher.matcher_id == row.matcher_id), None)
    return Event(
        meeting_id=row.meeting_id,
        start=datetime.combine(row.date, first, COPENHAGEN),
        end=datetime.combine(row.date, last, COPENHAGEN),
        venue_id=row.venue_id,
        place=one_line(f"{one_line(venue.name or venue.venue_id)}, {venue.postcode}" if venue else row.venue_id),
        leaders={row.matcher_id: True},
        volunteers=dict.fromkeys(row.volunteers, True),
        led_by=one_line((leader and leader.name) or row.matcher_id),
        programmes=row.programme,
        group=row.group,
    )


def _after(told: Event, now: Event) -> Event:
    """The event as it is told now that something else may have been told before."""
    return replace(
        now,
        sequence=told.sequence + (told.tells != now.tells),
        leaders={**dict.fromkeys(told.leaders, False), **now.leaders},
        volunteers={**dict.fromkeys(told.volunteers, False), **now.volunteers},
    )


def _without_past(event: Event, plan: YearPlan) -> Event:
    """Nobody is told today that she need not have come."""
    if event.start.date() >= plan.planning_date:
        return event
    leaders, volunteers = (dict.fromkeys(taking_part(told), True) for told in (event.leaders, event.volunteers))
    return replace(event, leaders=leaders, volunteers=volunteers)


def _called_off(told: Event) -> Event:
    return replace(told, cancelled=True, sequence=told.sequence + (not told.cancelled))
