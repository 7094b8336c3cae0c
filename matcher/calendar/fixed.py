"""Meetings of the table that stay: facts, before the planning date, and pinned ones; and pinned ones that clash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from matcher.errors import InfeasibleError
from matcher.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matcher.records import Case, Meeting

NEAR_DAYS = 366
"""Fixed meetings so many days outside the year are known too: spacing reaches over New Year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A fact (``is_fact``) or a pinned meeting; ``listed`` are its planned volunteers by place, ``people`` all it lists."""

    meeting: Meeting
    day: int
    slot: int
    is_fact: bool
    in_year: bool
    listed: tuple[int, ...]
    people: int


def fixed_meetings(
    case: Case, year: int, volunteers: Sequence[str], floor: date | None = None, past: Sequence[Meeting] = ()
) -> tuple[Fixed, ...]:
    """Facts and pinned meetings by date, slot and id; raises ``InfeasibleError`` where pinned ones clash.

    ``past``: an earlier plan's meetings; those before ``floor`` are facts too.
    """
    index = {name: i for i, name in enumerate(volunteers)}
    first, last = date(year, 1, 1).toordinal() - NEAR_DAYS, date(year, 12, 31).toordinal() + NEAR_DAYS
    rows = [(row, row.date < case.planning_date) for row in case.meetings if row.date < case.planning_date or row.pinned]
    found = []
    for row, is_fact in _with_past(rows, [row for row in past if floor is not None and row.date < floor]):
        if first <= row.date.toordinal() <= last:
            people = sorted(set(row.volunteers))
            found.append(
                Fixed(
                    meeting=row,
                    day=row.date.toordinal(),
                    slot=SLOTS.index(row.slot),
                    is_fact=is_fact,
                    in_year=row.date.year == year,
                    listed=tuple(index[name] for name in people if name in index),
                    people=len(people),
                )
            )
    clashing = list(clashes(one.meeting for one in found if not one.is_fact and one.in_year))
    if clashing:
        raise InfeasibleError(clashing)
    return tuple(sorted(found, key=lambda one: (one.day, one.slot, one.meeting.meeting_id)))


def _with_past(rows: list[tuple[Meeting, bool]], past: list[Meeting]) -> list[tuple[Meeting, bool]]:
    """The case's word on a meeting stands before the earlier plan's; but who joined a pinned one that has been, was there."""
    known = {row.meeting_id: (row, is_fact) for row, is_fact in rows}
    for then in past:
        now, is_fact = known.get(then.meeting_id, (then, True))
        if not is_fact and now.date == then.date:
            people = tuple(sorted({*now.volunteers, *then.volunteers}))
            now, is_fact = now.model_copy(update={"volunteers": people, "group": now.group or then.group}), True
        known[then.meeting_id] = (now, is_fact)
    return list(known.values())


def clashes(meetings: Iterator[Meeting]) -> Iterator[tuple[str, dict[str, str]]]:
    """Pairs of meetings that need somebody or a venue in two places at once: each pair is an irreducible clash."""
    for one, other in combinations(sorted(meetings, key=lambda row: row.meeting_id), 2):
        if (one.date, one.slot) != (other.date, other.slot):
            continue
        facts = {"first": one.meeting_id, "second": other.meeting_id, "date": str(one.date), "slot": one.slot}
        if one.matcher_id == other.matcher_id:
            yield "pinned_clash_matcher", {**facts, "matcher": one.matcher_id, "rules": "one_place_at_a_time"}
        if one.venue_id == other.venue_id:
            yield "pinned_clash_venue", {**facts, "venue": one.venue_id, "rules": "one_meeting_in_a_venue"}
        for name in sorted(set(one.volunteers) & set(other.volunteers)):
            yield "pinned_clash_volunteer", {**facts, "volunteer": name, "rules": "one_place_at_a_time"}
