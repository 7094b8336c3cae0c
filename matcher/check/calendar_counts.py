"""What nobody may have too often: a person or a venue in one slot, a matcher's days and months, a volunteer's meetings.

A limit that kept meetings break among themselves is no fault of the plan; one to whose breach the plan adds is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import TypeVar

from matcher.check.calendar_shape import Held
from matcher.check.calendar_world import YearWorld

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's presence at a meeting: ``new`` where the plan decided it, ``past`` where it is a fact."""

    day: date
    slot: str
    meeting: str
    new: bool
    past: bool


Seats = Mapping[str, list[Seat]]


def count_faults(world: YearWorld, meetings: Sequence[Held]) -> Iterator[str]:
    """Every limit on how often, over the whole year."""
    comers, leads = volunteers_seats(world, meetings), _seats((m.matcher_id, m, m.kept is None) for m in meetings)
    halls = _seats((m.venue_id, m, m.kept is None) for m in meetings)
    for kind, seats in (("volunteer", comers), ("matcher", leads), ("venue", halls)):
        for who, taken in sorted(seats.items()):
            yield from _two_places(f"{kind} {who}", taken)
    for volunteer_id, taken in sorted(comers.items()):
        yield from _spacing(world, volunteer_id, taken)
        yield from _most(world, volunteer_id, taken)
    for matcher_id, taken in sorted(leads.items()):
        yield from _leading(world, matcher_id, taken)


def volunteers_seats(world: YearWorld, meetings: Sequence[Held]) -> Seats:
    """Each volunteer's meetings by date: those of the plan, and those that stand in other years."""
    seats = _seats((v, m, v in m.new) for m in meetings for v in dict.fromkeys(m.volunteers))
    for kept in world.elsewhere:
        for volunteer_id in kept.volunteers & seats.keys():
            seats[volunteer_id].append(Seat(kept.day, kept.slot, kept.name, new=False, past=kept.fact))
    return {who: sorted(taken, key=lambda seat: (seat.day, seat.slot, seat.meeting)) for who, taken in seats.items()}


def _seats(rows: Iterable[tuple[str, Held, bool]]) -> dict[str, list[Seat]]:
    found: dict[str, list[Seat]] = defaultdict(list)
    for who, meeting, new in rows:
        found[who].append(Seat(meeting.day, meeting.slot, meeting.name, new=new, past=meeting.past))
    return dict(found)


def _two_places(who: str, taken: Sequence[Seat]) -> Iterator[str]:
    for (day, slot), together in _by(taken, lambda seat: (seat.day, seat.slot)):
        for one, two in combinations([seat for seat in together if not seat.past], 2):
            yield f"{who}: in {one.meeting} and {two.meeting} at once ({day}, {slot})"


def _spacing(world: YearWorld, volunteer_id: str, taken: Sequence[Seat]) -> Iterator[str]:
    least = world.settings.whole("calendar.spacing.min_days")
    for one, two in pairwise(taken):
        apart = (two.day - one.day).days
        if apart < least and (one.new or two.new):
            yield f"volunteer {volunteer_id}: {apart} days between {one.meeting} and {two.meeting}, at least {least}"


def _most(world: YearWorld, volunteer_id: str, taken: Sequence[Seat]) -> Iterator[str]:
    if volunteer_id not in world.planned:
        return
    most = world.planned[volunteer_id].owed.most
    times = sum(seat.day.year == world.year for seat in taken)
    if times > most and any(seat.new for seat in taken):
        yield f"volunteer {volunteer_id}: {times} meetings in the year, at most {most}"


def _leading(world: YearWorld, matcher_id: str, taken: Sequence[Seat]) -> Iterator[str]:
    if matcher_id not in world.leads:
        return
    a_day, a_month = world.settings.whole("calendar.matcher_day.max_meetings"), world.leads[matcher_id].most_a_month
    for day, seats in _by(taken, lambda seat: seat.day):
        if len(seats) > a_day and any(seat.new for seat in seats):
            yield f"matcher {matcher_id}: {len(seats)} meetings on {day}, at most {a_day}"
    for month, seats in _by(taken, lambda seat: f"{seat.day:%Y-%m}"):
        if len(seats) > a_month and any(seat.new for seat in seats):
            yield f"matcher {matcher_id}: {len(seats)} meetings in {month}, at most {a_month}"


def _by(taken: Sequence[Seat], key: Callable[[Seat], Key]) -> list[tuple[Key, list[Seat]]]:
    found: dict[Key, list[Seat]] = defaultdict(list)
    for seat in taken:
        found[key(seat)].append(seat)
    return list(found.items())
