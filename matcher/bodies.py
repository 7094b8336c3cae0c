"""The words a rule's or criterion's body may use. Each means the same on one pair, on NumPy blocks and in the compiled loop.

==========  ==================  ====================  ===========================
kind        one pair            NumPy blocks          compiled loop
==========  ==================  ====================  ===========================
number      ``float``           ``float64`` array     ``float64``; NaN = unknown
code        ``int`` (bits)      ``uint64`` array      ``uint64``
set         ``int`` (bits)      tuple of such arrays  tuple of ``uint64``
==========  ==================  ====================  ===========================

A code is a bit set over a fixed vocabulary of at most 64 words (programmes, genders, slots); a set is one over the
case's own words, in as many machine words as it takes. Bodies use ``&`` and ``|`` between masks (never ``and``, ``or``,
``not``), ``choose`` instead of ``if``, and names from this module only.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

__all__ = [
    "ANY_GENDER", "BIKE", "CAR", "FAMILIEVEN", "FEMALE", "MALE", "OTHER", "PUBLIC", "STOREBROR", "VOKSENVEN",
    "blank", "both", "by_programme", "choose", "clip01", "count", "given", "known", "least", "most", "root", "weighed",
]  # fmt: skip
"""What a body may use beside its parameters."""

Number: TypeAlias = Any
Code: TypeAlias = Any
Set: TypeAlias = Any
Mask: TypeAlias = Any
Share: TypeAlias = Any

VOKSENVEN, STOREBROR, FAMILIEVEN = 1, 2, 4
FEMALE, MALE, OTHER, ANY_GENDER = 1, 2, 4, 7
CAR, BIKE, PUBLIC = 1, 2, 4


def choose(condition: Mask, yes: Number, no: Number) -> Number:
    """``yes`` where the condition holds, else ``no``; both are evaluated."""
    if isinstance(condition, np.ndarray):
        return np.where(condition, yes, no)
    return yes if condition else no


def known(value: Number) -> Mask:
    """Whether a number is stated at all."""
    return value == value  # noqa: PLR0124  NaN is the only number that differs from itself


def blank(value: Number) -> Mask:
    """Whether a number is not stated."""
    return value != value  # noqa: PLR0124  NaN is the only number that differs from itself


def given(value: Number, otherwise: Number) -> Number:
    """The number, or ``otherwise`` where it is unknown."""
    return choose(known(value), value, otherwise)


def by_programme(programme: Code, voksenven: Number, storebror: Number, familieven: Number) -> Number:
    """The one of three numbers that belongs to the child's programme."""
    return choose(programme == VOKSENVEN, voksenven, choose(programme == STOREBROR, storebror, familieven))


def least(a: Number, b: Number) -> Number:
    """The smaller of two known numbers."""
    return choose(a < b, a, b)


def most(a: Number, b: Number) -> Number:
    """The larger of two known numbers."""
    return choose(a > b, a, b)


def clip01(value: Number) -> Share:
    """The number held within 0 and 1."""
    return most(0.0, least(1.0, value))


def root(value: Number) -> Number:
    """Square root of a number that is not negative (NaN stays NaN)."""
    return np.sqrt(value) if isinstance(value, np.ndarray) else math.sqrt(value)


def both(a: Set, b: Set) -> Set:
    """The words that two sets, or two codes, have in common."""
    if isinstance(a, tuple):
        return tuple(x & y for x, y in zip(a, b, strict=True))
    return a & b


def count(a: Set) -> Number:
    """How many words a set or code holds."""
    if isinstance(a, tuple):
        return sum(count(word) for word in a)
    return np.bitwise_count(a).astype(np.int64) if isinstance(a, np.ndarray) else a.bit_count()


def weighed(common: Set, rare: Set, everyday: Set) -> Number:
    """How much common words are worth: 1 each, a rare one half as much more, an everyday one half as much."""
    return count(common) + 0.5 * count(both(common, rare)) - 0.5 * count(both(common, everyday))
