"""The settings of the year's calendar that the checker reads, with the contract's defaults for those that are not given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.check.people import PROGRAMMES

LEVELS = ("unmet", "meetings", "changes", "travel_minutes", "load_spread")
"""The levels of the objective, the most important first."""
MOST_A_MONTH = 4
"""Meetings that a matcher leads in a month at most, where her row does not say."""
DEFAULTS: Mapping[str, float] = {
    "calendar.obligation.min_meetings": 4,
    "calendar.obligation.max_meetings": 6,
    "calendar.meeting_size.min_volunteers": 4,
    "calendar.meeting_size.max_volunteers": 10,
    "calendar.spacing.min_days": 28,
    "calendar.meeting_travel.max_minutes": 60,
    "calendar.matcher_day.max_meetings": 1,
    "calendar.group_size.max_members": 10,
    "calendar.july.closed_month": 7,
    **{f"calendar.slack.{level}": 0 for level in LEVELS[:-1]},
}
QUIET_DAYS = "calendar.quiet_day.days"
USUAL_QUIET_DAYS = ("06-05", "12-24", "12-31")
TOGETHER = "together"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class YearSettings:
    """Numbers by key, the sets of programmes that meet together, and days (``MM-DD``) that are kept like holidays."""

    numbers: Mapping[str, float]
    together: tuple[frozenset[str], ...]
    quiet_days: frozenset[str]

    def whole(self, key: str) -> int:
        """A setting that is a number of people, days or meetings."""
        return int(self.numbers[key])


def read_year_settings(given: Mapping[str, object]) -> YearSettings:
    """Settings from flat keys; what is not given has its default, what is no number is left aside.

    Raises
    ------
    TypeError
        Where ``together`` is no partition of the programmes.
    """
    numbers = {key: value for key, value in given.items() if key in DEFAULTS and isinstance(value, (int, float))}
    return YearSettings(
        numbers={**DEFAULTS, **numbers},
        together=_partition(given.get(TOGETHER) or (";".join(PROGRAMMES),)),
        quiet_days=frozenset(_texts(given.get(QUIET_DAYS, USUAL_QUIET_DAYS))),
    )


def _partition(value: object) -> tuple[frozenset[str], ...]:
    """A set of programmes an item, their codes joined by any sign: ``("voksenven+storebror", "familieven")``."""
    sets = [_WORD.findall(item) for item in _texts(value)]
    if sorted(code for each in sets for code in each) != sorted(PROGRAMMES):
        raise TypeError(f"a partition of the programmes was expected, not {value!r}")
    return tuple(frozenset(each) for each in sets)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, (tuple, list)):
        raise TypeError(f"a list of texts was expected, not {value!r}")
    return tuple(str(item) for item in value)
