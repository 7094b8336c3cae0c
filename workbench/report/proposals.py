"""The workbook of ``matcher propose``: proposals, children, why not, a place for decisions, and what it all is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench import sentences
from workbench.report import about, entry, people
from workbench.report.book import Book
from workbench.report.grid import Cell, Column, Row, Shown, draw
from workbench.report.names import sheet_name
from workbench.report.why_not import why_not
from workbench.words import counted, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.engine import Engine
    from matcher.records import Child
    from matcher.results import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: ids of children or volunteers (none: every waiting child), and how many rows each."""

    children: tuple[str, ...]
    volunteers: tuple[str, ...]
    top: int

    @property
    def is_of_volunteers(self) -> bool:
        """Whether children are proposed to volunteers, not the other way."""
        return bool(self.volunteers) and not self.children

    def in_words(self, language: str) -> str:
        """The question as a sentence."""
        top = counted(language, "proposals", self.top)
        children, volunteers = (sentences.some_ids(language, ids, 20) for ids in (self.children, self.volunteers))
        kind = ("both" if self.children else "volunteers") if self.volunteers else "children" if self.children else "all"
        return say(language, f"asked.{kind}", top=top, children=children, volunteers=volunteers)


def workbook(language: str, engine: Engine, found: Sequence[Proposal], question: Question) -> bytes:
    """The whole workbook; the same question gives the same bytes."""
    book = Book(say(language, "book.proposals"))
    draw(book, sheet_name(language, "proposals"), *_proposals(language, engine, found, question), frozen=3)
    draw(book, sheet_name(language, "children"), *_children(language, engine, found, question), frozen=1)
    why_not(book, language, engine, without_proposals(engine, found, question))
    entry.decisions(book, language, engine.rulebook)
    about.sheet(book, language, engine, question.in_words(language), about.PROPOSALS)
    return book.content()


def _asked_children(engine: Engine, found: Sequence[Proposal], question: Question) -> list[Child]:
    """Children the answer is about: those named, those proposed to the volunteers named, or all who have no friend."""
    if question.children or question.volunteers:
        named = set(question.children) or {proposal.child_id for proposal in found}
        return [child for child in engine.people.children if child.child_id in named]
    return people.without_friend(engine)


def without_proposals(engine: Engine, found: Sequence[Proposal], question: Question) -> list[Child]:
    """Children the answer is about who got no proposal, those who have waited longest first."""
    served = {proposal.child_id for proposal in found}
    missing = [child for child in _asked_children(engine, found, question) if child.child_id not in served]
    return sorted(missing, key=lambda child: (child.registered_on, child.child_id))


def _proposals(language: str, engine: Engine, found: Sequence[Proposal], question: Question) -> tuple[list[Column], list[Row]]:
    book = engine.rulebook
    columns = [
        Column(title=say(language, "heading.child"), width=9, group=True),
        Column(title=say(language, "heading.rank"), width=5, center=True),
        Column(title=say(language, "heading.volunteer"), width=10),
        Column(title=say(language, "heading.score"), width=13, form="0.0", bar=True),
        *people.waiting_columns(language, group=True),
        Column(title=say(language, "heading.minutes"), width=12, center=True),
        Column(title=say(language, "heading.cost"), width=19, wrap=True),
        *entry.beside_a_pair(language),
        Column(title=say(language, "heading.robust"), width=14, center=True),
        Column(title=say(language, "heading.reasons"), width=52, wrap=True),
        *(
            Column(
                title=say(language, "heading.part", name=sentences.name_of(language, criterion), most=cap / 1000),
                width=5.3,
                form="0.0",
                upright=True,
                shade=True,
                most=max(cap, 1) / 1000,
                center=True,
            )
            for criterion, cap in zip(book.criteria, book.caps, strict=True)
        ),
        Column(title=say(language, "heading.displaced"), width=44, wrap=True),
        Column(title=say(language, "heading.warnings"), width=24, wrap=True),
    ]
    children = {child.child_id: child for child in engine.people.children}
    rows = [
        Row(
            proposal.volunteer_id if question.is_of_volunteers else proposal.child_id,
            _cells(language, engine, proposal, children[proposal.child_id]),
        )
        for proposal in found
    ]
    return columns, rows


def _cells(language: str, engine: Engine, proposal: Proposal, child: Child) -> tuple[Cell, ...]:
    return (
        proposal.child_id,
        proposal.rank,
        proposal.volunteer_id,
        proposal.points / 1000,
        *people.waiting_cells(engine, child),
        minutes_cell(language, proposal.minutes, approximate=proposal.approximate),
        sentences.plan_cost(language, proposal),
        *entry.BLANK,
        say(language, f"robust.{proposal.robust.value}") if proposal.robust else None,
        sentences.reasons(language, engine.rulebook, proposal.parts, approximate=proposal.approximate),
        *(part.points / 1000 for part in proposal.parts),
        sentences.chosen_and_displaced(language, proposal) or None,
        sentences.warnings(language, engine.rulebook, proposal) or None,
    )


def minutes_cell(language: str, minutes: float | None, *, approximate: bool) -> Cell:
    """Whole minutes as a number that sorts, "ca." in its form where a place is only a postcode's."""
    if minutes is None:
        return say(language, "unknown")
    return Shown(round(minutes), say(language, "form.about_minutes" if approximate else "form.minutes"))


def _children(language: str, engine: Engine, found: Sequence[Proposal], question: Question) -> tuple[list[Column], list[Row]]:
    """One row a child: wait, how many could, the best proposal, and whom the best plan gives."""
    columns = [
        Column(title=say(language, "heading.child"), width=11, group=True),
        *people.columns(language),
        Column(title=say(language, "heading.eligible"), width=12, center=True),
        Column(title=say(language, "heading.best"), width=14),
        Column(title=say(language, "heading.score"), width=16, form="0.0", bar=True),
        Column(title=say(language, "heading.minutes"), width=13, center=True),
        Column(title=say(language, "heading.in_plan"), width=16),
    ]
    best: dict[str, Proposal] = {}
    for proposal in sorted(found, key=lambda p: p.rank):
        if proposal.child_id not in best or proposal.points > best[proposal.child_id].points:
            best[proposal.child_id] = proposal
    eligible = dict(zip((c.child_id for c in engine.people.children), np.diff(engine.candidates.starts).tolist(), strict=True))
    in_plan = {pair.child_id: pair.volunteer_id for pair in engine.assign().pairs}
    rows = []
    for child in _asked_children(engine, found, question):
        top = best.get(child.child_id)
        shown: tuple[Cell, ...] = (None, None, None)
        if top is not None:
            shown = (top.volunteer_id, top.points / 1000, minutes_cell(language, top.minutes, approximate=top.approximate))
        plan = in_plan.get(child.child_id)
        cells = (child.child_id, *people.cells(language, engine, child), int(eligible[child.child_id]), *shown, plan)
        rows.append(Row(child.child_id, cells))
    return columns, rows
