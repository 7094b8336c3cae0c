"""Single changes that open dates for somebody: where all but one rule agree, what that rule would have to be told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.bodies import NEVER
from matcher.calendar.reasons.changes import PLENTY, Places, size
from matcher.calendar.reasons.looking import Looking, Opening
from matcher.calendar.reasons.sides import NOTHING
from matcher.records import SLOTS

if TYPE_CHECKING:
    from matcher.calendar.reasons.standing import Standing
    from matcher.calendar.rules import CalendarRule

MOST_FURTHER = 30
"""Minutes by which a journey may be lengthened; more is no near relaxation."""
WEEK = 7


def openings(base: Standing, v: int, missing: int, places: Places) -> list[Opening]:
    """All single changes that could give her a meeting, the most promising first; each is yet to be confirmed."""
    her = Looking(base, v, missing, places)
    return sorted((found for ask in ASKED for found in ask(her)), key=lambda one: one.rank)


def _own_slots(her: Looking) -> Iterator[Opening]:
    times = her.around & her.barred(her.base.volunteers, her.v, "volunteer_slots")
    for slot in np.unique(her.base.times.slot[times]).tolist():
        yield her.opening("volunteer_slot", times & (her.base.times.slot == slot), 1, volunteer=her.name, slot=SLOTS[slot])


def _pauses(her: Looking) -> Iterator[Opening]:
    times = her.around & her.barred(her.base.volunteers, her.v, "volunteer_pause")
    for first, last in her.base.volunteers.facts[her.v]["volunteer_pause"]:
        inside = [day for day in her.base.times.day[times].tolist() if first <= day <= last]
        ends = [(last - day + 1, first, day - 1) for day in inside if day > first]
        begins = [(day - first + 1, day + 1, last) for day in inside if day < last]
        for days, begin, end in sorted([*ends, *begins])[:1]:
            at = times & ((her.base.times.day < begin) | (her.base.times.day > end))
            yield her.opening(
                "pause",
                at,
                days,
                volunteer=her.name,
                paused_from=_iso(begin),
                paused_until=_iso(end),
                ends=int(begin == first),
            )
        if inside and first == last:  # no shorter one is left
            at = times & (her.base.times.day == first)
            yield her.opening("pause", at, 1, volunteer=her.name, paused_from="", paused_until="", ends=0, was=_iso(first))


def _stays(her: Looking) -> Iterator[Opening]:
    times = her.around & her.barred(her.base.volunteers, her.v, "volunteer_stops_on")
    if times.any():
        day = int(her.base.times.day[times].min())
        stops = her.base.volunteers.facts[her.v]["volunteer_stops_on"]
        yield her.opening("stays", times & (her.base.times.day == day), day - stops, volunteer=her.name, stops_on=_iso(day))


def _travel(her: Looking) -> Iterator[Opening]:
    for rule, parameter, value in _numbers(her.base.year.book.opens_of("volunteer", "venue"), "max_", her.base):
        here = her.hers & (her.base.venues.free & her.company & her.leads)
        for one in her.base.gatherings:
            if one.venue >= 0 and her.invited[one.call] and len(one.people) < her.base.most[one.venue]:
                here[one.venue, one.time] |= her.hers[one.time]
        minutes = her.base.journey[her.v]
        for place in np.flatnonzero(~her.near & (minutes > value) & (minutes <= value + MOST_FURTHER)).tolist():
            if here[place].any():
                becomes = math.ceil(minutes[place])
                yield her.opening(
                    "travel",
                    here[~her.near & (minutes <= becomes)].any(axis=0),
                    becomes - value,
                    rule=rule.key,
                    parameter=parameter,
                    becomes=becomes,
                    was=value,
                    more=math.ceil(minutes[place] - value),
                    venue=her.base.venue_ids[place],
                )


def _apart(her: Looking) -> Iterator[Opening]:
    """Fewer days between anybody's meetings, in weeks and half; where that frees times of hers."""
    side = her.base.volunteers
    rules = [rule for rule in her.base.year.book.counts_of("volunteer") if rule.span == "days"]
    for rule, parameter, value in _numbers(rules, "min_", her.base):
        at = her.base.day_open & her.leads & side.one(her.v, frozenset({rule.key})) & ~side.one(her.v)
        for becomes in sorted({value - WEEK, value // 2}):
            if at.any() and value // 2 <= becomes:
                yield her.opening("apart", at, value - becomes, rule=rule.key, parameter=parameter, becomes=becomes, was=value)


def _seats(her: Looking) -> Iterator[Opening]:
    """A full meeting that she could join, by a chair more or, where the rule is the limit, one volunteer more everywhere."""
    book = her.base.year.book
    for one in her.base.gatherings:
        if one.venue < 0 or one.venue >= len(her.base.year.venues) or her.name in one.people:
            continue
        more, most = len(one.people) + 1, int(her.base.most[one.venue])
        if more <= most or not (her.hers[one.time] and her.near[one.venue] and her.invited[one.call]):
            continue
        venue = her.base.year.facts_of_venues[one.venue]
        at = np.arange(len(her.hers)) == one.time
        if size(book, {**venue, "venue_capacity": more})[1] >= more:
            yield her.opening(
                "seats",
                at,
                more - venue["venue_capacity"],
                venue=her.base.venue_ids[one.venue],
                becomes=more,
                was=venue["venue_capacity"],
            )
        elif venue["venue_capacity"] >= more:
            for rule, parameter, value in _numbers(book.counts_of("meeting"), "max_", her.base):
                yield her.opening("most", at, more - value, rule=rule.key, parameter=parameter, becomes=more, was=value)


def _venue_slots(her: Looking) -> Iterator[Opening]:
    here = her.hers & her.leads & her.company & her.near[:, None]
    for place in np.flatnonzero(here.any(axis=1)).tolist()[: len(her.base.year.venues)]:
        times = here[place] & her.barred(her.base.venues, place, "venue_slots")
        for slot in np.unique(her.base.times.slot[times]).tolist():
            at = times & (her.base.times.slot == slot)
            yield her.opening("venue_slot", at, 1, venue=her.base.venue_ids[place], slot=SLOTS[slot])


def _matchers(her: Looking) -> Iterator[Opening]:
    here = her.hers & ~her.leads & (her.base.venues.free & her.company & her.near[:, None]).any(axis=0)
    if not here.any():
        return
    side, fact = her.base.matchers, "matcher_max_meetings_per_month"
    for m, name in enumerate(her.base.year.matchers):
        if not any(all(mask[m, p] for mask in her.base.leads.values()) for p in her.sets):
            continue
        if (at := here & her.barred(side, m, fact)).any():
            most = side.facts[m][fact]
            yield her.opening("matcher_month", at, 1, matcher=name, was=most, becomes=most + 1)
        times = here & her.barred(side, m, "matcher_slots")
        for slot in np.unique(her.base.times.slot[times]).tolist():
            yield her.opening("matcher_slot", times & (her.base.times.slot == slot), 1, matcher=name, slot=SLOTS[slot])


def _sizes(her: Looking) -> Iterator[Opening]:
    """Meetings of one volunteer fewer."""
    for rule, parameter, value in _numbers(her.base.year.book.counts_of("meeting"), "min_", her.base):
        small = (her.base.venues.free & her.company_of(1) & her.near[:, None]).any(axis=0)
        if value > 1 and (at := her.hers & her.leads & small).any():
            yield her.opening("least", at, 1, rule=rule.key, parameter=parameter, becomes=value - 1, was=value)


def _new_venues(her: Looking) -> Iterator[Opening]:
    book, free = her.base.year.book, her.base.volunteers
    times = np.flatnonzero(her.hers & her.leads)
    if not times.size:
        return
    least = size(book, {"venue_capacity": PLENTY})[0]
    members = np.logical_or.reduce([her.base.invited_without(NOTHING)[:, p] for p in her.sets])
    could = free.at(times, np.arange(len(members)))
    could[her.v] = False
    for postcode, place in her.places.items():
        asked = {"minutes": place.minutes}
        near = np.logical_and.reduce([book.answer(rule, asked) for rule in book.opens_of("volunteer", "venue")])
        if near[her.v] and (enough := could[near & members].sum(axis=0) + 1 >= least).any():
            at = np.zeros_like(her.hers)
            at[times[enough]] = True
            yield her.opening("venue_new", at, float(place.minutes[her.v]), postcode=postcode, municipality=place.municipality)


def _numbers(rules: Sequence[CalendarRule], prefix: str, base: Standing) -> Iterator[tuple[CalendarRule, str, int]]:
    """Those of the rules with one setting of a kind, a number: the rule, the parameter and the value in force."""
    for rule in rules:
        names = [name for name in rule.defaults if name.startswith(prefix)]
        if len(names) == 1:
            yield rule, names[0], base.year.book[rule.setting_key(names[0])]


def _iso(day: int) -> str:
    return "" if abs(day) >= NEVER else date.fromordinal(day).isoformat()


ASKED: tuple[Callable[[Looking], Iterator[Opening]], ...] = (
    _own_slots,
    _pauses,
    _stays,
    _travel,
    _apart,
    _seats,
    _venue_slots,
    _matchers,
    _sizes,
    _new_venues,
)
"""Every question, by what would have to give way."""
