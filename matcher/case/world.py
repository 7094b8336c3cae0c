"""What the truths of a case are judged by, and how they say what they found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from matcher.case import words
from matcher.case.cells import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from matcher.records import Postcode

Said: TypeAlias = tuple[str, Problem]
"""A column and what is said of its cell."""


@dataclass(frozen=True)
class World:
    """What a row is judged by: the planning date, all known postcodes, usual bounds, and the names of rules.

    ``usual`` gives bounds by their setting's key; one that is not there bounds nothing. ``rules`` are the keys of the rules a
    waiver may name (``None``: any), ``locked`` those of rules that no waiver touches, ``titles`` what a key is called beside
    itself, by its compared form.
    """

    today: date
    postcodes: Mapping[str, Postcode]
    usual: Mapping[str, float]
    rules: Collection[str] | None = None
    locked: Collection[str] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    near: dict[tuple[str, str], bool] = field(default_factory=dict)  # memo of whereabouts: many rows ask the same

    def within(self, low: str, high: str) -> tuple[float, float]:
        """The bounds of these two keys."""
        return self.usual.get(low, -math.inf), self.usual.get(high, math.inf)

    def rule_key(self, text: str) -> str:
        """The key of the rule that a decision names by its key or its title; any other text in its compared form."""
        word = words.folded(text)
        return word if word in (self.rules or ()) else self.titles.get(word, word)

    @cached_property
    def municipalities(self) -> Mapping[str, str]:
        """Every municipality that has a postcode, by its compared form."""
        return {words.folded(place.municipality): place.municipality for place in self.postcodes.values() if place.municipality}


def unusual(column: str, code: str, **facts: str) -> Said:
    """A warning at a column."""
    return column, Problem(code, facts, is_fault=False)


def impossible(column: str, code: str, **facts: str) -> Said:
    """A fault at a column."""
    return column, Problem(code, facts)
