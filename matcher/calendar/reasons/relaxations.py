"""The nearest changes that would give somebody one meeting more, each confirmed by planning it beside the finished plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar import facts as of
from matcher.calendar.reasons.changes import KINDS, NEW_VENUE, SETTINGS, SHARED, Change, Place, Places, changed
from matcher.calendar.reasons.looking import Opening
from matcher.calendar.reasons.more import More, as_many_more, one_more, stands_then
from matcher.calendar.reasons.openings import openings
from matcher.calendar.reasons.standing import Standing, standing
from matcher.columns import Facts
from matcher.records import SLOTS, Venue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Year
    from matcher.records import Postcode, SettingValue

MOST_SHOWN = 3
MOST_HELPS = 5
TRIED_OF_A_KIND = 3
TRIED_FOR_ALL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One or two changes that give a volunteer so many of the meetings that she is ``missing``.

    ``meetings`` are the witness: with the changes made, the finished plan and these meetings break no rule. Without any change
    (``changes`` is empty): the plan leaves room for them, and the search ended before they were found.
    """

    volunteer_id: str
    changes: tuple[Change, ...]
    missing: int
    meetings: tuple[More, ...]

    @property
    def gives(self) -> int:
        """How many of the missing meetings."""
        return len(self.meetings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """A change that helps several at once: it ``gives`` them so many of their missing meetings together.

    ``meetings`` are the witness for all of them: who is called to a new one, or joins one, in this order.
    """

    change: Change
    volunteers: tuple[str, ...]
    gives: int
    meetings: tuple[More, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest relaxations of each volunteer with unmet obligations, best first, and what helps most of them at once."""

    by_volunteer: Mapping[str, tuple[Relaxation, ...]]
    helps: tuple[Help, ...]


def nearest_relaxations(
    year: Year, plan: YearPlan, settings: Mapping[str, SettingValue], postcodes: Mapping[str, Postcode]
) -> Nearest:
    """What would help those with unmet obligations, all else as it is in the finished plan.

    Everybody's attendance and all meetings stand; a new meeting has the least number of volunteers, who may still come. A
    relaxation counts if it gives one meeting or more; two changes are tried only where no single one helps.

    Parameters
    ----------
    year, plan : what was asked, and the answer.
    settings, postcodes : those that the year was made of; they tell how far a new venue would be.
    """
    if not plan.unmet:
        return Nearest(by_volunteer={}, helps=())
    return _Search(year, plan, places_of(year, settings, postcodes)).found()


def places_of(year: Year, settings: Mapping[str, SettingValue], postcodes: Mapping[str, Postcode]) -> Places:
    """The postcodes where planned volunteers live, each with the estimated journey of all of them."""
    facts = Facts.of(year.case, settings, postcodes)
    people = {row.volunteer_id: row for row in year.case.volunteers}
    homes = sorted({people[name].postcode for name in year.volunteers} & facts.postcodes.keys())
    found = {}
    for code in homes:
        venue = Venue(venue_id=NEW_VENUE, postcode=code, capacity=1)
        minutes = np.array([of.minutes_between(facts, people[name], venue) for name in year.volunteers])
        found[code] = Place(postcode=code, municipality=facts.postcodes[code].municipality or "", minutes=minutes)
    return found


class _Search:
    def __init__(self, year: Year, plan: YearPlan, places: Places) -> None:
        self.year, self.places = year, places
        self.base = standing(year, plan.meetings)
        self._made: dict[tuple[object, ...], Standing] = {}
        self.missing = {year.volunteer_index[name]: number for name, number in sorted(plan.unmet.items())}

    def found(self) -> Nearest:
        """Everybody's, and what helps several."""
        by_volunteer: dict[str, tuple[Relaxation, ...]] = {}
        stuck, shared = [], Counter[tuple[object, ...]]()
        changes: dict[tuple[object, ...], Change] = {}
        for v, missing in self.missing.items():
            name = self.year.volunteers[v]
            if free := self._confirmed(self.base, v, ()):
                by_volunteer[name] = (free,)
                continue
            stuck.append(v)
            found = openings(self.base, v, missing, self.places)
            for opening in found:
                if opening.change.kind in SHARED:
                    shared[opening.change.key] += opening.most
                    changes[opening.change.key] = opening.change
            confirmed = [one for opening in _tried(found) if (one := self._confirmed(self.base, v, (opening.change,)))]
            by_volunteer[name] = _best(confirmed or list(self._pairs(v)))
        most = sorted(shared, key=lambda key: (-shared[key], str(key)))[:TRIED_FOR_ALL]
        return Nearest(by_volunteer=by_volunteer, helps=self._helps([changes[key] for key in most], stuck))

    def _confirmed(self, base: Standing, v: int, changes: tuple[Change, ...]) -> Relaxation | None:
        """The relaxation with its witness, if it gives anything; all but the last change are made already."""
        if changes:
            base = self._changed(changes[-1]) if base is self.base else changed(base, changes[-1], self.places)
        meetings = as_many_more(base, v, self.missing[v], self.missing)
        if not meetings:
            return None
        name = self.year.volunteers[v]
        return Relaxation(volunteer_id=name, changes=changes, missing=self.missing[v], meetings=meetings)

    def _changed(self, change: Change) -> Standing:
        """What stands after a change to the finished plan; a setting is asked about once, since it costs the most."""
        if change.kind not in SETTINGS:
            return changed(self.base, change, self.places)
        if change.key not in self._made:
            self._made[change.key] = changed(self.base, change, self.places)
        return self._made[change.key]

    def _pairs(self, v: int) -> Iterator[Relaxation]:
        """Two changes: one on her or on a matcher for a time of hers, and whatever then opens a date."""
        for first in self._first_changes(v):
            base = self._changed(first)
            for second in islice(openings(base, v, self.missing[v], self.places), TRIED_OF_A_KIND):
                if second.change.kind != first.kind and (one := self._confirmed(base, v, (first, second.change))):
                    yield one

    def _first_changes(self, v: int) -> Iterator[Change]:
        side, name = self.base.volunteers, self.year.volunteers[v]
        shut = side.one(v, side.needing("volunteer_slots")) & ~side.one(v) & self.base.day_open
        for slot in np.unique(self.base.times.slot[shut]).tolist():
            yield Change(kind="volunteer_slot", facts={"volunteer": name, "slot": SLOTS[slot]})
        hers = side.one(v) & self.base.day_open
        for m, matcher in enumerate(self.year.matchers):
            away = hers & self.base.matchers.one(m, self.base.matchers.needing("matcher_slots")) & ~self.base.matchers.one(m)
            for slot in np.unique(self.base.times.slot[away]).tolist():
                yield Change(kind="matcher_slot", facts={"matcher": matcher, "slot": SLOTS[slot]})

    def _helps(self, changes: Sequence[Change], stuck: Sequence[int]) -> tuple[Help, ...]:
        """Each change for all at once: volunteers take their turn, and join what those before them got."""
        several = [one for change in changes if len((one := self._help(change, stuck)).volunteers) > 1]
        several.sort(key=lambda one: (-len(one.volunteers), -one.gives, KINDS.index(one.change.kind), str(one.change.key)))
        best: dict[tuple[object, ...], Help] = {}
        for one in several:
            best.setdefault(_alike(one.change), one)
        return tuple(best.values())[:MOST_HELPS]

    def _help(self, change: Change, stuck: Sequence[int]) -> Help:
        base, left = self._changed(change), {v: self.missing[v] for v in stuck}
        meetings: list[More] = []
        for v in stuck:
            while left[v] and (step := one_more(base, v, [k for k in stuck if left[k]])) is not None:
                base = stands_then(base, step)
                meetings.append(step.more)
                for k in step.people:
                    left[k] = max(0, left.get(k, 0) - 1)
        gives = {self.year.volunteers[v]: self.missing[v] - left[v] for v in stuck}
        helped = tuple(name for name, number in gives.items() if number)
        return Help(change=change, volunteers=helped, gives=sum(gives.values()), meetings=tuple(meetings))


def _alike(change: Change) -> tuple[object, ...]:
    """Equal for changes of which one is enough to be named: the same slot, the same town."""
    for name in ("slot", "municipality"):
        if change.facts.get(name):
            return change.kind, change.facts[name]
    return change.key


def _tried(found: Sequence[Opening]) -> Iterator[Opening]:
    """The most promising of each kind."""
    seen: Counter[str] = Counter()
    for one in found:
        seen[one.change.kind] += 1
        if seen[one.change.kind] <= TRIED_OF_A_KIND:
            yield one


def _best(found: Sequence[Relaxation]) -> tuple[Relaxation, ...]:
    """The best of each kind, those first that give most by the smallest change."""
    best: dict[tuple[str, ...], Relaxation] = {}
    for one in found:
        kinds = tuple(change.kind for change in one.changes)
        if kinds not in best or one.gives > best[kinds].gives:
            best[kinds] = one
    order = sorted(best.items(), key=lambda item: (-item[1].gives, [KINDS.index(kind) for kind in item[0]]))
    return tuple(one for _, one in order[:MOST_SHOWN])
