"""Half a year as a wall calendar on a sheet: a month beside the next, every day a row, its meetings in it."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Any

from workbench.report import year_words as words
from workbench.report.grid import EDGE, HEADING, LINE, lines_of
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.report.book import Book
    from workbench.report.year_records import ShownMeeting, YearView

DAY_WIDTH, MONTH_WIDTH = 6.0, 27.0
MOST_SHOWN = 1_000
"""Letters of a day: what is longer is read in the list of meetings."""
HELD, SHUT, WEEKEND = "#DCEBF8", "#E4E4E0", "#F7F7F4"
POINTS_A_LINE = 12.5


def wall(book: Book, name: str, language: str, view: YearView, months: Sequence[int]) -> None:
    """Draw the months beside each other."""
    sheet = book.sheet(name)
    head = book.form(bold=True, font_color="#FFFFFF", bg_color=HEADING, border=1, border_color=EDGE, align="center")
    sheet.set_row(0, 20)
    sheet.freeze_panes(1, 0)
    held = words.by_day(view)
    lines = [1] * 31
    for k, month in enumerate(months):
        sheet.set_column(2 * k, 2 * k, DAY_WIDTH)
        sheet.set_column(2 * k + 1, 2 * k + 1, MONTH_WIDTH)
        title = say(language, "year.month_title", month=words.month_name(language, month), year=str(view.year))
        sheet.merge_range(0, 2 * k, 0, 2 * k + 1, "", head)
        sheet.write_string(0, 2 * k, title.capitalize(), head)
        for day, text in _texts(language, view, held, month).items():
            label = say(language, "year.day_label_in_month", weekday=words.short_weekday(language, day), day=day.day)
            sheet.write_string(day.day, 2 * k, label, book.form(**_look(view, held, day), align="left", bold=day in held))
            look = book.form(**_look(view, held, day), text_wrap=True)
            write = sheet.write_string if text else sheet.write_blank
            write(day.day, 2 * k + 1, text, look)
            lines[day.day - 1] = max(lines[day.day - 1], lines_of(text, MONTH_WIDTH))
    for row, number in enumerate(lines, start=1):
        sheet.set_row(row, min(400.0, 4.0 + POINTS_A_LINE * number))


def _texts(language: str, view: YearView, held: Mapping[date, tuple[ShownMeeting, ...]], month: int) -> dict[date, str]:
    """What stands at each day of a month: its meetings, else why there are none, where that begins."""
    begins = {first: name for first, _, name in words.closed_spans(language, view, month)}
    days = (date(view.year, month, k) for k in range(1, calendar.monthrange(view.year, month)[1] + 1))
    return {day: _text(language, held.get(day, ()), begins.get(day, "")) for day in days}


def _text(language: str, meetings: Sequence[ShownMeeting], closed: str) -> str:
    said = [f"{words.clock_times(language, row.clock).partition('–')[0]} {row.place} · {row.matcher}" for row in meetings]
    text = "\n".join([*([closed] if closed else []), *said])
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def _look(view: YearView, held: Mapping[date, tuple[ShownMeeting, ...]], day: date) -> dict[str, Any]:
    """Ground and ink of a day; what is shut is grey and slanted, so that print without colours shows it too."""
    look: dict[str, Any] = {"border": 1, "border_color": LINE, "valign": "top", "font_size": 9}
    if day in held:
        return {**look, "bg_color": HELD}
    if day in view.closed:
        return {**look, "bg_color": SHUT, "italic": True, "font_color": "#555555"}
    return {**look, "bg_color": WEEKEND} if day.weekday() >= 5 else look
