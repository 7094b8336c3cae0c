"""Asks one body the same question in its three forms: plain values, NumPy arrays, and compiled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numba import njit

import matcher.compiled  # noqa: F401  numba learns the words of matcher.bodies
from constraints.rulebook import load_rulebook
from matcher import bodies
from matcher.columns import COLUMNS
from matcher.functions import Function
from matcher.loop_source import bare_source
from matcher.table import split_words

TODAY = date(2027, 3, 1)
BOOK = load_rulebook(TODAY)
FUNCTIONS = (*BOOK.eligibility, *BOOK.criteria)
MACHINE_WORDS = 2


def kind(function: Function, name: str) -> str:
    """``number``, ``code`` or ``set``; a setting of words is over the sets' vocabulary."""
    if name in COLUMNS:
        return COLUMNS[name].kind
    return "set" if isinstance(function.defaults.get(name), tuple) else "number"


def with_settings(function: Function, values: Mapping[str, Any]) -> dict[str, Any]:
    """Complete values with the settings in force; words of settings mean nothing here unless given as bits."""
    settings = {k: 0 if isinstance(v, tuple) else float(v) for k, v in BOOK.arguments(function).items()}  # type: ignore[arg-type]
    return {**settings, **values}


def plainly(function: Function, values: Mapping[str, Any]) -> Any:
    return function.body(**with_settings(function, values))


def on_arrays(function: Function, rows: list[Mapping[str, Any]]) -> Any:
    """Answer for several rows of values at once; settings too may differ from row to row."""
    full = [with_settings(function, row) for row in rows]
    columns: dict[str, Any] = {}
    for name in full[0]:
        plain = [row[name] for row in full]
        if kind(function, name) == "number":
            columns[name] = np.array(plain, dtype=np.float64)
        elif kind(function, name) == "code":
            columns[name] = np.array(plain, dtype=np.uint64)
        else:
            columns[name] = split_words(plain, MACHINE_WORDS)
    with np.errstate(invalid="ignore"):
        return function.body(**columns)


@cache
def _compiled(function_key: tuple[str, str]) -> Any:
    function = next(f for f in FUNCTIONS if (type(f).__name__, f.key) == function_key)
    space = dict(vars(bodies))
    exec(bare_source(function.body, "asked"), space)  # noqa: S102  the rulebook's own text
    return njit(error_model="numpy")(space["asked"])


def compiled(function: Function, values: Mapping[str, Any]) -> Any:
    full = with_settings(function, values)
    ordered = []
    for name in (*function.needs, *function.defaults):
        if kind(function, name) == "number":
            ordered.append(float(full[name]))
        elif kind(function, name) == "code":
            ordered.append(np.uint64(full[name]))
        else:
            ordered.append(tuple(word[0] for word in split_words([full[name]], MACHINE_WORDS)))
    return _compiled((type(function).__name__, function.key))(*ordered)
