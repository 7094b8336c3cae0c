"""Raw tables: what stands in the files of a case, before any meaning is given to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias

from matcher.findings import Finding, Severity

Cell: TypeAlias = str | int | float | bool | date | datetime
"""A CSV file gives text only, a workbook typed values; a blank cell is the empty text."""

Facts: TypeAlias = Mapping[str, str]
_NO_FACTS: Facts = MappingProxyType({})

MAX_CELL = 131_072
"""Longest cell that is read, in characters: the csv module's own limit, four times that of Excel."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row below the heading; ``number`` is the row a spreadsheet shows (the heading is row 1)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One file or sheet: as many cells in every row as names in ``heading``; wholly blank rows are left out.

    ``list_separators`` are the characters that may stand between the items of a list in this file. ``loose`` holds the
    values that stand in no column, by row: beyond the heading, or in a row of another width. Each such row has a fault
    already; they are kept so that what may stand in no cell at all can be looked for there too. Where row 1 is no
    heading (a fault as well), ``heading`` and ``rows`` are empty and all values are loose.
    """

    table: str
    file: str
    heading: tuple[str, ...]
    rows: tuple[RawRow, ...]
    list_separators: str
    loose: tuple[RawRow, ...] = ()


def fault(
    code: str, file: str, *, table: str = "", row: int | None = None, column: str = "", value: str = "", facts: Facts = _NO_FACTS
) -> Finding:
    """A finding that refuses the case; ``value`` must be masked already."""
    return Finding(severity=Severity.FAULT, code=code, file=file, table=table, row=row, column=column, value=value, facts=facts)


def warning(code: str, file: str, *, table: str = "", facts: Facts = _NO_FACTS) -> Finding:
    """A finding that is told and does not refuse the case; all those of reading concern a whole file or sheet."""
    return Finding(severity=Severity.WARNING, code=code, file=file, table=table, facts=facts)


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell; spaces alone count as nothing."""
    return isinstance(cell, str) and (not cell or cell.isspace())
