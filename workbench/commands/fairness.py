"""``matcher fairness``: what it costs to put the longest waiting first, or to guarantee a group of children more matches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from matcher.assignment.solvers import AUTO
from matcher.fairness import floors, priced, waited_longest
from matcher.question import Planning
from workbench import rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import engine_for
from workbench.files import beside, usable
from workbench.report import fairness as report
from workbench.report.fairness_picture import picture
from workbench.report.names import book_name
from workbench.sentences import group_name
from workbench.tables import rounded, score
from workbench.timer import Clock, limited
from workbench.words import counted, decimals, say

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from matcher.fairness import Floor, Priced
    from workbench.screen import Screen


def run(screen: Screen, *, today: date, case: Path, decisions: tuple[Path, ...] = (), solver: str = AUTO) -> Answer:
    """Price fairness on one case."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    engine = engine_for(case, screen, today, decisions, Planning(solver=solver))
    limited(engine.rulebook, screen.options)
    with screen.working("working.fairness"), clock.naming_limit():
        left = clock.for_searches(len(engine.candidates))
        engine = engine.within(left())
        plan = engine.assign()
        asked = (engine.question, engine.solved, engine.planning, left)
        waited, groups = priced(waited_longest(*asked)), priced(floors(*asked))
    seconds = time.perf_counter() - began
    return Answer(
        text=_text(language, waited, groups),
        summary={
            "matched": plan.matched,
            "total": score(plan.total),
            "status": plan.status.value,
            "repeatable": waited.complete and groups.complete,
            "seconds": rounded(seconds, 3),
            **origin(engine),
        },
        tables=(rows.fairness((*waited.floors, *groups.floors)),),
        workbooks={
            book_name(language, "fairness"): report.workbook(language, engine, waited.floors, groups.floors),
            "fairness.svg": picture(language, waited.floors, groups.floors),
        },
        folder=folder,
    )


def _text(language: str, waited: Priced, groups: Priced) -> str:
    lines = []
    if waited.floors:
        last = waited.floors[-1]
        key = "fairness.waited" if last.gives_up else "fairness.waited_free"
        price = decimals(language, score(last.gives_up) or 0, 1)
        lines.append(say(language, key, children=counted(language, "children", last.at_least), points=price))
    lines += [_line(language, floor) for floor in groups.floors if floor.at_least == floor.without + 1]
    if not (waited.complete and groups.complete):
        lines.append(say(language, "fairness.cut" if waited.floors or groups.floors else "fairness.cut_all"))
    return "\n".join(lines)


def _line(language: str, floor: Floor) -> str:
    """What one match more to a group costs."""
    ending = "" if not floor.matches_lost else "_for_matches" if floor.gives_up >= 0 else "_for_points"
    return say(
        language,
        f"fairness.one_more{ending}",
        group=group_name(language, floor.dimension, floor.value),
        without=floor.without,
        points=decimals(language, score(abs(floor.gives_up)) or 0, 1),
        matches=counted(language, "matches", floor.matches_lost),
    )
