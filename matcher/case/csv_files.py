"""CSV files: bytes to raw tables, every fault with its row.

A row's number is the number of its record, blank lines counted, as a spreadsheet that opens the file shows it: a
quoted field that spans lines is one cell of one row.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from matcher.case.grid import Grid, heading_text, table_of
from matcher.case.kinds import OLE, ZIP, is_encrypted_office, kind_of
from matcher.case.places import column_letters
from matcher.case.raw import MAX_CELL, RawRow, RawTable, fault, is_blank
from matcher.case.text import Decoded, Flaw, decode, flaw_of, may_have_flaws
from matcher.findings import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.findings import Finding

_LOOK_AHEAD = 200


@dataclass(frozen=True, slots=True)
class _Row:
    """A record that has a value, or the flaw that ends the reading."""

    number: int
    cells: list[str]
    broken: Flaw | None = None


def read_csv(data: bytes, table: str, file: str) -> tuple[RawTable | None, list[Finding]]:
    """Read one CSV file; ``None`` with at least one fault where no table can be made of it."""
    decoded = _text_of(data)
    if isinstance(decoded, Flaw):
        return None, [_file_fault(decoded, table, file)]
    if not decoded.text.strip(" \t\r\n;,\"'"):
        return None, [fault("empty_file", file, table=table)]
    separator = _separator(decoded.text)
    if isinstance(separator, Flaw):
        return None, [fault(separator.code, file, table=table, row=1, facts=separator.facts)]
    filler = _Filler(table, file)
    for row in _rows(decoded.text, separator):
        filler.take(row)
    grid, findings = filler.grid, filler.findings
    if may_have_flaws(decoded.text, certain=decoded.certain):
        findings += _flaws(grid, table, file, certain=decoded.certain)
    raw = RawTable(table, file, (), (), ";|" if separator == "," else ";|,")
    if grid.is_empty():
        return None, findings or [fault("empty_file", file, table=table)]
    made, more = table_of(grid, raw)
    return made, sorted(findings + more, key=lambda finding: finding.row or 0)


def _text_of(data: bytes) -> Decoded | Flaw:
    if not data:
        return Flaw("empty_file", {})
    kind = kind_of(data[:512])
    if kind == OLE and is_encrypted_office(data):
        return Flaw("encrypted_workbook", {})
    if kind is not None:
        return Flaw("csv_is_zip" if kind == ZIP else "not_csv", {"kind": kind})
    return decode(data)


def _file_fault(flaw: Flaw, table: str, file: str) -> Finding:
    facts = dict(flaw.facts)
    line = facts.pop("line", None)
    return fault(flaw.code, file, table=table, row=int(line) if line else None, facts=facts)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    # Encoded again: a StringIO would hold four bytes for every character.
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
    return csv.reader(stream, delimiter=separator, strict=True)


def _separator(text: str) -> str | Flaw:
    """``;`` or ``,``: the one that cuts the heading into more names; between equals, the one that fits the rows below."""
    names = {separator: _width(text, separator) for separator in ";,"}
    if names[";"] != names[","]:
        return max(names, key=names.__getitem__)
    first = next(iter(text.lstrip().splitlines()), "")  # a lone control character is no line at all
    if names[";"] <= 1:
        for other, name in (("\t", "TAB"), ("|", "|")):
            if other in first:
                return Flaw("separator_unknown", {"separator": name})
    fits = {separator: _fitting(text, separator) for separator in ";,"}
    if names[";"] > 1 and fits[";"] == fits[","]:
        return Flaw("separator_unclear", {})
    # A title above the heading has one cell only: the rows below it tell.
    return max(";,", key=fits.__getitem__ if names[";"] > 1 else text.count)


def _width(text: str, separator: str) -> int:
    try:
        return sum(map(bool, map(heading_text, next(iter(_records(text, separator)), []))))
    except csv.Error:
        return 0


def _fitting(text: str, separator: str) -> int:
    width, fits = 0, 0
    try:
        for cells in islice(_records(text, separator), _LOOK_AHEAD):
            width = width or len(cells)
            fits += len(cells) == width
    except csv.Error:
        pass
    return fits


def _rows(text: str, separator: str) -> Iterator[_Row]:
    number = 0
    try:
        for number, cells in enumerate(_records(text, separator), start=1):
            if any(map(str.strip, cells)):
                yield _Row(number, cells)
    except csv.Error as error:
        # The csv module says which of the two it was by its words only; a quotation mark that never ends makes long cells too.
        too_long = "limit" in str(error)
        flaw = Flaw("cell_too_long", {"limit": str(MAX_CELL)}) if too_long else Flaw("quote_astray", {})
        yield _Row(number + 1, [], flaw)


class _Filler:
    """Fills a grid record by record; empty cells after the last heading are left out, for they can hide nothing."""

    def __init__(self, table: str, file: str) -> None:
        self.grid = Grid()
        self.findings: list[Finding] = []
        self._table, self._file = table, file
        self._width = 0
        self._nameless: list[int] = []
        self._known: dict[str, str] = {}  # equal cells share one text: most columns hold few different ones

    def take(self, row: _Row) -> None:
        """Take a record: the first is the heading."""
        if row.broken:
            self._fault(row.broken, row.number)
        elif row.number == 1:
            self._width = _filled(row.cells)
            self.grid.set_headings(enumerate(row.cells))
            self._nameless = [column for column in range(self._width) if column not in self.grid.columns]
        elif len(row.cells) == self._width:
            self._keep(row.number, row.cells)
        else:
            self._fit(row)

    def _keep(self, number: int, cells: list[str]) -> None:
        values = [(column, cells[column]) for column in self._nameless if not is_blank(cells[column])]
        if values:
            self.grid.put_outside(number, values)
        if self._nameless:
            cells = [cells[column] for column in self.grid.columns]
        if not values or not all(map(is_blank, cells)):
            self.grid.rows.append(RawRow(number, tuple(map(self._known.setdefault, cells, cells))))

    def _fit(self, row: _Row) -> None:
        """Take a record of another width: harmless if only empty cells follow, a fault otherwise."""
        filled = _filled(row.cells)
        if len(row.cells) >= self._width >= filled:
            self._keep(row.number, row.cells[: self._width])
        elif self._width <= 1:  # row 1 is a title or blank: its columns say nothing about this row
            self.grid.put_outside(row.number, [(column, cell) for column, cell in enumerate(row.cells) if not is_blank(cell)])
        else:
            found = max(filled, min(len(row.cells), self._width))
            self.grid.loose.append(RawRow(row.number, tuple(row.cells[:filled])))
            self._fault(Flaw("ragged_row", {"found": str(found), "expected": str(self._width)}), row.number)

    def _fault(self, flaw: Flaw, row: int) -> None:
        self.findings.append(fault(flaw.code, self._file, table=self._table, row=row, facts=flaw.facts))


def _filled(cells: list[str]) -> int:
    """How many cells there are up to the last one that holds something."""
    return next((index for index in range(len(cells), 0, -1) if not is_blank(cells[index - 1])), 0)


def _flaws(grid: Grid, table: str, file: str, *, certain: bool) -> Iterator[Finding]:
    letters = list(map(column_letters, grid.columns))
    nowhere = [""] * max((len(row.cells) for row in grid.loose), default=0)
    rows = ((row, grid.headings) for row in grid.rows)
    for row, columns in chain([(RawRow(1, grid.headings), letters)], rows, ((row, nowhere) for row in grid.loose)):
        for column, cell in zip(columns, map(str, row.cells), strict=False):
            flaw = flaw_of(cell, certain=certain)
            if flaw:
                yield fault(flaw.code, file, table=table, row=row.number, column=column, value=masked(cell), facts=flaw.facts)
