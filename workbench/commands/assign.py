"""``matcher assign``: the best plan for all children together, with its proof."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from matcher.results import Status
from workbench import rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import engine_for
from workbench.files import beside, usable
from workbench.report.names import book_name
from workbench.report.plan import workbook
from workbench.tables import rounded, score
from workbench.timer import limited
from workbench.words import counted, decimals, say

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from matcher.results import Assignment
    from workbench.screen import Screen


def run(screen: Screen, *, today: date, case: Path) -> Answer:
    """Make the plan."""
    began, language = time.perf_counter(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    engine = engine_for(case, screen, today)
    limited(engine.rulebook, screen.options)
    with screen.working("working.planning"):
        plan = engine.assign()
    seconds = time.perf_counter() - began
    return Answer(
        text=_text(language, plan),
        summary={
            "matched": plan.matched,
            "total": score(plan.total),
            "bound": score(plan.bound),
            "status": plan.status.value,
            "seconds": rounded(seconds, 3),
            "pairs": len(plan.eligible_pairs) + len(plan.forbidden_pairs),
            "checked": engine.judge.judges,
            **origin(engine),
        },
        tables=rows.plan(language, engine, plan),
        workbooks={book_name(language, "plan"): workbook(language, engine, plan)},
        folder=folder,
    )


def _text(language: str, plan: Assignment) -> str:
    waiting = counted(language, "children", plan.matched + len(plan.unmatched))
    total = decimals(language, score(plan.total) or 0, 3)
    proof = "assign.optimal" if plan.status is Status.OPTIMAL else "assign.feasible"
    lines = [
        say(language, "assign.matched", matched=plan.matched, waiting=waiting, total=total),
        say(language, proof, gap=decimals(language, 100 * plan.gap, 2)),
    ]
    reasons = Counter(child.code for child in plan.unmatched)
    if reasons:
        said = [say(language, f"unmatched_short.{code}", number=number) for code, number in sorted(reasons.items())]
        lines.append(
            say(
                language, "assign.unmatched", children=counted(language, "children", len(plan.unmatched)), reasons="; ".join(said)
            )
        )
    return "\n".join(lines)
