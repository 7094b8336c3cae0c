"""The sheet "Om": what was asked, from what, and what the numbers are and are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import about
from workbench.report import entry
from workbench.report.grid import EDGE, HEADING, LINE, POINTS_A_LINE, lines_of
from workbench.report.names import sheet_name
from workbench.sentences import name_of
from workbench.words import listed, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matcher.engine import Engine
    from workbench.report.book import Book

PROPOSALS = ("person", "decisions", "waivers", "score", "parts", "cost", "robust", "beside", "minutes", "warnings")
PLAN = ("person", "plan", "score", "beside")


def sheet(book: Book, language: str, engine: Engine, asked: str, notes: Sequence[str]) -> None:
    """Two columns: a heading and its text."""
    page = book.sheet(sheet_name(language, "about"))
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 120)
    head = book.form(bold=True, valign="top", font_color=HEADING, bottom=1, bottom_color=LINE, text_wrap=True)
    text = book.form(valign="top", text_wrap=True, bottom=1, bottom_color=LINE)
    page.merge_range(0, 0, 0, 1, "", book.form())
    page.write_string(
        0, 0, say(language, "about.title"), book.form(bold=True, font_size=16, font_color=HEADING, bottom=2, bottom_color=EDGE)
    )
    page.set_row(0, 26)
    for number, (name, said) in enumerate(_entries(language, engine, asked, notes), start=1):
        page.write_string(number, 0, name, head)
        page.write_string(number, 1, said, text)
        page.set_row(number, 4 + POINTS_A_LINE * lines_of(said, 120))


def _entries(language: str, engine: Engine, asked: str, notes: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield say(language, "about.asked"), asked
    rules = listed(language, [f"»{title}«" for title in entry.waivable(language, engine.rulebook)])
    for note in notes:
        yield say(language, f"about.{note}.name"), say(language, f"about.{note}.text", rules=rules)
    weights = [
        say(language, "about.weight", name=name_of(language, criterion), points=cap / 1000)
        for criterion, cap in zip(engine.rulebook.criteria, engine.rulebook.caps, strict=True)
    ]
    yield say(language, "about.weights"), ", ".join(weights)
    changed = [
        say(language, "about.setting", key=key, value=put(language, now), policy=put(language, policy))
        for key, (now, policy) in about.changed_settings(engine).items()
    ]
    yield say(language, "about.settings"), "\n".join(changed) or listed(language, [])
    yield say(language, "about.date"), put(language, engine.case.planning_date)
    fingerprint = engine.data_hash  # in fours: ten digits in a row could pass for a CPR number when the workbook comes back
    yield say(language, "about.data"), " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
    yield say(language, "about.versions"), ", ".join(f"{name} {number}" for name, number in about.versions().items())
