"""The twelve small months of the printable year."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from matcher.records import DAYS
from workbench.report import year_words as words
from workbench.report.year_html import Html, element
from workbench.words import counted, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.report.year_records import ShownMeeting, YearView


def months(language: str, view: YearView) -> Html:
    """All of them, each day with meetings a link to the list, and what the signs mean."""
    held = words.by_day(view)
    legend = element(
        "p",
        element("span", "4", class_="sign held"),
        f" {say(language, 'year.legend_meeting')} ",
        element("span", "5", class_="sign shut"),
        f" {say(language, 'year.legend_closed')}",
        class_="legend",
    )
    return element("div", element("div", *(_month(language, view, held, k) for k in range(1, 13)), class_="months"), legend)


def anchor(day: date) -> str:
    """Where a day stands in the list of meetings."""
    return f"d{day.isoformat()}"


def _month(language: str, view: YearView, held: Mapping[date, tuple[ShownMeeting, ...]], month: int) -> Html:
    week = element("th", element("abbr", say(language, "year.week_sign"), title=say(language, "year.head.week")), scope="col")
    days = (
        element("th", element("abbr", say(language, f"year.short_day.{day}"), title=say(language, f"day.{day}")), scope="col")
        for day in DAYS
    )
    return element(
        "table",
        element("caption", words.month_name(language, month).capitalize()),
        element("thead", element("tr", week, *days)),
        element("tbody", *_weeks(language, view, held, month)),
        class_="month",
    )


def _weeks(language: str, view: YearView, held: Mapping[date, tuple[ShownMeeting, ...]], month: int) -> Iterator[Html]:
    """Six rows in every month, so that the months stand level."""
    first = date(view.year, month, 1)
    monday = first - timedelta(days=first.weekday())
    last = calendar.monthrange(view.year, month)[1]
    for week in range(6):
        days = [(k - first.weekday() + 1) for k in range(7 * week, 7 * week + 7)]
        inside = [_day(language, view, held, date(view.year, month, k)) if 1 <= k <= last else element("td") for k in days]
        if days[0] <= last:
            number = str((monday + timedelta(days=7 * week)).isocalendar().week)
            yield element("tr", element("th", number, scope="row"), *inside)
        else:
            yield element("tr", element("td", "\N{NO-BREAK SPACE}"), *inside)


def _day(language: str, view: YearView, held: Mapping[date, tuple[ShownMeeting, ...]], day: date) -> Html:
    """A day: its number, how many meetings where there are several, and why there can be none."""
    closed, meetings = words.closed_name(language, view, day), held.get(day, ())
    if meetings:
        number = counted(language, "meetings", len(meetings))
        label = say(language, "year.day_label", date=words.long_date(language, day), meetings=number)
        several = (element("sup", str(len(meetings))),) if len(meetings) > 1 else ()
        link = element("a", str(day.day), *several, href=f"#{anchor(day)}", aria_label=label, title=label)
        return element("td", link, class_="held")
    if closed:
        why = element("span", f" {say(language, 'year.closed', name=closed)}", class_="heard")
        return element("td", str(day.day), why, class_="shut", title=closed)
    return element("td", str(day.day))
