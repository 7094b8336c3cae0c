"""The settings of the year's calendar that the checker reads, with the contract's defaults for those that are not given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.check.people import PROGRAMMES

LEVELS = ("unmet", "meetings", "changes", "travel_minutes", "load_spread")
"""The levels of the objective, the most important first."""

DEFAULTS: Mapping[str, float] = {
    "calendar.obligation.least": 4,
    "calendar.obligation.most": 6,
    "calendar.meeting_size.least": 4,
    "calendar.meeting_size.most": 10,
    "calendar.spacing.days": 28,
    "calendar.meeting_travel.max_minutes": 60,
    "calendar.matcher_month.default": 4,
    "calendar.matcher_day.most": 1,
    "calendar.group_size.most": 10,
    **{f"calendar.slack.{level}": 0 for level in LEVELS},
}
TOGETHER = "calendar.together"
_BETWEEN_SETS = re.compile(r"[|/]")
_BETWEEN_PROGRAMMES = re.compile(r"[;,+\s]+")


@dataclass(frozen=True, slots=True)
class YearSettings:
    """Numbers by key, and the sets of programmes that meet together."""

    numbers: Mapping[str, float]
    together: tuple[frozenset[str], ...]

    def whole(self, key: str) -> int:
        """A setting that is a number of people, days or meetings."""
        return int(self.numbers[key])

    def set_of(self, programme: str) -> frozenset[str]:
        """Everybody with whom a programme meets; alone where the partition forgot it."""
        return next((each for each in self.together if programme in each), frozenset({programme}))


def read_year_settings(given: Mapping[str, object]) -> YearSettings:
    """Settings from flat keys; what is not given has its default, what is no number is left aside."""
    numbers = {key: value for key, value in given.items() if key in DEFAULTS and isinstance(value, (int, float))}
    return YearSettings({**DEFAULTS, **numbers}, _partition(given.get(TOGETHER)))


def _partition(value: object) -> tuple[frozenset[str], ...]:
    """``"voksenven;storebror | familieven"``, or a sequence with one set an item: of text, or of codes."""
    if not value:
        return (frozenset(PROGRAMMES),)
    if isinstance(value, str):
        value = _BETWEEN_SETS.split(value)
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"sets of programmes were expected, not {value!r}")
    return tuple(_programmes(item) for item in value)


def _programmes(item: object) -> frozenset[str]:
    words = _BETWEEN_PROGRAMMES.split(item.strip()) if isinstance(item, str) else item
    if not isinstance(words, (tuple, list, set, frozenset)) or not {*words} <= {*PROGRAMMES}:
        raise TypeError(f"a set of programmes was expected, not {item!r}")
    return frozenset(words)
