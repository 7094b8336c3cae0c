"""How the stream runs: every rate, gate and hour of ``stream.toml`` by name, and the policy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from matcher.errors import RuleError

POLICIES = ("greedy", "weekly", "monthly", "quarterly", "prices")
OBJECTIVES = ("score", "friendship_months")
OWN = "own"
BASELINES = ("A", "B", OWN)
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType({"policy": POLICIES, "objective": OBJECTIVES, "baseline": BASELINES})
SHARES = frozenset({"renewed_in_time", "acceptance", "volunteer_returns", "child_returns", "price_share"})
RATES = frozenset({"child_leaves_per_month", "volunteer_leaves_per_month"})
MOST = 100_000.0
"""What a number may be at most where it is no share."""
MOST_NEWCOMERS = 5_000.0
"""Every child who may come is paired with every volunteer who may: for three years so many of each take 8 seconds and 2.4 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """The stream's parameters; what each means, its mark and source stand in ``stream.toml``.

    Rates are per year, month or week as named, times in days where nothing else is said, hours are one matcher's.

    Raises
    ------
    RuleError
        A value that cannot be; the name of the setting is said.
    """

    children_per_year: float
    volunteers_per_year: float
    season: tuple[float, ...]
    newcomers: int
    newcomers_seed: int
    child_visit_days: tuple[float, ...]
    volunteer_vetting_days: tuple[float, ...]
    renewed_in_time: float
    renewal_days: float
    child_leaves_per_month: float
    volunteer_leaves_per_month: float
    volunteer_patience_months: float
    volunteer_impatience: float
    acceptance: tuple[float, ...]
    acceptance_slope: float
    score_mean: float
    score_sd: float
    gate_days: tuple[float, ...]
    matcher_hours_per_week: float
    hours_interview: float
    hours_home_visit: float
    hours_proposal: float
    hours_meeting: float
    hours_first_visit: float
    hours_contact: float
    hours_later_year: float
    carried_weeks: float
    limit_months: float
    contacts_first_year: float
    volunteer_returns: tuple[float, ...]
    child_returns: tuple[float, ...]
    policy: str
    objective: str
    price_share: float
    baseline: str

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name))

    @classmethod
    def standard(cls) -> StreamSettings:
        """The settings of ``stream.toml``."""
        return cls(**{name: row["value"] for name, row in load_rows().items()})

    def with_values(self, values: Mapping[str, object]) -> StreamSettings:
        """The same settings with some values changed.

        Raises
        ------
        RuleError
            A name that no setting has (the nearest is said), or a value that cannot be.
        """
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        for name in values:
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.5)
                raise RuleError(f"the stream has no setting {name!r}" + (f"; the nearest is {near[0]!r}" if near else ""))
        return StreamSettings(**{**known, **{name: _as(known[name], name, value) for name, value in values.items()}})


@cache
def load_rows() -> Mapping[str, Mapping[str, Any]]:
    """Every setting's value, mark and source, in the file's order."""
    tables = tomllib.loads(resources.files(__package__).joinpath("stream.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _frozen(row) for table in tables.values() for name, row in table.items()})


def _frozen(row: Mapping[str, Any]) -> Mapping[str, Any]:
    value = row["value"]
    return MappingProxyType({**row, "value": tuple(value) if isinstance(value, list) else value})


def _as(before: Any, name: str, value: Any) -> Any:  # noqa: ANN401  one of the kinds a setting may have
    """The value in the kind of the one before."""
    try:
        made: object = tuple(float(one) for one in value) if isinstance(before, tuple) else type(before)(value)
    except (TypeError, ValueError):
        raise RuleError(f"the stream's {name}: another kind of value is expected") from None
    if isinstance(before, int) and made != value:
        raise RuleError(f"the stream's {name} is a whole number")
    return made


def most_of(name: str) -> float:
    """What a setting that is a number may be at most."""
    return 1.0 if name in SHARES else 0.99 if name in RATES else MOST_NEWCOMERS if name == "newcomers" else MOST


def _check(name: str, value: object) -> None:
    if isinstance(value, str):
        if value not in WORDS[name]:
            near = get_close_matches(value, WORDS[name], n=1, cutoff=0.0)
            raise RuleError(f"the stream's {name} is one of {', '.join(WORDS[name])}; the nearest is {near[0]!r}")
        return
    numbers = value if isinstance(value, tuple) else (value,)
    standard = load_rows()[name]["value"]
    if isinstance(standard, tuple) and len(numbers) != len(standard):
        raise RuleError(f"the stream's {name} has {len(standard)} numbers")
    most = most_of(name)
    if not all(0.0 <= float(one) <= most for one in numbers):
        raise RuleError(f"the stream's {name} lies between 0 and {most:g}")
    if name in {"score_sd", "newcomers"} and not float(numbers[0]) > 0.0:
        raise RuleError(f"the stream's {name} is above 0")
    if name.endswith("_days") and len(numbers) == 2 and numbers[0] > numbers[1]:
        raise RuleError(f"the stream's {name} goes from the shortest to the longest")
