"""Sessions: every date, slot and venue at which enough volunteers of a set could meet, and pinned meetings that some may join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar import facts as of
from matcher.calendar.limits import Limit, limits_of, possible
from matcher.calendar.year import Year

if TYPE_CHECKING:
    from matcher.calendar.fixed import Fixed
    from matcher.calendar.year import Int, Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Sessions:
    """S sessions in the order of time, venue and set, then the joinable pinned meetings; E entries: who could come.

    Attributes
    ----------
    time : shape (S,), place in the year's times, -1 for a pinned meeting; ``fixed``: its place among the fixed, else -1.
    day, slot, venue, of_set : shape (S,); ``of_set`` is -1 for a pinned meeting, ``venue`` too where it is unknown.
    least, most : shape (S,), volunteers; of a pinned meeting, how many more may join.
    start, who : shapes (S + 1,) and (E,), the volunteers who could come to each, sorted.
    matcher_open : shape (M, T), free and not already leading elsewhere.
    """

    year: Year
    time: Int
    fixed: Int
    day: Int
    slot: Int
    venue: Int
    of_set: Int
    least: Int
    most: Int
    start: Int
    who: Int
    matcher_open: Mask

    def __len__(self) -> int:
        return len(self.time)

    @cached_property
    def session_of(self) -> Int:
        """The session of each entry, shape (E,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @cached_property
    def entry_minutes(self) -> Int:
        """Thousandths of a minute of each entry, shape (E,)."""
        if not self.year.minutes.size:
            return np.zeros(len(self.who), dtype=np.int64)
        venue = self.venue[self.session_of]
        minutes: Int = np.where(venue >= 0, self.year.minutes[self.who, venue], 0)
        return minutes

    @cached_property
    def is_new(self) -> Mask:
        """Which are no pinned meetings, shape (S,)."""
        new: Mask = self.fixed < 0
        return new

    @cached_property
    def volunteer_limits(self) -> tuple[tuple[Limit, ...], ...]:
        """Limits on each volunteer's meetings."""
        return tuple(limits_of(self.year.book, "volunteer", facts) for facts in self.year.facts_of_volunteers)

    @cached_property
    def matcher_limits(self) -> tuple[tuple[Limit, ...], ...]:
        """Limits on each matcher's meetings."""
        return tuple(limits_of(self.year.book, "matcher", facts) for facts in self.year.facts_of_matchers)

    @cached_property
    def led(self) -> Mask:
        """Times at which one of the year's matchers could lead a meeting of each set, shape (P, T)."""
        leads = self.year.leads
        could = [(self.matcher_open & leads[:, p, None]).any(axis=0) for p in range(leads.shape[1])]
        return np.array(could, dtype=np.bool_).reshape(leads.shape[1], len(self.year.day))

    @cached_property
    def own(self) -> Sessions:
        """Those that one of the year's matchers could lead, and the pinned meetings."""
        kept: Mask = np.ones(len(self), dtype=np.bool_)
        kept[self.is_new] = self.led[self.of_set[self.is_new], self.time[self.is_new]]
        return self if kept.all() else self._only(kept)

    def _only(self, kept: Mask) -> Sessions:
        columns = ("time", "fixed", "day", "slot", "venue", "of_set", "least", "most")
        start = np.concatenate([[0], np.cumsum(np.diff(self.start)[kept])]).astype(np.int64)
        return replace(
            self, **{name: getattr(self, name)[kept] for name in columns}, start=start, who=self.who[kept[self.session_of]]
        )

    def entry(self, session: int, volunteer: int) -> int:
        """Place of an entry that is there."""
        first, last = self.start[session], self.start[session + 1]
        return int(first + np.searchsorted(self.who[first:last], volunteer))


def sessions_of(year: Year, led: Mask | None = None) -> Sessions:
    """All sessions of a year: a rule that counts leaves out what the fixed meetings alone make impossible.

    ``led`` : shape (P, T), when somebody could lead a meeting of each set; where it is not said, one of the year's matchers.
    """
    return _Gathering(year).sessions(led)


class _Gathering:
    def __init__(self, year: Year) -> None:
        self.year = year
        self.volunteer_limits = [limits_of(year.book, "volunteer", facts) for facts in year.facts_of_volunteers]
        self.volunteer_open = year.volunteer_free.copy()
        for v, limits in enumerate(self.volunteer_limits):
            self.volunteer_open[v] &= self._beside(limits, self._fixed_of(volunteer=v))
        self.matcher_open = year.matcher_free.copy()
        for m, facts in enumerate(year.facts_of_matchers):
            limits = limits_of(year.book, "matcher", facts)
            self.matcher_open[m] &= self._beside(limits, self._fixed_of(matcher=year.matchers[m]))
        self.venue_open = year.venue_free.copy()
        for place, facts in enumerate(year.facts_of_venues):
            limits = limits_of(year.book, "venue", facts)
            self.venue_open[place] &= self._beside(limits, self._fixed_of(venue=year.venues[place]))

    def _fixed_of(self, *, volunteer: int | None = None, matcher: str | None = None, venue: str | None = None) -> list[Fixed]:
        def its(one: Fixed) -> bool:
            mine = volunteer is not None and volunteer in one.listed
            return mine or (one.meeting.matcher_id == matcher) or (one.meeting.venue_id == venue)

        return [one for one in self.year.fixed if its(one)]

    def _beside(self, limits: tuple[Limit, ...], fixed: list[Fixed]) -> Mask:
        return self._beside_at(limits, fixed, self.year.day, self.year.slot)

    @staticmethod
    def _beside_at(limits: tuple[Limit, ...], fixed: list[Fixed], day: Int, slot: Int) -> Mask:
        days = np.array([one.day for one in fixed], dtype=np.int64)
        slots = np.array([one.slot for one in fixed], dtype=np.int64)
        return possible(limits, day, slot, days, slots)

    def sessions(self, led: Mask | None) -> Sessions:
        year = self.year
        heads, people = [], []
        for p in range(len(year.sets)):
            somebody = (self.matcher_open & year.leads[:, p, None]).any(axis=0) if led is None else led[p]
            members = np.flatnonzero((year.set_of == p) & (year.room > 0))
            for place in range(len(year.venues)):
                near = members[year.near[members, place]]
                could = self.volunteer_open[near] & (self.venue_open[place] & somebody)
                for t in np.flatnonzero(could.sum(axis=0) >= max(1, year.size_least[place])).tolist():
                    if year.size_most[place] >= year.size_least[place]:
                        heads.append((t, place, p))
                        people.append(near[could[:, t]])
        order = sorted(range(len(heads)), key=heads.__getitem__)
        return self._made([heads[k] for k in order], [people[k] for k in order])

    def _made(self, heads: list[tuple[int, int, int]], people: list[Int]) -> Sessions:
        year = self.year
        pinned = [(k, *joiners) for k, one in enumerate(year.fixed) if (joiners := self._joiners(one)) is not None]
        time, venue, of_set = np.array(heads, dtype=np.int64).reshape(-1, 3).T
        rest = [k for k, _, _ in pinned]
        places = [year.venue_index.get(year.fixed[k].meeting.venue_id, -1) for k in rest]
        none = np.full(len(rest), -1)
        who = [*people, *(found for _, found, _ in pinned)]
        return Sessions(
            year=year,
            time=np.concatenate([time, none]),
            fixed=np.concatenate([np.full(len(heads), -1), np.array(rest, dtype=np.int64)]),
            day=np.concatenate([year.day[time], np.array([year.fixed[k].day for k in rest], dtype=np.int64)]),
            slot=np.concatenate([year.slot[time], np.array([year.fixed[k].slot for k in rest], dtype=np.int64)]),
            venue=np.concatenate([venue, np.array(places, dtype=np.int64)]),
            of_set=np.concatenate([of_set, none]),
            least=np.concatenate([year.size_least[venue], np.zeros(len(rest), dtype=np.int64)]),
            most=np.concatenate([year.size_most[venue], np.array([room for _, _, room in pinned], dtype=np.int64)]),
            start=np.concatenate([[0], np.cumsum([len(one) for one in who], dtype=np.int64)]).astype(np.int64),
            who=np.concatenate([np.zeros(0, dtype=np.int64), *who]).astype(np.int64),
            matcher_open=self.matcher_open,
        )

    def _joiners(self, one: Fixed) -> tuple[Int, int] | None:
        """Who may join a pinned meeting, by the rules on the day and the volunteer; and for how many there is room."""
        year = self.year
        place = year.venue_index.get(one.meeting.venue_id)
        at = np.flatnonzero((year.day == one.day) & (year.slot == one.slot))  # none where a rule closes the day
        if one.is_fact or not one.in_year or place is None or not at.size:
            return None
        room = int(year.size_most[place]) - one.people
        could = self.volunteer_open[:, at[0]] & year.near[:, place] & (year.room > 0)
        could[list(one.listed)] = False
        found = [v for v in np.flatnonzero(could).tolist() if self._meets(v, one)]
        return (np.array(found, dtype=np.int64), room) if found and room > 0 else None

    def _meets(self, v: int, one: Fixed) -> bool:
        """Whether a pinned meeting is one of hers, by the rules on her and the meeting."""
        facts = {**self.year.facts_of_volunteers[v], **of.of_programmes(one.meeting.programme)}
        return all(bool(self.year.book.answer(rule, facts)) for rule in self.year.book.opens_of("volunteer", "meeting"))
