"""The workbook of ``matcher assign``: the plan, the children without a match, and what it all is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import hindrances, sentences
from workbench.report import about, people
from workbench.report.book import Book
from workbench.report.grid import Column, Row, draw
from workbench.report.names import sheet_name
from workbench.report.proposals import minutes_cell
from workbench.words import say

if TYPE_CHECKING:
    from matcher.engine import Engine
    from matcher.results import Assignment

MOST_REASONS = 5_000
"""Reasons are found one pair at a time; a plan longer than this is not read row by row."""


def workbook(language: str, engine: Engine, plan: Assignment) -> bytes:
    """The whole workbook; the same plan gives the same bytes."""
    book = Book(say(language, "book.plan"))
    draw(book, sheet_name(language, "plan"), *_plan(language, engine, plan), frozen=2)
    draw(book, sheet_name(language, "unmatched"), *_unmatched(language, engine, plan), frozen=1)
    about.sheet(book, language, engine, say(language, "asked.plan"), about.PLAN)
    return book.content()


def _plan(language: str, engine: Engine, plan: Assignment) -> tuple[list[Column], list[Row]]:
    columns = [
        Column(title=say(language, "heading.child"), width=11, group=True),
        Column(title=say(language, "heading.volunteer"), width=11),
        Column(title=say(language, "heading.score"), width=16, form="0.0", bar=True),
        *people.columns(language),
        Column(title=say(language, "heading.minutes"), width=13, center=True),
        Column(title=say(language, "heading.reasons"), width=100, wrap=True),
    ]
    children = {child.child_id: child for child in engine.people.children}
    rows = []
    for number, pair in enumerate(plan.pairs):
        beside = people.cells(language, engine, children[pair.child_id])
        reasons = engine.why_pair(pair.child_id, pair.volunteer_id) if number < MOST_REASONS else None
        minutes = minutes_cell(language, reasons.minutes, approximate=reasons.approximate) if reasons else None
        said = sentences.reasons(language, engine.rulebook, reasons.parts, approximate=reasons.approximate) if reasons else None
        rows.append(Row(pair.child_id, (pair.child_id, pair.volunteer_id, pair.points / 1000, *beside, minutes, said)))
    return columns, rows


def _unmatched(language: str, engine: Engine, plan: Assignment) -> tuple[list[Column], list[Row]]:
    columns = [
        Column(title=say(language, "heading.child"), width=11, group=True),
        *people.columns(language),
        Column(title=say(language, "heading.in_the_way"), width=110, wrap=True),
    ]
    children = {child.child_id: child for child in engine.people.children}
    return columns, [
        Row(
            item.child_id,
            (
                item.child_id,
                *people.cells(language, engine, children[item.child_id]),
                hindrances.unmatched(language, engine.rulebook, item),
            ),
        )
        for item in plan.unmatched
    ]
