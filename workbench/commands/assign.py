"""``matcher assign``: the best plan for all children together, with its proof."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from matcher.assignment.solvers import AUTO
from matcher.duration.objective import learned, plan_by_months
from matcher.errors import UsageError
from matcher.question import Planning
from matcher.results import Proof, Status
from workbench import rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import engine_for
from workbench.files import beside, usable
from workbench.hindrances import held_back
from workbench.report.names import book_name
from workbench.report.plan import workbook
from workbench.sentences import limit_name
from workbench.tables import rounded, score
from workbench.timer import Clock, limited
from workbench.words import counted, decimals, listed, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from matcher.duration.objective import MonthsPlan
    from matcher.results import Assignment, LimitUse
    from workbench.screen import Screen
    from workbench.tables import Value

SCORE = "score"
"""The objective where nobody says which."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    decisions: tuple[Path, ...] = (),
    solver: str = AUTO,
    max_wait_first: bool = False,
    objective: str = SCORE,
) -> Answer:
    """Make the plan."""
    if max_wait_first and objective != SCORE:
        raise UsageError("one_objective")
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    engine = engine_for(case, screen, today, decisions, Planning(solver=solver, max_wait_first=max_wait_first))
    limited(engine.rulebook, screen.options)
    with screen.working("working.planning"), clock.naming_limit():
        left = clock.for_searches(len(engine.candidates))
        engine = engine.within(left())
        solved = engine.solved
        months = None if objective == SCORE else plan_by_months(engine.within(left()), learned(engine).belief)
        plan = months.plan if months else engine.within(left()).assign()
        limits = engine.limit_uses(left)
    unpriced = len(engine.question.limits.limits) - len(limits)
    seconds = time.perf_counter() - began
    waiting = counted(language, "children", plan.matched + len(plan.unmatched))
    return Answer(
        text=_by_months(language, months, waiting) if months else _text(language, plan, limits, unpriced),
        summary={
            "matched": plan.matched,
            "total": score(plan.total),
            "bound": score(plan.bound),
            "status": plan.status.value,
            "repeatable": solved.status == "optimal" and not unpriced,
            "seconds": rounded(seconds, 3),
            "pairs": len(plan.eligible_pairs) + len(plan.forbidden_pairs),
            "checked": engine.judge.judges,
            "proof": plan.proof.value,
            "solver": solver,
            **({} if plan.guaranteed is None else {"price": score(plan.price)}),
            **(_months(months) if months else {}),
            **({"limits": [_limit(one) for one in limits]} if limits else {}),
            **({"limits_not_priced": unpriced} if unpriced else {}),
            **origin(engine),
        },
        tables=rows.plan(language, engine, plan, months.expected if months else None),
        workbooks={book_name(language, "plan"): workbook(language, engine, plan)},
        folder=folder,
    )


def _months(found: MonthsPlan) -> dict[str, Value]:
    """What a plan by months of friendship comes to, for programs; the score that it gives up is its price."""
    return {
        "objective": "friendship_months",
        "months": score(found.months),
        "months_best_score": score(found.best_plan_months),
        "months_status": found.status.value,
        "price": score(found.plan.price),
    }


def _by_months(language: str, found: MonthsPlan, waiting: str) -> str:
    """The same for people."""
    key = "assign.months_optimal" if found.status is Status.OPTIMAL else "assign.months_feasible"
    facts = {
        "months": decimals(language, score(found.months) or 0, 0),
        "best": decimals(language, score(found.best_plan_months) or 0, 0),
        "price": _points(language, found.plan.price),
    }
    return "\n".join([say(language, "assign.months", matched=found.plan.matched, waiting=waiting, **facts), say(language, key)])


def _limit(one: LimitUse) -> dict[str, Value]:
    """A limit of the case for programs: what it holds, and what all would gain without it."""
    return {
        "kind": one.kind,
        "limit": one.key,
        "at_least": one.at_least,
        "at_most": one.at_most,
        "matches": one.matches,
        "score_given_up": score(one.gives_up),
        "matches_given_up": one.matches_lost,
    }


def _text(language: str, plan: Assignment, limits: Sequence[LimitUse], unpriced: int) -> str:
    waiting = counted(language, "children", plan.matched + len(plan.unmatched))
    total = decimals(language, score(plan.total) or 0, 3)
    proof = "assign.optimal" if plan.status is Status.OPTIMAL else "assign.feasible"
    lines = [
        say(language, "assign.matched", matched=plan.matched, waiting=waiting, total=total),
        say(language, proof, gap=decimals(language, 100 * plan.gap, 2)),
    ]
    if plan.status is Status.FEASIBLE:
        lines.append(say(language, "assign.cut"))
    if plan.guaranteed is not None:
        lines.append(say(language, "assign.waited" if plan.price else "assign.waited_free", price=_points(language, plan.price)))
    lines += [_limit_line(language, one) for one in limits if one.gives_up or one.matches_lost]
    if unpriced:
        lines.append(say(language, "assign.unpriced", limits=counted(language, "limits", unpriced)))
    if plan.status is Status.OPTIMAL and plan.proof is Proof.SEARCH:
        lines.append(say(language, "assign.searched"))
    if plan.unmatched:
        lines.append(held_back(language, Counter(child.code for child in plan.unmatched)))
    return "\n".join(lines)


def _points(language: str, points: int) -> str:
    return decimals(language, score(points) or 0, 1)


def _limit_line(language: str, one: LimitUse) -> str:
    """What a limit costs: "Kvoten for Ballerup Kommune (højst 3) koster 12,3 point"."""
    bounds = [("least", one.at_least), ("most", one.at_most)]
    said = listed(language, [say(language, f"limit.{name}", number=bound) for name, bound in bounds if bound is not None])
    key = "costs" if not one.matches_lost else "costs_matches" if one.gives_up >= 0 else "costs_matches_for_points"
    return say(
        language,
        f"limit.{key}",
        limit=limit_name(language, one.kind, one.key),
        bounds=said,
        points=_points(language, abs(one.gives_up)),
        matches=counted(language, "matches", one.matches_lost),
    )
