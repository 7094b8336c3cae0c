"""A year in which some meetings stand, and whether somebody could have one more: joining one, or at a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.calendar import facts as of
from matcher.calendar.reasons.sides import NOTHING, Side, Taken, Times, side_of
from matcher.calendar.year import Year
from matcher.records import PARTS, SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matcher.calendar.plan import PlannedMeeting
    from matcher.calendar.year import Int, Mask
    from matcher.records import Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A meeting that somebody may join: its place among the times, the venues (-1: unknown) and the calls of ``invited``."""

    meeting_id: str
    time: int
    venue: int
    call: int
    people: frozenset[str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Standing:
    """A year and what stands in it. V volunteers, M matchers, L venues, P sets of programmes, T times.

    Attributes
    ----------
    days : each rule on days, shape (T,).
    near : each rule on volunteer and venue, shape (V, L).
    invited : each rule on volunteer and meeting, shape (V, calls): the sets, then the meetings that stood at first.
    leads : each rule on matcher and meeting, shape (M, P).
    least, most : shape (L,), volunteers of a meeting.
    journey, venue_ids : the year's; a change may add a venue.
    """

    year: Year
    times: Times
    days: Mapping[str, Mask]
    volunteers: Side
    matchers: Side
    venues: Side
    near: Mapping[str, Mask]
    invited: Mapping[str, Mask]
    leads: Mapping[str, Mask]
    least: Int
    most: Int
    journey: npt.NDArray[np.float64]
    venue_ids: tuple[str, ...]
    gatherings: tuple[Gathering, ...]
    calls: int

    @cached_property
    def size_rules(self) -> frozenset[str]:
        """Keys of the rules on a meeting's size."""
        return frozenset(rule.key for rule in self.year.book.counts_of("meeting"))

    @cached_property
    def day_open(self) -> Mask:
        """Times at which meetings are held at all, shape (T,)."""
        return self.open_without(NOTHING)

    def open_without(self, dropped: frozenset[str]) -> Mask:
        """The same without some rules."""
        return _all(self.days, dropped, (len(self.times.day),))

    def near_without(self, dropped: frozenset[str]) -> Mask:
        """Who may be called to which venue, shape (V, L)."""
        return _all(self.near, dropped, (len(self.year.volunteers), len(self.least)))

    def invited_without(self, dropped: frozenset[str]) -> Mask:
        """Who is among those that a set or a meeting is for, shape (V, calls)."""
        return _all(self.invited, dropped, (len(self.year.volunteers), self.calls))

    def led_without(self, dropped: frozenset[str]) -> Mask:
        """Times at which some matcher could lead a meeting of each set, shape (P, T)."""
        free = self.matchers.every(dropped)
        leads = _all(self.leads, dropped, (len(free), len(self.year.sets)))
        led: Mask = np.any(leads.T[:, :, None] & free, axis=1)
        return led

    @cached_property
    def others(self) -> Int:
        """How many of each set could come to each venue at each time, by all rules on them, shape (P, L, T)."""
        free, near, invited = self.volunteers.free, self.near_without(NOTHING), self.invited_without(NOTHING)
        found: Int = np.zeros((len(self.year.sets), len(self.least), len(self.times.day)), dtype=np.int64)
        for p, place in np.ndindex(found.shape[:2]):
            found[p, place] = np.count_nonzero(free[near[:, place] & invited[:, p]], axis=0)
        return found

    def beside(self, v: int, p: int) -> Int:
        """The same for one set without one volunteer, shape (L, T)."""
        hers = self.near_without(NOTHING)[v] & self.invited_without(NOTHING)[v, p]
        count: Int = self.others[p] - (hers[:, None] & self.volunteers.free[v])
        return count


def standing(year: Year, meetings: Sequence[PlannedMeeting]) -> Standing:
    """The year with its fixed meetings and those of a plan."""
    times = _times(year.year)
    rows = _rows(year, meetings)
    common, book = year.facts_of_case, year.book
    at = {**common, "day": times.day, "slot": times.bit}
    gatherings = tuple(_gatherings(year, meetings, times))
    calls = [*year.sets, *_programmes(year, meetings, gatherings)]
    told = [of.of_programmes(one) for one in calls]
    taken = [
        [_taken(rows, who, name) for name in names] for who, names in enumerate((year.volunteers, year.matchers, year.venues))
    ]
    return Standing(
        year=year,
        times=times,
        days={rule.key: np.broadcast_to(book.answer(rule, at), times.day.shape) for rule in book.opens_of()},
        volunteers=side_of(book, "volunteer", times, common, year.facts_of_volunteers, taken[0]),
        matchers=side_of(book, "matcher", times, common, year.facts_of_matchers, taken[1]),
        venues=side_of(book, "venue", times, common, year.facts_of_venues, taken[2]),
        near={rule.key: np.asarray(book.answer(rule, {"minutes": year.journey})) for rule in book.opens_of("volunteer", "venue")},
        invited=_pairs(year, "volunteer", year.facts_of_volunteers, told),
        leads=_pairs(year, "matcher", year.facts_of_matchers, told[: len(year.sets)]),
        least=np.maximum(year.size_least, 1),
        most=year.size_most,
        journey=year.journey,
        venue_ids=year.venues,
        gatherings=gatherings,
        calls=len(calls),
    )


def _times(year: int) -> Times:
    days = np.arange(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    slots = ((days - 1) % 7)[:, None] * len(PARTS) + np.arange(len(PARTS))
    return Times(day=np.repeat(days, len(PARTS)), slot=slots.ravel())


Row = tuple[tuple[int, int], frozenset[str], str, str]


def _rows(year: Year, meetings: Sequence[PlannedMeeting]) -> list[Row]:
    """Day and slot, volunteers, matcher and venue of all that stands; a fixed meeting with those who join it."""
    joined = {row.meeting_id: frozenset(row.volunteers) for row in meetings}
    rows: list[Row] = []
    for one in year.fixed:
        people = joined.pop(one.meeting.meeting_id, frozenset()) | frozenset(one.meeting.volunteers)
        rows.append(((one.day, one.slot), people, one.meeting.matcher_id, one.meeting.venue_id))
    for row in meetings:
        if row.meeting_id in joined:
            at = (row.date.toordinal(), SLOTS.index(row.slot))
            rows.append((at, frozenset(row.volunteers), row.matcher_id, row.venue_id))
    return rows


def _taken(rows: list[Row], who: int, name: str) -> Taken:
    return tuple(row[0] for row in rows if (name in row[1] if who == 0 else name == row[who + 1]))


def _gatherings(year: Year, meetings: Sequence[PlannedMeeting], times: Times) -> Iterable[Gathering]:
    facts = {one.meeting.meeting_id for one in year.fixed if one.is_fact}
    planned = {row.meeting_id: row for row in meetings}
    pinned: list[PlannedMeeting | Meeting] = [
        one.meeting for one in year.fixed if one.in_year and one.meeting.meeting_id not in planned
    ]
    first = int(times.day[0])
    open_ones = [row for row in [*pinned, *meetings] if row.meeting_id not in facts]
    for k, row in enumerate(open_ones):
        yield Gathering(
            meeting_id=row.meeting_id,
            time=(row.date.toordinal() - first) * len(PARTS) + SLOTS.index(row.slot) % len(PARTS),
            venue=year.venue_index.get(row.venue_id, -1),
            call=len(year.sets) + k,
            people=frozenset(row.volunteers),
        )


def _programmes(year: Year, meetings: Sequence[PlannedMeeting], gatherings: Sequence[Gathering]) -> list[tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {one.meeting.meeting_id: one.meeting.programme for one in year.fixed}
    known |= {row.meeting_id: row.programme for row in meetings}
    return [known[one.meeting_id] for one in gatherings]


def _pairs(year: Year, who: str, rows: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]) -> dict[str, Mask]:
    found = {}
    for rule in year.book.opens_of(who, "meeting"):
        answers = [[bool(year.book.answer(rule, {**one, **call})) for call in told] for one in rows]
        found[rule.key] = np.array(answers, dtype=np.bool_).reshape(len(rows), len(told))
    return found


def _all(masks: Mapping[str, Mask], dropped: frozenset[str], shape: tuple[int, ...]) -> Mask:
    found: Mask = np.ones(shape, dtype=np.bool_)
    for key, mask in masks.items():
        if key not in dropped:
            found &= mask
    return found
