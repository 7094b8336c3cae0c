"""The printable year: one page of HTML that needs nothing else, for paper, phone and screen reader."""

from __future__ import annotations

from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from workbench.report import year_words as words
from workbench.report.year_html import Html, element, joined, own, owns, table
from workbench.report.year_months import anchor, months
from workbench.words import decimals, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from workbench.report.year_records import ShownGroup, ShownMeeting, YearView


def year_page(language: str, view: YearView) -> bytes:
    """The whole page in UTF-8; the same view gives the same bytes."""
    folder = resources.files(__package__)
    template, style = (folder.joinpath(name).read_text("utf-8") for name in ("year.html", "year.css"))
    title = say(language, "year.title", year=str(view.year))
    sections = list(_sections(language, view))
    links = (element("li", element("a", heading, href=f"#{key}")) for key, heading, _ in sections)
    contents = element("nav", element("ul", *links), aria_label=say(language, "year.contents"))
    summary = f"{words.summary(language, view)} {words.outcome(language, view)}"
    header = element("header", element("h1", title), element("p", summary), contents)
    body = (element("section", element("h2", heading), inside, id=key) for key, heading, inside in sections)
    whole = joined([header, element("main", *body)])
    return Template(template).substitute(language=language, title=joined([title]), style=style, body=whole).encode()


def _sections(language: str, view: YearView) -> Iterator[tuple[str, str, Html]]:
    """Key, heading and content of each part of the page."""
    parts = {
        "year": months(language, view),
        "months": joined(_month(language, view, month) for month in range(1, 13)),
        "groups": joined(_group(language, view, group) for group in view.groups),
        "missing": _missing(language, view),
        "matchers": _loads(language, view),
    }
    if view.changed:
        parts["changed"] = _changed(language, view)
    parts["about"] = _about(language, view)
    for key, inside in parts.items():
        yield key, say(language, f"year.section.{key}"), inside


def _heads(language: str, *keys: str) -> list[str]:
    return [say(language, f"year.head.{key}") for key in keys]


def _month(language: str, view: YearView, month: int) -> Html:
    """The meetings of a month, and the days that can have none."""
    name = words.month_name(language, month)
    rows = [row for row in view.meetings if row.date.month == month]
    spans = [_span(language, *span) for span in words.closed_spans(language, view, month)]
    shut = [element("p", say(language, "year.no_meetings_days", days=", ".join(spans)), class_="aside")] if spans else []
    heads = _heads(language, "date", "clock", "place", "matcher", "group", "people", "seats")
    several = len({row.programme for row in view.meetings}) > 1
    if rows:
        told = list(_meetings(language, rows, with_programmes=several))
        title = say(language, "year.table_of", month=name)
        held = table(title, heads + (_heads(language, "programme") if several else []), told, class_="list")
    else:
        held = element("p", say(language, "year.no_meetings"))
    return element("div", element("h3", name.capitalize()), *shut, held, class_="part")


def _span(language: str, first: date, last: date, name: str) -> str:
    if first == last:
        return say(language, "year.closed_day", day=first.day, name=name)
    return say(language, "year.closed_days", first=first.day, last=last.day, name=name)


def _meetings(language: str, rows: Sequence[ShownMeeting], *, with_programmes: bool) -> Iterator[tuple[str, ...]]:
    """Cells of a month's meetings; the first of a day is where its links lead."""
    before = None
    for row in rows:
        day = words.long_date(language, row.date)
        yield (
            day if row.date == before else element("span", day, id=anchor(row.date)),
            words.clock_times(language, row.clock),
            joined([own(row.place), *([element("small", row.town)] if row.town else [])]),
            own(row.matcher),
            own(row.group),
            owns(row.volunteers),
            "–" if row.seats is None else str(row.seats),
            *([words.programmes(language, row)] if with_programmes else []),
        )
        before = row.date


def _group(language: str, view: YearView, group: ShownGroup) -> Html:
    """A group: its meetings, and each member with her dates."""
    people = {row.volunteer_id: row for row in view.people}
    held = element("ul", *(element("li", words.when_and_where(language, row)) for row in group.meetings), class_="dates")
    members = (
        (own(name), words.short_dates(language, row.dates) or "–", str(len(row.dates)), str(row.owed))
        for name in group.members
        for row in (people[name],)
    )
    heads = _heads(language, "volunteer", "dates", "gets", "owed")
    listed_members = [table(say(language, "year.head.members"), heads, members, class_="list")] if group.members else []
    heading = element("h3", own(group.group), *([" · ", own(group.matcher)] if group.matcher else []))
    return element("div", heading, held, *listed_members, class_="part group")


def _missing(language: str, view: YearView) -> Html:
    short = [row for row in view.people if row.missing]
    if not short:
        return element("p", say(language, "year.nobody_missing"))
    rows = (
        (own(row.volunteer_id), own(row.group), str(row.missing), str(row.owed), row.why or say(language, "year.not_said"))
        for row in short
    )
    heads = _heads(language, "volunteer", "group", "missing", "owed", "why")
    return table(say(language, "year.section.missing"), heads, rows, class_="list")


def _loads(language: str, view: YearView) -> Html:
    """How many meetings each matcher leads in each month, with a bar as long as the year's number."""
    most = max((sum(load.months) for load in view.matchers), default=0) or 1
    heads = [
        *_heads(language, "matcher"),
        *(words.short_month(language, month).capitalize() for month in range(1, 13)),
        *_heads(language, "total"),
    ]
    rows = (
        (
            own(load.name),
            *(element("span", str(n), class_=f"load n{min(n, 4)}") if n else "" for n in load.months),
            _bar(sum(load.months), most),
        )
        for load in view.matchers
    )
    name = say(language, "year.section.matchers")
    return element("div", table(name, heads, rows, class_="loads"), class_="wide", tabindex="0", role="group", aria_label=name)


def _bar(number: int, most: int) -> Html:
    """The number, and a bar beside it."""
    bar = element("rect", width=str(round(60 * number / most, 1)), height="10", rx="1")
    drawing = element("svg", bar, width="60", height="10", viewBox="0 0 60 10", aria_hidden="true")
    return joined([drawing, f" {number}"])


def _changed(language: str, view: YearView) -> Html:
    rows = (
        (
            own(row.volunteer_id),
            words.when_and_where(language, row),
            words.short_dates(language, row.dates) or listed(language, []),
        )
        for row in view.changed
    )
    heads = _heads(language, "volunteer", "lost", "dates_now")
    return table(say(language, "year.section.changed"), heads, rows, class_="list")


def _about(language: str, view: YearView) -> Html:
    """The levels with what is proved, and what the plan was made from."""
    rows = (
        (
            say(language, f"year.level.{level.level}"),
            _number(language, level.value),
            _number(language, level.bound),
            words.certainty(language, level),
        )
        for level in view.levels
    )
    levels = table(say(language, "year.levels"), _heads(language, "topic", "value", "bound", "said"), rows, class_="list")
    facts = (piece for name, said in words.facts(language, view) for piece in (element("dt", name), element("dd", said)))
    return joined([levels, element("dl", *facts)])


def _number(language: str, value: float) -> str:
    """Whole: nobody reads thousandths of a minute."""
    return decimals(language, value, 0)
