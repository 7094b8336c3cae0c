"""A new plan beside the earlier one: what has been is out of reach, and every promise that is broken is told.

A promise is a volunteer's place at a date, slot and venue of the earlier plan. Who leads it is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from matcher.check.calendar_people import Kept, read_kept
from matcher.check.calendar_world import YearWorld
from matcher.check.people import Row

Promise = tuple[str, date, str, str]
"""Volunteer, date, slot, venue."""


def world_from(world: YearWorld, before: Mapping[str, Any], from_date: date) -> YearWorld:
    """The same world in which nothing before the date can be new, and the earlier plan's meetings there are facts."""
    floor = max(world.floor, from_date)
    kept = dict(world.kept)
    for row in before["meetings"]:
        if row["date"] < floor:
            then = read_kept(row, floor)
            kept[then.id] = _both(kept.get(then.id), then)
    return replace(world, floor=floor, kept=kept)


def _both(now: Kept | None, then: Kept) -> Kept:
    """Where the case tells of the same meeting, its word on the past stands; to a pinned one the plan may have added people."""
    if now is None:
        return then
    if now.fact or now.day != then.day:
        return now
    return replace(now, volunteers=now.volunteers | then.volunteers, fact=True)


def broken_promises(before: Mapping[str, Any], after: Mapping[str, Any], from_date: date) -> set[Promise]:
    """Promises from the date on that the new plan does not keep."""
    return {promise for promise in _promises(before) if promise[1] >= from_date} - _promises(after)


def _promises(plan: Mapping[str, Any]) -> set[Promise]:
    return {(v, row["date"], row["slot"], row["venue_id"]) for row in plan["meetings"] for v in row["volunteers"]}


def promise_shape(after: Mapping[str, Any]) -> list[str]:
    """What keeps the list of changed promises from being judged."""
    if "changed_promises" not in after:
        return ["plan: changed_promises is missing"]
    kinds = {"volunteer_id": str, "date": date, "slot": str, "venue_id": str}
    return [
        f"changed_promises row {number}: {key} is no {'date' if kind is date else 'text'}"
        for number, row in enumerate(after["changed_promises"], start=1)
        for key, kind in kinds.items()
        if not isinstance(row.get(key), kind)
    ]


def promise_faults(told: Sequence[Row], broken: set[Promise]) -> Iterator[str]:
    """Whether the list names just the broken promises, once each, by volunteer and date."""
    rows = [(row["volunteer_id"], row["date"], row["slot"], row["venue_id"]) for row in told]
    times = Counter(rows)
    for promise in sorted(broken | times.keys()):
        volunteer_id, day, slot, venue_id = promise
        due = 1 if promise in broken else 0
        if times[promise] != due:
            yield f"changed promises: {volunteer_id} on {day}, {slot}, {venue_id} told {times[promise]} times, should be {due}"
    if any(one > two for one, two in pairwise(rows)):
        yield "changed promises: not in the order of volunteer_id and date"
