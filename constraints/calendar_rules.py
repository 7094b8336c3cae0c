"""Finds every rule of the calendar: a file in ``constraints/calendar`` is in, under its own name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

import constraints.calendar
from matcher.calendar.rules import CalendarBook, CalendarRule, complaints
from matcher.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.records import SettingValue
    from matcher.settings import Setting


@cache
def calendar_rules() -> tuple[CalendarRule, ...]:
    """Every rule of the calendar in the order of the keys; raises ``RuleError`` for a file that breaks the contract."""
    return tuple(_rule(module.name) for module in pkgutil.iter_modules(constraints.calendar.__path__))


def _rule(name: str) -> CalendarRule:
    rule = getattr(importlib.import_module(f"{constraints.calendar.__name__}.{name}"), name, None)
    if not isinstance(rule, CalendarRule) or rule.key != name:
        raise RuleError(f"constraints/calendar/{name}.py: it must define {name} as its rule")
    for complaint in complaints(rule):
        raise RuleError(f"constraints/calendar/{name}.py: {complaint}")
    return rule


def load_calendar(values: Mapping[str, SettingValue] | None = None) -> CalendarBook:
    """All rules of the calendar; of ``values`` those that are settings of the calendar are in force."""
    return CalendarBook(rules=calendar_rules()).with_settings(values or {})


def calendar_settings() -> tuple[Setting, ...]:
    """Every setting of the calendar, general ones first."""
    return tuple(CalendarBook(rules=calendar_rules()).settings.values())
