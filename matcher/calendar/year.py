"""Everything that the planner needs to know of a year, as arrays; every entry is a rule's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.calendar import facts as of
from matcher.calendar.fixed import Fixed, fixed_meetings
from matcher.calendar.obligations import first_years
from matcher.calendar.plan import MINUTE
from matcher.calendar.settings import partition_of
from matcher.columns import Facts
from matcher.records import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matcher.calendar.rules import CalendarBook
    from matcher.records import Case, Meeting, Postcode, SettingValue

Mask = npt.NDArray[np.bool_]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Year:
    """A year to be planned. V planned volunteers, M matchers, L venues, T times, P sets of programmes; all sorted.

    Attributes
    ----------
    volunteers, matchers, venues : ids.
    sets : the programmes that meet together; ``set_of``, shape (V,): each volunteer's.
    day, slot : shape (T,), the ordinal and the slot (0..20) of each time at which a meeting is possible at all.
    volunteer_free, matcher_free, venue_free : shape (V | M | L, T), by all rules on one of them at a time.
    near : shape (V, L), the volunteer may be called to the venue; ``journey``: estimated minutes one way, NaN where unknown.
    leads : shape (M, P), the matcher may lead a meeting of the set.
    size_least, size_most : shape (L,), volunteers of a meeting.
    owed, allowed : shape (V,), meetings in the whole year: level 1's wish, and the hard limit.
    fixed : facts and pinned meetings, of this year and of days near it; ``map``: where everybody is.
    floor : nothing new lies before it; ``past``: an earlier plan's meetings before it, which are facts.
    facts_of_volunteers, facts_of_matchers, facts_of_venues : what rules were told.
    """

    case: Case
    book: CalendarBook
    year: int
    volunteers: tuple[str, ...]
    matchers: tuple[str, ...]
    venues: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    set_of: Int
    day: Int
    slot: Int
    volunteer_free: Mask
    matcher_free: Mask
    venue_free: Mask
    near: Mask
    journey: npt.NDArray[np.float64]
    leads: Mask
    size_least: Int
    size_most: Int
    owed: Int
    allowed: Int
    fixed: tuple[Fixed, ...]
    map: Facts
    floor: date
    past: tuple[Meeting, ...]
    facts_of_case: Mapping[str, Any]
    facts_of_volunteers: tuple[Mapping[str, Any], ...]
    facts_of_matchers: tuple[Mapping[str, Any], ...]
    facts_of_venues: tuple[Mapping[str, Any], ...]

    @property
    def planning_date(self) -> date:
        """The day on which the case is what it says."""
        return self.case.planning_date

    @cached_property
    def volunteer_index(self) -> Mapping[str, int]:
        """Place of each planned volunteer."""
        return {name: i for i, name in enumerate(self.volunteers)}

    @cached_property
    def matcher_index(self) -> Mapping[str, int]:
        """Place of each matcher."""
        return {name: i for i, name in enumerate(self.matchers)}

    @cached_property
    def venue_index(self) -> Mapping[str, int]:
        """Place of each venue."""
        return {name: i for i, name in enumerate(self.venues)}

    @cached_property
    def minutes(self) -> Int:
        """The journeys in whole thousandths of a minute, 0 where unknown, shape (V, L)."""
        return np.rint(np.nan_to_num(self.journey) * MINUTE).astype(np.int64)

    def way(self, volunteer_id: str, venue_id: str) -> int:
        """Thousandths of a minute one way; 0 where unknown."""
        place = self.venue_index.get(venue_id)
        if place is None or volunteer_id not in self.volunteer_index:
            return self.guests.get((volunteer_id, venue_id), 0)
        return int(self.minutes[self.volunteer_index[volunteer_id], place])

    @cached_property
    def guests(self) -> Mapping[tuple[str, str], int]:
        """Thousandths of a minute to fixed meetings of those listed there who are not planned."""
        people = {row.volunteer_id: row for row in self.case.volunteers if row.volunteer_id not in self.volunteer_index}
        venues = {row.venue_id: row for row in self.case.venues}
        found = {}
        for one in self.fixed:
            for name in sorted(set(one.meeting.volunteers) & people.keys()):
                if (place := venues.get(one.meeting.venue_id)) is not None:
                    minutes = np.nan_to_num(of.minutes_between(self.map, people[name], place))
                    found[name, place.venue_id] = round(float(minutes) * MINUTE)
        return found

    @cached_property
    def had(self) -> Int:
        """Fixed attendances of each volunteer in the year, shape (V,)."""
        found = np.zeros(len(self.volunteers), dtype=np.int64)
        for meeting in self.fixed:
            if meeting.in_year:
                found[list(meeting.listed)] += 1
        return found

    @cached_property
    def need(self) -> Int:
        """Meetings that she still is owed, shape (V,)."""
        need: Int = np.maximum(self.owed - self.had, 0)
        return need

    @cached_property
    def room(self) -> Int:
        """Meetings that she may still be called to, shape (V,)."""
        room: Int = np.maximum(self.allowed - self.had, 0)
        return room

    @classmethod
    def of(
        cls, case: Case, book: CalendarBook, settings: Mapping[str, SettingValue], postcodes: Mapping[str, Postcode], year: int
    ) -> Year:
        """Ask all rules about the year of a case. ``settings`` has the travel estimate's too.

        Raises
        ------
        InfeasibleError
            Pinned meetings clash with each other.
        """
        return _Asking(case, book, Facts.of(case, settings, postcodes), year, case.planning_date, ()).answered()

    def anew(self, *, book: CalendarBook | None = None, floor: date | None = None, past: Iterable[Meeting] | None = None) -> Year:
        """The same question under other rules, or with nothing new before a later day; raises as ``of`` does."""
        first = self.floor if floor is None else max(floor, self.case.planning_date)
        rows = self.past if past is None else tuple(past)
        return _Asking(self.case, book or self.book, self.map, self.year, first, rows).answered()


class _Asking:
    """Puts the questions; every answer is an array."""

    def __init__(
        self, case: Case, book: CalendarBook, map_facts: Facts, year: int, floor: date, past: tuple[Meeting, ...]
    ) -> None:
        self.book, self.case, self.map, self.year, self.floor, self.past = book, case, map_facts, year, floor, past
        self.firsts = first_years(case, year)
        by_id = {row.volunteer_id: row for row in case.volunteers}
        self.people = [by_id[name] for name in self.firsts]
        self.matchers = sorted(case.matchers, key=lambda row: row.matcher_id)
        self.venues = sorted(case.venues, key=lambda row: row.venue_id)
        self.common = {**of.of_case(case), "planning_day": floor.toordinal()}
        self.volunteer_facts = [of.of_volunteer(row, self.firsts[row.volunteer_id], year) for row in self.people]
        self.matcher_facts = [of.of_matcher(row) for row in self.matchers]
        self.venue_facts = [of.of_venue(row) for row in self.venues]

    def answered(self) -> Year:
        """The year."""
        day, slot = self._times()
        sets = partition_of(tuple(self.book["together"]))
        near, journey = self._journeys()
        set_facts = [of.of_programmes(one) for one in sets]
        leads = self._pairs(("matcher", "meeting"), self.matcher_facts, set_facts)
        in_set = self._pairs(("volunteer", "meeting"), self.volunteer_facts, set_facts)
        sizes = [self._count("meeting", facts) for facts in self.venue_facts]
        fixed = fixed_meetings(self.case, self.year, list(self.firsts), self.floor, self.past)
        owed = [self._count("volunteer", facts, "year") for facts in self.volunteer_facts]
        return Year(
            case=self.case,
            book=self.book,
            year=self.year,
            volunteers=tuple(self.firsts),
            matchers=tuple(row.matcher_id for row in self.matchers),
            venues=tuple(row.venue_id for row in self.venues),
            sets=sets,
            set_of=in_set.argmax(axis=1) if sets else np.zeros(0, dtype=np.int64),
            day=day,
            slot=slot,
            volunteer_free=self._free("volunteer", self.volunteer_facts, day, slot),
            matcher_free=self._free("matcher", self.matcher_facts, day, slot),
            venue_free=self._free("venue", self.venue_facts, day, slot),
            near=near,
            journey=journey,
            leads=leads,
            size_least=_numbers(least for least, _ in sizes),
            size_most=_numbers(most for _, most in sizes),
            owed=_numbers(least for least, _ in owed),
            allowed=_numbers(most for _, most in owed),
            fixed=fixed,
            map=self.map,
            floor=self.floor,
            past=self.past,
            facts_of_case=self.common,
            facts_of_volunteers=tuple(self.volunteer_facts),
            facts_of_matchers=tuple(self.matcher_facts),
            facts_of_venues=tuple(self.venue_facts),
        )

    def _times(self) -> tuple[Int, Int]:
        """Days that the rules on days leave, each with the parts of its day."""
        first, last = date(self.year, 1, 1).toordinal(), date(self.year, 12, 31).toordinal()
        days = np.arange(first, last + 1)
        for rule in self.book.opens_of():
            days = days[np.asarray(self.book.answer(rule, {**self.common, "day": days}), dtype=np.bool_)]
        weekday = (days - 1) % 7  # the ordinal 1 is a Monday
        slots = (weekday[:, None] * len(PARTS) + np.arange(len(PARTS))).ravel()
        return np.repeat(days, len(PARTS)), slots

    def _free(self, who: str, rows: list[dict[str, Any]], day: Int, slot: Int) -> Mask:
        times = {**self.common, "day": day, "slot": np.int64(1) << slot}
        free = np.ones((len(rows), len(day)), dtype=np.bool_)
        for rule in self.book.opens_of(who):
            for i, facts in enumerate(rows):
                free[i] &= self.book.answer(rule, {**times, **facts})
        return free

    def _pairs(self, who: tuple[str, str], one: list[dict[str, Any]], other: list[dict[str, Any]]) -> Mask:
        rules = self.book.opens_of(*who)
        answers = [[all(bool(self.book.answer(r, {**a, **b})) for r in rules) for b in other] for a in one]
        return np.array(answers, dtype=np.bool_).reshape(len(one), len(other))

    def _journeys(self) -> tuple[Mask, npt.NDArray[np.float64]]:
        rules = self.book.opens_of("volunteer", "venue")
        minutes = np.array([[of.minutes_between(self.map, p, place) for place in self.venues] for p in self.people])
        minutes = minutes.reshape(len(self.people), len(self.venues))
        near = np.ones(minutes.shape, dtype=np.bool_)
        for rule in rules:
            near &= self.book.answer(rule, {"minutes": minutes})
        return near, minutes

    def _count(self, who: Any, facts: dict[str, Any], span: str = "") -> tuple[int, int]:  # noqa: ANN401
        """The strictest least and most of all rules that count the same."""
        counts = [self.book.answer(rule, facts) for rule in self.book.counts_of(who) if not span or rule.span == span]
        return max((c.least for c in counts), default=0), min((c.most for c in counts if c.most is not None), default=10**6)


def _numbers(values: Any) -> Int:  # noqa: ANN401
    return np.array(list(values), dtype=np.int64)
