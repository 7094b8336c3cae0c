"""Workbooks (.xlsx): bytes to raw tables, every fault with its cell."""

from __future__ import annotations

from bisect import bisect_left
from typing import IO, TYPE_CHECKING

from matcher.case.book_parts import read_book
from matcher.case.grid import table_of
from matcher.case.kinds import OLE, ZIP, is_encrypted_office, kind_of
from matcher.case.places import column_letters, column_ranges, row_ranges
from matcher.case.raw import RawTable, fault, warning
from matcher.case.sheet_rows import read_sheet
from matcher.case.zip_parts import PartError, Parts
from matcher.findings import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matcher.case.book_parts import Book, Sheet
    from matcher.case.sheet_rows import SheetContent
    from matcher.findings import Finding

_HEAD = 512
_LIST_SEPARATORS = ";|,"


def read_workbook(stream: IO[bytes], file: str, name_of: Callable[[str], str | None]) -> tuple[list[RawTable], list[Finding]]:
    """Read every sheet whose name is a table's; ``stream`` must be able to seek."""
    refusal = _refused_at_sight(stream, file)
    if refusal:
        return [], [refusal]
    try:
        parts = Parts(stream)
        book = read_book(parts)
    except PartError as error:
        return [], [fault(error.flaw.code, file, facts=error.flaw.facts)]
    tables: list[RawTable] = []
    findings: list[Finding] = []
    sheet_of: dict[str, str] = {}
    for sheet in book.sheets:
        table, place = name_of(sheet.name.strip()), f"{file} [{sheet.name}]"
        if table is None:
            findings.append(warning("unknown_sheet", place))
        elif table in sheet_of:
            findings.append(fault("table_twice", place, table=table, facts={"first": sheet_of[table], "second": sheet.name}))
        else:
            sheet_of[table] = sheet.name
            made, found = _read_one(parts, sheet, book, table, place)
            tables += [made] if made else []
            findings += found
    return tables, findings


def _refused_at_sight(stream: IO[bytes], file: str) -> Finding | None:
    head = stream.read(_HEAD)
    kind = kind_of(head)
    if not head:
        return fault("empty_file", file)
    if kind == OLE and is_encrypted_office(head + stream.read()):
        return fault("encrypted_workbook", file)
    if kind is None:
        return fault("not_workbook_unknown", file)
    return None if kind == ZIP else fault("not_workbook", file, facts={"kind": kind})


def _read_one(parts: Parts, sheet: Sheet, book: Book, table: str, file: str) -> tuple[RawTable | None, list[Finding]]:
    if sheet.part is None:
        return None, [fault("not_worksheet", file, table=table)]
    try:
        content = read_sheet(parts, sheet.part, book)
    except PartError as error:
        return None, [fault(error.flaw.code, file, table=table, facts=error.flaw.facts)]
    if content.grid.is_empty():
        return None, [warning("empty_sheet", file, table=table)]
    made, findings = table_of(content.grid, RawTable(table, file, (), (), _LIST_SEPARATORS))
    findings += _cell_faults(content, table, file)
    findings += _merged(content, table, file)
    findings += _unseen(content, sheet, table, file)
    if content.formulas and not book.computed:
        findings.append(warning("formulas_not_computed", file, table=table, facts={"count": str(content.formulas)}))
    return made, sorted(findings, key=lambda finding: finding.row or 0)


def _cell_faults(content: SheetContent, table: str, file: str) -> Iterator[Finding]:
    names = dict(zip(content.grid.columns, content.grid.headings, strict=True))
    for found in content.flaws:
        letters = column_letters(found.column)
        column = letters if found.row == 1 else names.get(found.column, letters)
        facts = {**found.flaw.facts, "cell": f"{letters}{found.row}"}
        yield fault(
            found.flaw.code, file, table=table, row=found.row, column=column, value=masked(found.text[:_HEAD]), facts=facts
        )


def _merged(content: SheetContent, table: str, file: str) -> list[Finding]:
    """Areas merged inside the table: only their first cell keeps its value, so the others say nothing."""
    columns, rows = content.grid.columns, content.grid.rows
    last = rows[-1].number if rows else 1
    return [
        fault("merged_cells", file, table=table, row=area.top, column=column_letters(area.left), facts={"area": area.name})
        for area in content.merged.values()
        if area.top <= last
        and bisect_left(columns, area.left) < bisect_left(columns, area.right + 1)
        and (area.left, area.top) != (area.right, area.bottom)
    ]


def _unseen(content: SheetContent, sheet: Sheet, table: str, file: str) -> list[Finding]:
    findings = []
    if sheet.hidden:
        findings.append(warning("hidden_sheet", file, table=table))
    if content.hidden_rows:
        code = "filtered_rows" if content.filtered else "hidden_rows"
        facts = {"count": str(len(content.hidden_rows)), "rows": row_ranges(content.hidden_rows)}
        findings.append(warning(code, file, table=table, facts=facts))
    columns = [column for column in content.grid.columns if content.hidden_columns[column]]
    if columns:
        findings.append(warning("hidden_columns", file, table=table, facts={"columns": column_ranges(columns)}))
    return findings
