"""A matcher's decisions in a file of their own: the workbook of ``matcher propose``, filled in, or a plain table.

A sheet of decisions is known by its headings, so it may be renamed, sorted and filtered, and its columns moved. A row that
names a pair and says nothing of it is no decision; of the proposals, with their many other columns, no other column is read.
Whatever looks like such a sheet and cannot be read as one is a fault: no decision is left out without a word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from matcher.case import relations, truths, words
from matcher.case.cells import Problem, near_or_not, text_of
from matcher.case.csv_files import read_csv
from matcher.case.raw import fault, is_blank
from matcher.case.rows import Row, Rows, personal_numbers, read_rows
from matcher.case.sheets import read_tables
from matcher.case.tables import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from matcher.case.raw import Cell, RawRow, RawTable
    from matcher.case.relations import Tables
    from matcher.findings import Finding

TABLE = "decisions"
_SCHEMA = BY_NAME[TABLE]
_PAIR = {"child_id", "volunteer_id"}
_OPPOSITE = {"lock": "forbid", "forbid": "lock"}
_FILLED_IN = ("kind", "rule", "by", "reason")
_OTHERS = 3
"""A table of decisions with a column or two of somebody's own is one of decisions still; the proposals have many more."""
_TOP = 50
"""Rows in which a heading that has slipped down is looked for."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet or CSV file, with the column that each of its headings stands for (nothing, where it is no decision's)."""

    raw: RawTable
    columns: tuple[str, ...]

    @property
    def is_form(self) -> bool:
        """Whether it is one of proposals, where a name or a remark without a decision is only unusual."""
        return self.columns.count("") >= _OTHERS

    def own(self) -> RawTable:
        """The sheet with its decision columns alone."""
        kept = [index for index, column in enumerate(self.columns) if column]
        rows = tuple(replace(row, cells=tuple(row.cells[index] for index in kept)) for row in self.raw.rows)
        return replace(self.raw, table=TABLE, heading=tuple(self.raw.heading[index] for index in kept), rows=rows)


def read_files(paths: Sequence[Path]) -> tuple[list[Rows], list[Finding]]:
    """Read files of decisions: workbooks or CSV files.

    Returns
    -------
    The rows of each sheet of decisions, and all that is found wrong or unusual in the files by themselves. Nothing is raised:
    a file that is missing or unreadable is a finding.
    """
    tables: list[Rows] = []
    findings: list[Finding] = []
    for path in dict.fromkeys(paths):
        made, found = _read(path)
        tables += made
        findings += found
    return tables, findings


def holds_decisions(path: Path) -> bool:
    """Whether somebody has written decisions in a file; no, where it is missing or cannot be read."""
    tables, findings = _read(path) if path.is_file() else ([], [])
    return any(rows.rows for rows in tables) or any(found.code == "row_without_decision" for found in findings)


def _read(path: Path) -> tuple[list[Rows], list[Finding]]:
    raws, found = _raw_tables(path)
    sheets = {raw.table: _Sheet(raw, _columns(raw.heading)) for raw in raws}
    decided = {name: sheet for name, sheet in sheets.items() if "kind" in sheet.columns}
    findings = [finding for raw in raws for finding in personal_numbers(raw)]
    findings += [finding for finding in found if _matters(finding, sheets, decided)]
    for name, sheet in sheets.items():
        findings += [] if name in decided else _mistaken(sheet)
    tables = []
    for sheet in decided.values():
        rows, wrong = _rows(sheet)
        tables.append(rows)
        findings += wrong
    if not any(finding.is_fault for finding in findings):
        if not decided:
            findings.append(_no_decision_column(path.name, ()))
        elif not any(rows.rows for rows in tables):
            findings.append(Problem("no_decisions", is_fault=False).at(path.name))
    return tables, [replace(finding, table=TABLE) for finding in findings]


def _raw_tables(path: Path) -> tuple[Sequence[RawTable], Sequence[Finding]]:
    """Every sheet; each is a table of its own, whatever its name."""
    if path.is_dir():
        return [], [_no_decision_column(path.name, ())]
    try:
        if path.suffix.lower() == ".csv" and path.is_file():
            raw, findings = read_csv(path.read_bytes(), path.stem, path.name)
            return [raw] if raw else [], findings
    except (OSError, ValueError):  # may not be read, goes away meanwhile
        return [], [fault("file_unreadable", path.name)]
    number = count()
    return read_tables(path, lambda _: str(next(number)))


def _columns(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The decision's column that each heading stands for."""
    known = {**words.headings(tuple(_SCHEMA.by_name)), **words.decision_headings()}
    return tuple(known.get(words.as_heading(text_of(cell)), "") for cell in cells)


def _no_decision_column(file: str, others: Iterable[str]) -> Finding:
    forms = {words.as_heading(other): other for other in others}
    known = {**words.headings(("kind",)), **{word: name for word, name in words.decision_headings().items() if name == "kind"}}
    near = next((forms[found] for word in known if (found := words.nearest(word, forms))), "")
    return near_or_not("no_decision_column", near).at(file, TABLE)


def _matters(finding: Finding, sheets: Mapping[str, _Sheet], decided: Mapping[str, _Sheet]) -> bool:
    """Whether what was found in reading concerns decisions: of the proposals' other columns and other sheets nothing does."""
    sheet = decided.get(finding.table)
    if sheet is not None:
        others = {name for name, column in zip(sheet.raw.heading, sheet.columns, strict=True) if not column}
        return not (sheet.is_form and finding.column in others)
    unread = finding.is_fault and finding.code != "not_worksheet" and finding.table not in sheets
    return not finding.table or unread


def _mistaken(sheet: _Sheet) -> Iterator[Finding]:
    """What is wrong with a sheet without a decision column that yet looks like one of decisions."""
    top: dict[int, set[str]] = {}
    for row in (*sheet.raw.rows, *sheet.raw.loose):  # the cells of one row may be in both
        if row.number <= _TOP:
            top.setdefault(row.number, set()).update(_columns(row.cells))
    slipped = next((number for number, found in sorted(top.items()) if found >= {"kind", "volunteer_id"}), None)
    if slipped:
        yield Problem("heading_not_first", {"first": str(slipped)}).at(sheet.raw.file, TABLE, 1)
    elif set(sheet.columns) >= _PAIR:
        yield _no_decision_column(sheet.raw.file, (name for name in sheet.raw.heading if not _columns([name])[0]))


def _rows(sheet: _Sheet) -> tuple[Rows, list[Finding]]:
    """The decisions of one sheet."""
    raw = sheet.own() if sheet.is_form else replace(sheet.raw, table=TABLE)
    columns = _columns(raw.heading)
    decided: list[RawRow] = []
    undecided: list[RawRow] = []
    for row in raw.rows:
        if _filled(row, columns, _FILLED_IN):
            (undecided if sheet.is_form and not _filled(row, columns, ("kind",)) else decided).append(row)
    rows, findings = read_rows(replace(raw, rows=tuple(decided)), _SCHEMA, words.decision_headings())
    problem = Problem("row_without_decision", is_fault=False)
    findings += [problem.at(raw.file, TABLE, row.number, rows.headings["kind"]) for row in undecided]
    return rows, findings


def _filled(row: RawRow, columns: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(column in wanted and not is_blank(cell) for column, cell in zip(columns, row.cells, strict=True))


def untrue(decided: Sequence[Rows], tables: Tables) -> Iterator[Finding]:
    """What cannot be, or is unusual, about decisions beside the case they are added to."""
    for rows in decided:
        for row in rows.rows:
            for column, problem in truths.decision(row, tables.world):
                yield rows.finding(row, column, problem)
        beside = replace(tables, rows={**tables.rows, TABLE: rows})
        for _, row, column, problem in relations.references(beside, only=TABLE):
            yield rows.finding(row, column, problem)
    yield from _contradictions(decided, tables)


def _contradictions(decided: Sequence[Rows], tables: Tables) -> Iterator[Finding]:
    """Pairs that are both locked and forbidden, where at least one of the two stands in a file of decisions."""
    said: dict[tuple[str, str, str], tuple[str, int]] = {}
    own = tables.rows.get(TABLE)
    for rows in (*([own] if own else ()), *decided):
        for row in rows.rows:
            child, volunteer, kind = (row.values.get(name, "") for name in ("child_id", "volunteer_id", "kind"))
            if not (child and volunteer and kind in _OPPOSITE):
                continue
            said.setdefault((child, volunteer, kind), (rows.file, row.number))
            earlier = said.get((child, volunteer, _OPPOSITE[kind]))
            if earlier and rows is not own:
                facts = {"elsewhere": earlier[0], "first": str(earlier[1])}
                yield rows.finding(row, "kind", Problem("locked_and_forbidden", facts))


def added(decided: Sequence[Rows], tables: Tables) -> Tables:
    """The case with the decisions added to its own; the same one twice counts once. For decisions without faults."""
    if not decided:
        return tables
    own = tables[TABLE]
    new = {_key(row, tables): row for rows in reversed(decided) for row in reversed(rows.rows)}  # the first one's words stay
    for row in own:
        new.pop(_key(row, tables), None)
    rows = replace(tables.rows.get(TABLE, decided[0]), rows=(*own, *new.values()))
    return replace(tables, rows={**tables.rows, TABLE: rows})


def _key(row: Row, tables: Tables) -> tuple[str, ...]:
    values = row.values
    return values["child_id"], values["volunteer_id"], values["kind"], tables.world.rule_key(values.get("rule", ""))
