"""Places in a spreadsheet: column letters and areas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; columns count from 0, rows from 1, both ends included."""

    name: str
    top: int
    left: int
    bottom: int
    right: int


def column_letters(index: int) -> str:
    """The letters over a spreadsheet's column, counted from 0.

    >>> column_letters(0), column_letters(27), column_letters(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A column's index from 0.

    >>> column_index("A"), column_index("XFD")
    (0, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def area_of(reference: str) -> Area | None:
    """The rectangle that a reference such as ``A1:C3`` names, or ``None`` where it names none."""
    found = _AREA.fullmatch(reference)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    columns = sorted((column_index(left), column_index(right or left)))
    rows = sorted((int(top), int(bottom or top)))
    return Area(reference, rows[0], columns[0], rows[1], columns[1])


def row_ranges(numbers: list[int]) -> str:
    """Row numbers in few words.

    >>> row_ranges([3, 5, 6, 7, 9])
    '3, 5-7, 9'
    """
    return _stretches(numbers, str)


def column_ranges(indexes: list[int]) -> str:
    """Columns, counted from 0, by their letters in few words.

    >>> column_ranges([0, 2, 3, 26])
    'A, C-D, AA'
    """
    return _stretches(indexes, column_letters)


def _stretches(numbers: list[int], name: Callable[[int], str], most: int = 6) -> str:
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    words = [name(first) if first == last else f"{name(first)}-{name(last)}" for first, last in stretches[:most]]
    return ", ".join(words) + (" …" if len(stretches) > most else "")
