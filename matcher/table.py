"""People as columns: arrays over all of them, or the values of one; words as bit sets over the case's own vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.columns import COLUMNS, FIXED, Column, Facts
from matcher.records import Case, Child, Volunteer

FloatArray: TypeAlias = npt.NDArray[np.float64]
WordArray: TypeAlias = npt.NDArray[np.uint64]
Values: TypeAlias = FloatArray | WordArray | tuple[WordArray, ...]
WORD = (1 << 64) - 1


@dataclass(frozen=True)
class Vocabulary:
    """The words of one kind, each with its bits; as many machine words of 64 bits as they need."""

    bits: Mapping[str, int]

    @classmethod
    def of(cls, words: Iterable[str]) -> Vocabulary:
        """One bit a word, in the words' own order, so that row order never matters."""
        return cls({word: 1 << i for i, word in enumerate(sorted(set(words)))})

    @property
    def machine_words(self) -> int:
        """How many 64-bit words a set takes, at least one."""
        return max(1, -(-len(self.bits) // 64))

    def encode(self, words: Sequence[str]) -> int:
        """The bits of some words; a word that nobody in the case has means nothing here."""
        bits = 0
        for word in words:
            bits |= self.bits.get(word, 0)
        return bits


@dataclass(frozen=True)
class People:
    """The children and volunteers of a case in the order of their ids, and the facts that columns are made of."""

    children: tuple[Child, ...]
    volunteers: tuple[Volunteer, ...]
    facts: Facts
    _arrays: dict[str, Values] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, case: Case, facts: Facts) -> People:
        """Sort both sides by id."""
        return cls(
            tuple(sorted(case.children, key=lambda c: c.child_id)),
            tuple(sorted(case.volunteers, key=lambda v: v.volunteer_id)),
            facts,
        )

    def on(self, day: date) -> People:
        """The same people as they stand on another day."""
        later = People(self.children, self.volunteers, replace(self.facts, planning_date=day))
        vars(later)["vocabularies"] = self.vocabularies  # nobody's words depend on the day
        return later

    @cached_property
    def vocabularies(self) -> Mapping[str, Vocabulary]:
        """Fixed vocabularies, and one per kind of free words over all that this case says."""
        free: dict[str, set[str]] = {}
        for column in COLUMNS.values():
            if column.kind == "set":
                words = free.setdefault(column.vocabulary, set())
                for person in self.side(column.name):
                    words.update(column.get(person, self.facts))
        return {
            **{name: Vocabulary(bits) for name, bits in FIXED.items()},
            **{name: Vocabulary.of(words) for name, words in free.items()},
        }

    def side(self, column: str) -> tuple[Child, ...] | tuple[Volunteer, ...]:
        """Whose column it is."""
        return self.children if column.startswith("child_") else self.volunteers

    def words(self, person: Child | Volunteer, column: str) -> Any:  # noqa: ANN401  a number, None, or words
        """A fact of one person as a reader would say it."""
        return COLUMNS[column].get(person, self.facts)

    def value(self, person: Child | Volunteer, column: str) -> Any:  # noqa: ANN401  a number, or bits
        """A fact of one person as a body takes it."""
        found = COLUMNS[column]
        return self.encoded(found, found.get(person, self.facts))

    def encoded(self, column: Column, fact: Any) -> Any:  # noqa: ANN401
        """Words to bits, unknown to NaN."""
        if column.vocabulary:
            return self.vocabularies[column.vocabulary].encode(fact)
        return float("nan") if fact is None else float(fact)

    def values(self, column: str) -> Values:
        """A fact of everybody on its side, shape (people,); a set is a tuple of such arrays, one a machine word."""
        if column not in self._arrays:
            self._arrays[column] = self._computed(column)
        return self._arrays[column]

    def _computed(self, column: str) -> Values:
        found = COLUMNS[column]
        plain = [self.value(person, column) for person in self.side(column)]
        if found.kind == "number":
            return np.array(plain, dtype=np.float64)
        if found.kind == "code":
            return np.array(plain, dtype=np.uint64)
        return split_words(plain, self.vocabularies[found.vocabulary].machine_words)


def split_words(bits: Sequence[int], machine_words: int) -> tuple[WordArray, ...]:
    """Bit sets of any length as arrays of 64-bit words, lowest first."""
    return tuple(np.array([(b >> (64 * k)) & WORD for b in bits], dtype=np.uint64) for k in range(machine_words))
