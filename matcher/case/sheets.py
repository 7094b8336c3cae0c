"""The door from files to raw tables: a folder of CSV files or one workbook, with every fault of reading them at all."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from matcher.case.csv_files import read_csv
from matcher.case.raw import Cell, RawRow, RawTable, fault, warning
from matcher.case.workbooks import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matcher.findings import Finding

__all__ = ["Cell", "RawRow", "RawTable", "read_tables"]

_SETTINGS = ".toml"
_OTHER_SPREADSHEETS = {".xlsm": "macro_workbook", ".xltm": "macro_workbook", ".csv": "single_csv"}


def read_tables(path: Path, name_of: Callable[[str], str | None]) -> tuple[tuple[RawTable, ...], tuple[Finding, ...]]:
    """Read a case's files as they are.

    Parameters
    ----------
    path
        A folder of CSV files, or an ``.xlsx`` workbook; a symbolic link to one is fine.
    name_of
        The contract's table name for a file's stem or a sheet's name, or ``None`` where it names no table.

    Returns
    -------
    The tables that could be read, in the order of their files' or sheets' names, and all that was found. Nothing is
    raised: a path that is missing or unreadable is a finding. A table that could not be read at all is named by
    its finding's ``table``. A cell with a fault keeps its text (``?`` for a formula without a value).
    """
    try:
        if path.is_dir():
            tables, findings = _read_folder(path, name_of)
        elif path.is_file():
            tables, findings = _read_single(path, name_of)
        else:
            tables, findings = [], [fault("not_regular_file" if path.exists() else "path_missing", path.name)]
    except (OSError, ValueError):  # may not be read, is longer than a name can be, goes away meanwhile
        tables, findings = [], [fault("file_unreadable", path.name)]
    return tuple(tables), tuple(findings)


def _read_single(path: Path, name_of: Callable[[str], str | None]) -> tuple[list[RawTable], list[Finding]]:
    code = _OTHER_SPREADSHEETS.get(path.suffix.lower())
    if code:
        return [], [fault(code, path.name)]
    with path.open("rb") as stream:
        return read_workbook(stream, path.name, name_of)


def _read_folder(folder: Path, name_of: Callable[[str], str | None]) -> tuple[list[RawTable], list[Finding]]:
    """Every CSV file in the order of its name; what is no table's is told and left alone."""
    tables: list[RawTable] = []
    findings: list[Finding] = []
    file_of: dict[str, str] = {}
    files = sorted((path for path in folder.iterdir() if _concerns_case(path)), key=lambda path: path.name)
    if not any(path.suffix.lower() == ".csv" for path in files):
        workbook = next((path.name for path in files if path.suffix.lower() == ".xlsx"), None)
        if workbook:
            return [], [fault("folder_with_workbook", folder.absolute().name, facts={"workbook": workbook})]
        return [], [fault("folder_without_csv", folder.absolute().name)]
    for path in files:
        name = unicodedata.normalize("NFC", path.name)
        table = name_of(unicodedata.normalize("NFC", path.stem).strip()) if path.suffix.lower() == ".csv" else None
        if table is None:
            findings.append(warning("unknown_file", name))
        elif table in file_of:
            findings.append(fault("table_twice", name, table=table, facts={"first": file_of[table], "second": name}))
        else:
            file_of[table] = name
            made, found = _read_csv_file(path, folder, table, name)
            tables += [made] if made else []
            findings += found
    return tables, findings


def _concerns_case(path: Path) -> bool:
    """Not settings and scenarios, folders, or what systems leave behind (hidden files, Excel's lock files)."""
    if path.name.startswith((".", "~$")) or path.suffix.lower() == _SETTINGS:
        return False
    return path.suffix.lower() == ".csv" or not path.is_dir()


def _read_csv_file(path: Path, folder: Path, table: str, name: str) -> tuple[RawTable | None, list[Finding]]:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(folder.resolve()):
            return None, [fault("link_out_of_folder", name, table=table)]
        if not path.is_file():
            return None, [fault("not_regular_file", name, table=table)]
        data = path.read_bytes()
    except (OSError, RuntimeError):  # a dangling link, a link to itself, a file that may not be read
        return None, [fault("file_unreadable", name, table=table)]
    return read_csv(data, table, name)
