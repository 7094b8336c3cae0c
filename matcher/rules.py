"""The rulebook that the engine is handed: rules, criteria, and the settings in force. ``matcher.functions`` has their contracts.

Rule files import everything they need from here and from ``matcher.bodies``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from matcher.errors import RuleError
from matcher.functions import (
    Body,
    Criterion,
    Eligibility,
    Example,
    Function,
    Relax,
    Shared,
    Texts,
    called,
    criterion,
    earns,
    eligibility,
    fails,
    holds,
    of,
)
from matcher.records import SettingValue
from matcher.settings import GENERAL, Setting

__all__ = [
    "Body",
    "Criterion",
    "Eligibility",
    "Example",
    "Function",
    "Relax",
    "Rulebook",
    "Shared",
    "Texts",
    "called",
    "criterion",
    "earns",
    "eligibility",
    "fails",
    "holds",
    "of",
]


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """All rules and criteria with the settings in force; immutable, so a baseline and a scenario live side by side.

    ``extra`` are settings of what no pair is asked: the calendar's.
    """

    eligibility: tuple[Eligibility, ...]
    criteria: tuple[Criterion, ...]
    values: Mapping[str, SettingValue] = field(default_factory=dict)
    extra: tuple[Setting, ...] = ()

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting by its key, general ones first."""
        found = {setting.key: setting for setting in (*GENERAL, *self._rule_settings())}
        return MappingProxyType(found)

    def _rule_settings(self) -> Iterator[Setting]:
        for function in (*self.eligibility, *self.criteria):
            locked = isinstance(function, Eligibility) and function.locked
            for name, default in function.defaults.items():
                if not isinstance(default, Shared):
                    key = function.setting_key(name)
                    yield Setting(key=key, default=default, locked=locked, floor=self.values.get(key, default))
        for item in self.criteria:
            yield Setting(key=item.weight_key, default=float(item.weight))
        yield from self.extra

    def __getitem__(self, key: str) -> SettingValue:
        """Value in force of a setting."""
        try:
            return self.values[key] if key in self.values else self.settings[key].default
        except KeyError:
            raise RuleError(f"no setting is called {key!r}") from None

    def number(self, key: str) -> float:
        """Value in force of a setting that is a number."""
        value = self[key]
        if not isinstance(value, int | float):
            raise RuleError(f"setting {key} is no number")
        return float(value)

    def all_values(self) -> dict[str, SettingValue]:
        """Every setting's value in force."""
        return {key: self[key] for key in self.settings}

    def with_settings(self, values: Mapping[str, SettingValue]) -> Rulebook:
        """Return a rulebook with these settings changed; raises ``RuleError`` for an unknown or impossible one.

        A locked rule is only ever tightened against the values in force here.
        """
        checked = {}
        for key, value in values.items():
            setting = self.settings.get(key)
            if setting is None:
                raise RuleError(f"no setting is called {key!r}")
            checked[key] = setting.parsed(value)
        if not any(self._weights({**self.values, **checked})):
            raise RuleError("all weights are zero")
        return replace(self, values=MappingProxyType({**self.values, **checked}))

    def _weights(self, values: Mapping[str, SettingValue]) -> list[Fraction]:
        """Weights as the decimals they are written as, so that weights ten times as large give the same caps."""
        return [Fraction(str(values.get(c.weight_key, c.weight))) for c in self.criteria]

    @cached_property
    def caps(self) -> tuple[int, ...]:
        """Most points (thousandths) that each criterion can give: whole numbers, 100,000 in all.

        The largest remainders get what rounding down leaves over, so no score exceeds 100.
        """
        weights = self._weights(self.values)
        exact = [100_000 * weight / sum(weights) for weight in weights]
        caps = [int(share) for share in exact]
        by_remainder = sorted(range(len(caps)), key=lambda i: (caps[i] - exact[i], i))
        for i in by_remainder[: 100_000 - sum(caps)]:
            caps[i] += 1
        return tuple(caps)

    def arguments(self, function: Function) -> dict[str, SettingValue]:
        """Return the settings that a function is called with."""
        return {name: self[function.setting_key(name)] for name in function.defaults}

    def rule(self, key: str) -> Eligibility:
        """Find the eligibility rule of that name; raises ``RuleError``."""
        for rule in self.eligibility:
            if rule.key == key:
                return rule
        raise RuleError(f"no rule is called {key!r}")
