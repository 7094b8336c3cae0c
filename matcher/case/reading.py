"""Read a case: files to raw tables, to typed rows, to records; every fault and warning at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcher.case import decisions_file, relations, truths, words
from matcher.case.cells import Problem
from matcher.case.cpr import has_cpr
from matcher.case.defaults import complete
from matcher.case.relations import Tables
from matcher.case.rows import personal_numbers, read_rows
from matcher.case.settings_file import read_sheet, read_toml, settle
from matcher.case.sheets import read_tables
from matcher.case.tables import BY_NAME, TABLES
from matcher.case.world import World
from matcher.errors import CaseError
from matcher.findings import masked
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Postcode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from matcher.case.raw import RawTable
    from matcher.case.rows import Row, Rows
    from matcher.case.settings_file import CheckSetting
    from matcher.findings import Finding
    from matcher.records import Record, SettingValue

_STRANGE = "?"
_ORDER = {table.name: place for place, table in enumerate(TABLES, start=1)}


def read_case(
    path: Path,
    *,
    today: date,
    settings_file: Path | None = None,
    postcodes: Mapping[str, Postcode] | None = None,
    check_setting: CheckSetting | None = None,
    rules: Collection[str] | None = None,
    locked: Collection[str] = (),
    rule_titles: Mapping[str, str] | None = None,
    usual: Mapping[str, float] | None = None,
    decisions: Sequence[Path] = (),
) -> tuple[Case, tuple[Finding, ...]]:
    """Read the case at ``path``, a folder of CSV files or one workbook.

    Parameters
    ----------
    path
        The folder or the workbook.
    today
        The planning date, where the case's settings give none.
    settings_file
        A TOML file whose keys replace those of the case's own settings.
    postcodes
        Known postcodes; the product's own table by default. The case's table ``postcodes`` adds to them.
    check_setting
        Says what is wrong with a setting (code and facts of a fault), or ``None``.
    rules
        The names a waiver may have; any by default.
    locked
        Those of them whose waiver changes nothing, which is warned of.
    rule_titles
        What a rule may be called beside its own name, and that name.
    usual
        Bounds for the warnings of ages and certificates, by setting; those in the case's settings come first. A bound that is
        not there warns of nothing.
    decisions
        Files with further decisions, each a workbook or one CSV file (``decisions_file.py``); they are added to the case's own.

    Returns
    -------
    tuple
        The case, its tables sorted by ids, and the warnings in the order of tables and rows.

    Raises
    ------
    CaseError
        If there is any fault; it holds every fault and warning.
    """
    raws, findings = _tables(path)
    settings, wrong = _settings(path, raws, settings_file, check_setting)
    findings += wrong
    read, wrong = _read(raws)
    findings += wrong
    broken = {finding.table for finding in findings if finding.is_fault}
    findings += _missing(path, raws, broken)
    planning_date = settings.get("planning_date", today)
    known = _postcodes(read.get("postcodes"), load_postcodes() if postcodes is None else postcodes)
    titles = {words.folded(title): key for title, key in (rule_titles or {}).items()}
    world = World(planning_date, known, _bounds(usual or {}, settings), rules, locked, titles)  # type: ignore[arg-type]  # settle made it a date
    tables = Tables(read, _unknown_keys(read, broken), world)
    findings += _untrue(tables)
    decided, wrong = decisions_file.read_files(decisions)
    findings += [*wrong, *decisions_file.untrue(decided, tables)]
    findings = sorted(map(_safe, findings), key=lambda found: (_ORDER.get(found.table, 0), found.row or 0))
    if any(finding.is_fault for finding in findings):
        raise CaseError(findings)
    tables = decisions_file.added(decided, tables)
    complete(tables)
    records = {name: _records(rows) for name, rows in tables.rows.items()}
    return Case(planning_date=planning_date, settings=settings, **records), tuple(findings)  # type: ignore[arg-type]


def _tables(path: Path) -> tuple[list[RawTable], list[Finding]]:
    """Every file and sheet, those of no table too: a CPR number refuses the case wherever it stands."""
    raws, found = read_tables(path, lambda name: words.table_named(name) or _STRANGE + name)
    places = [(raw.table, raw.file) for raw in raws] + [(finding.table, finding.file) for finding in found]
    strange = {table: file for table, file in places if table.startswith(_STRANGE)}
    unknown = Problem("unknown_file" if path.is_dir() else "unknown_sheet", is_fault=False)
    kept = [finding for finding in found if finding.table not in strange and finding.table != "guide"]
    return [_named(raw) for raw in raws], kept + [unknown.at(file) for file in strange.values()]


def _named(raw: RawTable) -> RawTable:
    return replace(raw, table="") if raw.table.startswith(_STRANGE) else raw


def _settings(
    path: Path, raws: Sequence[RawTable], settings_file: Path | None, check: CheckSetting | None
) -> tuple[dict[str, SettingValue], list[Finding]]:
    """The sheet's settings, then the folder's file, then the file that was named: each before the one ahead of it."""
    parts = [read_sheet(raw) for raw in raws if raw.table == "settings"]
    if path.is_dir() and (path / "settings.toml").is_file():
        parts.append(read_toml(path / "settings.toml"))
    if settings_file is not None:
        parts.append(read_toml(settings_file))
    settings, findings = settle([entries for entries, _ in parts], check)
    return settings, [finding for _, wrong in parts for finding in wrong] + findings


def _read(raws: Sequence[RawTable]) -> tuple[dict[str, Rows], list[Finding]]:
    read: dict[str, Rows] = {}
    findings: list[Finding] = []
    for raw in raws:
        findings += personal_numbers(raw)
        if raw.table in BY_NAME and raw.heading:
            read[raw.table], wrong = read_rows(raw, BY_NAME[raw.table])
            findings += wrong
    return read, findings


def _missing(path: Path, raws: Sequence[RawTable], broken: Collection[str]) -> Iterator[Finding]:
    """Faults for tables that must be there, are not, and have no other fault yet."""
    there = {raw.table for raw in raws} | set(broken)
    for table in TABLES:
        if table.required and table.name not in there and not ("" in broken and not raws):
            yield Problem("missing_table", {"danish": words.danish_table(table.name)}).at(path.name, table.name)


def _unknown_keys(read: Mapping[str, Rows], broken: Collection[str]) -> frozenset[str]:
    """Tables that could not be read, so that nobody can be called missing from them."""
    unread = {table.name for table in TABLES if table.name not in read and (table.name in broken or table.required)}
    return frozenset(unread | {name for name, rows in read.items() if rows.table.key and rows.table.key not in rows.headings})


def _postcodes(own: Rows | None, known: Mapping[str, Postcode]) -> dict[str, Postcode]:
    """Known postcodes with the case's own in their place; a municipality that a case leaves out stays the known one."""
    merged = dict(known)
    for row in own.rows if own else ():
        values = dict(row.values)
        if {"postcode", "latitude", "longitude"} <= values.keys():
            earlier = known.get(values["postcode"])
            values.setdefault("municipality", earlier.municipality if earlier else None)
            merged[values["postcode"]] = Postcode(**values)
    return merged


def _bounds(usual: Mapping[str, float], settings: Mapping[str, Any]) -> dict[str, float]:
    """The caller's bounds, and in their place those of the case that can be a number of years or months."""
    given = {key: settings[key] for key in usual.keys() & settings.keys()}
    return {**usual, **{key: value for key, value in given.items() if isinstance(value, int | float) and 0 <= value < 10_000}}


def _untrue(tables: Tables) -> Iterator[Finding]:
    for name, rows in tables.rows.items():
        checks = truths.CHECKS[name]
        for row in rows.rows:
            for check in checks:
                for column, problem in check(row, tables.world):
                    yield rows.finding(row, column, problem)
    for relation in relations.CHECKS:
        for table, row, column, problem in relation(tables):
            yield tables.rows[table].finding(row, column, problem)


def _safe(finding: Finding) -> Finding:
    """The finding without any CPR number that may have come in with a heading or a file's name."""
    if not any(map(has_cpr, (finding.file, finding.column, *finding.facts.values()))):
        return finding
    facts = {key: _hidden(text) for key, text in finding.facts.items()}
    return replace(finding, file=_hidden(finding.file), column=_hidden(finding.column), facts=facts)


def _hidden(text: str) -> str:
    return masked(text) if has_cpr(text) else text


def _records(rows: Rows) -> tuple[Record, ...]:
    """The records of a table, sorted by its key, or by all their values where it has none."""
    fields = {column.name: column.field for column in rows.table.columns}
    made = [_record(rows.table.record, row, fields) for row in rows.rows]
    by = [rows.table.key] if rows.table.key else list(fields.values())
    return tuple(sorted(made, key=lambda record: [str(getattr(record, name)) for name in by]))


def _record(kind: type[Record], row: Row, fields: Mapping[str, str]) -> Record:
    return kind(**{fields[name]: value for name, value in row.values.items()})
