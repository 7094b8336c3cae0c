"""``matcher fairness``: what it costs to put the longest waiting first, or to guarantee a group of children more matches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from matcher.assignment.solvers import AUTO
from matcher.fairness import floors, waited_longest
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
from workbench.timer import limited, seconds_left
from workbench.words import counted, decimals, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from matcher.fairness import Floor
    from workbench.screen import Screen


def run(screen: Screen, *, today: date, case: Path, decisions: tuple[Path, ...] = (), solver: str = AUTO) -> Answer:
    """Price fairness on one case."""
    began, language = time.perf_counter(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    engine = engine_for(case, screen, today, decisions, Planning(solver=solver, seconds=seconds_left(began)))
    limited(engine.rulebook, screen.options)
    with screen.working("working.fairness"):
        plan = engine.assign()
        waited = tuple(waited_longest(engine.question, engine.solved, engine.planning))
        groups = tuple(floors(engine.question, engine.solved, engine.planning))
    seconds = time.perf_counter() - began
    return Answer(
        text=_text(language, waited, groups),
        summary={"matched": plan.matched, "total": score(plan.total), "seconds": rounded(seconds, 3), **origin(engine)},
        tables=(rows.fairness((*waited, *groups)),),
        workbooks={
            book_name(language, "fairness"): report.workbook(language, engine, waited, groups),
            "fairness.svg": picture(language, waited, groups),
        },
        folder=folder,
    )


def _text(language: str, waited: Sequence[Floor], groups: Sequence[Floor]) -> str:
    last = waited[-1]
    key = "fairness.waited" if last.gives_up else "fairness.waited_free"
    price = decimals(language, score(last.gives_up) or 0, 1)
    lines = [say(language, key, children=counted(language, "children", last.at_least), points=price)]
    lines += [_line(language, floor) for floor in groups if floor.at_least == floor.without + 1]
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
