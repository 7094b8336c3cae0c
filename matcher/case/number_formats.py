"""Excel's numbers that are dates: told by the cell's number format, counted from the workbook's first day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum


class Meaning(Enum):
    """What a number format makes of a number."""

    NUMBER = 0
    DATE = 1
    TIME = 2


# The built-in formats that show a date or a time; 27-36 and 50-58 are dates in eastern versions.
_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)))
_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))
# Literal text, escaped and padding characters, and brackets other than elapsed time, say nothing about the number.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_LAST_SERIAL = 2_958_465  # 31 December 9999
_FALSE_LEAP_DAY = 60  # Excel counts a 29 February 1900 that never was


def meaning_of(number_format: int, codes: dict[int, str]) -> Meaning:
    """Whether a number format shows dates or times; ``codes`` holds the workbook's own formats.

    >>> meaning_of(14, {}), meaning_of(165, {165: 'dd/mm/yyyy;@'}), meaning_of(166, {166: '0.0 "dage"'})
    (<Meaning.DATE: 1>, <Meaning.DATE: 1>, <Meaning.NUMBER: 0>)
    """
    code = codes.get(number_format)
    if code is None:
        return Meaning.DATE if number_format in _DATES else Meaning.TIME if number_format in _TIMES else Meaning.NUMBER
    shown = _LITERAL.sub("", code).split(";")[0].lower().replace("general", "")
    if "y" in shown or "d" in shown or ("m" in shown and "h" not in shown and "s" not in shown and "[" not in shown):
        return Meaning.DATE
    return Meaning.TIME if any(letter in shown for letter in "hms") else Meaning.NUMBER


def date_of(serial: float, *, from_1904: bool) -> date | datetime | None:
    """The day (and time, to the second, where there is one) of a serial number; ``None`` where there is no such day."""
    day = int(serial // 1)
    seconds = round((serial - day) * 86_400)
    if from_1904:
        start, lowest = date(1904, 1, 1), 0
    else:
        start, lowest = date(1899, 12, 31 if day < _FALSE_LEAP_DAY else 30), 1
    if not lowest <= day <= _LAST_SERIAL - (1462 if from_1904 else 0) or (day == _FALSE_LEAP_DAY and not from_1904):
        return None
    moment = datetime(start.year, start.month, start.day) + timedelta(days=day, seconds=seconds)  # noqa: DTZ001 - cells have no zone
    return moment if seconds % 86_400 else moment.date()


def time_text(serial: float) -> str:
    """A time of day or a length of time as it is shown; no column of a case holds one, so it stays text.

    >>> time_text(0.5), time_text(1.75)
    ('12:00', '42:00')
    """
    minutes, seconds = divmod(round(abs(serial) * 86_400), 60)
    shown = f"{'-' if serial < 0 else ''}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{shown}:{seconds:02d}" if seconds else shown
