"""From rows of cells to a raw table: what every file and sheet must fulfil alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from matcher.case.places import column_letters
from matcher.case.raw import RawRow, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matcher.case.raw import Cell, RawTable
    from matcher.findings import Finding


@dataclass(slots=True)
class Grid:
    """What was read of one file or sheet: the headings of row 1, the rows under them, and values under no heading.

    ``columns`` are the headings' places, counted from 0; every row of ``rows`` has one cell for each. ``outside``
    gives, by column, the first row with a value under no heading and how many rows have one; ``loose`` holds those
    values. So a sheet costs what its values cost, wherever they stand.
    """

    headings: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    rows: list[RawRow] = field(default_factory=list)
    outside: dict[int, tuple[int, int]] = field(default_factory=dict)
    loose: list[RawRow] = field(default_factory=list)

    def set_headings(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Take the headings from the cells of row 1, each with its column."""
        named = [(column, name) for column, cell in cells if (name := heading_text(cell))]
        self.columns = tuple(column for column, _ in named)
        self.headings = tuple(name for _, name in named)

    def put_outside(self, row: int, cells: Iterable[tuple[int, Cell]]) -> None:
        """Note values of a row that stand under no heading, each with its column."""
        values = []
        for column, cell in cells:
            first, count = self.outside.get(column, (row, 0))
            self.outside[column] = (first, count + 1)
            values.append(cell)
        self.loose.append(RawRow(row, tuple(values)))

    def is_empty(self) -> bool:
        """Whether no value stands anywhere."""
        return not (self.headings or self.rows or self.outside)


def heading_text(cell: Cell) -> str:
    """A heading's name on one line."""
    return " ".join(str(cell).split())


def table_of(grid: Grid, raw: RawTable) -> tuple[RawTable, list[Finding]]:
    """Fill ``raw`` from the grid; without a heading and rows where row 1 is no heading, so that nothing can be named."""
    if len(grid.headings) <= 1 and (grid.outside or not grid.headings):
        first = min((row for row, _ in grid.outside.values()), default=1)
        loose = (RawRow(1, grid.headings), *grid.rows, *grid.loose)
        return replace(raw, loose=loose), [
            fault("heading_not_first", raw.file, table=raw.table, row=1, facts={"first": str(first)})
        ]
    findings = [
        fault(
            "value_without_heading",
            raw.file,
            table=raw.table,
            row=row,
            column=column_letters(column),
            facts={"count": str(count)},
        )
        for column, (row, count) in sorted(grid.outside.items())
    ]
    findings += _repeated_names(grid, raw)
    findings += _repeated_headings(grid, raw)
    return replace(raw, heading=grid.headings, rows=tuple(grid.rows), loose=tuple(grid.loose)), findings


def _repeated_names(grid: Grid, raw: RawTable) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for column, name in zip(grid.columns, grid.headings, strict=True):
        first = seen.setdefault(name.casefold(), column)
        if first != column:
            places = {"first": column_letters(first), "second": column_letters(column)}
            yield fault("heading_twice", raw.file, table=raw.table, row=1, column=name, facts=places)


def _repeated_headings(grid: Grid, raw: RawTable) -> list[Finding]:
    names = tuple(name.casefold() for name in grid.headings)
    return [
        fault("heading_again", raw.file, table=raw.table, row=row.number)
        for row in grid.rows
        if heading_text(row.cells[0]).casefold() == names[0]
        and all(heading_text(cell).casefold() == name for cell, name in zip(row.cells, names, strict=True))
    ]
