"""A year in which some meetings already stand: what a session is called there, and how a held one becomes a fact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from matcher.calendar.fixed import Fixed
from matcher.records import PROGRAMMES, SLOTS, Meeting

if TYPE_CHECKING:
    from matcher.calendar.meetings.sessions import Sessions

Key = tuple[int, int, int, int]


def key(sessions: Sessions, s: int) -> Key:
    """What a session is called in every year made from the same one."""
    return int(sessions.fixed[s]), int(sessions.time[s]), int(sessions.venue[s]), int(sessions.of_set[s])


def keys(sessions: Sessions) -> list[Key]:
    """What all of them are called."""
    return [key(sessions, s) for s in range(len(sessions))]


def places(sessions: Sessions) -> dict[Key, int]:
    """The place of each."""
    return {name: s for s, name in enumerate(keys(sessions))}


def as_fact(sessions: Sessions, s: int, matcher: int, people: tuple[int, ...]) -> Fixed:
    """A held session as a meeting that stays as it is."""
    year, day, slot = sessions.year, int(sessions.day[s]), int(sessions.slot[s])
    row = Meeting(
        meeting_id=f"session {s}",
        date=date.fromordinal(day),
        slot=SLOTS[slot],
        venue_id=year.venues[int(sessions.venue[s])],
        matcher_id=year.matchers[matcher],
        programme=PROGRAMMES,
    )
    return Fixed(meeting=row, day=day, slot=slot, is_fact=True, in_year=True, listed=people, people=len(people))
