"""The lists of the Excel year plan: columns and rows of meetings, volunteers, matchers, venues, groups, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workbench.report import year_words as words
from workbench.report.grid import Cell, Column, Row, Shown
from workbench.words import listed, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.report.year_records import ShownLoad, YearView

Table = tuple[list[Column], list[Row]]
DAY_ZERO = date(1899, 12, 30)
"""Excel counts days from here."""


def _day(language: str, day: date) -> Shown:
    """A date that sorts."""
    return Shown((day - DAY_ZERO).days, say(language, "year.form.date"))


def column(
    language: str,
    key: str,
    width: float,
    *,
    wrap: bool = False,
    center: bool = False,
    group: bool = False,
    most: float = 0.0,
) -> Column:
    """A column; with ``most`` it holds whole numbers and a bar up to it."""
    title, form = say(language, f"year.head.{key}"), "0" if most else ""
    return Column(title=title, width=width, wrap=wrap, center=center, group=group, form=form, bar=most > 0, most=most)


def meetings(language: str, view: YearView) -> Table:
    """One row a meeting, in the order of the days."""
    columns = [
        column(language, "date", 12, center=True, group=True),
        column(language, "weekday", 11, group=True),
        column(language, "week", 6, center=True),
        column(language, "clock", 13, center=True),
        column(language, "place", 22, wrap=True),
        column(language, "town", 20, wrap=True),
        column(language, "matcher", 16, wrap=True),
        column(language, "group", 9, wrap=True),
        column(language, "people", 46, wrap=True),
        column(language, "number", 8, center=True),
        column(language, "seats", 9, center=True),
        column(language, "programme", 16, wrap=True),
        column(language, "fixed", 7, center=True),
        column(language, "meeting", 24, wrap=True),
    ]
    rows = []
    for row in view.meetings:
        cells: tuple[Cell, ...] = (
            _day(language, row.date),
            words.weekday(language, row.date),
            row.date.isocalendar().week,
            words.clock_times(language, row.clock),
            row.place,
            row.town,
            row.matcher,
            row.group,
            ", ".join(row.volunteers),
            len(row.volunteers),
            row.seats,
            words.programmes(language, row),
            say(language, "yes") if row.pinned else None,
            row.meeting_id,
        )
        rows.append(Row(row.date.isoformat(), cells))
    return columns, rows


def people(language: str, view: YearView) -> Table:
    """One row a planned volunteer: what she gets, and what she lacks."""
    columns = [
        column(language, "volunteer", 13, wrap=True),
        column(language, "group", 9, wrap=True),
        column(language, "home_matcher", 18, wrap=True),
        column(language, "owed", 10, center=True),
        column(language, "most", 10, center=True),
        column(language, "gets", 8, center=True),
        column(language, "missing", 9, center=True),
        column(language, "dates", 52, wrap=True),
        column(language, "why", 80, wrap=True),
    ]
    return columns, [
        Row(
            row.volunteer_id,
            (
                row.volunteer_id,
                row.group,
                row.matcher,
                row.owed,
                row.most,
                len(row.dates),
                row.missing or None,
                words.short_dates(language, row.dates),
                row.why,
            ),
        )
        for row in view.people
    ]


def loads(language: str, loads: Sequence[ShownLoad], who: str) -> Table:
    """Meetings by month of matchers, or of places."""
    top = max((number for load in loads for number in load.months), default=0)
    whole = max((sum(load.months) for load in loads), default=0)
    of_matchers = who == "matcher"
    columns = [
        column(language, who, 26, wrap=True),
        *([] if of_matchers else [column(language, "town", 20, wrap=True)]),
        *(
            Column(title=words.short_month(language, month), width=6.5, shade=True, most=max(top, 1), center=True)
            for month in range(1, 13)
        ),
        column(language, "total", 16, most=max(whole, 1)),
        column(language, "month_most" if of_matchers else "capacity", 11, center=True),
        *([column(language, "leads_groups", 50, wrap=True)] if of_matchers else []),
    ]
    rows = []
    for load in loads:
        named: tuple[Cell, ...] = (load.name,) if of_matchers else (load.name, load.town)
        after: tuple[Cell, ...] = (", ".join(load.groups),) if of_matchers else ()
        months = (number or None for number in load.months)
        rows.append(Row(load.name, (*named, *months, sum(load.months), load.most, *after)))
    return columns, rows


def groups(language: str, view: YearView) -> Table:
    """One row a home group: its members and its meetings."""
    columns = [
        column(language, "group", 10, wrap=True, group=True),
        column(language, "home_matcher", 20, wrap=True),
        column(language, "number", 8, center=True),
        column(language, "members", 44, wrap=True),
        column(language, "group_meetings", 80, wrap=True),
    ]
    rows = []
    for group in view.groups:
        held = "\n".join(words.when_and_where(language, row) for row in group.meetings)
        members = ", ".join(group.members)
        rows.append(Row(group.group, (group.group, group.matcher, len(group.members), members, held)))
    return columns, rows


def missing(language: str, view: YearView) -> Table:
    """One row a volunteer who lacks meetings, with the reason; where nobody does, it says so."""
    columns = [
        column(language, "volunteer", 16, wrap=True),
        column(language, "group", 9, wrap=True),
        column(language, "owed", 10, center=True),
        column(language, "gets", 8, center=True),
        column(language, "missing", 9, center=True),
        column(language, "why", 110, wrap=True),
    ]
    rows = [
        Row(
            row.volunteer_id,
            (row.volunteer_id, row.group, row.owed, len(row.dates), row.missing, row.why or say(language, "year.not_said")),
        )
        for row in view.people
        if row.missing
    ]
    return columns, rows or [Row("", (None, None, None, None, None, say(language, "year.nobody_missing")))]


def changed(language: str, view: YearView) -> Table:
    """One row a promise that is not kept, by person."""
    columns = [
        column(language, "volunteer", 16, wrap=True, group=True),
        column(language, "lost", 60, wrap=True),
        column(language, "dates_now", 70, wrap=True),
    ]
    return columns, [
        Row(
            row.volunteer_id,
            (
                row.volunteer_id,
                words.when_and_where(language, row),
                words.short_dates(language, row.dates) or listed(language, []),
            ),
        )
        for row in view.changed
    ]
