"""Settings of the calendar that belong to no single rule: who meets together, slack of the levels, clock times."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matcher.records import PARTS, PROGRAMMES, SettingValue
from matcher.settings import Setting, SettingError

LEVELS = ("unmet", "meetings", "changes", "travel_minutes", "load_spread")
"""The levels of the objective in their order."""
_JOINED = re.compile(r"[+;|,/ ]+")
_TIMES = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def partition_of(value: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The sets of programmes, each in the order of ``PROGRAMMES``; raises ``ValueError`` where they are no partition."""
    sets = [tuple(word for word in _JOINED.split(item) if word) for item in value]
    if sorted(word for one in sets for word in one) != sorted(PROGRAMMES):
        raise ValueError(value)
    return tuple(sorted((tuple(sorted(one, key=PROGRAMMES.index)) for one in sets), key=lambda one: PROGRAMMES.index(one[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition(Setting):
    """A setting that divides the programmes: ``("voksenven+storebror", "familieven")``."""

    def parsed(self, value: SettingValue) -> SettingValue:
        """The sets, each joined by ``+``; in one text with ``+``, a comma too comes between sets."""
        text = value.replace(",", ";") if isinstance(value, str) and "+" in value else value
        items = Setting.parsed(self, text)
        try:
            return tuple("+".join(one) for one in partition_of(items))  # type: ignore[arg-type]
        except ValueError:
            raise SettingError("setting_no_partition", key=self.key) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times(Setting):
    """A setting that says from when to when: ``19:00-21:00``."""

    def parsed(self, value: SettingValue) -> SettingValue:
        """The two times of day, the second later."""
        found = _TIMES.fullmatch(str(value).strip())
        if found is None or (int(found[1]), int(found[2])) >= (int(found[3]), int(found[4])):
            raise SettingError("setting_no_times", key=self.key)
        return f"{int(found[1]):02d}:{found[2]}-{int(found[3]):02d}:{found[4]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Setting):
    """A setting that is a month of the year, 1 to 12, or 0 for none."""

    at_most: float | None = 12

    def parsed(self, value: SettingValue) -> SettingValue:
        """The month's number."""
        try:
            return Setting.parsed(self, value)
        except SettingError:
            raise SettingError("setting_no_month", key=self.key) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRules(Setting):
    """A setting that names rules on days, of those ``possible``."""

    possible: tuple[str, ...] = ()

    def parsed(self, value: SettingValue) -> SettingValue:
        """The rules' keys."""
        keys = Setting.parsed(self, value)
        if not set(keys) <= set(self.possible):  # type: ignore[arg-type]
            raise SettingError("setting_no_day_rule", key=self.key, possible=", ".join(self.possible))
        return keys


def setting_of(key: str, default: SettingValue) -> Setting:
    """The setting of a rule's parameter; one whose name ends with ``_month`` is a month."""
    return (Month if key.endswith("_month") else Setting)(key=key, default=default)


_USUAL = dict(zip(PARTS, ("10:00-12:00", "16:00-18:00", "19:00-21:00"), strict=True))
GENERAL: tuple[Setting, ...] = (
    Partition(key="together", default=("+".join(PROGRAMMES),)),
    *(Setting(key=f"calendar.slack.{level}", default=0.0) for level in LEVELS[:-1]),
    *(Times(key=f"calendar.times.{part}", default=_USUAL[part]) for part in PARTS),
    Setting(key="calendar.followups.calls", default=4, at_most=12),
    Setting(key="calendar.meet.weeks", default=8, at_least=1, at_most=104),
    DayRules(key="calendar.meet.without", default=("closure", "july")),
)
