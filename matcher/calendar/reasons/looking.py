"""One volunteer's times by who would have to agree to them, and what a change that opens some of them is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.reasons.changes import KINDS, Change, Fact, Places
from matcher.calendar.reasons.more import joinable
from matcher.calendar.reasons.sides import NOTHING, many

if TYPE_CHECKING:
    from matcher.calendar.reasons.sides import Side
    from matcher.calendar.reasons.standing import Standing
    from matcher.calendar.year import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A change, how large it is in its own unit, how many meetings it could give at most, and the days that it opens."""

    change: Change
    amount: float
    most: int
    days: int

    @property
    def rank(self) -> tuple[object, ...]:
        """The order in which openings are tried: most first, then the smallest change."""
        return -self.most, KINDS.index(self.change.kind), self.amount, -self.days, str(self.change.key)


class Looking:
    """One volunteer's times, by who would have to agree to them."""

    def __init__(self, base: Standing, v: int, missing: int, places: Places) -> None:
        self.base, self.v, self.missing, self.places = base, v, missing, places
        self.name = base.year.volunteers[v]
        self.near = base.near_without(NOTHING)[v]
        self.invited = base.invited_without(NOTHING)[v]
        self.sets = np.flatnonzero(self.invited[: len(base.year.sets)]).tolist()
        self.led = base.led_without(NOTHING)
        self.room = (base.most >= base.least)[:, None]
        self.hers = base.day_open & base.volunteers.one(v)

    @cached_property
    def company(self) -> Mask:
        """Places and times at which enough others could come to a meeting of a set of hers, shape (L, T)."""
        return self.company_of(0)

    def company_of(self, fewer: int) -> Mask:
        """The same if meetings had so many volunteers fewer."""
        least = self.base.least[:, None] - fewer
        found: Mask = np.logical_or.reduce([self.base.beside(self.v, p) + 1 >= least for p in self.sets]) & self.room
        return found

    @cached_property
    def leads(self) -> Mask:
        """Times at which a matcher could lead a meeting of a set of hers, shape (T,)."""
        led: Mask = np.logical_or.reduce([self.led[p] for p in self.sets])
        return led

    @cached_property
    def around(self) -> Mask:
        """Times at which all but she could, shape (T,)."""
        near = (self.base.venues.free & self.company & self.near[:, None]).any(axis=0)
        found: Mask = near & self.leads & self.base.day_open
        for one in joinable(self.base, self.v, np.ones_like(found)):
            found[one.time] |= self.base.day_open[one.time]
        return found

    def opening(self, kind: str, times: Mask, amount: float, **facts: Fact) -> Opening:
        """A change by its facts, and the times that it opens, shape (T,)."""
        side = self.base.volunteers
        most = many(side.limits[self.v], self.base.times, times, side.taken[self.v], self.missing)
        days = len(np.unique(self.base.times.day[times]))
        return Opening(change=Change(kind=kind, facts=facts), amount=amount, most=max(most, 1), days=days)

    def barred(self, side: Side, row: int, fact: str) -> Mask:
        """Times at which only rules on a fact stand against one of a side, shape (T,)."""
        return side.one(row, side.needing(fact)) & ~side.one(row)
