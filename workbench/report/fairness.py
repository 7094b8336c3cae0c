"""The workbook of ``matcher fairness``: the price of the longest waiting first, and of more matches to a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report import about
from workbench.report.book import Book
from workbench.report.grid import Column, Row, draw
from workbench.report.names import sheet_name
from workbench.sentences import group_name
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.engine import Engine
    from matcher.fairness import Floor

NOTES = ("person", "fairness", "plan")


def workbook(language: str, engine: Engine, waited: Sequence[Floor], groups: Sequence[Floor]) -> bytes:
    """The whole workbook; the same figures give the same bytes."""
    book = Book(say(language, "book.fairness"))
    draw(book, sheet_name(language, "waited"), *_waited(language, waited), frozen=1)
    draw(book, sheet_name(language, "groups"), *_groups(language, groups), frozen=1)
    about.sheet(book, language, engine, say(language, "asked.fairness"), NOTES)
    return book.content()


def _prices(language: str) -> list[Column]:
    return [
        Column(title=say(language, "heading.gives_up"), width=16, form="0.0"),
        Column(title=say(language, "heading.matches_lost"), width=16, center=True),
        Column(title=say(language, "heading.matched"), width=16, center=True),
    ]


def _waited(language: str, waited: Sequence[Floor]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column(title=say(language, "heading.guaranteed"), width=24, center=True),
        Column(title=say(language, "heading.of_them"), width=24, center=True),
        *_prices(language),
    ]
    return columns, [Row(str(f.at_least), (f.at_least, f.without, f.gives_up / 1000, f.matches_lost, f.matched)) for f in waited]


def _groups(language: str, groups: Sequence[Floor]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column(title=say(language, "heading.group"), width=30, group=True),
        Column(title=say(language, "heading.without"), width=20, center=True),
        Column(title=say(language, "heading.most"), width=20, center=True),
        Column(title=say(language, "heading.at_least"), width=20, center=True),
        *_prices(language),
    ]
    rows = []
    for floor in groups:
        name = group_name(language, floor.dimension, floor.value)
        beside = (floor.without, floor.most, floor.at_least, floor.gives_up / 1000, floor.matches_lost, floor.matched)
        rows.append(Row(name, (name, *beside)))
    return columns, rows
