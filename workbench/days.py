"""A day given on the command line, in any form that a case may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from matcher.case.cells import read_date
from matcher.errors import UsageError

if TYPE_CHECKING:
    from datetime import date


def day_of(option: str, text: str | None) -> date | None:
    """The day, or None where none is given; raises ``UsageError``.

    >>> day_of("--from", "1. marts")
    Traceback (most recent call last):
        ...
    matcher.errors.UsageError: day_unreadable: {'option': '--from'}
    """
    if text is None:
        return None
    reading = read_date(text)
    if reading.value is None or reading.problems:
        raise UsageError("day_unreadable", option=option)
    return cast("date", reading.value)
