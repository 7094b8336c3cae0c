"""The product's own bodies on NumPy blocks: some children by all volunteers, then the survivors by index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.ask import MINUTES_NEEDS
from matcher.candidates import pair_rules
from matcher.geography.distance import minutes

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.instance import Instance, Pairs
    from matcher.rules import Function

Bodies = list[tuple["Function", dict[str, Any]]]


def prepare(given: Instance, *, rows: int) -> Callable[[], Pairs]:
    """Return the call that finds and scores all pairs, ``rows`` children at a time."""
    rules: Bodies = [(rule, given.settings(rule)) for rule in pair_rules(given.rulebook)]
    criteria: Bodies = [(item, given.settings(item)) for item in given.rulebook.criteria]
    caps = [given.caps[item.key] for item in given.rulebook.criteria]
    columns = {**given.children, **given.volunteers}
    size = len(given.people.children)

    def block(start: int) -> Pairs:
        part = slice(start, start + rows)
        wide = {name: v[part, None] if name.startswith("child_") else v[None, :] for name, v in columns.items()}
        child, volunteer = np.nonzero(_mask(rules, _with_minutes(wide)))
        child += start
        pairs = {name: v[child if name.startswith("child_") else volunteer] for name, v in columns.items()}
        return child, volunteer, _points(criteria, caps, _with_minutes(pairs))

    def call() -> Pairs:
        parts = [block(start) for start in range(0, size, rows)]
        child, volunteer, points = (np.concatenate(column) for column in zip(*parts, strict=True))
        return child, volunteer, points

    return call


def _with_minutes(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "minutes": minutes(*(values[name] for name in MINUTES_NEEDS))}


def _asked(function: Function, settings: dict[str, Any], values: dict[str, Any]) -> Any:  # noqa: ANN401  a mask or shares
    return function.body(**{name: values[name] for name in function.needs}, **settings)


def _mask(rules: Bodies, values: dict[str, Any]) -> Any:  # noqa: ANN401
    found = _asked(*rules[0], values)
    for rule, settings in rules[1:]:
        found = found & _asked(rule, settings, values)
    return found


def _points(criteria: Bodies, caps: list[float], values: dict[str, Any]) -> Any:  # noqa: ANN401
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [_asked(item, settings, values) for item, settings in criteria]
    return sum(np.floor(share * cap + 0.5).astype(np.int64) for share, cap in zip(shares, caps, strict=True))
