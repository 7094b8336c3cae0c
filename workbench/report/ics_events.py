"""What a year's calendar files tell: each meeting with who has been told of it, and how often that changed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.year import Year

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
Turns = dict[str, int]
"""How often each person who was ever told of a meeting was taken off it or put back; even: takes part, odd: no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A meeting as people are told of it.

    Attributes
    ----------
    start, end : wall clock in Copenhagen, with its zone.
    place : where, as people read it, on one line; ``venue_id`` says whether it changed.
    leaders, volunteers : the turns of each; one leader's are even.
    sequence : how often the meeting itself changed since it was first told.
    cancelled : it was told and is no longer held.
    programmes, group : of a meeting that is held; blank of a cancelled one.
    """

    meeting_id: str
    start: datetime
    end: datetime
    venue_id: str
    place: str
    leaders: Turns
    volunteers: Turns
    sequence: int = 0
    cancelled: bool = False
    programmes: tuple[str, ...] = ()
    group: str = ""

    @property
    def leader(self) -> str:
        """The matcher who leads it."""
        return next(iter(taking_part(self.leaders)), "")


def one_line(text: str) -> str:
    """Text on one line, without the signs that no calendar file may hold."""
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text).split())


def taking_part(turns: Turns) -> list[str]:
    """Ids of those who take part, sorted."""
    return sorted(name for name, number in turns.items() if number % 2 == 0)


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
    return Event(
        meeting_id=row.meeting_id,
        start=datetime.combine(row.date, first, COPENHAGEN),
        end=datetime.combine(row.date, last, COPENHAGEN),
        venue_id=row.venue_id,
        place=one_line(f"{one_line(venue.name or venue.venue_id)}, {venue.postcode}" if venue else row.venue_id),
        leaders={row.matcher_id: 0},
        volunteers=dict.fromkeys(row.volunteers, 0),
        programmes=row.programme,
        group=row.group,
    )


def _after(told: Event, now: Event) -> Event:
    """The event as it is told now that something else may have been told before."""
    before, after = ((e.cancelled, e.start, e.end, e.venue_id, e.leader) for e in (told, now))
    return replace(
        now,
        sequence=told.sequence + (before != after),
        leaders=_turned(told.leaders, now.leaders),
        volunteers=_turned(told.volunteers, now.volunteers),
    )


def _turned(told: Turns, now: Collection[str]) -> Turns:
    """One turn more for each whose part changed; who was never told has had none."""
    turns = {name: number + ((number % 2 == 0) != (name in now)) for name, number in told.items()}
    return {**dict.fromkeys(now, 0), **turns}


def _without_past(event: Event, plan: YearPlan) -> Event:
    """Nobody is told today that she need not have come."""
    if event.start.date() >= plan.planning_date:
        return event
    leaders, volunteers = ({name: turns[name] for name in taking_part(turns)} for turns in (event.leaders, event.volunteers))
    return replace(event, leaders=leaders, volunteers=volunteers)


def _called_off(told: Event) -> Event:
    return replace(told, cancelled=True, sequence=told.sequence + (not told.cancelled))
