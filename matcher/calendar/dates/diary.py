"""When people and places of a case are free: all times of some days, and what each rule leaves of them for one alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from matcher.calendar import facts as of
from matcher.calendar.bodies import SLOT_BITS, free_in
from matcher.calendar.limits import Limit, possible
from matcher.calendar.obligations import FirstYear
from matcher.columns import Facts
from matcher.geography.distance import UNKNOWN, Point, distance_km, point
from matcher.records import PARTS, PROGRAMMES, SLOTS, Case, Child, Matcher, Meeting, Transport, Venue, Volunteer

if TYPE_CHECKING:
    from matcher.calendar.plan import PlannedMeeting
    from matcher.calendar.rules import CalendarBook, Who

    Taken = Meeting | PlannedMeeting

Mask = npt.NDArray[np.bool_]
Int = npt.NDArray[np.int64]
Needed = Literal["day", "family", "volunteer", "matcher", "venue", "matcher_place"]
UNSTATED: Transport = "public"
"""How families and matchers travel, of whom a case does not say it: as volunteers do who say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """A rule on somebody or a place; an empty ``rule`` is all the rules on them together."""

    who: Needed
    name: str
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Party:
    """Somebody or a place that is needed. ``leaves``: what each rule leaves of the T times, shape (T,), by its key."""

    who: Needed
    name: str
    n_times: int
    leaves: Mapping[str, Mask]

    def free(self, without: Hindrance | None = None) -> Mask:
        """The times that all rules leave, but for one hindrance, shape (T,)."""
        mine = without is not None and (without.who, without.name) == (self.who, self.name)
        kept = [mask for rule, mask in self.leaves.items() if not (mine and without and without.rule in {"", rule})]
        left: Mask = np.logical_and.reduce([np.ones(self.n_times, dtype=np.bool_), *kept])
        return left

    def with_answers(self, answers: Mapping[str, bool]) -> Party:
        """The same with rules that leave all the times or none."""
        more = {rule: np.full(self.n_times, held) for rule, held in answers.items()}
        return Party(who=self.who, name=self.name, n_times=self.n_times, leaves={**self.leaves, **more})


@dataclass(frozen=True, kw_only=True, eq=False)
class Diary:
    """Times of a case: ``day`` (ordinals) and ``slot`` (0..20), shape (T,), in order; ``taken``: meetings that are set already.

    Only limits on a single time count here (nobody is in two places): those on a day or a month are network meetings'.
    """

    case: Case
    book: CalendarBook
    map: Facts
    day: Int
    slot: Int
    taken: tuple[Taken, ...]

    @classmethod
    def of(
        cls, case: Case, book: CalendarBook, map_facts: Facts, first: date, last: date, taken: Sequence[Taken] | None = None
    ) -> Diary:
        """All times from the first day to the last. ``taken``: the case's own meetings where nothing else is said."""
        days = np.arange(first.toordinal(), last.toordinal() + 1)
        weekday = (days - 1) % 7  # the ordinal 1 is a Monday
        slots = (weekday[:, None] * len(PARTS) + np.arange(len(PARTS))).ravel()
        known = case.meetings if taken is None else taken
        return cls(case=case, book=book, map=map_facts, day=np.repeat(days, len(PARTS)), slot=slots, taken=tuple(known))

    def when(self, t: int) -> tuple[date, str]:
        """Date and slot of a time."""
        return date.fromordinal(int(self.day[t])), SLOTS[int(self.slot[t])]

    @cached_property
    def _times(self) -> dict[str, Any]:
        return {**of.of_case(self.case), "day": self.day, "slot": np.int64(1) << self.slot}

    def days(self, without: Collection[str] = ()) -> Party:
        """What the rules on days leave, but for some by their keys."""
        rules = [rule for rule in self.book.opens_of() if rule.key not in without]
        leaves = {rule.key: np.asarray(self.book.answer(rule, self._times), dtype=np.bool_) for rule in rules}
        return self._party("day", "", leaves)

    def family(self, row: Child) -> Party:
        """A family, for whom the child's availability stands; blank is any evening of the week."""
        slots = of.bits(row.availability, SLOT_BITS)
        return self._party("family", row.child_id, {"family_available": free_in(self._times["slot"], slots)})

    def volunteer(self, row: Volunteer) -> Party:
        """A volunteer at any time: her first year has no ends here."""
        always = FirstYear(friendship_id="", programme=PROGRAMMES[0], first=date.min, last=date.max, ended=None)
        facts = of.of_volunteer(row, always, self.case.planning_date.year)
        mine = [one for one in self.taken if row.volunteer_id in one.volunteers]
        return self._party("volunteer", row.volunteer_id, self._leaves("volunteer", facts, mine))

    def matcher(self, row: Matcher) -> Party:
        """A matcher."""
        mine = [one for one in self.taken if one.matcher_id == row.matcher_id]
        return self._party("matcher", row.matcher_id, self._leaves("matcher", of.of_matcher(row), mine))

    def venue(self, row: Venue) -> Party:
        """A venue."""
        here = [one for one in self.taken if one.venue_id == row.venue_id]
        return self._party("venue", row.venue_id, self._leaves("venue", of.of_venue(row), here))

    def _party(self, who: Needed, name: str, leaves: Mapping[str, Mask]) -> Party:
        return Party(who=who, name=name, n_times=len(self.day), leaves=leaves)

    def _leaves(self, who: Who, facts: Mapping[str, Any], taken: Sequence[Taken]) -> dict[str, Mask]:
        leaves = {rule.key: self._mask(self.book.answer(rule, {**self._times, **facts})) for rule in self.book.opens_of(who)}
        days = np.array([one.date.toordinal() for one in taken], dtype=np.int64)
        slots = np.array([SLOTS.index(one.slot) for one in taken], dtype=np.int64)
        for rule in self.book.counts_of(who):
            most = self.book.answer(rule, facts).most
            if rule.span == "slot" and most is not None:
                limit = Limit(rule=rule.key, span="slot", days=0, most=most)
                leaves[rule.key] = possible((limit,), self.day, self.slot, days, slots)
        return leaves

    def _mask(self, answer: Any) -> Mask:  # noqa: ANN401  a rule may answer for all the times at once
        return np.broadcast_to(np.asarray(answer, dtype=np.bool_), self.day.shape)

    def follows(self, row: Matcher, programmes: Collection[str]) -> dict[str, bool]:
        """Whether the matcher may lead what is for all these programmes, by the rules on that."""
        facts = {**of.of_matcher(row), **of.of_programmes(programmes)}
        return {rule.key: bool(self.book.answer(rule, facts)) for rule in self.book.opens_of("matcher", "meeting")}

    def near(self, minutes: float) -> dict[str, bool]:
        """Whether a volunteer may be called in over such a journey, by the rules on that."""
        return {rule.key: bool(self.book.answer(rule, {"minutes": minutes})) for rule in self.book.opens_of("volunteer", "venue")}

    def place(self, row: Child | Volunteer | Matcher | Venue) -> Point:
        """Where somebody lives or a venue lies."""
        if not isinstance(row, Matcher):
            return self.map.place(row)  # type: ignore[arg-type]  # a venue has a person's columns of place
        known = self.map.postcodes.get(row.postcode)
        return UNKNOWN if known is None else point(known.latitude, known.longitude)

    def minutes(self, here: Point, there: Point, transport: Transport = UNSTATED) -> float:
        """Estimated minutes one way (contract section 2); NaN where a place is unknown."""
        pace = 60.0 * self.map.number("travel.detour") / self.map.number(f"travel.{transport}_kmh")
        return float(distance_km(*here, *there) * pace + self.map.number(f"travel.{transport}_minutes"))
