"""What a matcher fills in: three columns beside each proposed pair, and an empty table of decisions.

``matcher.case.decisions_file`` reads both when the workbook comes back with ``--decisions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.case import words
from matcher.case.tables import BY_NAME
from matcher.case.writing import name_in
from workbench.report.grid import Cell, Column, Row, draw
from workbench.report.names import sheet_name
from workbench.sentences import name_of
from workbench.words import say

if TYPE_CHECKING:
    from matcher.rules import Rulebook
    from workbench.report.book import Book

ROWS = 200
BLANK: tuple[Cell, ...] = (None, None, None)
_WIDTHS = {"kind": 14, "rule": 34, "by": 18, "reason": 60}


def beside_a_pair(language: str) -> tuple[Column, ...]:
    """The columns of a decision on a proposed pair, in the order of ``BLANK``."""
    return (
        Column(
            title=say(language, "heading.decision"),
            width=11,
            entry=True,
            choices=_kinds(language, "lock", "forbid"),
            hint=say(language, "hint.decision"),
        ),
        Column(title=say(language, "heading.decided_by"), width=13, entry=True, hint=say(language, "hint.by")),
        Column(title=say(language, "heading.reason"), width=24, wrap=True, entry=True, hint=say(language, "hint.reason")),
    )


def waivable(language: str, rulebook: Rulebook) -> tuple[str, ...]:
    """What the rules that may be waived are called, in the order of their names."""
    return tuple(sorted(name_of(language, rule) for rule in rulebook.eligibility if not rule.locked))


def decisions(book: Book, language: str, rulebook: Rulebook) -> None:
    """The contract's table ``decisions``, empty, with room for many rows."""
    choices = {"kind": _kinds(language, "lock", "forbid", "waive"), "rule": waivable(language, rulebook)}
    columns = [
        Column(
            title=name_in(language, column.name, words.danish_column(column.name)),
            width=_WIDTHS.get(column.name, 14),
            entry=True,
            wrap=column.name == "reason",
            choices=choices.get(column.name, ()),
            hint=say(language, f"hint.{column.name}"),
        )
        for column in BY_NAME["decisions"].columns
    ]
    empty = Row("", (None,) * len(columns))
    draw(book, sheet_name(language, "decisions"), columns, [empty] * ROWS, frozen=1)


def _kinds(language: str, *kinds: str) -> tuple[str, ...]:
    return tuple(name_in(language, kind, words.danish_code(kind)) for kind in kinds)
