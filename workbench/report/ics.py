"""Calendar files (RFC 5545, 7986): the whole year, and one for each matcher and volunteer. No child is named in any."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vText
from icalendar import Event as Component

from workbench.report.ics_earlier import PRODUCT, remember, told_by
from workbench.report.ics_events import Event, events_of, one_line, taking_part
from workbench.report.ics_names import file_names
from workbench.words import put, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Year

CALENDAR = "calendar.ics"
"""The whole year's file in the output folder; the next plan reads what it told."""
OURS = UUID("6f0d5c0e-8d0b-4f0a-9a54-0c1f4b7e2d93")
"""The space of names in which a meeting's UID is formed; another number would give every meeting another UID."""


def calendars(language: str, year: Year, plan: YearPlan, earlier: bytes | None = None) -> dict[str, bytes]:
    """Every calendar file by its name in the output folder; ``earlier`` and what is raised as in ``year_calendar``."""
    return {CALENDAR: year_calendar(language, year, plan, earlier), **personal_calendars(language, year, plan, earlier)}


def year_calendar(language: str, year: Year, plan: YearPlan, earlier: bytes | None = None) -> bytes:
    """``calendar.ics``: every meeting, and who comes; the same plan gives the same bytes.

    Parameters
    ----------
    earlier : the ``calendar.ics`` that people were told before; then what changed has a higher SEQUENCE, and a meeting
        from the planning date on that is no longer held is CANCELLED.

    Raises
    ------
    UsageError
        ``earlier`` is no calendar of ours.
    """
    writer = _Writer(language, year, plan)
    components = []
    for event in events_of(year, plan, told_by(earlier)):
        off = "not_held" if event.cancelled else ""
        component = writer.component(event, off, with_people=True)
        remember(component, event)
        components.append(component)
    return _calendar(say(language, "ics.title", year=str(plan.year)), components)


def personal_calendars(language: str, year: Year, plan: YearPlan, earlier: bytes | None = None) -> dict[str, bytes]:
    """A file for each matcher, each planned volunteer and whoever else is or was told, by its name in the output folder.

    A matcher's says who comes; a volunteer's names no other volunteer. A meeting in which somebody no longer takes part
    is CANCELLED in her own file. Raises as ``year_calendar``.
    """
    events = events_of(year, plan, told_by(earlier))
    writer = _Writer(language, year, plan)
    leaders = writer.matchers.keys() | {name for event in events for name in event.leaders}
    volunteers = {*year.volunteers, *(name for event in events for name in event.volunteers)}
    files = {file: writer.of_matcher(name, events) for name, file in file_names("matcher", leaders).items()}
    return files | {file: writer.of_volunteer(name, events) for name, file in file_names("volunteer", volunteers).items()}


class _Writer:
    """Puts events into words and components."""

    def __init__(self, language: str, year: Year, plan: YearPlan) -> None:
        self.language, self.plan = language, plan
        self.matchers = {row.matcher_id: row.name or row.matcher_id for row in year.case.matchers}

    def of_matcher(self, name: str, events: Iterable[Event]) -> bytes:
        """What a matcher leads, or no longer leads."""
        own = []
        for event in events:
            if name in event.leaders:
                off = "not_held" if event.cancelled else "" if name == event.leader else "another_leads"
                own.append(self.component(event, off, with_people=True))
        return _calendar(self._title(self.matchers.get(name, name)), own)

    def of_volunteer(self, name: str, events: Iterable[Event]) -> bytes:
        """Where a volunteer is called to, or no longer is."""
        own = []
        for event in events:
            if (comes := event.volunteers.get(name)) is not None:
                off = "not_you" if not comes else "not_held" if event.cancelled else ""
                own.append(self.component(event, off, with_people=False))
        return _calendar(self._title(name), own)

    def _title(self, who: str) -> str:
        return say(self.language, "ics.title_of", year=str(self.plan.year), who=one_line(who))

    def component(self, event: Event, off: str, *, with_people: bool) -> Component:
        """A VEVENT; ``off`` says why it is not one to come to, blank where it is."""
        what = say(self.language, "ics.meeting", place=event.place)
        lines = [say(self.language, f"ics.why.{off}")] if off else self._about(event, with_people=with_people)
        lines.append(say(self.language, "ics.id", meeting=one_line(event.meeting_id)))
        found = Component()
        found.add("uid", str(uuid5(OURS, f"{self.plan.year}/{event.meeting_id}")))
        found.add("sequence", event.sequence)
        found.add("dtstamp", datetime.combine(self.plan.planning_date, time(), UTC))
        found.add("dtstart", event.start)
        found.add("dtend", event.end)
        found.add("summary", say(self.language, f"ics.off.{off}", what=what) if off else what)
        found.add("location", event.place)
        found.add("description", "\n".join(lines))
        found.add("status", "CANCELLED" if off else "CONFIRMED")
        found.add("transp", "TRANSPARENT" if off else "OPAQUE")
        return found

    def _about(self, event: Event, *, with_people: bool) -> list[str]:
        people = taking_part(event.volunteers)
        lines = [say(self.language, "ics.led_by", matcher=event.led_by)]
        if event.group:
            lines.append(say(self.language, "ics.group", group=one_line(event.group)))
        lines.append(say(self.language, "ics.programmes", programmes=put(self.language, event.programmes)))
        if with_people:
            names = ", ".join(one_line(name) for name in people) or say(self.language, "none")
            lines.append(say(self.language, "ics.people", number=len(people), names=names))
        return lines


def _calendar(title: str, components: Iterable[Component]) -> bytes:
    """A whole file. It has no METHOD: it is no invitation that waits for an answer, and so needs nobody's address."""
    found = Calendar()
    # NAME is RFC 7986's; most calendar programs read the older word.
    for name, value in (("version", "2.0"), ("prodid", PRODUCT), ("name", title), ("x-wr-calname", title)):
        found.add(name, vText(value))
    found.add_component(_copenhagen())
    for component in components:
        found.add_component(component)
    return bytes(found.to_ical())


def _copenhagen() -> Timezone:
    """Danish time by the rule of the European Union in force since 1996 (directive 2000/84/EC): last Sundays, 01:00 UTC."""
    zone = Timezone()
    zone.add("tzid", "Europe/Copenhagen")
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    changes: Mapping[type[TimezoneDaylight | TimezoneStandard], tuple[str, datetime, timedelta, timedelta]] = {
        TimezoneDaylight: ("CEST", datetime.combine(date(1996, 3, 31), time(2)), winter, summer),
        TimezoneStandard: ("CET", datetime.combine(date(1996, 10, 27), time(3)), summer, winter),
    }
    for kind, (name, first, before, after) in changes.items():
        change = kind()
        change.add("tzname", name)
        change.add("dtstart", first)
        change.add("rrule", {"freq": "yearly", "bymonth": first.month, "byday": "-1su"})
        change.add("tzoffsetfrom", before)
        change.add("tzoffsetto", after)
        zone.add_component(change)
    return zone
