"""One worksheet, read in a single pass over its XML: values, row numbers, and all that hides or falsifies a value.

Why not a reader library (python-calamine 0.9.1, which the tests use as a second opinion): it gives a blank for an error
value and for a formula that was never worked out, lets the later of two cells at one place win without a word, lays a
sheet out as a full rectangle (one stray cell in XFD1048576 asks for 550 GB and ends the process), and ends the process on
a false count of shared strings. Here a sheet costs what its cells cost, wherever they stand; its ``dimension`` is not believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from matcher.case.book_parts import spreadsheet_names
from matcher.case.cell_values import WHOLE, CellValues
from matcher.case.grid import Grid
from matcher.case.places import MAX_COLUMNS, MAX_ROWS, Area, area_of, column_index
from matcher.case.raw import Cell, RawRow
from matcher.case.text import Flaw
from matcher.case.zip_parts import PartError

if TYPE_CHECKING:
    from matcher.case.book_parts import Book
    from matcher.case.zip_parts import Parts

    Attributes = dict[str, str]

_LETTERS = re.compile("[A-Z]{1,3}")
_TRUE = frozenset(("1", "true"))
_PLACE = 4  # what an empty place of a row counts for among the characters laid out

MAX_MERGED = 10_000
"""Merged areas of one sheet; a table needs none."""


@dataclass(frozen=True, slots=True)
class CellFlaw:
    """A flaw of one cell; ``column`` counts from 0."""

    row: int
    column: int
    flaw: Flaw
    text: str


@dataclass(slots=True)
class SheetContent:
    """What a worksheet holds, and what Excel does not show of it; ``hidden_columns`` has a byte for each column, 1: hidden."""

    grid: Grid = field(default_factory=Grid)
    flaws: list[CellFlaw] = field(default_factory=list)
    merged: dict[str, Area] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: bytearray = field(default_factory=lambda: bytearray(MAX_COLUMNS))
    filtered: bool = False
    formulas: int = 0


def read_sheet(parts: Parts, part: str, book: Book) -> SheetContent:
    """Read a worksheet part. Raises ``PartError`` where the XML is no sound sheet."""
    reader = _SheetReader(parts, part, book)
    parts.parse(part, reader.parser)
    if not reader.seen_data:
        raise PartError("part_damaged", part=part)
    return reader.content


class _SheetReader:
    """The handlers of one pass. Rows and cells must come in order and once: a second cell at one place refuses the sheet."""

    def __init__(self, parts: Parts, part: str, book: Book) -> None:
        self.content = SheetContent()
        self.seen_data = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self._lay_out = parts.lay_out
        self._part = part
        self._values = CellValues(part, book)
        self._columns: dict[str, int] = {}
        self._row, self._row_text = 0, ""
        self._in_row = self._row_hidden = False
        self._slots: dict[int, int] = {}  # where a column's cell stands among those of a row
        self._cells: list[Cell] = []
        self._outside: list[tuple[int, Cell]] = []
        self._filled = False
        self._column = -1
        self._kind, self._style = "n", ""
        self._text: list[str] = []
        self._formula = self._pronouncing = False
        self._listen()

    def _listen(self) -> None:
        starts = spreadsheet_names({
            "sheetData": self._start_data, "row": self._start_row, "c": self._start_cell, "f": self._start_formula,
            "v": self._start_text, "t": self._start_text, "rPh": self._start_pronouncing,
            "col": self._start_column, "mergeCell": self._start_merged, "filterColumn": self._start_filter,
        })  # fmt: skip
        ends = spreadsheet_names({
            "row": self._end_row, "c": self._end_cell, "v": self._end_text, "t": self._end_text, "rPh": self._end_pronouncing,
        })  # fmt: skip

        def start(element: str, attributes: Attributes) -> None:
            if element in starts:
                starts[element](attributes)

        def end(element: str) -> None:
            if element in ends:
                ends[element]()

        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end

    def _damage(self) -> PartError:
        return PartError("part_damaged", part=self._part)

    def _start_data(self, _: Attributes) -> None:
        if self.seen_data:
            raise self._damage()
        self.seen_data = True

    def _start_column(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in _TRUE and WHOLE.fullmatch(first) and WHOLE.fullmatch(last):
            left, right = max(int(first), 1) - 1, min(int(last), MAX_COLUMNS)
            self.content.hidden_columns[left:right] = b"\1" * (right - left)

    def _start_merged(self, attributes: Attributes) -> None:
        area = area_of(attributes.get("ref", ""))
        if area is None:
            raise self._damage()
        self.content.merged[area.name] = area
        if len(self.content.merged) > MAX_MERGED:
            raise PartError("too_many_merged", limit=str(MAX_MERGED))

    def _start_filter(self, _: Attributes) -> None:
        self.content.filtered = True

    def _start_row(self, attributes: Attributes) -> None:
        given = attributes.get("r")
        number = self._row + 1 if given is None else int(given) if WHOLE.fullmatch(given) else 0
        if self._in_row or not self._row < number <= MAX_ROWS:
            raise self._damage()
        self._row, self._row_text, self._in_row = number, str(number), True
        self._row_hidden = attributes.get("hidden") in _TRUE
        self._lay_out(_PLACE * len(self._slots))
        self._cells, self._outside = [""] * len(self._slots), []
        self._filled, self._column = False, -1

    def _end_row(self) -> None:
        self._in_row = False
        grid = self.content.grid
        if self._row == 1:
            grid.set_headings(self._outside)
            self._slots = {column: slot for slot, column in enumerate(grid.columns)}
            return
        if self._outside:
            grid.put_outside(self._row, self._outside)
        if self._filled:
            grid.rows.append(RawRow(self._row, tuple(self._cells)))
        if self._row_hidden and (self._filled or self._outside):
            self.content.hidden_rows.append(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._column_of(reference)
        if not self._in_row or not self._column < column < MAX_COLUMNS:
            raise self._damage()
        self._column = column
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._formula = False

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] != self._row_text:
            raise self._damage()
        column = self._columns.get(letters)
        if column is None:
            if not _LETTERS.fullmatch(letters):
                raise self._damage()
            column = self._columns[letters] = column_index(letters)
        return column

    def _start_text(self, _: Attributes) -> None:
        if self._in_row and not self._pronouncing:
            self.parser.CharacterDataHandler = self._text.append

    def _end_text(self) -> None:
        self.parser.CharacterDataHandler = None

    def _start_pronouncing(self, _: Attributes) -> None:
        self._pronouncing = True  # how a text is said, beside the text itself

    def _end_pronouncing(self) -> None:
        self._pronouncing = False

    def _start_formula(self, _: Attributes) -> None:
        self._formula = True
        self.content.formulas += self._in_row

    def _end_cell(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text:
            value, flaw = self._values.read(self._kind, self._style, text)
            self._lay_out(len(value) if isinstance(value, str) else 1)
        elif self._formula and self._kind != "str":
            value, flaw = "?", Flaw("formula_without_value", {})
        else:
            return
        if flaw:
            self.content.flaws.append(CellFlaw(self._row, self._column, flaw, str(value)))
        elif value == "" or (isinstance(value, str) and value.isspace()):
            return
        slot = self._slots.get(self._column)
        if slot is None:
            self._outside.append((self._column, value))
        else:
            self._cells[slot] = value
            self._filled = True
