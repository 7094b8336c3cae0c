"""The Excel year plan: the year as a wall calendar, and lists of meetings, volunteers, matchers, venues and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report import year_tables as tables
from workbench.report import year_words as words
from workbench.report.book import Book
from workbench.report.grid import Cell, Row, draw
from workbench.report.names import sheet_name
from workbench.report.year_tables import Table, column
from workbench.report.year_wall import wall
from workbench.words import say

if TYPE_CHECKING:
    from workbench.report.year_records import YearView

LONGEST_CELL = 32_767
"""Letters that Excel holds in a cell; a longer text would be left out without a word."""


def year_workbook(language: str, view: YearView) -> bytes:
    """The whole workbook; the same view gives the same bytes."""
    book = Book(say(language, "year.title", year=str(view.year)))
    for sheet, months in (("spring", range(1, 7)), ("autumn", range(7, 13))):
        wall(book, say(language, f"year.sheet.{sheet}"), language, view, months)
    _sheet(book, language, "meetings", tables.meetings(language, view), frozen=2)
    _sheet(book, language, "people", tables.people(language, view), frozen=1)
    _sheet(book, language, "matchers", tables.loads(language, view.matchers, "matcher"), frozen=1)
    _sheet(book, language, "venues", tables.loads(language, view.venues, "place"), frozen=1)
    _sheet(book, language, "groups", tables.groups(language, view), frozen=1)
    _sheet(book, language, "missing", tables.missing(language, view), frozen=1)
    if view.changed:
        _sheet(book, language, "changed", tables.changed(language, view), frozen=1)
    draw(book, sheet_name(language, "about"), *_fitting(_about(language, view)), frozen=1)
    return book.content()


def _sheet(book: Book, language: str, which: str, table: Table, frozen: int) -> None:
    draw(book, say(language, f"year.sheet.{which}"), *_fitting(table), frozen=frozen)


def _fitting(table: Table) -> Table:
    """The same table with no text longer than Excel holds, and an empty text as an empty cell."""
    columns, rows = table
    return columns, [Row(row.group, tuple(_cut(cell) for cell in row.cells)) for row in rows]


def _cut(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return (cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1]}…") or None


def _about(language: str, view: YearView) -> Table:
    """The plan in a sentence, its levels with what is proved, and what it was made from."""
    columns = [
        column(language, "topic", 46, wrap=True),
        column(language, "value", 12, center=True),
        column(language, "bound", 12, center=True),
        column(language, "said", 100, wrap=True),
    ]
    first = (say(language, "year.title", year=str(view.year)), f"{words.summary(language, view)} {words.outcome(language, view)}")
    rows = [Row(first[0], (first[0], None, None, first[1]))]
    for level in view.levels:
        name = say(language, f"year.level.{level.level}")
        rows.append(Row(name, (name, level.value, level.bound, words.certainty(language, level))))
    rows += [Row(name, (name, None, None, said)) for name, said in words.facts(language, view)]
    return columns, rows
