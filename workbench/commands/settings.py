"""``matcher settings``: every setting with its value in today's policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constraints.rulebook import load_rulebook
from workbench.answer import Answer
from workbench.files import usable
from workbench.tables import Cell, Table
from workbench.words import say

if TYPE_CHECKING:
    from datetime import date

    from matcher.records import SettingValue
    from matcher.rules import Rulebook
    from matcher.settings import Setting
    from workbench.screen import Screen


def run(screen: Screen, *, today: date) -> Answer:
    """Print them as a case's ``settings.toml`` would hold them."""
    options, book = screen.options, load_rulebook(today)
    rows = tuple((key, _cell(book[key]), setting.locked) for key, setting in book.settings.items())
    lines = [_line(options.language, book, setting) for setting in book.settings.values()]
    return Answer(
        text="\n".join(lines),
        summary={"settings": len(rows)},
        tables=(Table("settings", ("key", "value", "locked"), rows),),
        folder=usable(options.out) if options.out else None,
    )


def _cell(value: SettingValue) -> Cell:
    if isinstance(value, tuple):
        return ";".join(value) or None
    return f"{value:g}" if isinstance(value, float) else str(value) or None


def _line(language: str, book: Rulebook, setting: Setting) -> str:
    """One setting as TOML; what has no value of its own (the planning date, the year) as a comment."""
    value = book[setting.key]
    if not value and setting.kind is not object:
        return f"# {setting.key}: {say(language, 'settings.' + setting.key)}"
    return f"{setting.key} = {_toml(value)}" + (f"  # {say(language, 'settings.locked')}" if setting.locked else "")


def _toml(value: SettingValue) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
