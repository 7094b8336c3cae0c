"""The people that all contestants are given: of the synthetic case, those who pass every rule about one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from constraints.rulebook import load_rulebook
from matcher.ask import settings_for
from matcher.candidates import pair_rules, passing
from matcher.columns import COLUMNS
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from scenarios.synthetic import PLANNING_DATE, synthetic_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.records import Case
    from matcher.rules import Function, Rulebook
    from matcher.table import People

Columns: TypeAlias = dict[str, npt.NDArray[Any]]
Pairs: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Eligible pairs sorted by (child, volunteer): the two indices and the points, shape (pairs,) each."""
DRAWN = 2
"""So many times as many people are drawn as are wanted; about nine of ten volunteers and three of four children pass."""


@dataclass(frozen=True)
class Instance:
    """People who pass every rule about one person, and their facts as columns; sets as one word of 64 bits."""

    case: Case
    people: People
    rulebook: Rulebook
    children: Columns
    volunteers: Columns

    @property
    def pairs(self) -> int:
        """How many pairs there are to judge."""
        return len(self.people.children) * len(self.people.volunteers)

    @property
    def caps(self) -> Mapping[str, float]:
        """Most points of each criterion."""
        return {c.key: float(cap) for c, cap in zip(self.rulebook.criteria, self.rulebook.caps, strict=True)}

    def settings(self, function: Function) -> dict[str, Any]:
        """Settings of a rule or criterion: numbers, and words as bits."""
        found = settings_for(self.people, self.rulebook, function, split=True)
        return {name: value[0] if isinstance(value, tuple) else value for name, value in found.items()}

    def all_settings(self) -> dict[str, Any]:
        """Settings of all pair rules (``rule.name``) and criteria (``criteria.rule.name``)."""
        return {
            f"{f.prefix}.{name}": value
            for f in (*pair_rules(self.rulebook), *self.rulebook.criteria)
            for name, value in self.settings(f).items()
        }


def instance(size: int, *, seed: int, children: int | None = None) -> Instance:
    """``size`` volunteers and as many children, or ``children``.

    Raises
    ------
    ValueError
        The draw has too few, or sets are too large.
    """
    wanted = size if children is None else children
    rulebook = load_rulebook(PLANNING_DATE)
    drawn = synthetic_case(children=DRAWN * wanted, volunteers=DRAWN * size, seed=seed, friendships=0)
    people = Engine.of(drawn, rulebook, load_postcodes()).people
    those = np.flatnonzero(passing(people, rulebook, "child"))[:wanted]
    volunteers = np.flatnonzero(passing(people, rulebook, "volunteer"))[:size]
    if len(those) < wanted or len(volunteers) < size:
        raise ValueError(f"of {DRAWN} times as many people too few pass the rules about one person")
    case = drawn.model_copy(
        update={
            "children": tuple(people.children[i] for i in those),
            "volunteers": tuple(people.volunteers[j] for j in volunteers),
            **dict.fromkeys(("friendships", "declines", "offers", "decisions"), ()),
        }
    )
    return _instance(case, rulebook)


def of_one_child(given: Instance, child: int) -> Instance:
    """The same volunteers with one of the children."""
    return _instance(given.case.model_copy(update={"children": (given.people.children[child],)}), given.rulebook)


def _instance(case: Case, rulebook: Rulebook) -> Instance:
    people = Engine.of(case, rulebook, load_postcodes()).people
    return Instance(case, people, rulebook, _columns(people, "child_"), _columns(people, "volunteer_"))


def in_few_bytes(columns: Columns) -> Columns:
    """The same columns with each set of bits in the fewest bytes that hold it: what a careful user of a data frame does."""
    types = (np.uint8, np.uint16, np.uint32, np.uint64)
    found = {}
    for name, values in columns.items():
        if values.dtype == np.uint64:
            largest = int(values.max(initial=0))
            found[name] = values.astype(next(t for t in types if largest <= np.iinfo(t).max))
        else:
            found[name] = values
    return found


def _columns(people: People, side: str) -> Columns:
    found = {}
    for name in COLUMNS:
        if name.startswith(side):
            values = people.values(name)
            if isinstance(values, tuple) and len(values) > 1:
                raise ValueError(f"{name} takes {len(values)} words of 64 bits; the contestants are written for one")
            found[name] = values[0] if isinstance(values, tuple) else values
    return found
