"""Why somebody gets too few meetings: the rules that leave her none, by asking them again without one of them at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.limits import Limit, limits_of, possible
from matcher.calendar.year import Year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Int, Mask

AROUND = ((), ("venue",), ("matcher",), ("matcher", "meeting"))
"""Subjects of rules that are asked again for everybody; those on the volunteer are for her alone."""


def unmet_reasons(year: Year, plan: YearPlan, without: Callable[[str], Year]) -> Mapping[str, tuple[str, ...]]:
    """Keys of the rules that leave each volunteer with unmet obligations too few, the most telling first.

    Parameters
    ----------
    year, plan : what was asked, and the answer.
    without : the year as it would be without one rule, by its key.
    """
    if not plan.unmet:
        return {}
    rules = [rule.key for subjects in AROUND for rule in year.book.opens_of(*subjects)]
    others = {key: _Chances(without(key)) for key in rules}
    chances = _Chances(year)
    return {name: _reasons(year, plan, name, chances, others) for name in plan.unmet}


def year_without(year: Year, settings: Mapping[str, object], postcodes: Mapping[str, object]) -> Callable[[str], Year]:
    """Ask about the same year without one rule."""

    def without(key: str) -> Year:
        book = replace(year.book, rules=tuple(rule for rule in year.book.rules if rule.key != key))
        return Year.of(year.case, book, settings, postcodes, year.year)  # type: ignore[arg-type]

    return without


class _Chances:
    """Times at which each volunteer could meet if enough of the others came who could by themselves."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.count = np.zeros((len(year.sets), len(year.venues), len(year.day)), dtype=np.int64)
        self.place_open = np.zeros(self.count.shape, dtype=np.bool_)
        for p in range(len(year.sets)):
            members = (year.set_of == p) & (year.room > 0)
            led = (year.matcher_free & year.leads[:, p, None]).any(axis=0)
            for place in range(len(year.venues)):
                self.count[p, place] = year.volunteer_free[members & year.near[:, place]].sum(axis=0)
                self.place_open[p, place] = year.venue_free[place] & led & (year.size_most[place] >= year.size_least[place])

    def days(self, v: int, free: Mask | None = None, near: Mask | None = None) -> Int:
        """Days on which she could meet; ``free`` and ``near`` in the place of what the rules on her say."""
        year, p = self.year, int(year_set(self.year, v))
        free = year.volunteer_free[v] if free is None else free
        near = year.near[v] if near is None else near
        counted = (year.volunteer_free[v] & (year.near[v] & (year.room[v] > 0))[:, None]).astype(np.int64)
        enough = self.count[p] - counted + 1 >= year.size_least[:, None]
        times = (enough & self.place_open[p] & near[:, None]).any(axis=0) & free
        return np.unique(year.day[times])

    def most(self, v: int, days: Int) -> int:
        """How many of the days she can take, beside her fixed meetings."""
        year = self.year
        limits = limits_of(year.book, "volunteer", year.facts_of_volunteers[v])
        taken = [one.day for one in year.fixed if v in one.listed]
        found = 0
        for day in days.tolist():
            if not _broken(limits, day, taken):
                taken.append(day)
                found += 1
        return found


def year_set(year: Year, v: int) -> int:
    """The set of programmes that a volunteer meets with."""
    return int(year.set_of[v])


def _broken(limits: tuple[Limit, ...], day: int, taken: list[int]) -> str:
    """The rule whose limit one more on a day would break; empty where it fits."""
    one, zero = np.array([0]), np.zeros(len(taken), dtype=np.int64)
    for limit in limits:
        if not possible((limit,), np.array([day]), one, np.array(taken, dtype=np.int64), zero)[0]:
            return limit.rule
    return ""


def _reasons(year: Year, plan: YearPlan, name: str, chances: _Chances, others: Mapping[str, _Chances]) -> tuple[str, ...]:
    v = year.volunteer_index[name]
    alone = chances.most(v, chances.days(v))
    gains: dict[str, int] = {}
    if alone < year.need[v]:
        for key, other in others.items():
            gains[key] = other.most(v, other.days(v)) - alone
        for key, days in _without_her_rules(year, v, chances).items():
            gains[key] = chances.most(v, days) - alone
    telling = sorted((key for key, gain in gains.items() if gain > 0), key=lambda key: (-gains[key], key))
    return tuple(telling) or _crowded(year, plan, v, chances)


def _without_her_rules(year: Year, v: int, chances: _Chances) -> dict[str, Int]:
    """Her days without each one of the rules on her."""
    facts = {**year.facts_of_case, **year.facts_of_volunteers[v], "day": year.day, "slot": np.int64(1) << year.slot}
    rules = year.book.opens_of("volunteer")
    answers = {rule.key: np.broadcast_to(year.book.answer(rule, facts), year.day.shape) for rule in rules}
    found = {}
    for key in answers:
        rest = [answer for other, answer in answers.items() if other != key]
        found[key] = chances.days(v, free=np.logical_and.reduce([np.ones(len(year.day), dtype=np.bool_), *rest]))
    for rule in year.book.opens_of("volunteer", "venue"):
        found[rule.key] = chances.days(v, near=np.ones(len(year.venues), dtype=np.bool_))
    return found


def _crowded(year: Year, plan: YearPlan, v: int, chances: _Chances) -> tuple[str, ...]:
    """What stands against her other days: matchers at their limits, else too few others; where she has none, her own meetings."""
    mine = [row.date.toordinal() for row in plan.meetings if year.volunteers[v] in row.volunteers]
    limits = limits_of(year.book, "volunteer", year.facts_of_volunteers[v])
    own, against = Counter[str](), Counter[str]()
    for day in chances.days(v).tolist():
        if broken := _broken(limits, day, mine):
            own[broken] += 1
        else:
            against[_no_matcher(year, plan, day) or next(rule.key for rule in year.book.counts_of("meeting"))] += 1
    return tuple(key for key, _ in (against or own).most_common())


def _no_matcher(year: Year, plan: YearPlan, day: int) -> str:
    """The rule whose limit keeps those matchers away who are free on a day; empty where one could lead."""
    found: Counter[str] = Counter()
    for m, name in enumerate(year.matchers):
        led = [row.date.toordinal() for row in plan.meetings if row.matcher_id == name]
        if (year.matcher_free[m] & (year.day == day)).any():
            broken = _broken(limits_of(year.book, "matcher", year.facts_of_matchers[m]), day, led)
            if not broken:
                return ""
            found[broken] += 1
    return found.most_common(1)[0][0] if found else ""
