"""Programs by CP-SAT: one worker, whole numbers throughout; the only file that knows that solver and its statuses.

.. [1] L. Perron and F. Didier, CP-SAT, OR-Tools, https://developers.google.com/optimization/cp/cp_solver.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from matcher.assignment.solvers.mip_answers import trivial
from matcher.assignment.solvers.program import Found
from matcher.errors import CertificateError, RuleError

if TYPE_CHECKING:
    from matcher.assignment.pairs import Mask
    from matcher.assignment.solvers.program import Program


def solve_program(
    program: Program, *, hint: Mask | None = None, seconds: float | None = None, seed: int = 0, presolve: bool = True
) -> Found:
    """The best solution of a program. Like ``MipServer.solve``, but in this process.

    ``infeasible`` is said only where a second run without presolve agrees.

    Raises
    ------
    RuleError
        The solver refuses the program: sums in it can leave the 64-bit integers.
    CertificateError
        The solver's solution breaks a row.
    """
    began = time.monotonic()
    if (known := trivial(program)) is not None:
        return known
    best = hint if hint is not None and program.holds(hint) else None
    model = _model(program, best)
    for with_presolve in (True, False) if presolve else (False,):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.cp_model_presolve = with_presolve
        solver.parameters.catch_sigint_signal = False
        if seconds is not None:
            solver.parameters.max_time_in_seconds = max(0.0, seconds - (time.monotonic() - began))
        status = _run(solver, model)
        if status != cp_model.INFEASIBLE:
            return _found(program, solver, status, best)
    if best is not None:
        raise CertificateError(["CP-SAT finds no solution where there is one"])
    return Found(x=None, value=None, bound=None, status="infeasible")


def _model(program: Program, best: Mask | None) -> cp_model.CpModel:
    """The program as one that minimises: the solver's bound in whole numbers is on that side.

    Written into the solver's own form: by its expressions, a program of many columns would take seconds.
    """
    model = cp_model.CpModel()
    proto = model.proto
    every = list(range(program.n_columns))
    for _ in every:
        proto.variables.add().domain.extend((0, 1))
    sizes = np.abs(program.coefficient)
    for row, (start, end) in enumerate(zip(program.row_start[:-1].tolist(), program.row_start[1:].tolist(), strict=True)):
        reach = int(sizes[start:end].sum()) + 1
        lower, upper = max(int(program.lower[row]), -reach), min(int(program.upper[row]), reach)
        linear = proto.constraints.add().linear
        linear.vars.extend(program.column[start:end].tolist())
        linear.coeffs.extend(program.coefficient[start:end].tolist())
        linear.domain.extend((lower, upper) if lower <= upper else (reach, reach))
    proto.objective.vars.extend(every)
    proto.objective.coeffs.extend((-program.objective).tolist())
    if best is not None:
        proto.solution_hint.vars.extend(every)
        proto.solution_hint.values.extend(best.astype(np.int64).tolist())
    return model


def _run(solver: cp_model.CpSolver, model: cp_model.CpModel) -> cp_model.CpSolverStatus:
    """Solve in a thread: this one hears an interrupt, and has the solver stop."""
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(solver.solve, model)
        try:
            status = running.result()
        except KeyboardInterrupt:
            solver.stop_search()
            raise
    if status == cp_model.MODEL_INVALID:
        raise RuleError(f"CP-SAT: {model.validate()}")
    return status


def _found(program: Program, solver: cp_model.CpSolver, status: cp_model.CpSolverStatus, best: Mask | None) -> Found:
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        value = None if best is None else program.value(best)
        return Found(x=best, value=value, bound=None, status="unknown" if best is None else "feasible")
    response = solver.response_proto
    x = np.array(list(response.solution), dtype=np.int64) == 1
    if not program.holds(x):
        raise CertificateError(["CP-SAT's solution breaks a row"])
    value = program.value(x)
    if best is not None and program.value(best) > value:
        x, value = best, program.value(best)
    bound = -int(response.inner_objective_lower_bound)
    if bound < value or (status == cp_model.OPTIMAL and bound != value):
        raise CertificateError([f"CP-SAT's bound {bound} is not that of its best solution, {value}"])
    return Found(x=x, value=value, bound=bound, status="optimal" if bound == value else "feasible")
