"""Calls a rule's, criterion's or distance's one body: on arrays of people by index, or on one pair in plain values."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.columns import COLUMNS
from matcher.errors import RuleError
from matcher.geography.distance import minutes
from matcher.records import Child, Volunteer
from matcher.rules import Function, Rulebook
from matcher.table import People, Values, split_words

IndexArray: TypeAlias = npt.NDArray[np.intp]
Given: TypeAlias = Mapping[str, Any]
NOTHING_GIVEN: Given = {"pair_declined": 0.0, "pair_befriended": 0.0}
MINUTES_NEEDS = tuple(inspect.signature(minutes).parameters)


def vocabulary_of(function: Function) -> str:
    """The free vocabulary a function's sets are over; its settings of words are over the same."""
    names = {COLUMNS[need].vocabulary for need in function.needs if need in COLUMNS and COLUMNS[need].kind == "set"}
    return names.pop() if len(names) == 1 else ""


def _picked(values: Values, index: IndexArray) -> Any:  # noqa: ANN401  an array, or a tuple of them
    return tuple(word[index] for word in values) if isinstance(values, tuple) else values[index]


def _by_need(needs: tuple[str, ...], get: Callable[[str], Any]) -> dict[str, Any]:
    return {name: get(name) for name in needs}


def settings_for(people: People, rulebook: Rulebook, function: Function, *, split: bool) -> dict[str, Any]:
    """The settings a body is called with; words become bits (``split``: in machine words, as arrays have them)."""
    found: dict[str, Any] = {}
    for name, value in rulebook.arguments(function).items():
        if isinstance(value, tuple):
            vocabulary = people.vocabularies[vocabulary_of(function)]
            bits = vocabulary.encode(value)
            found[name] = tuple(w[0] for w in split_words([bits], vocabulary.machine_words)) if split else bits
        else:
            found[name] = float(value)  # type: ignore[arg-type]
    return found


def minutes_between(people: People, child: IndexArray, volunteer: IndexArray) -> npt.NDArray[np.float64]:
    """Travel minutes one way of pairs given by index; the index arrays broadcast against each other."""
    found = minutes(**_by_need(MINUTES_NEEDS, lambda need: _column(people, need, child, volunteer)))
    return np.asarray(found, dtype=np.float64)


def _column(people: People, need: str, child: IndexArray, volunteer: IndexArray) -> Any:  # noqa: ANN401
    return _picked(people.values(need), child if need.startswith("child_") else volunteer)


def ask(
    people: People, rulebook: Rulebook, function: Function, child: IndexArray, volunteer: IndexArray, given: Given = NOTHING_GIVEN
) -> npt.NDArray[Any]:
    """What a function answers for pairs given by index; the index arrays broadcast against each other.

    Parameters
    ----------
    child, volunteer
        Indices in id order, e.g. both of shape (pairs,), or (m, 1) and (1, n) for a block.
    given
        Values to use instead of the people's own, and facts about single pairs (``pair_*``): scalars, or arrays of the
        common shape.
    """

    def get(need: str) -> Any:  # noqa: ANN401
        if need in given:
            return given[need]
        return minutes_between(people, child, volunteer) if need == "minutes" else _column(people, need, child, volunteer)

    values = {**_by_need(function.needs, get), **settings_for(people, rulebook, function, split=True)}
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(function.body(**values))


def one_pair_minutes(people: People, child: Child, volunteer: Volunteer | None) -> float:
    """Travel minutes one way of one pair; NaN where a place is unknown."""
    return float(minutes(**_by_need(MINUTES_NEEDS, lambda need: _value(people, need, child, volunteer))))


def stated_minutes(people: People, child: Child, volunteer: Volunteer | None) -> float | None:
    """Travel minutes as an answer states them: None where a place is unknown."""
    found = one_pair_minutes(people, child, volunteer)
    return None if math.isnan(found) else found


def person_of(need: str, child: Child, volunteer: Volunteer | None) -> Child | Volunteer:
    """Whose fact a column is; raises ``RuleError`` where a rule about the child alone asks about a volunteer."""
    person = child if need.startswith("child_") else volunteer
    if person is None:
        raise RuleError(f"{need} is asked of nobody")
    return person


def _value(people: People, need: str, child: Child, volunteer: Volunteer | None) -> Any:  # noqa: ANN401
    return people.value(person_of(need, child, volunteer), need)


def plain_values(
    people: People,
    rulebook: Rulebook,
    function: Function,
    child: Child,
    volunteer: Volunteer | None,
    given: Given = NOTHING_GIVEN,
) -> dict[str, Any]:
    """Everything a body is called with for one pair, as Python numbers and bits."""

    def get(need: str) -> Any:  # noqa: ANN401
        if need in given:
            return given[need]
        return one_pair_minutes(people, child, volunteer) if need == "minutes" else _value(people, need, child, volunteer)

    return {**_by_need(function.needs, get), **settings_for(people, rulebook, function, split=False)}
