"""Finds every rule and criterion: no list of them is kept, a file in the right folder is in."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

import constraints.criteria
import constraints.eligibility
from constraints.calendar_rules import calendar_settings
from constraints.policy import load_policy
from matcher.errors import RuleError
from matcher.rulecheck import complaints
from matcher.rules import Criterion, Eligibility, Function, Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from types import ModuleType

F = TypeVar("F", bound=Function)


def discovered(package: ModuleType, kind: type[F]) -> Iterator[F]:
    """Every rule of a package: each file holds one, under the file's own name. Raises ``RuleError``."""
    for module in pkgutil.iter_modules(package.__path__):
        name = f"{package.__name__}.{module.name}"
        function = getattr(importlib.import_module(name), module.name, None)
        if not isinstance(function, kind) or function.key != module.name:
            raise RuleError(f"{name}: it must define {module.name} as its {kind.__name__.lower()}")
        for complaint in complaints(function):
            raise RuleError(f"{name}: {complaint}")
        yield function


def load_rulebook(on: date) -> Rulebook:
    """All rules (by key) and criteria (the weightiest first) with the settings that the policy has in force on a day."""
    book = Rulebook(
        eligibility=tuple(sorted(discovered(constraints.eligibility, Eligibility), key=lambda rule: rule.key)),
        criteria=tuple(sorted(discovered(constraints.criteria, Criterion), key=lambda c: (-c.weight, c.key))),
        extra=calendar_settings(),
    )
    return book.with_settings(load_policy().values_on(on))
