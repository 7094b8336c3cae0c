"""The parts of the what-if page that hold figures: today's plan, over time, and waiting by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report import whatif_picture as picture
from workbench.report import whatif_words as words
from workbench.report.year_html import Html, element, joined, own, table
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.comparison import Comparison, Row
    from scenarios.scenario import Scenario

ON_THE_PAGE = ("", "gender", "programme")
"""Groups whose matches are shown; those of municipalities are in the workbook."""


def today(language: str, found: Comparison) -> Html:
    """Whom the plan moves, each measure by scenario, and matches by group."""
    rows = [row for row in found.rows if row.mode == "today"]
    names = list(dict.fromkeys(row.scenario for row in rows))
    drawings = (
        _figure(picture.moves(language, found, names[at : at + picture.MOST_ROWS], f"moves{at}"), "")
        for at in range(0, len(names), picture.MOST_ROWS)
    )
    pieces = [
        _said(language, "read.today"),
        *drawings,
        *_measures(language, found, rows, ("scenario", "before", "value", "change")),
    ]
    return joined([*pieces, *_held_back(language, found), *_matches_by_group(language, rows)])


def over_time(language: str, found: Comparison) -> Html:
    """Differences with their bands, then each measure by scenario."""
    rows = [row for row in found.rows if row.mode == "stream" and not row.group]
    names = list(dict.fromkeys(row.scenario for row in rows))
    key = say(language, "whatif_report.picture.differences_key")
    drawings = []
    for at in range(0, len(names), picture.MOST_ROWS):
        part = names[at : at + picture.MOST_ROWS]
        mine = [row for row in rows if row.scenario in part]
        drawings.append(_figure(picture.differences(language, mine, f"differences{at}"), key))
    heads = ("scenario", "before", "value", "band", "change", "gap", "reading")
    pieces = [_said(language, "read.stream"), _said(language, "read.many"), *drawings]
    return joined([*pieces, *_measures(language, found, rows, heads)])


def waits(language: str, found: Comparison) -> Html:
    """Waiting by group in each scenario over time: a picture of the larger groups, and a table of all."""
    pieces = []
    streams = [one for one in found.scenarios if one.mode == "stream" and words.state(found, one.name) == "done"]
    for number, one in enumerate(streams):
        rows = [row for row in found.rows if row.scenario == one.name and row.metric in words.WAITS]
        title = say(language, "whatif_report.picture.waits", scenario=one.name)
        drawn = [row for row in rows if row.group.partition("=")[0] in ON_THE_PAGE]
        read = "read.waits_named" if one.baseline else "read.waits"
        key = say(language, f"whatif_report.{read}", baseline=one.baseline)
        figure = _figure(picture.waits(language, drawn, f"waits{number}", title), key)
        pieces.append(element("div", element("h3", own(one.name)), figure, _waits(language, rows, title), class_="part"))
    return joined(pieces)


def _waits(language: str, rows: Sequence[Row], title: str) -> Html:
    of = {(row.metric, row.group): row for row in rows}
    shown = words.WAITS[:2]
    heads = [say(language, "whatif_report.head.group")]
    for metric in shown:
        heads.append(say(language, f"whatif_report.picture.short.{metric}"))
        heads += [say(language, f"whatif_report.head.{head}") for head in ("change", "gap")]
    lines = (
        (own(words.group(language, group)), *(cell for metric in shown for cell in _wait(language, of[metric, group])))
        for group in dict.fromkeys(row.group for row in rows)
    )
    return table(title, heads, lines, class_="list figures waits")


def _wait(language: str, row: Row) -> tuple[str, str, str]:
    low, high = (words.signed(language, row.metric, one) for one in (row.difference_low, row.difference_high))
    change = words.signed(language, row.metric, row.difference)
    return words.said(language, row.metric, row.value), change, words.span(language, low, high)


def _measures(language: str, found: Comparison, rows: Sequence[Row], heads: tuple[str, ...]) -> Iterator[Html]:
    """Each measure with what it means, and a line for each scenario."""
    titles = {one.name: _title(language, one) for one in found.scenarios}
    whole = [row for row in rows if not row.group]
    for metric in dict.fromkeys(row.metric for row in whole):
        title = words.measure(language, metric)
        lines = (_line(language, row, titles[row.scenario], heads) for row in whole if row.metric == metric)
        named = [say(language, f"whatif_report.head.{head}") for head in heads]
        figures = table(title, named, lines, class_=f"list figures of{len(heads)}")
        yield element("div", element("h3", title), element("p", words.meaning(language, metric)), figures, class_="part measure")


def _title(language: str, one: Scenario) -> Html:
    """A scenario's name; below it for how long, and what it is compared with."""
    below = [words.years(language, one)] if one.mode == "stream" else []
    below += [say(language, "whatif_report.beside", baseline=one.baseline)] if one.baseline else []
    return joined([own(one.name), *([element("small", ". ".join(below))] if below else [])])


def _line(language: str, row: Row, scenario: Html, heads: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of one scenario that are asked for."""
    low, high = (words.said(language, row.metric, one) for one in (row.low, row.high))
    gap_low, gap_high = (words.signed(language, row.metric, one) for one in (row.difference_low, row.difference_high))
    cells = {
        "scenario": scenario,
        "before": words.said(language, row.metric, row.baseline_value),
        "value": words.said(language, row.metric, row.value),
        "band": words.span(language, low, high),
        "change": words.signed(language, row.metric, row.difference),
        "gap": words.span(language, gap_low, gap_high),
        "reading": words.reading(language, row),
    }
    return tuple(cells[head] for head in heads)


def _held_back(language: str, found: Comparison) -> Iterator[Html]:
    """Why the others get no match, a line for each scenario."""
    codes = sorted({code for held in found.held.values() for code in held})
    if not codes:
        return
    title = say(language, "whatif_report.held_back")
    heads = [say(language, "whatif_report.head.scenario"), *(words.reason(language, code) for code in codes)]
    lines = (
        (own(name), *(words.whole_change(language, *held.get(code, (0, 0))) for code in codes))
        for name, held in found.held.items()
    )
    said = _said(language, "read.held_back")
    yield element("div", element("h3", title), said, table(title, heads, lines, class_="list figures"), class_="part measure")


def _matches_by_group(language: str, rows: Sequence[Row]) -> Iterator[Html]:
    """How many of each larger group get a match, a line for each scenario."""
    of = {(row.scenario, row.group): row for row in rows if row.metric == "matched"}
    groups = [one for one in dict.fromkeys(group for _, group in of) if one.partition("=")[0] in ON_THE_PAGE[1:]]
    if not groups:
        return
    title = say(language, "whatif_report.by_group")
    heads = [say(language, "whatif_report.head.scenario"), *(words.group(language, group) for group in groups)]
    lines = (
        (own(name), *(_in_group(language, of.get((name, group))) for group in groups))
        for name in dict.fromkeys(name for name, _ in of)
    )
    said = element("p", f"{say(language, 'whatif_report.read.blank')} {say(language, 'whatif_report.read.groups')}")
    yield element("div", element("h3", title), said, table(title, heads, lines, class_="list figures"), class_="part measure")


def _in_group(language: str, row: Row | None) -> str:
    if row is None or row.value is None:
        return "–"
    value, change = words.said(language, row.metric, row.value), words.signed(language, row.metric, row.difference)
    return say(language, "whatif_report.in_group", value=value, change=change)


def _said(language: str, key: str) -> Html:
    return element("p", say(language, f"whatif_report.{key}"))


def _figure(drawing: Html, caption: str) -> Html:
    told = [element("figcaption", caption)] if caption else []
    return element("figure", element("div", drawing, class_="wide", tabindex="0"), *told)
