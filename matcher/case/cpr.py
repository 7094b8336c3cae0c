"""Danish personal numbers (CPR): never kept, never repeated, found wherever they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
# Six digits, perhaps a hyphen, four digits; not part of a longer number, not behind a decimal separator.
_TEN_DIGITS = re.compile(rf"(?<![0-9])(?<![0-9][.,])([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})[{_HYPHENS}]?[0-9]{{4}}(?![0-9])")
_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_date(day: int, month: int, year: int) -> bool:
    """Whether the six digits are a date in the 1900s or the 2000s (of which 2000, not 1900, was a leap year)."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month] and not (day == 29 and month == 2 and year % 4)


def has_cpr(text: str) -> bool:
    """Whether ``ddmmyy-xxxx``, with or without its hyphen and with a valid date, stands anywhere in ``text``.

    The control digit does not count: newer numbers fail it. Ten digits inside a longer number or behind a decimal
    separator are none.

    >>> has_cpr("tlf. 010203-1234"), has_cpr("3101021234."), has_cpr("55.3101021234"), has_cpr("3102021234")
    (True, True, False, False)
    """
    return any(_is_date(int(m[1]), int(m[2]), int(m[3])) for m in _TEN_DIGITS.finditer(text))


def cells_with_cpr(cells: Iterable[str]) -> list[int]:
    """Positions of the cells that hold one. Cells are joined first: almost every row has none."""
    texts = list(cells)
    if not has_cpr("\n".join(texts)):
        return []
    return [at for at, text in enumerate(texts) if has_cpr(text)]
