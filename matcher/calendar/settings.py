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
        """The sets, each joined by ``+``."""
        items = Setting.parsed(self, value)
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


_USUAL = dict(zip(PARTS, ("10:00-12:00", "16:00-18:00", "19:00-21:00"), strict=True))
GENERAL: tuple[Setting, ...] = (
    Partition(key="together", default=("+".join(PROGRAMMES),)),
    *(Setting(key=f"calendar.slack.{level}", default=0.0) for level in LEVELS[:-1]),
    *(Times(key=f"calendar.times.{part}", default=_USUAL[part]) for part in PARTS),
    Setting(key="calendar.followups.calls", default=4, at_most=12),
    Setting(key="calendar.meet.weeks", default=8, at_least=1, at_most=104),
    Setting(key="calendar.meet.without", default=("closure", "july")),
)
