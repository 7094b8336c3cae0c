"""Lower bounds of the levels: what no plan can beat, given the earlier levels as reported.

A linear program's approximate prices become a bound in whole numbers (``safe_bound``), so no rounding and no early end of
the solver can make a bound untrue. The program is always the whole one, with every session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.lp_bound import safe_bound
from matcher.calendar.finish import fixed_of_year
from matcher.calendar.groups.spread import most_led
from matcher.calendar.measure import leaders

if TYPE_CHECKING:
    from matcher.assignment.solvers.program import Program
    from matcher.calendar.meetings.model import Model
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.year import Int


FEWEST_ITERATIONS, STEPS = 3000, 400_000_000
"""Travel's program is slow to converge; ended early, its bound is true all the same, and a few per cent smaller."""


def alone_unmet(sessions: Sessions) -> int:
    """A bound on unmet obligations without a solver: each volunteer by herself, on her earliest days."""
    year, total = sessions.year, 0
    for v in np.flatnonzero(year.need > 0).tolist():
        days = np.unique(sessions.day[sessions.session_of[sessions.who == v]])
        gap = max((limit.days for limit in sessions.volunteer_limits[v] if limit.span == "days" and limit.most == 1), default=1)
        fits, free_from = 0, 0
        for day in days.tolist():
            if day >= free_from:
                fits, free_from = fits + 1, day + gap
        total += max(0, int(year.need[v]) - fits)
    return total


def fewest_meetings(sessions: Sessions, unmet: int) -> int:
    """A bound on new meetings without a solver: what is met of the needs, in the fullest meetings, after the joiners' places."""
    new = sessions.is_new
    joined = int(sessions.most[~new].sum())
    met = int(sessions.year.need.sum()) - unmet - joined
    return max(0, -(-met // max(1, int(sessions.most[new].max(initial=1)))))


def proved_unmet(model: Model, solver: Solver) -> int:
    """No plan leaves fewer obligations unmet."""
    return max(alone_unmet(model.sessions), _least(model.program, model.costs(unmet=1), solver))


def proved_meetings(model: Model, solver: Solver, unmet: int) -> int:
    """No plan that leaves so many unmet has fewer new meetings."""
    limited = model.program.with_row(model.u_columns, 1, 0, unmet)
    return max(fewest_meetings(model.sessions, unmet), _least(limited, model.costs(meeting=1), solver))


def proved_travel(model: Model, solver: Solver, unmet: int, meetings: int) -> int:
    """No plan with so many unmet and so many new meetings has less travel, in thousandths of a minute, fixed ones aside."""
    limited = model.program.with_row(model.u_columns, 1, 0, unmet).with_row(model.y_columns, 1, 0, meetings)
    iterations = max(FEWEST_ITERATIONS, STEPS // max(1, len(limited.column)))
    return _least(limited, model.costs(entry=model.sessions.entry_minutes), solver, iterations)


def _least(program: Program, objective: Int, solver: Solver, iterations: int = 0) -> int:
    """The safe bound from PDLP's prices; 0, which is true of any cost, where it ends without them."""
    asked = program.with_objective(objective)
    found = solver.fractions(asked, "pdlp", iterations)
    return 0 if found is None else max(0, -safe_bound(asked, found.prices))


def proved_spread(sessions: Sessions, new: int) -> int:
    """No plan with so many new meetings has a smaller spread; of matchers' limits each is asked by itself."""
    year = sessions.year
    able, known = leaders(year), year.matcher_index
    led = [one.meeting.matcher_id for one in fixed_of_year(year)]
    fixed = np.array([led.count(name) for name in able], dtype=np.int64)
    more = np.array([most_led(sessions, known[name]) for name in able], dtype=np.int64)
    return least_spread(new + int(fixed.sum()), fixed, fixed + np.minimum(more, new))


def least_spread(total: int, fixed: Int, most: Int) -> int:
    """No way of sharing ``total`` meetings has a smaller spread: each matcher leads at least ``fixed`` and at most ``most``."""
    if not len(fixed):
        return 0
    for spread in range(int(total) + 1):
        for fewest in range(int(total) + 1):
            low, high = np.maximum(fixed, fewest), np.minimum(most, fewest + spread)
            if (low <= high).all() and low.sum() <= total <= high.sum():
                return spread
    return 0
