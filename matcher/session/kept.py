"""Who in a case is as before, so that what is known of them need not be computed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.candidates import Candidates, IntArray
from matcher.records import Case
from matcher.rules import Rulebook
from matcher.table import People

Mask = npt.NDArray[np.bool_]
Named = Sequence[tuple[str, Any]]
"""People with their ids, in order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """The children, or the volunteers, of now beside those of before.

    Attributes
    ----------
    was : int64, shape (people now,); the number that each had before, -1 for new ones.
    same : bool, shape (people now,); those of whom every fact, and every row that names them, is as it was.
    """

    was: IntArray
    same: Mask

    @classmethod
    def of(cls, was: Named, now: Named, changed: Collection[str] | None) -> Side:
        """Compare two sides by id. The ``changed`` are not as before; with None nobody is."""
        at = {name: number for number, (name, _) in enumerate(was)}
        places = np.array([at.get(name, -1) for name, _ in now], dtype=np.int64)
        same = np.zeros(len(now), dtype=np.bool_)
        if changed is not None:
            same[:] = [
                place >= 0 and name not in changed and (was[place][1] is row or was[place][1] == row)
                for place, (name, row) in zip(places.tolist(), now, strict=True)
            ]
        return cls(was=places, same=same)

    @property
    def fresh(self) -> IntArray:
        """The numbers of those who are new, or not as before."""
        return np.flatnonzero(~self.same)

    @property
    def stayed(self) -> IntArray:
        """The numbers of those who are as before."""
        return np.flatnonzero(self.same)

    def now(self, n_was: int) -> IntArray:
        """The number now of each of before, shape (people before,); -1 for who is gone, or not as before."""
        numbers = np.full(n_was, -1, dtype=np.int64)
        numbers[self.was[self.same]] = self.stayed
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """Who is as before, on both sides."""

    children: Side
    volunteers: Side

    @classmethod
    def of(cls, case_was: Case, was: Candidates, case: Case, people: People, rulebook: Rulebook) -> Kept:
        """Compare a case and its candidates with a case of now under the rules of now.

        Nobody is as before under other rules or settings, on another day, on another map, or where words have other bits.
        """
        children = [(c.child_id, c) for c in people.children]
        volunteers = [(v.volunteer_id, v) for v in people.volunteers]
        ids = [{name for name, _ in side} for side in (children, volunteers)]
        known = (len(children), len(volunteers)) == (len(ids[0]), len(ids[1])) and _one_world(was, people, rulebook)
        rows = list(_changed_rows(case_was, case)) if known else []
        return cls(
            children=Side.of(
                [(c.child_id, c) for c in was.people.children], children, {row.child_id for row in rows} if known else None
            ),
            volunteers=Side.of(
                [(v.volunteer_id, v) for v in was.people.volunteers],
                volunteers,
                {row.volunteer_id for row in rows} if known else None,
            ),
        )


def _one_world(was: Candidates, people: People, rulebook: Rulebook) -> bool:
    """Whether what a pair is worth depends on its two people and the rows that name them alone."""
    before, facts = was.people.facts, people.facts
    return (
        was.rulebook == rulebook
        and before.planning_date == facts.planning_date
        and before.postcodes == facts.postcodes
        and was.people.vocabularies == people.vocabularies
    )


def _changed_rows(was: Case, now: Case) -> Iterator[Any]:
    """Rows about two people that only one of the cases has, or has more often."""
    for table in ("friendships", "offers", "declines", "decisions"):
        yield from _differing(getattr(was, table), getattr(now, table))


def _differing(was: Sequence[Hashable], now: Sequence[Hashable]) -> Iterator[Hashable]:
    """Rows that two tables do not hold equally often; what is the same object need not be compared."""
    if was is now:
        return
    objects = {id(row): row for row in chain(was, now)}
    surplus = Counter(map(id, was))
    surplus.subtract(map(id, now))
    rows: Counter[Hashable] = Counter()
    for number, often in surplus.items():
        if often:
            rows[objects[number]] += often
    yield from (row for row, often in rows.items() if often)
