"""What an earlier ``calendar.ics`` told; it keeps, beside what people read, who was told and how often that changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from icalendar import Calendar

from matcher.errors import UsageError
from workbench.report.ics_events import COPENHAGEN, Event, Turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icalendar import Component

PRODUCT = "-//Matcher//Network meetings//EN"
"""By it a file of ours is known again."""
MEETING, VENUE, LEADER, VOLUNTEER = (f"X-MATCHER-{what}" for what in ("MEETING", "VENUE", "LEADER", "VOLUNTEER"))
TURNS = "X-TURNS"


def remember(component: Component, event: Event) -> None:
    """Add what a later plan must know; ids are percent-encoded, so that every id comes back as it was."""
    component.add(MEETING, quote(event.meeting_id, safe=""))
    component.add(VENUE, quote(event.venue_id, safe=""))
    for name, people in ((LEADER, event.leaders), (VOLUNTEER, event.volunteers)):
        for person, turns in sorted(people.items()):
            component.add(name, quote(person, safe=""), parameters={TURNS: str(turns)} if turns else {})


def told_by(earlier: bytes | None) -> Mapping[str, Event]:
    """Events of an earlier calendar by meeting id, none without one; raises ``UsageError`` where it is none of ours."""
    if earlier is None:
        return {}
    try:
        calendar = Calendar.from_ical(earlier)
        found = [_event(component) for component in calendar.walk("VEVENT")] if calendar.get("PRODID") == PRODUCT else None
    except (ValueError, KeyError, AttributeError, TypeError):
        # Somebody changed the file by hand; the library says so in many ways.
        found = None
    if found is None:
        raise UsageError("earlier_calendar")
    return {event.meeting_id: event for event in found}


def _event(component: Component) -> Event:
    (meeting_id,), (venue_id,) = _ids(component, MEETING), _ids(component, VENUE)
    return Event(
        meeting_id=meeting_id,
        start=_moment(component, "DTSTART"),
        end=_moment(component, "DTEND"),
        venue_id=venue_id,
        place=str(component["LOCATION"]),
        leaders=_ids(component, LEADER),
        volunteers=_ids(component, VOLUNTEER),
        sequence=int(str(component["SEQUENCE"])),
        cancelled=component.get("STATUS") == "CANCELLED",
    )


def _moment(component: Component, name: str) -> datetime:
    """Wall clock in Copenhagen, whatever zone the file says."""
    found = getattr(component[name], "dt", None)
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise ValueError
    return found.astimezone(COPENHAGEN)


def _ids(component: Component, name: str) -> Turns:
    values = component.get(name, [])
    lines = values if isinstance(values, list) else [values]
    return {unquote(str(line)): int(line.params.get(TURNS, "0")) for line in lines}
