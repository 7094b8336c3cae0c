"""One run of CP-SAT that can be repeated and can be ended at any moment: one worker, a seed, and work instead of time."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Int

LOOKED = 0.1
"""Seconds between two looks at the clock."""
ROUNDING = 1e-6
"""How far below a whole number the solver's bound may be and still mean it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ran:
    """The best solution, shape (variables,), what no solution's cost is below (None: neither is known), and the work it took."""

    x: Int | None
    bound: int | None
    work: float


def ran(model: cp_model.CpModel, work: float, seed: int, watch: Watch) -> Ran:
    """Minimise a model's cost within so much work (CP-SAT's own deterministic seconds).

    The clock, stopped by Ctrl-C too, ends it within a moment; then what it has is the answer.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_presolve_iterations, solver.parameters.cp_model_probing_level = 1, 1  # it would take most of the work
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is Python's: its own handler would be lost
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_answer, solver, model)
        while not wait([running], LOOKED).done:
            if watch.clock.calls_time():
                solver.stop_search()
        return running.result()


def _answer(solver: cp_model.CpSolver, model: cp_model.CpModel) -> Ran:
    status = solver.solve(model)
    work = float(solver.response_proto.deterministic_time)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN}:
        return Ran(x=None, bound=None, work=work)  # the plan that is known is a solution: whoever says there is none is wrong
    bound = solver.best_objective_bound
    return Ran(
        x=None if status == cp_model.UNKNOWN else np.array(solver.response_proto.solution, dtype=np.int64),
        bound=math.ceil(bound - ROUNDING) if math.isfinite(bound) else None,
        work=work,
    )
