"""What each rule says of every time of a year beside meetings that stand: for volunteers, matchers and venues, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.calendar.limits import Limit, possible
from matcher.calendar.rules import CalendarBook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matcher.calendar.rules import Who
    from matcher.calendar.year import Int, Mask

Taken = tuple[tuple[int, int], ...]
"""Day and slot of each meeting that somebody or a venue already has."""
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, eq=False)
class Times:
    """Every part of every day of the year, in order: ``day`` and ``slot``, shape (T,)."""

    day: Int
    slot: Int

    @cached_property
    def bit(self) -> Int:
        """The slots as rules read them, shape (T,)."""
        bit: Int = np.int64(1) << self.slot
        return bit


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """N volunteers, matchers or venues.

    Attributes
    ----------
    facts : what rules are told of each.
    taken : what each already has.
    limits : the limits on each one's meetings.
    opens : the answers of each rule on one of them alone, shape (N, T).
    counts : whether one more at a time is possible beside ``taken``, by each rule that counts, shape (N, T).
    """

    book: CalendarBook
    times: Times
    facts: tuple[Mapping[str, Any], ...]
    taken: tuple[Taken, ...]
    limits: tuple[tuple[Limit, ...], ...]
    opens: Mapping[str, Mask]
    counts: Mapping[str, Mask]

    @cached_property
    def free(self) -> Mask:
        """Who could come or be had by all rules, shape (N, T)."""
        return self.every(NOTHING)

    def at(self, times: Int, rows: Int) -> Mask:
        """The same at some of the times, for some of them, shape (rows, times)."""
        found: Mask = np.ones((len(rows), len(times)), dtype=np.bool_)
        for answers in (self.opens, self.counts):
            for mask in answers.values():
                found &= mask[np.ix_(rows, times)]
        return found

    def every(self, dropped: frozenset[str]) -> Mask:
        """The same without some rules."""
        found: Mask = np.ones((len(self.facts), len(self.times.day)), dtype=np.bool_)
        for answers in (self.opens, self.counts):
            for key, mask in answers.items():
                if key not in dropped:
                    found &= mask
        return found

    def one(self, row: int, dropped: frozenset[str] = NOTHING) -> Mask:
        """The same for one of them, shape (T,)."""
        found: Mask = np.ones(len(self.times.day), dtype=np.bool_)
        for answers in (self.opens, self.counts):
            for key, mask in answers.items():
                if key not in dropped:
                    found &= mask[row]
        return found

    def needing(self, fact: str) -> frozenset[str]:
        """Keys of the rules that ask for a fact."""
        return frozenset(rule.key for rule in self.book.rules if fact in rule.needs)

    def told(self, row: int, common: Mapping[str, Any], **facts: Any) -> Side:  # noqa: ANN401  facts are of several kinds
        """The side if one of them had other facts; what is hers already stays."""
        known = {**self.facts[row], **facts}
        rules = [rule for rule in self.book.opens if rule.key in self.opens and set(facts) & set(rule.needs)]
        opens = dict(self.opens)
        for rule in rules:
            opens[rule.key] = opens[rule.key].copy()
            opens[rule.key][row] = self.book.answer(rule, {**common, **known, "day": self.times.day, "slot": self.times.bit})
        return replace(self, opens=opens, facts=_with(self.facts, row, known))

    def limited(self, row: int, limits: tuple[Limit, ...]) -> Side:
        """The side if other limits held for one of them."""
        counts = {key: mask.copy() for key, mask in self.counts.items()}
        for limit in limits:
            counts[limit.rule][row] = _beside(limit, self.times, self.taken[row])
        return replace(self, counts=counts, limits=_with(self.limits, row, limits))

    def ruled(self, book: CalendarBook, who: Who) -> Side:
        """The side if other settings of the rules that count were in force."""
        limits = tuple(limits_in(book, who, facts) for facts in self.facts)
        counts = {key: mask.copy() for key, mask in self.counts.items()}
        for row, (mine, before) in enumerate(zip(limits, self.limits, strict=True)):
            for limit in set(mine) - set(before):
                counts[limit.rule][row] = _beside(limit, self.times, self.taken[row])
        return replace(self, book=book, counts=counts, limits=limits)

    def having(self, rows: Iterable[int], time: int) -> Side:
        """The side if some of them had one more meeting."""
        item = (int(self.times.day[time]), int(self.times.slot[time]))
        counts, taken = {key: mask.copy() for key, mask in self.counts.items()}, list(self.taken)
        for row in rows:
            taken[row] = (*taken[row], item)
            for limit in self.limits[row]:
                counts[limit.rule][row] = _beside(limit, self.times, taken[row])
        return replace(self, counts=counts, taken=tuple(taken))


def side_of(
    book: CalendarBook,
    who: Who,
    times: Times,
    common: Mapping[str, Any],
    facts: tuple[Mapping[str, Any], ...],
    taken: Sequence[Taken],
) -> Side:
    """Ask every rule on volunteers, matchers or venues alone."""
    at = {**common, "day": times.day, "slot": times.bit}
    shape = (len(facts), len(times.day))
    opens = {}
    for rule in book.opens_of(who):
        rows = [np.broadcast_to(book.answer(rule, {**at, **one}), shape[1:]) for one in facts]
        opens[rule.key] = np.array(rows, dtype=np.bool_).reshape(shape)
    limits = tuple(limits_in(book, who, one) for one in facts)
    counts: dict[str, Mask] = {rule.key: np.ones(shape, dtype=np.bool_) for rule in book.counts_of(who)}
    for row, mine in enumerate(limits):
        for limit in mine:
            counts[limit.rule][row] = _beside(limit, times, taken[row])
    return Side(book=book, times=times, facts=facts, taken=tuple(taken), limits=limits, opens=opens, counts=counts)


def limits_in(book: CalendarBook, who: Who, facts: Mapping[str, Any]) -> tuple[Limit, ...]:
    """Every limit on somebody's meetings, also those that follow from another: without that one they still hold."""
    found = [(rule, book.answer(rule, facts)) for rule in book.counts_of(who)]
    return tuple(
        Limit(rule=rule.key, span=rule.span, days=count.days, most=count.most) for rule, count in found if count.most is not None
    )


def many(limits: tuple[Limit, ...], times: Times, open_at: Mask, taken: Taken, enough: int) -> int:
    """How many of the times one can take, the earliest first, which is the most; counted no further than ``enough``."""
    left, mine, found = np.flatnonzero(open_at), list(taken), 0
    while found < enough:
        day, slot = np.array(mine, dtype=np.int64).reshape(-1, 2).T
        left = left[possible(limits, times.day[left], times.slot[left], day, slot)]
        if not left.size:
            break
        mine.append((int(times.day[left[0]]), int(times.slot[left[0]])))
        left, found = left[1:], found + 1
    return found


def _beside(limit: Limit, times: Times, taken: Taken) -> Mask:
    day, slot = np.array(taken, dtype=np.int64).reshape(-1, 2).T
    return possible((limit,), times.day, times.slot, day, slot)


def _with(items: tuple[Any, ...], at: int, item: Any) -> tuple[Any, ...]:  # noqa: ANN401  of any kind
    return (*items[:at], item, *items[at + 1 :])
