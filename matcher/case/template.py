"""An empty workbook to fill in: explained headings, drop-down lists, date formats and a guide."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import xlsxwriter

from matcher.case import words
from matcher.case.tables import SETTINGS_SHEET, TABLES, Column, Kind
from matcher.case.writing import CREATED, name_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from matcher.case.tables import Table

_ROWS = 2000
_LONGEST_LIST = 255
"""Excel's limit for a drop-down list that is written out; longer ones name cells of the guide."""
_LIST_COLUMN = 6
_TEXT_KINDS = frozenset(Kind) - {Kind.DATE, Kind.NUMBER, Kind.WHOLE, Kind.LATITUDE, Kind.LONGITUDE}
_SETTINGS = tuple(Column(name, Kind.TEXT, required=True) for name in SETTINGS_SHEET)


@cache
def meanings() -> Mapping[str, Any]:
    """What columns and kinds of cells mean, in Danish and English."""
    return tomllib.loads(resources.files(__package__).joinpath("meanings.toml").read_text("utf-8"))


def meaning(table: str, column: str, language: str) -> str:
    """What a column of a table means, in a sentence without a full stop."""
    entries = meanings()["columns"]
    return str(entries.get(f"{table}.{column}", entries.get(column))[language])


def accepted(column: Column, language: str) -> str:
    """How a cell of a column is written."""
    choices = ", ".join(_choices(column, language))
    return str(meanings()["kinds"][column.kind.value][language]).format(choices=choices)


def write_template(path: Path, *, language: str) -> None:
    """Write the empty workbook to ``path`` in ``da`` or ``en``; it reads back as a case without people."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        formats = _Formats(book)
        tables: list[tuple[str, Sequence[Column]]] = [(table.name, table.columns) for table in TABLES]
        for name, columns in [*tables, ("settings", _SETTINGS)]:
            _sheet(book.add_worksheet(_sheet_name(name, language)), name, columns, formats, language)
        _guide(book.add_worksheet(_sheet_name("guide", language)), TABLES, formats, language)


class _Formats:
    """The few looks that the template has."""

    def __init__(self, book: Workbook) -> None:
        self.required: Format = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        self.optional: Format = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.text: Format = book.add_format({"num_format": "@"})
        self.date: Format = book.add_format({"num_format": "dd-mm-yyyy"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})


def _sheet_name(table: str, language: str) -> str:
    return name_in(language, table, words.danish_table(table))


def _heading(column: Column, language: str) -> str:
    return name_in(language, column.name, words.danish_column(column.name))


def _choices(column: Column, language: str) -> list[str]:
    if column.kind is Kind.YES_NO:
        return [words.yes_or_no(value, language) for value in (True, False)]
    return [name_in(language, code, words.danish_code(code)) for code in column.choices]


def _sheet(sheet: Worksheet, table: str, columns: Sequence[Column], formats: _Formats, language: str) -> None:
    sheet.freeze_panes(1, 1)
    for index, column in enumerate(columns):
        title = _heading(column, language)
        look = formats.text if column.kind in _TEXT_KINDS else formats.date if column.kind is Kind.DATE else None
        sheet.set_column(index, index, max(12, len(title) + 3), look)
        sheet.write_string(0, index, title, formats.required if column.required else formats.optional)
        sheet.write_comment(0, index, _note(table, column, language), {"x_scale": 2, "author": ""})
        if column.kind in {Kind.CODE, Kind.YES_NO}:
            source = _source(_choices(column, language), language)
            sheet.data_validation(1, index, _ROWS, index, {"validate": "list", "source": source, "ignore_blank": True})


def _note(table: str, column: Column, language: str) -> str:
    required = f" ({meanings()['guide']['required'][language]})" if column.required else ""
    return f"{meaning(table, column.name, language)}{required}\n{accepted(column, language)}"


def _source(choices: list[str], language: str) -> list[str] | str:
    """A drop-down list, written out where Excel allows its length; only the weekly slots are longer."""
    if len(",".join(choices)) <= _LONGEST_LIST:
        return choices
    letter = chr(ord("A") + _LIST_COLUMN)
    return f"='{_sheet_name('guide', language)}'!${letter}$2:${letter}${len(choices) + 1}"


def _guide(sheet: Worksheet, tables: Sequence[Table], formats: _Formats, language: str) -> None:
    """Every column on one page, and the weekly slots that a drop-down list takes from here."""
    text = meanings()["guide"]
    for index, (part, width) in enumerate((("sheet", 14), ("column", 24), ("required", 14), ("meaning", 60), ("accepted", 60))):
        sheet.set_column(index, index, width, formats.wrapped)
        sheet.write_string(0, index, text[part][language], formats.optional)
    row = 1
    for table in tables:
        for column in table.columns:
            star = "*" if column.required else ""
            cells = (_sheet_name(table.name, language), _heading(column, language), star)
            for index, cell in enumerate((*cells, meaning(table.name, column.name, language), accepted(column, language))):
                sheet.write_string(row, index, cell)
            row += 1
    sheet.write_string(row + 1, 0, text["title"][language])
    slots = [name_in(language, slot, danish) for slot, (danish,) in words.slot_words().items()]
    sheet.set_column(_LIST_COLUMN, _LIST_COLUMN, 18)
    sheet.write_string(0, _LIST_COLUMN, _heading(Column("slot", Kind.CODE), language), formats.optional)
    sheet.write_column(1, _LIST_COLUMN, slots)
    sheet.freeze_panes(1, 0)
