"""Words that the body of a calendar rule may use; each means the same on plain values and on NumPy arrays.

A day is the ordinal of a date, a slot (ugentligt tidspunkt) one bit of ``matcher.records.SLOTS``, programmes are bits too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from matcher.bodies import Code, Mask, Number
from matcher.columns import FIXED

NEVER = 10_000_000
"""The day of what never comes; its negative is the day of what always was."""
SLOT_BITS = FIXED["slots"]
EVENINGS = sum(bit for slot, bit in SLOT_BITS.items() if slot.endswith("_evening"))
Span = tuple[int, int]
"""First and last day, both inclusive."""


def outside(day: Number, spans: Iterable[Span]) -> Mask:
    """Whether a day lies in none of the spans."""
    found: Mask = day == day  # noqa: PLR0124  everywhere yet, in the day's own shape
    for first, last in spans:
        found = found & ((day < first) | (last < day))
    return found


def one_of(day: Number, days: Iterable[int]) -> Mask:
    """Whether a day is one of some."""
    return np.isin(day, list(days))


def free_in(slot: Code, availability: Code) -> Mask:
    """Whether a slot is among those a person or place has free; blank is any evening of the week."""
    return (slot & (availability if availability else EVENINGS)) != 0


def dates_of(day: Number) -> list[date]:
    """The dates of one or many days."""
    return [date.fromordinal(int(one)) for one in np.atleast_1d(day)]
