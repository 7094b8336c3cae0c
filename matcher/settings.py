"""Settings are data: a key, a start value, and what values are possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from matcher.errors import RuleError
from matcher.records import SettingValue

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""Dates that a setting may be: a century of months either way stays within the calendar."""

LARGEST = 1_000_000.0
"""What a number may be at most where nothing says less: beyond it, rounding would begin to show in minutes and points."""

LARGEST_OF_A_UNIT: Mapping[str, float] = MappingProxyType({"months": 1200.0, "years": 150.0, "minutes": 1440.0})
"""What a number may be at most whose name ends with a unit: a century, a life, a day."""


class SettingError(RuleError):
    """A value that a setting cannot have; ``code`` and ``facts`` name the sentence that says why."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code}: {facts}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. ``floor`` is what a locked rule's bound is tightened from; ``optional`` ones may be blank."""

    key: str
    default: SettingValue
    locked: bool = False
    floor: SettingValue | None = None
    kind: type = object
    at_least: float = 0.0
    at_most: float | None = None

    @property
    def largest(self) -> float:
        """What a number may be at most: ``at_most``, else by the unit that its name ends with."""
        unit = self.key.replace(".", "_").rpartition("_")[2]
        return LARGEST_OF_A_UNIT.get(unit, LARGEST) if self.at_most is None else self.at_most

    def parsed(self, value: SettingValue) -> SettingValue:
        """Return the value in the setting's own type; raises ``SettingError`` with what was expected."""
        kind = self.kind if self.kind is not object else type(self.default)
        number = _as_kind(self.key, value, kind)
        self._within_bounds(number)
        if self.locked:
            self._only_tightens(number)
        return number

    def _within_bounds(self, value: SettingValue) -> None:
        if isinstance(value, date) and not EARLIEST <= value <= LATEST:
            raise SettingError("setting_date_outside", key=self.key, earliest=f"{EARLIEST}", latest=f"{LATEST}")
        if not isinstance(value, int | float):
            return
        if value < self.at_least:
            raise SettingError("setting_too_small", key=self.key, least=f"{self.at_least:.15g}")
        if value > self.largest:
            raise SettingError("setting_too_large", key=self.key, most=f"{self.largest:.15g}")

    def _only_tightens(self, value: SettingValue) -> None:
        floor = self.default if self.floor is None else self.floor
        name = self.key.rpartition(".")[2]
        if not isinstance(value, int | float) or not isinstance(floor, int | float):
            return
        if (name.startswith("min_") and value < floor) or (name.startswith("max_") and value > floor):
            raise SettingError("setting_locked", key=self.key, bound=f"{floor:g}")


def _as_kind(key: str, value: SettingValue, kind: type) -> SettingValue:
    """Turn text or a number into the kind asked for."""
    try:
        if kind is tuple:
            items = value.replace("|", ";").split(";") if isinstance(value, str) else value
            return tuple(str(item).strip().lower() for item in items if str(item).strip())  # type: ignore[union-attr]
        if kind is date:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        if kind is str:
            return str(value)
        return _number(value, whole=kind is int)
    except (TypeError, ValueError):
        raise SettingError("setting_wrong_kind", key=key, kind=kind.__name__) from None


def _number(value: SettingValue, *, whole: bool) -> float:
    """Read a number, with a decimal point or comma; raises ``ValueError`` for anything else, and for a fraction of ``whole``."""
    number = float(str(value).replace(",", ".")) if not isinstance(value, bool | date | tuple) else float("nan")
    if not abs(number) < 1e15 or (whole and number != int(number)):
        raise ValueError(value)
    return int(number) if whole else number


GENERAL: tuple[Setting, ...] = (
    Setting(key="planning_date", default="", kind=date),
    Setting(key="year", default=0, kind=int, at_most=LATEST.year),
    Setting(key="time_limit", default=0.0),
    Setting(key="seed", default=1, at_most=1e14),
    Setting(key="workers", default=1, at_least=1),
    Setting(key="travel.detour", default=1.3, at_least=1),
    Setting(key="travel.car_kmh", default=40.0, at_least=1),
    Setting(key="travel.car_minutes", default=5.0),
    Setting(key="travel.bike_kmh", default=15.0, at_least=1),
    Setting(key="travel.bike_minutes", default=2.0),
    Setting(key="travel.public_kmh", default=22.0, at_least=1),
    Setting(key="travel.public_minutes", default=12.0),
)
"""Settings of no single rule: when, how long (0: no limit), how people travel."""
