"""Random facts of every column, blanks and edges among them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from matcher.columns import COLUMNS, FIXED
from matcher.functions import Function

NAN = float("nan")
NEVER_BLANK = {"child_age", "volunteer_age", "child_smoke_free", "volunteer_states_gender", "volunteer_pause_starts_in"}
COUNTS = st.integers(0, 3).map(float)
AGES = st.integers(0, 90).map(float)
MONTHS = st.integers(-24, 90).map(float)
AMOUNTS = st.one_of(st.integers(0, 120).map(float), st.floats(0.0, 120.0))


def _numbers(name: str) -> st.SearchStrategy[float]:
    if name.startswith("pair_") or name in {"child_smoke_free", "volunteer_smoker", "volunteer_states_gender"}:
        found = st.sampled_from([0.0, 1.0])
    elif name.endswith("_age"):
        found = AGES
    elif name.endswith(("_in", "_days")):
        found = st.integers(-900, 900).map(float)
    elif name in {
        "child_active_friendships",
        "child_open_offers",
        "volunteer_active_friendships",
        "volunteer_open_offers",
        "volunteer_capacity",
    }:
        return COUNTS
    else:
        found = MONTHS if name == "volunteer_months_left" else AMOUNTS
    blank = not name.startswith("pair_") and name not in NEVER_BLANK
    return st.one_of(st.just(NAN), found) if blank else found


def fact(name: str) -> st.SearchStrategy[Any]:
    """Values of one column, or of one setting that is a number."""
    column = COLUMNS.get(name)
    if column is None or column.kind == "number":
        return _numbers(name)
    if column.kind == "set":
        return st.one_of(st.just(0), st.integers(0, 15), st.integers(0, 2**100))
    if column.vocabulary == "slots":
        return st.one_of(st.just(0), st.integers(0, 2**21 - 1))
    if name == "volunteer_programmes":
        return st.integers(0, 7)
    bits = set(FIXED[column.vocabulary].values())
    return st.sampled_from(sorted(bits if "wants" in name else bits - {7}))


def facts_for(function: Function) -> st.SearchStrategy[dict[str, Any]]:
    """Values of everything a function asks about, with the settings in force."""
    return st.fixed_dictionaries({name: fact(name) for name in function.needs})


def settings_for(function: Function) -> st.SearchStrategy[dict[str, Any]]:
    """Possible values of its settings: numbers from nothing up, sets of words as bits."""
    numbers = st.one_of(st.integers(0, 60).map(float), st.floats(0.0, 60.0))
    return st.fixed_dictionaries(
        {n: st.integers(0, 15) if isinstance(d, tuple) else numbers for n, d in function.defaults.items()}
    )
