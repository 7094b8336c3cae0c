"""What an earlier plan has promised: a volunteer's place at a date, slot and venue. Who leads a meeting is no promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from matcher.calendar.finish import fixed_of_year
from matcher.calendar.limits import SLOTS_A_DAY
from matcher.records import SLOTS, Meeting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.calendar.draft import Draft
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.year import Int, Mask, Year


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Promise:
    """When and where a volunteer was to meet; sorted by volunteer, then date."""

    volunteer_id: str
    date: date
    slot: str
    venue_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier plan: its meetings, each volunteer's home group, and each group's home matcher."""

    meetings: tuple[PlannedMeeting, ...]
    home: Mapping[str, str]
    group_matcher: Mapping[str, str]

    @classmethod
    def of(cls, plan: YearPlan) -> Self:
        """What is kept of a plan that was made here."""
        return cls(meetings=plan.meetings, home=plan.home, group_matcher=plan.group_matcher)

    def facts(self, floor: date) -> tuple[Meeting, ...]:
        """The meetings before a day, as rows of the case's table."""
        return tuple(_row(one) for one in self.meetings if one.date < floor)

    def promises(self, floor: date) -> tuple[Promise, ...]:
        """What is promised from a day on, sorted, each once."""
        found = {
            Promise(volunteer_id=name, date=one.date, slot=one.slot, venue_id=one.venue_id)
            for one in self.meetings
            if one.date >= floor
            for name in one.volunteers
        }
        return tuple(sorted(found))


def _row(one: PlannedMeeting) -> Meeting:
    return Meeting(
        meeting_id=one.meeting_id,
        date=one.date,
        slot=one.slot,
        venue_id=one.venue_id,
        matcher_id=one.matcher_id,
        programme=one.programme,  # type: ignore[arg-type]  # the earlier plan's words are the contract's
        group=one.group,
        volunteers=one.volunteers,
    )


def year_from(year: Year, earlier: Earlier, from_date: date) -> Year:
    """The year in which the earlier plan's meetings before the date are facts, and nothing new lies before it.

    Where the planning date is later, it counts.
    """
    floor = max(from_date, year.planning_date)
    return year.anew(floor=floor, past=earlier.facts(floor))


@dataclass(frozen=True, kw_only=True, eq=False)
class Promised:
    """P promises of an earlier plan beside the sessions of a year.

    Attributes
    ----------
    of_entry : shape (E,), the promise that an entry keeps, -1 for none.
    standing : shape (P,), promises that fixed meetings keep, since they list her.
    """

    sessions: Sessions
    promises: tuple[Promise, ...]
    of_entry: Int
    standing: Mask

    @classmethod
    def of(cls, sessions: Sessions, earlier: Earlier) -> Self:
        """Find the entries and fixed meetings that keep promises from the year's floor on."""
        year = sessions.year
        promises = earlier.promises(year.floor)
        fixed = [(one.day, one.slot, one.meeting.venue_id, one.meeting.volunteers) for one in fixed_of_year(year)]
        listed = {(name, day, slot, place) for day, slot, place, people in fixed for name in people}
        names = [(one.volunteer_id, one.date.toordinal(), SLOTS.index(one.slot), one.venue_id) for one in promises]
        standing = np.array([name in listed for name in names], dtype=np.bool_)
        of_entry = _kept_by(sessions, [name for name in names if name not in listed])
        to_keep = np.append(np.flatnonzero(~standing), -1)  # the last for -1
        return cls(sessions=sessions, promises=promises, of_entry=to_keep[of_entry], standing=standing)

    @cached_property
    def entries(self) -> Int:
        """Entries that keep a promise."""
        return np.flatnonzero(self.of_entry >= 0)

    @cached_property
    def lost(self) -> tuple[Promise, ...]:
        """Those that no plan keeps: no meeting that the rules allow by itself would."""
        could = self.standing.copy()
        could[self.of_entry[self.entries]] = True
        return tuple(one for one, kept in zip(self.promises, could, strict=True) if not kept)

    @property
    def forced(self) -> int:
        """How many no plan keeps."""
        return len(self.lost)

    @property
    def free(self) -> int:
        """How many it is the plan's choice to keep."""
        return len(self.promises) - self.forced - int(self.standing.sum())

    def kept(self, draft: Draft) -> int:
        """How many of those a draft keeps."""
        return int((self.of_entry[draft.entries] >= 0).sum())

    def n_changed(self, draft: Draft) -> int:
        """How many promises a draft does not keep."""
        return self.forced + self.free - self.kept(draft)

    def changed(self, draft: Draft) -> tuple[Promise, ...]:
        """The promises that a draft does not keep, sorted by volunteer and date."""
        kept = self.standing.copy()
        mine = self.of_entry[draft.entries]
        kept[mine[mine >= 0]] = True
        return tuple(one for one, stands in zip(self.promises, kept, strict=True) if not stands)


def _kept_by(sessions: Sessions, names: list[tuple[str, int, int, str]]) -> Int:
    """The place of each entry's promise among the names (volunteer, day, slot, venue), -1 for none."""
    year = sessions.year
    known = [
        (_number(sessions, year.volunteer_index[v], day, slot, year.venue_index[place]), k)
        for k, (v, day, slot, place) in enumerate(names)
        if v in year.volunteer_index and place in year.venue_index
    ]
    if not known:
        return np.full(len(sessions.who), -1)
    numbers, places = np.array(sorted(known), dtype=np.int64).T
    s = sessions.session_of
    mine = _number(sessions, sessions.who, sessions.day[s], sessions.slot[s], sessions.venue[s])
    at = np.minimum(np.searchsorted(numbers, mine), len(numbers) - 1)
    found: Int = np.where((numbers[at] == mine) & (sessions.venue[s] >= 0), places[at], -1)
    return found


def _number(sessions: Sessions, who: Any, day: Any, slot: Any, venue: Any) -> Any:  # noqa: ANN401  numbers or arrays of them
    """One number for a volunteer, a day, a slot and a venue."""
    year = sessions.year
    return ((day * SLOTS_A_DAY + slot) * len(year.venues) + venue) * len(year.volunteers) + who
