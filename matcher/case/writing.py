"""Write a case in the contract's form: a folder of CSV files or one workbook, in English or Danish words.

The same case gives the same bytes. What is written reads back as an equal case.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import xlsxwriter

from matcher.case import words
from matcher.case.tables import SETTINGS_SHEET, TABLES, Kind
from matcher.case.truths import QUOTA_CHOICES
from matcher.records import Quota

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from matcher.case.tables import Column, Table
    from matcher.records import Case, Record, SettingValue

Value: TypeAlias = "str | int | float | date | None"
_Item: TypeAlias = "str | tuple[date, date]"

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own date must not change its bytes
_EXCEL_BEGINS = date(1900, 3, 1)


@dataclass(frozen=True, slots=True)
class _Page:
    """One table ready to be written: its name and heading in the language asked for, its cells as values."""

    name: str
    heading: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    widths: tuple[int, ...]


def write_case(case: Case, path: Path, *, language: str = "en") -> None:
    """Write ``case`` to the workbook ``path`` (suffix ``.xlsx``) or else to a folder of CSV files, made if missing.

    ``language`` is ``en`` or ``da``: headings, file and sheet names, coded values and known free words. Empty tables
    but children and volunteers are left out. A workbook keeps 15 digits of a number, as Excel does. Raises
    ``ValueError`` where a workbook cannot hold the case (a text of more than 32,767 characters, more than 1,048,576
    rows) or a list's word holds a separator of lists.
    """
    pages = [_page(case, table, language) for table in TABLES if table.required or getattr(case, table.name)]
    if path.suffix.lower() == ".xlsx":
        _write_workbook(pages, case.settings, path, language)
    else:
        path.mkdir(parents=True, exist_ok=True)
        for page in pages:
            (path / f"{page.name}.csv").write_bytes(_csv(page))
        if case.settings:
            (path / "settings.toml").write_text(_toml(case.settings), encoding="utf-8", newline="\n")


def name_in(language: str, english: str, danish: str) -> str:
    """The word in the language asked for."""
    return danish if language == "da" else english


def _page(case: Case, table: Table, language: str) -> _Page:
    name = name_in(language, table.name, words.danish_table(table.name))
    heading = tuple(name_in(language, column.name, words.danish_column(column.name)) for column in table.columns)
    rows = [tuple(_cells(record, table, language)) for record in getattr(case, table.name)]
    return _Page(name, heading, rows, tuple(max(10, len(title) + 2) for title in heading))


def _cells(record: Record, table: Table, language: str) -> Iterator[Value]:
    for column in table.columns:
        value = getattr(record, column.field)
        if column.name == "value" and isinstance(record, Quota):
            value = _quota_value(record, language)
        yield None if value is None or value in ("", ()) else _cell(column, value, language)


def _quota_value(quota: Quota, language: str) -> str:
    """A quota's value in the words of its dimension."""
    if quota.dimension in QUOTA_CHOICES:
        return name_in(language, quota.value, words.danish_code(quota.value))
    if quota.dimension == "initiative":
        return name_in(language, quota.value, words.danish_word("initiatives", quota.value))
    return quota.value


def _cell(column: Column, value: Value | tuple[_Item, ...], language: str) -> Value:
    if isinstance(value, tuple):
        return _joined([_item(column, item, language) for item in value])
    if isinstance(value, bool):
        return words.yes_or_no(value, language)
    if column.kind is Kind.CODE:
        return name_in(language, str(value), words.danish_code(str(value)))
    return value


def _item(column: Column, item: _Item, language: str) -> str:
    if isinstance(item, tuple):
        return f"{item[0].isoformat()}/{item[1].isoformat()}"
    if column.kind is Kind.CODES:
        return name_in(language, item, words.danish_code(item))
    return name_in(language, item, words.danish_word(column.words, item)) if column.kind is Kind.WORDS else str(item)


def _joined(items: Iterable[str]) -> str:
    listed = list(items)
    if any(set(item) & set(";|,") for item in listed):
        raise ValueError("a word of a list holds ';', '|' or ',' and would read back as two")
    return ";".join(listed)


def _plain(value: Value) -> str:
    """A value as text in a CSV file: ISO dates, decimals with a point and without exponent."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _csv(page: _Page) -> bytes:
    """UTF-8 with the mark that makes Excel read it so."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(page.heading)
    writer.writerows([_plain(value) for value in row] for row in page.rows)
    return out.getvalue().encode("utf-8-sig")


def _toml(settings: Mapping[str, SettingValue]) -> str:
    lines = (f"{'.'.join(map(_toml_key, key.split('.')))} = {_toml_value(value)}" for key, value in sorted(settings.items()))
    return "".join(f"{line}\n" for line in lines)


def _toml_key(part: str) -> str:
    bare = part.isascii() and part.replace("_", "").replace("-", "").isalnum()
    return part if bare else _toml_value(part)


def _toml_value(value: SettingValue) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def _write_workbook(pages: Sequence[_Page], settings: Mapping[str, SettingValue], path: Path, language: str) -> None:
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for page in [*pages, *_settings_page(settings, language)]:
            sheet = book.add_worksheet(page.name)
            sheet.freeze_panes(1, 1)
            for index, (title, width) in enumerate(zip(page.heading, page.widths, strict=True)):
                sheet.set_column(index, index, width)
                sheet.write_string(0, index, title, bold)
            for number, row in enumerate(page.rows, start=1):
                for index, value in enumerate(row):
                    _put(sheet, number, index, value, day)


def _settings_page(settings: Mapping[str, SettingValue], language: str) -> list[_Page]:
    if not settings:
        return []
    name = name_in(language, "settings", words.danish_table("settings"))
    heading = tuple(name_in(language, column, words.danish_column(column)) for column in SETTINGS_SHEET)
    rows: list[tuple[Value, ...]] = [(key, _setting(value)) for key, value in sorted(settings.items())]
    return [_Page(name, heading, rows, (40, 20))]


def _setting(value: SettingValue) -> Value:
    if isinstance(value, tuple):
        return ";".join(value) + ";" * (len(value) < 2)  # one item alone is a list too
    return ("true" if value else "false") if isinstance(value, bool) else value


def _put(sheet: Worksheet, row: int, column: int, value: Value, day: Format) -> None:
    """Write one cell. Text stays text, whatever it looks like; Excel has no real dates before 1 March 1900."""
    if value is None:
        return
    if isinstance(value, date) and value >= _EXCEL_BEGINS:
        answer = sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | float):
        answer = sheet.write_number(row, column, value)
    else:
        answer = sheet.write_string(row, column, _plain(value))
    if answer:
        raise ValueError(f"a workbook cannot hold row {row + 1}, column {column + 1}: too many rows or too long a text")
