"""What every answer says of itself: when, from what, with which versions and settings."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

from constraints.rulebook import load_rulebook
from matcher.fingerprint import HOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.engine import Engine
    from matcher.records import Case, SettingValue
    from matcher.rules import Rulebook
    from workbench.tables import Value

PARTS = ("matcher", "ortools", "numpy", "numba")


class Origin(Protocol):
    """Whatever answers questions: about pairs, or about a year."""

    @property
    def case(self) -> Case:
        """What was asked about."""

    @property
    def rulebook(self) -> Rulebook:
        """The settings in force."""

    @property
    def data_hash(self) -> str:
        """Names the case and the settings."""


def versions() -> dict[str, str]:
    """Versions of the product and of what its numbers rest on."""
    return {name: version(name) for name in PARTS}


def origin(engine: Origin) -> dict[str, Value]:
    """What an answer was made from."""
    return {
        "planning_date": engine.case.planning_date.isoformat(),
        "seed": int(engine.rulebook.number("seed")),
        "data_hash": engine.data_hash,
        "versions": versions(),
    }


def changed_settings(engine: Engine) -> Mapping[str, tuple[SettingValue, SettingValue]]:
    """Settings of this case that differ from the policy of its planning date: what they are, and what they would be."""
    book, policy = engine.rulebook, load_rulebook(engine.case.planning_date)
    beside = HOW | {"planning_date"}
    return {key: (book[key], policy[key]) for key in sorted(book.values) if key not in beside and book[key] != policy[key]}
