"""The value of one workbook cell: from its type, style and text to a typed value."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from matcher.case.book_parts import unescaped
from matcher.case.number_formats import Meaning, date_of, time_text
from matcher.case.text import Flaw, flaw_of
from matcher.case.zip_parts import PartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matcher.case.book_parts import Book
    from matcher.case.raw import Cell

    Read = tuple[Cell, Flaw | None]

WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class CellValues:
    """Reads the cells of one sheet; a shared string is inspected once, however many cells show it."""

    def __init__(self, part: str, book: Book) -> None:
        self._part = part
        self._book = book
        self._shared: list[Read] = [(text, flaw_of(text)) for text in book.strings]
        self._readers: dict[str, Callable[[str, str], Read]] = {
            "s": self._shared_string, "str": _text, "inlineStr": _text, "n": self._number, "b": _boolean, "e": _error, "d": _day,
        }  # fmt: skip

    def read(self, kind: str, style: str, text: str) -> Read:
        """The value of a cell that is not blank, and its flaw. Raises ``PartError`` where the cell breaks the format."""
        reader = self._readers.get(kind)
        if reader is None:
            raise PartError("part_damaged", part=self._part)
        return reader(text, style)

    def _shared_string(self, text: str, _: str) -> Read:
        index = int(text) if WHOLE.fullmatch(text) else -1
        if not 0 <= index < len(self._shared):
            raise PartError("part_damaged", part=self._part)
        return self._shared[index]

    def _number(self, text: str, style: str) -> Read:
        number = int(text) if WHOLE.fullmatch(text) else _decimal(text)
        if number is None:  # NaN, 1e400: as text, so that the column's own reader names it
            return _text(text, style)
        meaning = self._meaning(style) if style else Meaning.NUMBER
        if meaning is Meaning.NUMBER:
            return number, None
        if meaning is Meaning.TIME:
            return time_text(number), None
        day = date_of(number, from_1904=self._book.from_1904)
        return (text, Flaw("impossible_date_cell", {})) if day is None else (day, None)

    def _meaning(self, style: str) -> Meaning:
        index = int(style) if WHOLE.fullmatch(style) else -1
        if index == 0 and not self._book.meanings:
            return Meaning.NUMBER
        if not 0 <= index < len(self._book.meanings):  # without its style nobody can tell a date from a number
            raise PartError("part_damaged", part=self._part)
        return self._book.meanings[index]


def _text(text: str, _: str) -> Read:
    text = unescaped(text)
    return text, flaw_of(text)


def _boolean(text: str, _: str) -> Read:
    return text in {"1", "true"}, None


def _error(text: str, _: str) -> Read:
    return text, Flaw("error_value", {"error": text if len(text) < 20 else "#"})


def _day(text: str, style: str) -> Read:
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return _text(text, style)
    midnight = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    return (moment.date() if midnight else moment), None


def _decimal(text: str) -> int | float | None:
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    if abs(number) == float("inf"):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
