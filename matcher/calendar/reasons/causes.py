"""Why somebody gets too few meetings: an irreducible set of rules, found by leaving out one after another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.reasons.sides import NOTHING, many
from matcher.calendar.reasons.standing import Gathering, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.rules import CalendarBook
    from matcher.calendar.year import Mask, Year

SEARCH = "search"
"""No rule: the plan leaves room for one meeting more, and the search ended before it was found."""


def unmet_reasons(year: Year, plan: YearPlan) -> Mapping[str, tuple[str, ...]]:
    """Keys of the rules that leave each volunteer with unmet obligations too few, the most telling first.

    The rules named leave her too few together, all others left aside; without any single one of them they would not. It is
    asked first whether she could have enough if no meeting stood but the fixed ones and everybody came who could. Where she
    could, it is asked which rules leave her not one date more beside the finished plan, the open days and her own times and
    journeys given; and where those do not, which of all rules. Rules on a volunteer are left out for her alone, others for
    everybody.
    """
    if not plan.unmet:
        return {}
    alone, beside = _Asking(standing(year, ())), _Asking(standing(year, plan.meetings))
    return {name: _reasons(year, year.volunteer_index[name], alone, beside) for name in sorted(plan.unmet)}


def _reasons(year: Year, v: int, alone: _Asking, beside: _Asking) -> tuple[str, ...]:
    need = int(year.need[v])
    shared = shared_rules(year.book)
    every = (*(rule.key for rule in year.book.opens_of()), *shared, *own_rules(year.book))
    for asking, number, rules in ((alone, need, every), (beside, 1, shared), (beside, 1, every)):
        if found := irreducible(lambda dropped, a=asking, n=number: a.few(v, n, dropped), rules):  # type: ignore[misc]
            return found[::-1]
    return _nobody_there(year) or (SEARCH,)


def _nobody_there(year: Year) -> tuple[str, ...]:
    """Without any venue, or any matcher, no rule that is left out helps: then the rules on their times are named."""
    sides = (("matcher", year.matchers), ("venue", year.venues))
    lacking = [f"{who}_slots" for who, names in sides if not names]
    return tuple(rule.key for rule in year.book.opens for fact in lacking if fact in rule.needs)


def irreducible(few: Callable[[frozenset[str]], bool], rules: Sequence[str]) -> tuple[str, ...]:
    """Rules that cannot be left out, tried in this order; none where it is not too few to begin with, or is without any rule."""
    if not few(NOTHING) or few(frozenset(rules)):
        return ()
    dropped = NOTHING
    for key in rules:
        if few(dropped | {key}):
            dropped |= {key}
    return tuple(key for key in rules if key not in dropped)


def shared_rules(book: CalendarBook) -> tuple[str, ...]:
    """Keys of the rules on venues, matchers and meetings, the least telling first."""
    opens = (book.opens_of(*who) for who in (("venue",), ("matcher", "meeting"), ("matcher",), ("volunteer", "meeting")))
    counts = (book.counts_of(who) for who in ("venue", "matcher", "meeting"))
    own = {rule.key for rule in book.counts_of("volunteer")}
    return tuple(rule.key for rules in (*opens, *counts) for rule in rules if rule.key not in own)


def own_rules(book: CalendarBook) -> tuple[str, ...]:
    """Keys of the rules on a volunteer, the least telling first."""
    rules = (*book.counts_of("volunteer"), *book.opens_of("volunteer", "venue"), *book.opens_of("volunteer"))
    return tuple(rule.key for rule in rules)


class _Asking:
    """Answers whether somebody would have too few dates without some rules; what concerns everybody is kept."""

    def __init__(self, base: Standing) -> None:
        self.base = base
        self._led: dict[frozenset[str], Mask] = {}
        self._venues: dict[frozenset[str], Mask] = {}

    @cached_property
    def _leading(self) -> frozenset[str]:
        return frozenset({*self.base.matchers.opens, *self.base.matchers.counts, *self.base.leads})

    @cached_property
    def _housing(self) -> frozenset[str]:
        return frozenset({*self.base.venues.opens, *self.base.venues.counts, *self.base.days})

    def few(self, v: int, number: int, dropped: frozenset[str]) -> bool:
        """Whether she would have fewer than so many dates more."""
        base = self.base
        open_at = self.dates(v, dropped)
        if number == 1:
            return not open_at.any()
        limits = tuple(limit for limit in base.volunteers.limits[v] if limit.rule not in dropped)
        return many(limits, base.times, open_at, base.volunteers.taken[v], number) < number

    def dates(self, v: int, dropped: frozenset[str]) -> Mask:
        """Times at which she could have one more meeting."""
        base = self.base
        near, invited = base.near_without(dropped)[v], base.invited_without(dropped)[v]
        houses, led = self._houses(dropped), self._leads(dropped)
        found = np.zeros(len(base.times.day), dtype=np.bool_)
        for p in np.flatnonzero(invited[: len(led)]).tolist():
            found |= (houses & near[:, None] & self._enough(v, p, dropped)).any(axis=0) & led[p]
        for one in base.gatherings:
            if self._has_room(one, dropped) and base.year.volunteers[v] not in one.people:
                known = near[one.venue] if one.venue >= 0 else not base.near.keys() - dropped
                found[one.time] |= known & invited[one.call]
        return found & base.open_without(dropped) & base.volunteers.one(v, dropped)

    def _enough(self, v: int, p: int, dropped: frozenset[str]) -> Mask:
        base = self.base
        if base.size_rules <= dropped:
            return np.ones(base.others.shape[1:], dtype=np.bool_)
        enough: Mask = (base.beside(v, p) + 1 >= base.least[:, None]) & (base.most >= base.least)[:, None]
        return enough

    def _has_room(self, one: Gathering, dropped: frozenset[str]) -> bool:
        return self.base.size_rules <= dropped or (one.venue >= 0 and len(one.people) < int(self.base.most[one.venue]))

    def _houses(self, dropped: frozenset[str]) -> Mask:
        key = dropped & self._housing
        if key not in self._venues:
            self._venues[key] = self.base.venues.every(key) & self.base.open_without(key)
        return self._venues[key]

    def _leads(self, dropped: frozenset[str]) -> Mask:
        key = dropped & self._leading
        if key not in self._led:
            self._led[key] = self.base.led_without(key)
        return self._led[key]
