"""An outing (udflugt): one date and one place for all friendships of some programmes and towns, where most of them can come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.calendar.plan import MINUTE

if TYPE_CHECKING:
    from matcher.calendar.dates.diary import Diary, Int, Mask
    from matcher.geography.distance import Point
    from matcher.records import Case, Child, Friendship, Matcher, Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """Friendships that are invited, with their people; sorted by id."""

    friendships: tuple[Friendship, ...]
    children: tuple[Child, ...]
    volunteers: tuple[Volunteer, ...]

    def __len__(self) -> int:
        return len(self.friendships)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A date and a place. ``come``: friendships that can and find room; ``could``: all that can, were there room.

    ``minutes``: what the volunteers who could come travel on average, estimated, one way.
    """

    date: date
    slot: str
    venue_id: str
    matcher_id: str
    come: int
    could: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outings:
    """The best places and dates, best first. ``led``, ``open``: whether some matcher, and a venue then, is free on an open day.

    ``closed``: where no day is open, the rules that close them, each with how many it closes.
    """

    invited: int
    outings: tuple[Outing, ...]
    led: bool
    open: bool
    closed: tuple[tuple[str, int], ...] = ()


def guests(case: Case, programmes: Sequence[str] = (), municipalities: Sequence[str] = ()) -> Guests:
    """The active friendships whose child is of these programmes and towns; none named: of all."""
    children = {row.child_id: row for row in case.children}
    volunteers = {row.volunteer_id: row for row in case.volunteers}
    found = [
        row
        for row in sorted(case.friendships, key=lambda row: row.friendship_id)
        if row.active_on(case.planning_date)
        and (child := children.get(row.child_id)) is not None
        and row.volunteer_id in volunteers
        and (not programmes or child.programme in programmes)
        and (not municipalities or child.municipality in municipalities)
    ]
    return Guests(
        friendships=tuple(found),
        children=tuple(children[row.child_id] for row in found),
        volunteers=tuple(volunteers[row.volunteer_id] for row in found),
    )


def best_outings(diary: Diary, invited: Guests, top: int) -> Outings:
    """Where and when most friendships can come; of each time the best place.

    A friendship comes where its child and its volunteer are free, it has begun and not ended, and the volunteer's way to the
    venue is within the limit for meetings; a child with two friendships comes once, with the first. A venue seats children
    and volunteers. A matcher who follows all the programmes of those invited comes along; of several, the nearest. Equally
    many: fewer minutes on the way on average, then the earlier time.
    """
    search = _Search(diary, invited)
    order = np.lexsort((search.time_of.ravel(), search.minutes.ravel(), -search.come.ravel()))
    found: list[Outing] = []
    used: set[int] = set()
    for at in order.tolist():
        place, t = divmod(at, len(diary.day))
        if len(found) == top or not search.come[place, t]:
            break
        if t not in used:
            used.add(t)
            found.append(search.outing(place, t))
    free = {"led": bool(search.led.any()), "open": bool(search.open.any())}
    return Outings(invited=len(invited), outings=tuple(found), **free, closed=() if search.days.any() else closed_by(diary))


def closed_by(diary: Diary) -> tuple[tuple[str, int], ...]:
    """The rules that close days, each with how many of the diary's it closes."""
    shut = {rule: len(np.unique(diary.day[~left])) for rule, left in diary.days().leaves.items()}
    return tuple((rule, number) for rule, number in shut.items() if number)


class _Search:
    """Who can come where and when. F friendships, V volunteers, L venues, M matchers, T times."""

    def __init__(self, diary: Diary, invited: Guests) -> None:
        self.diary, self.invited = diary, invited
        self.venues = sorted(diary.case.venues, key=lambda row: row.venue_id)
        self.matchers = sorted(diary.case.matchers, key=lambda row: row.matcher_id)
        people = {row.volunteer_id: row for row in invited.volunteers}
        self.people = [people[name] for name in sorted(people)]
        place = {row.volunteer_id: v for v, row in enumerate(self.people)}
        self.volunteer_of = np.array([place[row.volunteer_id] for row in invited.volunteers], dtype=np.int64)
        self.by_volunteer = np.argsort(self.volunteer_of, kind="stable")
        self.begins = np.searchsorted(self.volunteer_of[self.by_volunteer], np.arange(len(self.people)))
        self.way = self._ways()
        self.near = np.array([[all(diary.near(m).values()) for m in row] for row in self.way], dtype=np.bool_)
        self.near = self.near.reshape(self.way.shape)
        self.days = diary.days().free()
        self.can = self._can()
        self.led = self._led() & self.days
        self.open = self._rows([diary.venue(row).free() for row in self.venues]) & self.led.any(axis=0)
        self.time_of = np.broadcast_to(np.arange(len(diary.day)), self.open.shape)
        self.come = np.zeros(self.open.shape, dtype=np.int64)
        self.minutes = np.zeros(self.open.shape, dtype=np.int64)  # thousandths
        for p in range(len(self.venues)):
            self._count(p)

    def _rows(self, rows: Sequence[Mask]) -> Mask:
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(self.diary.day))

    def _ways(self) -> npt.NDArray[np.float64]:
        diary = self.diary
        there = [diary.place(row) for row in self.venues]
        ways = [[diary.minutes(diary.place(row), place, row.transport) for place in there] for row in self.people]
        return np.array(ways, dtype=np.float64).reshape(len(self.people), len(self.venues))

    def _can(self) -> Mask:
        """Which friendships can when, shape (F, T)."""
        diary, day = self.diary, self.diary.day
        free = self._rows([diary.volunteer(row).free() for row in self.people])
        rows = []
        for row, child, v in zip(self.invited.friendships, self.invited.children, self.volunteer_of, strict=True):
            lasts = (day >= row.started_on.toordinal()) & (True if row.ended_on is None else day < row.ended_on.toordinal())
            rows.append(free[v] & diary.family(child).free() & lasts)
        can: Mask = self._rows(rows) & self.days
        return can

    def _led(self) -> Mask:
        """Which matchers can when, shape (M, T)."""
        diary = self.diary
        programmes = {child.programme for child in self.invited.children}
        return self._rows([diary.matcher(row).with_answers(diary.follows(row, programmes)).free() for row in self.matchers])

    def _could(self, p: int) -> Mask:
        """Who could come to a venue, each child once, shape (F, T)."""
        could: Mask = self.can & self.near[self.volunteer_of, p][:, None]
        names = [child.child_id for child in self.invited.children]
        twice = {name for name, number in Counter(names).items() if number > 1}
        for f, name in enumerate(names):
            if name in twice:
                earlier = [g for g in range(f) if names[g] == name]
                could[f] &= ~could[earlier].any(axis=0)
        return could

    def _count(self, p: int) -> None:
        could = (self._could(p) & self.open[p]).astype(np.int64)
        each = np.add.reduceat(could[self.by_volunteer], self.begins, axis=0) if len(could) else could
        adults = (each > 0).sum(axis=0)
        minutes = np.rint(np.nan_to_num(self.way[:, p]) * MINUTE).astype(np.int64)
        self.minutes[p] = minutes @ (each > 0) // np.maximum(adults, 1)
        self.come[p] = with_seats(each, self.venues[p].capacity)

    def outing(self, p: int, t: int) -> Outing:
        """The outing at a venue and a time, with the nearest matcher."""
        diary, venue = self.diary, self.venues[p]
        day, slot = diary.when(t)
        there = diary.place(venue)
        able = [row for row, free in zip(self.matchers, self.led[:, t], strict=True) if free]
        return Outing(
            date=day,
            slot=slot,
            venue_id=venue.venue_id,
            matcher_id=min(able, key=lambda row: (self._way(row, there), row.matcher_id)).matcher_id,
            come=int(self.come[p, t]),
            could=tuple(self.invited.friendships[f].friendship_id for f in np.flatnonzero(self._could(p)[:, t]).tolist()),
            minutes=int(self.minutes[p, t]) / MINUTE,
        )

    def _way(self, row: Matcher, there: Point) -> float:
        """A matcher's minutes; infinite where a place is unknown."""
        minutes = self.diary.minutes(self.diary.place(row), there)
        return math.inf if math.isnan(minutes) else minutes


def with_seats(children: Int, seats: int) -> Int:
    """How many of the children at most find seats, each with its volunteer, who sits too; shape (T,).

    ``children``, shape (V, T): how many each volunteer brings. With k volunteers no more find room than the k largest numbers
    add up to, and no more than ``seats - k``; taking the largest first reaches the best of these.

    >>> with_seats(np.array([[1, 1], [0, 1], [3, 0], [1, 0]]), 5).tolist()
    [3, 2]
    """
    come = np.zeros(children.shape[1], dtype=np.int64)
    left = np.full(children.shape[1], seats)
    for number in range(int(children.max(initial=0)), 0, -1):
        there = (children == number).sum(axis=0)
        whole = np.minimum(there, left // (number + 1))
        left -= whole * (number + 1)
        part = np.where(there > whole, np.maximum(left - 1, 0), 0)  # the next volunteer leaves some of hers at home
        left -= part + (part > 0)
        come += whole * number + part
    return come
