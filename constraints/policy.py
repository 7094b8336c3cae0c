"""The association's policy: who owns each rule, who may waive it, and what its settings are from which day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from matcher.errors import RuleError
from matcher.records import SettingValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Settings of one rule or criterion that are in force from a day on, by parameter (``weight`` for a criterion's weight)."""

    valid_from: date
    settings: Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule or criterion in the policy. ``waived_by`` is blank where nobody may waive it."""

    owner: str
    waived_by: str = ""
    values: tuple[Dated, ...] = ()

    def on(self, day: date) -> dict[str, SettingValue]:
        """Settings in force on a day: of each parameter the latest value that had begun."""
        found: dict[str, SettingValue] = {}
        for dated in sorted(self.values, key=lambda v: v.valid_from):
            if dated.valid_from <= day:
                found.update(dated.settings)
        return found


UNNAMED = Entry(owner="–")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Entries of rules and criteria, by key."""

    eligibility: Mapping[str, Entry] = field(default_factory=dict)
    criteria: Mapping[str, Entry] = field(default_factory=dict)
    calendar: Mapping[str, Entry] = field(default_factory=dict)

    def rule(self, key: str) -> Entry:
        """The entry of a rule; one that the policy does not name yet has no owner, and nobody may waive it."""
        return self.eligibility.get(key, UNNAMED)

    def criterion(self, key: str) -> Entry:
        """The entry of a criterion, likewise."""
        return self.criteria.get(key, UNNAMED)

    def calendar_rule(self, key: str) -> Entry:
        """The entry of a rule of the calendar, likewise."""
        return self.calendar.get(key, UNNAMED)

    def values_on(self, day: date) -> dict[str, SettingValue]:
        """Every setting that the policy has in force on a day, by its full key."""
        found = {f"{key}.{name}": v for key, entry in self.eligibility.items() for name, v in entry.on(day).items()}
        for key, entry in self.criteria.items():
            for name, value in entry.on(day).items():
                found[f"weights.{key}" if name == "weight" else f"criteria.{key}.{name}"] = value
        for key, entry in self.calendar.items():
            found |= {f"calendar.{key}.{name}": value for name, value in entry.on(day).items()}
        return found


def load_policy() -> Policy:
    """Read ``policy.toml``; raises ``RuleError`` naming the entry that is wrong."""
    return parse_policy(files("constraints").joinpath("policy.toml").read_text("utf-8"))


def parse_policy(text: str) -> Policy:
    """Make a policy of TOML text; raises ``RuleError`` naming the entry that is wrong."""
    try:
        groups = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"policy.toml is no TOML: {error}") from error
    if strange := set(groups) - {"eligibility", "criteria", "calendar"}:
        raise RuleError(f"policy.toml: there is no group {', '.join(sorted(strange))}")
    return Policy(**{group: {key: _entry(f"{group}.{key}", row) for key, row in rows.items()} for group, rows in groups.items()})


def _entry(name: str, row: Mapping[str, object]) -> Entry:
    owner, waived_by, values = row.get("owner"), row.get("waived_by", ""), row.get("values", [])
    if set(row) - {"owner", "waived_by", "values"} or not owner or not isinstance(owner, str) or not isinstance(waived_by, str):
        raise RuleError(f"policy.toml: {name} has an owner, waived_by and values, and nothing else")
    if not isinstance(values, list):
        raise RuleError(f"policy.toml: the values of {name} are a list")
    return Entry(owner=owner, waived_by=waived_by, values=tuple(_dated(name, value) for value in values))


def _dated(name: str, value: Mapping[str, SettingValue]) -> Dated:
    valid_from = value.get("valid_from")
    if not isinstance(valid_from, date):
        raise RuleError(f"policy.toml: a value of {name} does not say from which day (valid_from) it holds")
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in value.items() if k != "valid_from"}
    return Dated(valid_from=valid_from, settings=settings)
