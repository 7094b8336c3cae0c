"""Opening a case: its policy by the planning date, its settings, and what is found wrong or unusual in it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from constraints.calendar_rules import load_calendar
from constraints.rulebook import load_rulebook
from matcher.case import read_case
from matcher.engine import Engine
from matcher.errors import RuleError, UsageError
from matcher.geography.postcodes import load_postcodes
from matcher.question import DEFAULT, Planning
from matcher.settings import SettingError
from workbench import findings
from workbench.timer import is_timed
from workbench.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from matcher.findings import Finding
    from matcher.records import Case, SettingValue
    from matcher.rules import Rulebook
    from workbench.screen import Screen

Refusal = tuple[str, dict[str, str]]
TOLD = 10
"""Warnings of a decisions file that are said at once; ``matcher check`` has the others."""


@dataclass(frozen=True)
class Opened:
    """A readable case with what is unusual in it."""

    case: Case
    warnings: tuple[Finding, ...]
    rulebook: Rulebook


def setting_code(error: SettingError) -> str:
    """The key of the sentence for a setting that cannot have a value; each kind of value has its own."""
    return f"setting_not_{error.facts['kind']}" if error.code == "setting_wrong_kind" else error.code


def setting_check(rulebook: Rulebook) -> Callable[[str, SettingValue], Refusal | None]:
    """Return the reader's question whether a setting exists and can have that value."""

    def check(key: str, value: SettingValue) -> Refusal | None:
        setting = rulebook.settings.get(key)
        if setting is None:
            near = get_close_matches(key, rulebook.settings, n=1)
            return ("setting_unknown_near", {"key": key, "nearest": near[0]}) if near else ("setting_unknown", {"key": key})
        try:
            setting.parsed(value)
        except SettingError as error:
            return setting_code(error), error.facts
        return None

    return check


def open_case(path: Path, screen: Screen, today: date, decisions: Sequence[Path] = ()) -> Opened:
    """Read a case, and decisions in files of their own, with the policy of its planning date.

    Raises ``CaseError`` with all that is wrong in any of the files, ``UsageError``.
    """
    options = screen.options
    policy = load_rulebook(today)
    with screen.working("working.reading", case=path.name):
        case, found = read_case(
            path,
            today=today,
            settings_file=options.settings,
            postcodes=load_postcodes(),
            check_setting=setting_check(policy),
            rules={rule.key for rule in policy.eligibility},
            locked={rule.key for rule in policy.eligibility if rule.locked},
            rule_titles={title: rule.key for rule in policy.eligibility for title in rule.title.values()},
            usual={key: float(value) for key, value in policy.values.items() if isinstance(value, int | float)},
            decisions=decisions,
        )
    return Opened(case, found, in_force(load_rulebook(case.planning_date), {**case.settings, **options.overrides}))


def in_force(policy: Rulebook, settings: Mapping[str, SettingValue]) -> Rulebook:
    """Put settings in force; raises ``SettingError`` for one that cannot be, ``UsageError`` where they cannot be together."""
    try:
        book = policy.with_settings(settings)
    except SettingError:
        raise
    except RuleError as error:  # each is possible by itself, so what is left is weights that are all zero
        raise UsageError("weights_all_zero") from error
    load_calendar(book.all_values())  # refuses settings of the calendar that cannot be together
    return book


def engine_for(path: Path, screen: Screen, today: date, decisions: Sequence[Path] = (), planning: Planning = DEFAULT) -> Engine:
    """Open a case for a question about pairs, to be planned as ``planning`` says; as ``open_for`` does."""
    opened = open_for(path, screen, today, decisions)
    return Engine.of(opened.case, opened.rulebook, load_postcodes(), planning)


def open_for(path: Path, screen: Screen, today: date, decisions: Sequence[Path] = ()) -> Opened:
    """Open a case for a question.

    How many warnings the case has is said, which ones is for ``matcher check`` to say; those of the decisions are said here,
    for a decision that changes nothing is news to whoever has just made it.
    """
    opened = open_case(path, screen, today, decisions)
    if not is_timed():  # whoever holds the clock has said it
        _tell(opened.warnings, path, screen, decisions)
    return opened


def _tell(warnings: Sequence[Finding], path: Path, screen: Screen, decisions: Sequence[Path]) -> None:
    language = screen.options.language
    own = [
        found
        for found in warnings
        if any(found.file == file.name or found.file.startswith(f"{file.name} [") for file in decisions)
    ]
    for found in own[:TOLD]:
        screen.tell(findings.line(language, found))
    if len(own) > TOLD or len(own) < len(warnings):
        case = " --decisions ".join(map(str, (path, *decisions) if len(own) > TOLD else (path,)))
        screen.say("warnings_seen", warnings=counted(language, "warnings", len(warnings)), case=case)
