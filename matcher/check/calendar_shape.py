"""Whether a calendar is data that can be judged at all: keys and kinds; and its meetings as the other parts read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matcher.check.calendar_people import Kept
from matcher.check.calendar_settings import LEVELS
from matcher.check.calendar_world import YearWorld
from matcher.check.shape import STATUSES, whole

YEAR_KEYS = ("year", "meetings", "groups", "unmet", "objective", "bound", "status")
MEETING_TEXTS = ("meeting_id", "slot", "venue_id", "matcher_id", "group")
MEETING_LISTS = ("programme", "volunteers")
TEXTS = {"groups": ("volunteer_id", "group", "matcher_id"), "unmet": ("volunteer_id",)}


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting of the plan. ``kept``: what it must remain, if it stands; ``new``: whom the plan put there."""

    id: str
    day: date
    slot: str
    venue_id: str
    matcher_id: str
    programme: frozenset[str]
    group: str
    volunteers: tuple[str, ...]
    kept: Kept | None

    @property
    def new(self) -> list[str]:
        """Volunteers who are not there by an earlier word."""
        return [v for v in self.volunteers if self.kept is None or v not in self.kept.volunteers]

    @property
    def name(self) -> str:
        """What it is called in a fault."""
        return f"meeting {self.id}" if self.kept is None else self.kept.name

    @property
    def past(self) -> bool:
        """Whether it is a fact."""
        return self.kept is not None and self.kept.fact


def read_held(world: YearWorld, plan: Mapping[str, Any]) -> list[Held]:
    """The plan's meetings, in its own order."""
    return [
        Held(
            id=row["meeting_id"],
            day=row["date"],
            slot=row["slot"],
            venue_id=row["venue_id"],
            matcher_id=row["matcher_id"],
            programme=frozenset(row["programme"]),
            group=row["group"],
            volunteers=tuple(row["volunteers"]),
            kept=world.kept.get(row["meeting_id"]),
        )
        for row in plan["meetings"]
    ]


def year_shape(plan: Mapping[str, Any]) -> list[str]:
    """What keeps the calendar from being judged."""
    missing = [f"plan: {key} is missing" for key in YEAR_KEYS if key not in plan]
    if missing:
        return missing
    faults = [] if whole(plan["year"]) else [f"plan: year {plan['year']!r} is no whole number"]
    for number, row in enumerate(plan["meetings"], start=1):
        faults += [f"meeting row {number}: {wrong}" for wrong in _meeting_kinds(row)]
    for table, texts in TEXTS.items():
        for number, row in enumerate(plan[table], start=1):
            faults += [f"{table} row {number}: {key} is no text" for key in texts if not isinstance(row.get(key), str)]
    faults += [
        f"unmet row {n}: missing is no whole number" for n, row in enumerate(plan["unmet"], 1) if not whole(row.get("missing"))
    ]
    for name in ("objective", "bound"):
        faults += _levels(name, plan[name])
    if plan["status"] not in STATUSES:
        faults.append(f"plan: status {plan['status']!r} is neither optimal nor feasible")
    return faults


def _meeting_kinds(row: Mapping[str, Any]) -> Iterator[str]:
    for key in MEETING_TEXTS:
        if not isinstance(row.get(key), str):
            yield f"{key} is no text"
    for key in MEETING_LISTS:
        items = row.get(key)
        if isinstance(items, str) or not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
            yield f"{key} is no list of texts"
    if not isinstance(row.get("date"), date) or isinstance(row["date"], datetime):
        yield "date is no date"


def _levels(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    if set(given) != set(LEVELS):
        yield f"{name}: keys are {sorted(given)}, not {sorted(LEVELS)}"
    for level, value in given.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not number:
            yield f"{name}: {level} is no number"
