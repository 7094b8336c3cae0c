"""What an earlier ``calendar.ics`` told; it keeps, beside what people read, what a later plan compares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from icalendar import Calendar

from matcher.errors import UsageError
from workbench.report.ics_events import COPENHAGEN, Event, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icalendar import Component

PRODUCT = "-//Matcher//Network meetings//EN"
"""By it a file of ours is known again."""
MEETING, VENUE, GROUP, PROGRAMME = (f"X-MATCHER-{what}" for what in ("MEETING", "VENUE", "GROUP", "PROGRAMME"))
LEADER, LED_BY, VOLUNTEER = (f"X-MATCHER-{what}" for what in ("LEADER", "LED-BY", "VOLUNTEER"))
OFF = "X-OFF"
"""The mark of somebody who was told of a meeting and no longer takes part."""


def remember(component: Component, event: Event) -> None:
    """Add what a later plan must know; words are percent-encoded, so that each comes back as it was."""
    single = {MEETING: event.meeting_id, VENUE: event.venue_id, GROUP: event.group, LED_BY: event.led_by}
    for name, words in {**{name: (word,) for name, word in single.items()}, PROGRAMME: event.programmes}.items():
        for word in words:
            component.add(name, quote(word, safe=""))
    for name, people in ((LEADER, event.leaders), (VOLUNTEER, event.volunteers)):
        for person, comes in sorted(people.items()):
            component.add(name, quote(person, safe=""), parameters={} if comes else {OFF: "1"})


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
    (meeting_id,), (venue_id,), (group,), (led_by,) = (_told(component, name) for name in (MEETING, VENUE, GROUP, LED_BY))
    return Event(
        meeting_id=meeting_id,
        start=_moment(component, "DTSTART"),
        end=_moment(component, "DTEND"),
        venue_id=venue_id,
        place=str(component["LOCATION"]),
        leaders=_told(component, LEADER),
        volunteers=_told(component, VOLUNTEER),
        led_by=led_by,
        sequence=int(str(component["SEQUENCE"])),
        cancelled=component.get("STATUS") == "CANCELLED",
        programmes=tuple(_told(component, PROGRAMME)),
        group=group,
    )


def _moment(component: Component, name: str) -> datetime:
    """Wall clock in Copenhagen, whatever zone the file says."""
    found = getattr(component[name], "dt", None)
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise ValueError
    return found.astimezone(COPENHAGEN)


def _told(component: Component, name: str) -> Told:
    values = component.get(name, [])
    lines = values if isinstance(values, list) else [values]
    return {unquote(str(line)): OFF not in line.params for line in lines}
