"""``matcher propose``: ranked volunteers for each child, with reasons and with what a choice costs the others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers import AUTO
from matcher.case.decisions_file import holds_decisions
from matcher.errors import UsageError
from matcher.question import Planning
from workbench import rows, sentences
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import engine_for
from workbench.files import beside, usable
from workbench.report.names import book_name, sheet_name
from workbench.report.proposals import Question, without_proposals, workbook
from workbench.tables import rounded, score
from workbench.timer import Clock, limited
from workbench.words import counted, decimals, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from matcher.engine import Engine
    from matcher.results import Proposal
    from workbench.screen import Screen

SHOWN_CHILDREN = 3
"""Proposals of so few children are shown on the screen too; more are for the workbook."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    children: tuple[str, ...],
    volunteers: tuple[str, ...],
    top: int,
    decisions: tuple[Path, ...] = (),
    solver: str = AUTO,
) -> Answer:
    """Propose, with the plan of all children in mind; a workbook with decisions in it is not overwritten."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    earlier = folder / book_name(language, "proposals")
    if holds_decisions(earlier):
        raise UsageError("decisions_in_file", file=str(earlier))
    engine = engine_for(case, screen, today, decisions, Planning(solver=solver))
    for child in children:
        engine.child_index(child)
    for volunteer in volunteers:
        engine.volunteer_index(volunteer)
    limited(engine.rulebook, screen.options)
    with screen.working("working.proposing"), clock.naming_limit():
        n_rows = int(np.minimum(np.diff(engine.candidates.starts), top).sum())
        left = clock.for_searches(len(engine.candidates), n_rows)
        engine = engine.within(left())
        solved = engine.solved
        engine = engine.within(left())
        found = engine.proposals(children, volunteers, top)
    seconds = time.perf_counter() - began
    question = Question(children=children, volunteers=volunteers, top=top)
    with screen.working("working.writing"):
        book = workbook(language, engine, found, question)
    served, bounds = {proposal.child_id for proposal in found}, sum(not proposal.exact for proposal in found)
    return Answer(
        text=_text(language, engine, found, question),
        summary={
            "proposals": len(found),
            "children": len(served),
            "status": solved.status,
            "repeatable": solved.status == "optimal" and not bounds,
            **({"costs_not_exact": bounds} if bounds else {}),
            "seconds": rounded(seconds, 3),
            "top": top,
            **origin(engine),
        },
        tables=(rows.proposals(language, engine, found),),
        workbooks={book_name(language, "proposals"): book},
        folder=folder,
    )


def _text(language: str, engine: Engine, found: Sequence[Proposal], question: Question) -> str:
    served = tuple(dict.fromkeys(proposal.child_id for proposal in found))
    proposals = counted(language, "proposals", len(found))
    lines = [say(language, "propose.found", proposals=proposals, children=counted(language, "children", len(served)))]
    without = without_proposals(engine, found, question)
    if without:
        sheet = sheet_name(language, "why_not")
        lines.append(say(language, "propose.without", children=counted(language, "children", len(without)), sheet=sheet))
    idle = [volunteer for volunteer in question.volunteers if volunteer not in {proposal.volunteer_id for proposal in found}]
    if idle:
        lines.append(say(language, "propose.idle", volunteers=sentences.some_ids(language, idle, 20)))
    lines.append(say(language, "propose.plan", children=counted(language, "children", engine.assign().matched)))
    if engine.solved.status != "optimal":
        lines.append(say(language, "propose.plan_cut"))
    if bounds := sum(not proposal.exact for proposal in found):
        lines.append(say(language, "propose.costs_cut", number=bounds, proposals=counted(language, "proposals", len(found))))
    if len(served) <= SHOWN_CHILDREN:
        lines += [line for child in served for line in _of_child(language, engine, child, found)]
    return "\n".join(lines)


def _of_child(language: str, engine: Engine, child_id: str, found: Sequence[Proposal]) -> list[str]:
    """One child's proposals on the screen."""
    child = engine.people.children[engine.child_index(child_id)]
    waited = (engine.case.planning_date - child.registered_on).days
    head = say(
        language, "propose.child", child=child_id, days=counted(language, "days", waited), broken=child.previous_friendships
    )
    own = (proposal for proposal in found if proposal.child_id == child_id)
    return ["", head, *(line for proposal in own for line in _proposal(language, engine, proposal))]


def _proposal(language: str, engine: Engine, proposal: Proposal) -> list[str]:
    """One proposal on the screen: a line, its reasons, and its consequence."""
    head = say(
        language,
        "propose.line",
        rank=proposal.rank,
        volunteer=proposal.volunteer_id,
        score=decimals(language, score(proposal.points) or 0, 1),
        minutes=sentences.minutes(language, proposal.minutes, approximate=proposal.approximate),
        cost=sentences.plan_cost(language, proposal),
    )
    below = (
        sentences.reasons(language, engine.rulebook, proposal.parts, approximate=proposal.approximate),
        sentences.warnings(language, engine.rulebook, proposal),
        sentences.chosen_and_displaced(language, proposal),
    )
    return [f"  {head}", *(f"     {text}" for text in below if text)]
