"""What a leader takes to the board: one page of HTML that needs nothing else, for paper, phone and screen reader."""

from __future__ import annotations

from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from workbench.report import whatif_words as words
from workbench.report.whatif_sections import over_time, today, waits
from workbench.report.year_html import Html, element, joined, own, table
from workbench.words import counted, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.comparison import Comparison
    from scenarios.scenario import Scenario
    from workbench.about import Origin


def whatif_page(language: str, found: Comparison, engine: Origin, notes: Sequence[str] = ()) -> bytes:
    """The whole page in UTF-8; the same comparison gives the same bytes.

    Parameters
    ----------
    engine
        Of the case as it is: what the page says that it was made from.
    notes
        What must be known to read these numbers, a sentence each.
    """
    folder = resources.files(__package__)
    template, *styles = (folder.joinpath(name).read_text("utf-8") for name in ("year.html", "year.css", "whatif.css"))
    title = say(language, "whatif_report.title")
    sections = list(_sections(language, found, engine, notes))
    links = (element("li", element("a", heading, href=f"#{key}")) for key, heading, _ in sections)
    contents = element("nav", element("ul", *links), aria_label=say(language, "whatif_report.contents"))
    asked = counted(language, "scenarios", len(found.scenarios))
    lead = say(language, "whatif_report.lead", scenarios=asked, date=put(language, engine.case.planning_date))
    header = element("header", element("h1", title), element("p", lead), contents)
    body = (element("section", element("h2", heading), inside, id=key) for key, heading, inside in sections)
    whole = joined([header, element("main", *body)])
    return Template(template).substitute(language=language, title=joined([title]), style="".join(styles), body=whole).encode()


def _sections(language: str, found: Comparison, engine: Origin, notes: Sequence[str]) -> Iterator[tuple[str, str, Html]]:
    """Key, heading and content of each part of the page; what nobody asked for is left out."""
    parts = {"short": _short(language, found, notes)}
    modes = {row.mode for row in found.rows}
    if "today" in modes:
        parts["today"] = today(language, found)
    if "stream" in modes:
        parts["stream"] = over_time(language, found)
        parts["waits"] = waits(language, found)
    parts["unknown"] = _entries(_unknown(language))
    parts["about"] = _about(language, found, engine)
    for key, inside in parts.items():
        yield key, say(language, f"whatif_report.section.{key}"), inside


def _short(language: str, found: Comparison, notes: Sequence[str]) -> Html:
    """Each scenario in two sentences."""
    said = (_scenario(language, found, one) for one in found.scenarios)
    beside = [element("ul", *(element("li", note) for note in notes), class_="aside")] if notes else []
    return joined([*said, *beside])


def _scenario(language: str, found: Comparison, one: Scenario) -> Html:
    against = [element("p", say(language, "whatif_report.beside", baseline=one.baseline), class_="aside")] if one.baseline else []
    state = words.state(found, one.name)
    done = state == "done"
    answer = _answer(language, found, one) if done else words.no_answer(language, found, one, words.named_in(found))
    said = element("p", answer, class_="answer" if done else "answer clash")
    note = [element("p", one.note)] if one.note else []
    return element("div", element("h3", own(one.name)), *note, said, *against, class_="part scenario")


def _answer(language: str, found: Comparison, one: Scenario) -> str:
    """The figures that matter most, and what their differences say."""
    if one.mode == "today":
        rows = {key: found.value(one.name, key) for key in ("matched", "unmatched")}
        values = {key: words.said(language, key, row.value) for key, row in rows.items() if row}
        gaps = {f"{key}_change": words.signed(language, key, row.difference) for key, row in rows.items() if row}
        return say(language, "whatif_report.short.today", **values, **gaps, moves=words.moves(language, one.name, found))
    keys = {"friendships": "friendships", "wait": "wait_median_days"}
    facts = {"years": words.years(language, one)}
    for key, metric in keys.items():
        row = found.value(one.name, metric)
        if row is not None:
            facts[key] = words.said(language, metric, row.value)
            facts[f"reading_{key}"] = words.reading(language, row)
            facts[f"gap_{key}"] = words.gap(language, row)
    return say(language, "whatif_report.short.stream", **facts)


def _entries(entries: Iterator[tuple[str, str]]) -> Html:
    return element("dl", *(piece for name, text in entries for piece in (element("dt", name), element("dd", text))))


def _unknown(language: str) -> Iterator[tuple[str, str]]:
    for note in words.NOTES:
        yield say(language, f"about.{note}.name"), say(language, f"about.{note}.text")


def _about(language: str, found: Comparison, engine: Origin) -> Html:
    """How each scenario was asked, and what the answer was made from."""
    heads = [say(language, f"whatif_report.head.{key}") for key in ("scenario", "mode", "baseline", "changes", "state")]
    rows = (
        (
            own(one.name),
            words.when(language, one, found),
            own(words.beside(language, one.baseline)),
            words.changes(language, one),
            say(language, f"whatif_report.state.{words.state(found, one.name)}"),
        )
        for one in found.scenarios
    )
    asked = table(say(language, "whatif_report.asked"), heads, rows, class_="list asked")
    return joined([asked, _entries(words.facts(language, engine))])
