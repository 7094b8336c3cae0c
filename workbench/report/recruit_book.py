"""The workbook of ``matcher recruit``: every kind of volunteer, those who would help most first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import recruit_rows
from workbench.report import about, recruit_words
from workbench.report.book import Book
from workbench.report.grid import Column, Row, draw
from workbench.report.names import sheet_name
from workbench.sentences import capital
from workbench.words import put, say, word

if TYPE_CHECKING:
    from scenarios.recruiting import Recruiting, Worth

NOTES = ("person", "recruit", "plan", "score")


def workbook(language: str, found: Recruiting) -> bytes:
    """The whole workbook; the same figures give the same bytes."""
    book = Book(say(language, "book.recruit"))
    ranked = sorted(found.worths, key=lambda one: (-one.matches, -one.points))
    draw(book, sheet_name(language, "recruit"), _columns(language), [_row(language, one) for one in ranked], frozen=4)
    about.sheet(book, language, found.session, say(language, "asked.recruit"), NOTES)
    return book.content()


def _columns(language: str) -> list[Column]:
    return [
        Column(title=say(language, "heading.gender"), width=11),
        Column(title=say(language, "heading.age"), width=10),
        Column(title=say(language, "heading.municipality"), width=22),
        Column(title=say(language, "heading.programme"), width=14),
        Column(title=say(language, "heading.recruit.matches"), width=18, form="0.0", bar=True, most=1.0),
        Column(title=say(language, "heading.recruit.span"), width=14, center=True),
        Column(title=say(language, "heading.recruit.points"), width=16, form="0.0"),
        Column(title=say(language, "heading.recruit.span"), width=18, center=True),
        Column(title=say(language, "heading.recruit.children"), width=16, center=True),
        Column(title=say(language, "heading.recruit.known"), width=26),
    ]


def _row(language: str, one: Worth) -> Row:
    kind = one.kind
    words = recruit_words.programme(language, kind.programme), capital(word(language, kind.gender))
    cells = (words[1], recruit_words.ages(language, one), kind.municipality, words[0])
    matches, points = zip(*one.gains, strict=True)
    return Row(
        " ".join(cells),
        (
            *cells,
            one.matches,
            _span(language, min(matches), max(matches)),
            one.points / 1000,
            _span(language, round(min(points) / 1000, 1), round(max(points) / 1000, 1)),
            recruit_rows.children(one),
            recruit_words.known(language, one),
        ),
    )


def _span(language: str, low: float, high: float) -> str:
    return say(language, "recruit.span", low=put(language, low), high=put(language, high))
