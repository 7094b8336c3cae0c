"""A table on a sheet: columns that say how they look, rows in groups; frozen heading, filter, bars and colours.

Colours are shades of one blue, so they read alike for people who are colour-blind, and in grey print; what a person is to
fill in is pale yellow under a light heading.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.report.book import Book

HEADING = "#1F3B57"
BAR = "#7FB2DE"
DEEP = "#6FA8DC"
BAND = "#F3F6FA"
LINE = "#C9D3DE"
EDGE = "#5B7083"
ENTRY = "#FFF8DC"
ENTRY_HEADING = "#FFE08A"
PALE = "#76828E"
POINTS_A_LINE = 14.5
LONGEST_LIST, LONGEST_TITLE = 255, 32
"""Excel's limits for a drop-down list that is written out, and for the title of a hint."""
LETTERS_A_WIDTH = 1.17
"""Letters that surely fit in one unit of a column's width, at the size used here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column looks. ``bar`` draws a bar up to ``most``, ``shade`` deepens the colour towards it.

    A ``group`` column says the same in every row of a group, so only its first is dark. An ``entry`` column is for a person to
    fill in: its cells hold text as it is typed, ``choices`` are what they may hold, and ``hint`` is shown beside a chosen cell.
    """

    title: str
    width: float
    form: str = ""
    wrap: bool = False
    upright: bool = False
    bar: bool = False
    shade: bool = False
    most: float = 100.0
    center: bool = False
    group: bool = False
    entry: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with a form of its own, such as ``"ca. "0" min."``."""

    number: float
    form: str


Cell = str | int | float | Shown | None


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, and the group they belong to: neighbours of one group are drawn together, where groups have several rows."""

    group: str
    cells: tuple[Cell, ...]


def draw(book: Book, name: str, columns: Sequence[Column], rows: Sequence[Row], frozen: int) -> None:
    """Write a sheet: heading, rows, filter, bars and colours; ``frozen`` columns stay in sight."""
    sheet = book.sheet(name)
    _heading(book, sheet, columns)
    band, grouped = False, len({row.group for row in rows}) < len(rows)
    for number, row in enumerate(rows, start=1):
        first = number == 1 or rows[number - 2].group != row.group
        band = band != first
        sheet.set_row(number, _height(columns, row))
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            _cell(book, sheet, (number, place), column, cell, edge=first and grouped, pale=not first, band=band)
    last = max(1, len(rows))
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    for place, column in enumerate(columns):
        if column.bar:
            sheet.conditional_format(1, place, last, place, _bar(column))
        if column.shade:
            sheet.conditional_format(1, place, last, place, _shade(column))
        if column.entry:
            sheet.data_validation(1, place, last, place, _entry(column))


def _heading(book: Book, sheet: Any, columns: Sequence[Column]) -> None:  # noqa: ANN401  xlsxwriter has no types
    look = {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": HEADING,
        "text_wrap": True,
        "valign": "bottom",
        "border": 1,
        "border_color": EDGE,
    }
    upright = any(column.upright for column in columns)
    sheet.set_row(0, 150 if upright else 36)
    for place, column in enumerate(columns):
        turned = {"rotation": 90} if column.upright else {}
        sheet.set_column(place, place, column.width)
        light = {"bg_color": ENTRY_HEADING, "font_color": HEADING} if column.entry else {}
        sheet.write_string(0, place, column.title, book.form(**{**look, **light}, **turned, **_aligned(column)))


def _cell(
    book: Book,
    sheet: Any,  # noqa: ANN401
    at: tuple[int, int],
    column: Column,
    cell: Cell,
    *,
    edge: bool,
    pale: bool,
    band: bool,
) -> None:
    form = cell.form if isinstance(cell, Shown) else "@" if column.entry else column.form
    ground = ENTRY if column.entry else BAND if band else ""
    look = book.form(
        valign="top",
        text_wrap=column.wrap,
        num_format=form or "General",
        bottom=1,
        bottom_color=LINE,
        top=2 if edge else 1,
        top_color=EDGE if edge else LINE,
        **({"bg_color": ground} if ground else {}),
        **_aligned(column),
        **({"font_color": PALE} if column.group and pale else {"bold": True} if column.group else {}),
    )
    if cell is None:
        sheet.write_blank(*at, None, look)
    elif isinstance(cell, str):
        sheet.write_string(*at, cell, look)
    else:
        sheet.write_number(*at, cell.number if isinstance(cell, Shown) else cell, look)


def _aligned(column: Column) -> dict[str, Any]:
    """Text keeps off the line before it; numbers stay at the right, or in the middle."""
    if column.center or column.upright:
        return {"align": "center"}
    return {} if column.form else {"align": "left", "indent": 1}


def _bar(column: Column) -> dict[str, Any]:
    ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": column.most}
    return {"type": "data_bar", "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR, **ends}


def _shade(column: Column) -> dict[str, Any]:
    ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": column.most}
    return {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": DEEP, **ends}


def _entry(column: Column) -> dict[str, Any]:
    """What a cell may hold, and what it says of itself; a list that Excel cannot hold is left to the reader to check."""
    ends = {"input_title": column.title[:LONGEST_TITLE], "input_message": column.hint, "error_message": column.hint}
    held = len(",".join(column.choices)) <= LONGEST_LIST and not any("," in choice for choice in column.choices)
    if column.choices and held:
        return {"validate": "list", "source": list(column.choices), **ends}
    return {"validate": "any", **ends}


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    letters = max(1, int((width - 1.5) * LETTERS_A_WIDTH))
    return sum(max(1, len(textwrap.wrap(part, letters))) for part in text.split("\n"))


def _height(columns: Sequence[Column], row: Row) -> float:
    """Height in points that shows every line of the wrapped cells."""
    lines = [1]
    for column, cell in zip(columns, row.cells, strict=True):
        if column.wrap and isinstance(cell, str):
            lines.append(lines_of(cell, column.width))
    return min(400.0, 4.0 + POINTS_A_LINE * max(lines))
