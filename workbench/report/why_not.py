"""The sheet "Hvorfor ikke": children without proposals, what stands in the way, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import hindrances
from workbench.report import people
from workbench.report.grid import Column, Row, draw
from workbench.report.names import sheet_name
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.engine import Engine
    from matcher.records import Child
    from workbench.report.book import Book

MOST_CHILDREN = 200
"""Reasons of so many children, those who have waited longest; a longer sheet is read by nobody."""
MOST_CHANGES = 3


def why_not(book: Book, language: str, engine: Engine, children: Sequence[Child]) -> None:
    """Draw the sheet; where every child has proposals it says so."""
    columns = [
        Column(title=say(language, "heading.child"), width=11, group=True),
        *people.columns(language),
        Column(title=say(language, "heading.in_the_way"), width=70, wrap=True),
        Column(title=say(language, "heading.would_help"), width=90, wrap=True),
    ]
    rows = [_row(language, engine, child) for child in children[:MOST_CHILDREN]]
    blank = (None,) * (len(columns) - 2)
    if not rows:
        rows = [Row("", (None, *blank[:-1], say(language, "why_not.nobody"), None))]
    elif len(children) > MOST_CHILDREN:
        more = say(language, "why_not.more", number=len(children) - MOST_CHILDREN)
        rows.append(Row("", (None, *blank[:-1], more, None)))
    draw(book, sheet_name(language, "why_not"), columns, rows, frozen=1)


def _row(language: str, engine: Engine, child: Child) -> Row:
    found = engine.why_child(child.child_id)
    changes = [
        say(
            language,
            "why_not.change",
            number=number,
            what=hindrances.relaxation(language, engine.rulebook, change),
            consent=hindrances.consent(language, change),
        )
        for number, change in enumerate(hindrances.together(found.relaxations)[:MOST_CHANGES], start=1)
    ]
    would_help = hindrances.when_met(language, found) or "\n".join(changes) or say(language, "why.no_relaxations")
    way = hindrances.obstacle(language, engine.rulebook, found)
    return Row(child.child_id, (child.child_id, *people.cells(language, engine, child), way, would_help))
