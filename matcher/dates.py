"""Dates as the contract counts them: completed years, calendar months, 29 February."""

from __future__ import annotations

import calendar
from datetime import date


def completed_years(born: date, on: date) -> int:
    """Age in completed years; somebody born on 29 February turns a year older on 1 March in other years.

    >>> completed_years(date(2016, 2, 29), date(2027, 2, 28)), completed_years(date(2016, 2, 29), date(2027, 3, 1))
    (10, 11)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def add_months(day: date, months: int) -> date:
    """The same day ``months`` months later (earlier, if negative), or that month's last day.

    >>> add_months(date(2027, 8, 31), -6), add_months(date(2026, 12, 24), 2)
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 24))
    """
    years, month0 = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def months_ago(day: date, on: date) -> int:
    """Months begun since ``day``: the smallest n with ``on`` minus n months not after ``day``.

    ``months_ago(day, on) <= 24`` says that ``day`` is no more than 24 months before ``on``.

    >>> months_ago(date(2025, 3, 1), date(2027, 3, 1)), months_ago(date(2025, 2, 28), date(2027, 3, 1))
    (24, 25)
    """
    n = (on.year - day.year) * 12 + on.month - day.month  # on minus n months lies in the month of day
    return n + (add_months(on, -n) > day)


def months_until(day: date, on: date) -> int:
    """Whole months left: the largest n with ``on`` plus n months not after ``day``. Negative: already past.

    >>> months_until(date(2028, 2, 29), date(2027, 2, 28)), months_until(date(2028, 2, 27), date(2027, 2, 28))
    (12, 11)
    """
    n = (day.year - on.year) * 12 + day.month - on.month  # on plus n months lies in the month of day
    return n - (add_months(on, n) > day)
