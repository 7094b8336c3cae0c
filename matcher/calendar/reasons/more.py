"""One meeting more for somebody beside what stands: an earliest one that is possible, found without a solver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.reasons.sides import NOTHING
from matcher.calendar.reasons.standing import Gathering, Standing
from matcher.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from matcher.calendar.year import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """A meeting that somebody joins (``meeting_id``), or a new one (blank id); ``volunteers`` are those who are called in."""

    meeting_id: str
    date: date
    slot: str
    venue_id: str
    matcher_id: str
    programme: tuple[str, ...]
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The same in numbers: the meeting as it then is, who is called in, and who leads a new one (-1: it is joined)."""

    more: More
    one: Gathering
    people: tuple[int, ...]
    matcher: int


def as_many_more(base: Standing, v: int, enough: int, lacking: Collection[int]) -> tuple[More, ...]:
    """Meetings for her one after another, the earliest first, at most ``enough``; new ones call those first who lack some."""
    found: list[More] = []
    while (step := one_more(base, v, lacking)) is not None:
        found.append(step.more)
        if len(found) == enough:
            break
        base = stands_then(base, step)
    return tuple(found)


def stands_then(base: Standing, step: Step) -> Standing:
    """What stands once a step is taken."""
    volunteers = base.volunteers.having(step.people, step.one.time)
    if step.matcher < 0:
        others = tuple(row for row in base.gatherings if (row.time, row.venue) != (step.one.time, step.one.venue))
        return replace(base, volunteers=volunteers, gatherings=(*others, step.one))
    return replace(
        base,
        volunteers=volunteers,
        matchers=base.matchers.having((step.matcher,), step.one.time),
        venues=base.venues.having((step.one.venue,), step.one.time),
        gatherings=(*base.gatherings, step.one),
    )


def one_more(base: Standing, v: int, lacking: Collection[int]) -> Step | None:
    """The earliest meeting that she can have; joining one comes before a new one."""
    hers = base.day_open & base.volunteers.one(v)
    joined = min(joinable(base, v, hers), key=lambda one: one.time, default=None)
    new = _earliest(base, v, hers)
    if joined is not None and (new is None or joined.time <= new[0]):
        return _joined(base, v, joined)
    return None if new is None else _held(base, v, *new, lacking)


def joinable(base: Standing, v: int, hers: Mask) -> list[Gathering]:
    """Meetings with room that she may join at times of hers."""
    near, invited = base.near_without(NOTHING)[v], base.invited_without(NOTHING)[v]
    name = base.year.volunteers[v]
    return [
        one
        for one in base.gatherings
        if hers[one.time]
        and one.venue >= 0
        and near[one.venue]
        and invited[one.call]
        and name not in one.people
        and len(one.people) < base.most[one.venue]
    ]


def _earliest(base: Standing, v: int, hers: Mask) -> tuple[int, int, int] | None:
    """Time, venue (the nearest to her) and set of the first new meeting that enough others could come to."""
    near, invited, led = base.near_without(NOTHING), base.invited_without(NOTHING), base.led_without(NOTHING)
    places = np.flatnonzero(near[v] & (base.most >= base.least))
    found: list[tuple[int, int, int]] = []
    for p in np.flatnonzero(invited[v, : len(led)]).tolist():
        times = np.flatnonzero(hers & led[p])
        others = invited[:, p] & near[:, places].any(axis=1)
        others[v] = False
        rows = np.flatnonzero(others)
        could = base.volunteers.at(times, rows)
        count = [np.count_nonzero(could[near[rows, place]], axis=0) + 1 >= base.least[place] for place in places.tolist()]
        fits = np.array(count, dtype=np.bool_).reshape(len(places), len(times)) & base.venues.at(times, places)
        if fits.any():
            first = int(fits.any(axis=0).argmax())
            there = places[fits[:, first]]
            found.append((int(times[first]), int(there[np.argmin(base.journey[v, there])]), p))
    return min(found, default=None)


def _joined(base: Standing, v: int, one: Gathering) -> Step:
    name = base.year.volunteers[v]
    then = replace(one, people=one.people | {name})
    return Step(more=_more(base, one, "", (name,)), one=then, people=(v,), matcher=-1)


def _held(base: Standing, v: int, time: int, place: int, p: int, lacking: Collection[int]) -> Step:
    year = base.year
    near, invited = base.near_without(NOTHING)[:, place], base.invited_without(NOTHING)[:, p]
    rows = np.flatnonzero(near & invited)
    could = rows[base.volunteers.at(np.array([time]), rows)[:, 0]]
    order = sorted((k for k in could.tolist() if k != v), key=lambda k: (k not in lacking, base.journey[k, place], k))
    people = (v, *order[: int(base.least[place]) - 1])
    leads = [mask[:, p] for mask in base.leads.values()]
    able = np.logical_and.reduce([base.matchers.free[:, time], *leads])
    m = min(np.flatnonzero(able).tolist(), key=lambda k: (len(base.matchers.taken[k]), k))
    names = tuple(sorted(year.volunteers[k] for k in people))
    one = Gathering(meeting_id="", time=time, venue=place, call=p, people=frozenset(names))
    return Step(more=_more(base, one, year.matchers[m], names), one=one, people=people, matcher=m)


def _more(base: Standing, one: Gathering, matcher: str, names: tuple[str, ...]) -> More:
    sets = base.year.sets
    return More(
        meeting_id=one.meeting_id,
        date=date.fromordinal(int(base.times.day[one.time])),
        slot=SLOTS[int(base.times.slot[one.time])],
        venue_id=base.venue_ids[one.venue],
        matcher_id=matcher,
        programme=sets[one.call] if one.call < len(sets) else (),
        volunteers=names,
    )
