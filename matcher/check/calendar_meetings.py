"""Each meeting by itself: what stands is kept to the letter, what is new keeps every rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.check.calendar_days import slots_of
from matcher.check.calendar_people import Kept
from matcher.check.calendar_shape import Held
from matcher.check.calendar_world import SLACK_METRES, YearWorld


def standing_faults(world: YearWorld, meetings: Sequence[Held]) -> Iterator[str]:
    """Whether past and pinned meetings are in the plan, just as they were set."""
    found = {meeting.id: meeting for meeting in meetings}
    for kept in sorted(world.kept.values(), key=lambda k: k.id):
        if kept.id not in found:
            yield f"{kept.name}: not in the plan"
            continue
        yield from _moved(kept, found[kept.id])
        yield from _sent_away(world, kept, found[kept.id])
    for other in world.elsewhere:
        if other.id in found:
            yield f"meeting {other.id}: the id is that of a meeting on {other.day}"


def _moved(kept: Kept, held: Held) -> Iterator[str]:
    then = (kept.day, kept.slot, kept.venue_id, kept.matcher_id, ";".join(sorted(kept.programme)))
    now = (held.day, held.slot, held.venue_id, held.matcher_id, ";".join(sorted(held.programme)))
    for what, was, has in zip(("date", "slot", "venue", "matcher", "programme"), then, now, strict=True):
        if was != has:
            yield f"{kept.name}: its {what} was {was}, and is now {has}"
    if kept.fact and kept.group and held.group != kept.group:
        yield f"{kept.name}: its group was {kept.group}, and is now {held.group}"


def _sent_away(world: YearWorld, kept: Kept, held: Held) -> Iterator[str]:
    for volunteer_id in sorted((kept.volunteers & world.volunteers.keys()) - {*held.volunteers}):
        yield f"{kept.name}: volunteer {volunteer_id} is listed, but sent away"
    if kept.fact:
        for volunteer_id in held.new:
            yield f"{kept.name}: volunteer {volunteer_id} was not there"


def meeting_faults(world: YearWorld, held: Held) -> Iterator[str]:
    """What is wrong with a meeting and with those whom the plan put there."""
    if held.day.year != world.year:
        yield f"{held.name}: on {held.day}, not in {world.year}"
    if held.kept is None:
        yield from _when(world, held)
        yield from _who_leads(world, held)
        yield from _where(world, held)
        yield from _for_whom(world, held)
        least = world.settings.whole("calendar.meeting_size.min_volunteers")
        if len(held.volunteers) < least:
            yield f"{held.name}: {len(held.volunteers)} volunteers, at least {least}"
    if not held.past:
        yield from _crowd(world, held)
        for volunteer_id in held.new:
            yield from _attendance(world, held, volunteer_id)


def _when(world: YearWorld, held: Held) -> Iterator[str]:
    closed = world.why_closed(held.day)
    if closed:
        yield f"{held.name}: {held.day} lies {closed}"
    if held.slot not in slots_of(held.day):
        yield f"{held.name}: {held.slot} is no slot of {held.day}"


def _who_leads(world: YearWorld, held: Held) -> Iterator[str]:
    lead = world.leads.get(held.matcher_id)
    if lead is None:
        yield f"{held.name}: matcher {held.matcher_id} is not known"
        return
    away = lead.why_not(held.day, held.slot)
    if away:
        yield f"{held.name}: matcher {lead.id} is {away} ({held.day})"
    if not held.programme <= lead.programmes:
        yield f"{held.name}: matcher {lead.id} does not have {', '.join(sorted(held.programme - lead.programmes))}"


def _where(world: YearWorld, held: Held) -> Iterator[str]:
    hall = world.halls.get(held.venue_id)
    if hall is None:
        yield f"{held.name}: venue {held.venue_id} is not known"
        return
    shut = hall.why_not(held.day, held.slot)
    if shut:
        yield f"{held.name}: venue {hall.id} is {shut} ({held.day})"


def _for_whom(world: YearWorld, held: Held) -> Iterator[str]:
    if held.programme not in world.settings.together:
        yield f"{held.name}: {';'.join(sorted(held.programme))} is no set of programmes that meet together"


def _crowd(world: YearWorld, held: Held) -> Iterator[str]:
    """More people than a meeting or its venue holds, where the plan put somebody there."""
    if not held.new:
        return
    most, hall = world.settings.whole("calendar.meeting_size.max_volunteers"), world.halls.get(held.venue_id)
    if len(held.volunteers) > most:
        yield f"{held.name}: {len(held.volunteers)} volunteers, at most {most}"
    if hall is not None and len(held.volunteers) > hall.capacity:
        yield f"{held.name}: {len(held.volunteers)} volunteers, venue {hall.id} seats {hall.capacity}"


def _attendance(world: YearWorld, held: Held, volunteer_id: str) -> Iterator[str]:
    planned, who = world.planned.get(volunteer_id), f"{held.name}, volunteer {volunteer_id}"
    if planned is None:
        yield f"{who}: {'not a first-year volunteer' if volunteer_id in world.volunteers else 'not known'}"
        return
    away, closed = planned.why_not(held.day, held.slot), world.why_closed(held.day)
    if away:
        yield f"{who}: {away} ({held.day})"
    if closed and held.kept is not None:
        yield f"{who}: {held.day} lies {closed}"
    if planned.owed.programme not in held.programme:
        yield f"{who}: {planned.owed.programme} is not among its programmes"
    if held.venue_id in world.halls:
        yield from _way(world, held, who, volunteer_id)


def _way(world: YearWorld, held: Held, who: str, volunteer_id: str) -> Iterator[str]:
    minutes, longest = (
        world.minutes(volunteer_id, held.venue_id, -SLACK_METRES),
        world.settings.numbers["calendar.meeting_travel.max_minutes"],
    )
    if minutes is None:
        yield f"{who}: the way to venue {held.venue_id} is not known"
    elif minutes > longest:
        yield f"{who}: {minutes:.1f} minutes to venue {held.venue_id}, at most {longest:g}"
