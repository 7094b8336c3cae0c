"""A raw table to typed rows: headings to columns, cells to values, and what is wrong with either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from matcher.case import words
from matcher.case.cells import BLANK, Problem, Reading, near_or_not, parser, text_of
from matcher.case.cpr import cells_with_cpr, has_cpr
from matcher.case.raw import is_blank
from matcher.findings import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matcher.case.raw import RawTable
    from matcher.case.tables import Column, Table
    from matcher.findings import Finding

# Free words are told of once a column, not in every row.
_ONCE = frozenset({"unfamiliar_word", "unfamiliar_word_near"})
_REQUIRED = (Problem("blank_required"),)
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Row:
    """What one row says by column; a blank cell has no value, and ``unread`` names the cells with a fault."""

    number: int
    values: dict[str, Any]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows and where they stand; ``headings`` gives each column's heading in the file."""

    table: Table
    file: str
    headings: Mapping[str, str]
    rows: tuple[Row, ...]

    def finding(self, row: Row, column: str, problem: Problem) -> Finding:
        """A finding at a cell of this table."""
        value = row.values.get(column)
        shown = masked(text_of(value)) if value is not None and not isinstance(value, tuple) else ""
        return problem.at(self.file, self.table.name, row.number, self.headings.get(column, column), shown)


def read_rows(raw: RawTable, table: Table, also: Mapping[str, str] = _NONE) -> tuple[Rows, list[Finding]]:
    """Read every cell under a known heading, or one that is ``also`` a column's here, and name all that cannot be read."""
    at, findings = _columns(raw, table, also)
    rows = tuple(Row(row.number, {}) for row in raw.rows)
    for name, index in at.items():
        findings += _fill(raw, table.by_name[name], index, rows)
    return Rows(table, raw.file, {name: raw.heading[index] for name, index in at.items()}, rows), findings


def personal_numbers(raw: RawTable) -> Iterator[Finding]:
    """A fault for every cell and heading with a CPR number in it, whatever its column."""
    problem = Problem("cpr_number")
    for name in filter(has_cpr, raw.heading):
        yield problem.at(raw.file, raw.table, 1, masked(name), masked(name))
    for row in (*raw.rows, *raw.loose):
        texts = [cell if isinstance(cell, str) else text_of(cell) for cell in row.cells]
        for index in cells_with_cpr(texts):
            heading = raw.heading[index] if index < len(raw.heading) else ""
            yield problem.at(raw.file, raw.table, row.number, heading, masked(texts[index]))


def _columns(raw: RawTable, table: Table, also: Mapping[str, str]) -> tuple[dict[str, int], list[Finding]]:
    """Which cell of a row each column is, and what is unusual or missing in the heading."""
    known = {**words.headings(tuple(table.by_name)), **also}
    at: dict[str, int] = {}
    said: list[tuple[str, Problem]] = []
    for index, heading in enumerate(raw.heading):
        name = known.get(words.as_heading(heading))
        if name is None:
            said.append((heading, _unknown_column(heading, known)))
        elif name in at:
            said.append((heading, Problem("column_twice", {"first": raw.heading[at[name]], "name": name})))
        else:
            at[name] = index
    required = [column.name for column in table.columns if column.required]
    if not at:  # row 1 may be a person's row: repeat nothing of it
        said = [("", Problem("no_known_heading", {"expected": words.expected_columns(required)}))]
    else:
        others = [name for index, name in enumerate(raw.heading) if index not in at.values()]
        said += [(name, _missing_column(name, others)) for name in required if name not in at]
    return at, [problem.at(raw.file, raw.table, 1, column) for column, problem in said]


def _unknown_column(heading: str, known: Mapping[str, str]) -> Problem:
    if words.is_sensitive_heading(heading):
        return Problem("sensitive_column", is_fault=False)
    near = words.nearest(words.as_heading(heading), known)
    return near_or_not("unknown_column", near, is_fault=False)


def _missing_column(name: str, others: Sequence[str]) -> Problem:
    """What to say of a required column that is not there: which heading may have been meant."""
    forms = {words.as_heading(other): other for other in others}
    near = next((forms[found] for word in words.headings((name,)) if (found := words.nearest(word, forms))), "")
    return near_or_not("missing_column", near, danish=words.danish_column(name))


def _fill(raw: RawTable, column: Column, index: int, rows: tuple[Row, ...]) -> Iterator[Finding]:
    """Read one column into the rows. Equal cells are read once: most columns hold few different ones."""
    parse = parser(column, raw.list_separators)
    memo: dict[Any, Reading] = {}
    told: set[str | None] = set()
    for row, source in zip(rows, raw.rows, strict=True):
        cell = source.cells[index]
        key = cell if cell.__class__ is str else (cell.__class__, cell)  # 1, 1.0 and True are three cells
        reading = memo.get(key)
        if reading is None:
            reading = memo[key] = BLANK if is_blank(cell) else parse(cell)
        if reading.value is not None:
            row.values[column.name] = reading.value
        elif column.required and not reading.problems:
            reading = Reading(None, _REQUIRED)
        for problem in reading.problems:
            if problem.code in _ONCE and problem.item in told:
                continue
            told.add(problem.item)
            if problem.is_fault:
                row.unread += (column.name,)
            shown = masked(text_of(cell) if problem.item is None else problem.item)
            yield problem.at(raw.file, raw.table, row.number, raw.heading[index], shown)
