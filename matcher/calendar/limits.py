"""Limits on what is counted in spans of time, from the count rules: the one form that model, greedy plan and check share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matcher.calendar.rules import CalendarBook, Span, Who
    from matcher.calendar.year import Int, Mask

SLOTS_A_DAY = 32
EPOCH = date(1970, 1, 1).toordinal()
_WIDER: Mapping[str, tuple[str, ...]] = {
    "slot": ("slot", "date", "days", "month", "year"),
    "date": ("date", "days", "month", "year"),
    "days": ("days",),
    "month": ("month", "year"),
    "year": ("year",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most ``most`` in every such span; ``rule`` is the rule's key, ``days`` the length of a span of days."""

    rule: str
    span: Span
    days: int
    most: int

    def follows_from(self, other: Limit) -> bool:
        """Whether whoever keeps the other limit keeps this one: its spans lie within the other's, which allow no more."""
        if other.span not in _WIDER.get(self.span, ()) or other.most > self.most:
            return False
        return self.span != "days" or self.days <= other.days


def limits_of(book: CalendarBook, who: Who, facts: Mapping[str, Any]) -> tuple[Limit, ...]:
    """The limits on somebody's meetings, without those that follow from another."""
    found = []
    for rule in book.counts_of(who):
        count = book.answer(rule, facts)
        if count.most is not None:
            found.append(Limit(rule=rule.key, span=rule.span, days=count.days, most=count.most))
    kept: list[Limit] = []
    for k, one in enumerate(found):
        if not any(one.follows_from(other) for other in (*kept, *found[k + 1 :])):
            kept.append(one)
    return tuple(kept)


def spans(limit: Limit, day: Int, slot: Int) -> Iterator[Int]:
    """Places of the items, given by day and slot, that lie in one span; a span of days begins with each item's day."""
    if limit.span == "days":
        order = np.argsort(day, kind="stable")
        yield from _windows(day[order], order, limit.days)
        return
    keys = span_keys(limit.span, day, slot)
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order])) + 1
    yield from (part for part in np.split(order, edges) if part.size)


def _windows(day: Int, order: Int, length: int) -> Iterator[Int]:
    """Windows that no other contains."""
    ends = np.searchsorted(day, day + length)
    reached = -1
    for begin, end in enumerate(ends.tolist()):
        if end > reached:
            reached = end
            yield order[begin:end]


def span_keys(span: Span, day: Int, slot: Int) -> Int:
    """A number for each item: equal for those of one span."""
    if span == "slot":
        return day * SLOTS_A_DAY + slot
    if span == "date":
        return day
    unit = "datetime64[M]" if span == "month" else "datetime64[Y]"
    return (np.asarray(day) - EPOCH).astype("datetime64[D]").astype(unit).astype(np.int64)


def rows(limit: Limit, day: Int, slot: Int, fixed: Mask) -> Iterator[tuple[Int, int]]:
    """The free items of each span, and how many of them there may be beside the fixed ones; only where that limits them."""
    for span in spans(limit, day, slot):
        free = span[~fixed[span]]
        left = max(0, limit.most - (span.size - free.size))
        if free.size > left:
            yield free, left


def possible(limits: tuple[Limit, ...], day: Int, slot: Int, fixed_day: Int, fixed_slot: Int) -> Mask:
    """Which single items are possible beside the fixed ones, shape of ``day``."""
    answer = np.ones(len(day), dtype=np.bool_)
    if not fixed_day.size:
        return answer if all(limit.most > 0 for limit in limits) else ~answer
    for limit in limits:
        answer &= _possible(limit, day, slot, fixed_day, fixed_slot)
    return answer


def _possible(limit: Limit, day: Int, slot: Int, fixed_day: Int, fixed_slot: Int) -> Mask:
    if limit.span != "days":
        keys, fixed = span_keys(limit.span, day, slot), span_keys(limit.span, fixed_day, fixed_slot)
        values, counts = np.unique(fixed, return_counts=True)
        at = np.minimum(np.searchsorted(values, keys), len(values) - 1)
        answer: Mask = np.where(values[at] == keys, counts[at], 0) < limit.most
        return answer
    answer = np.full(len(day), limit.most > 0)
    if limit.most <= 0:
        return answer
    ordered = np.sort(fixed_day)
    for k in range(len(ordered) - limit.most + 1):  # the span from the first to the last of so many fixed ones is full
        first, last = ordered[k], ordered[k + limit.most - 1]
        if last - first < limit.days:
            answer &= (day <= last - limit.days) | (day >= first + limit.days)
    return answer
