"""The process in which the calendar's programs are solved: HiGHS for whole numbers, PDLP or HiGHS for fractions.

It speaks as ``mip_child.py``, the assignment's process, does; that script's path is its one argument, since it borrows its
door. Like it, it is a script of its own: no solver here hears signals while it works, so the process is ended from outside.
"""

from __future__ import annotations

import importlib.util
import os
import queue
import signal
import sys
import threading
import time
from array import array
from datetime import timedelta
from typing import Any

PDLP, HIGHS = 5, 10
"""MathOpt's numbers of the solvers."""
BARRIER = 3


def _neighbour(path: str) -> Any:  # noqa: ANN401  a module
    """The assignment's process as a module: by its path where this is a script, else by its name."""
    if not path:
        return importlib.import_module("matcher.assignment.solvers.mip_child")
    spec = importlib.util.spec_from_file_location("mip_child", path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


mip_child: Any = _neighbour(sys.argv[1] if __name__ == "__main__" else "")


def solve(facts: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Maximise one program; the answer's parts are x and the rows' dual values (empty where there are none)."""
    began = time.monotonic()
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2  # noqa: PLC0415
    from ortools.math_opt.core.python import solver  # noqa: PLC0415

    objective, hint, row, column, coefficient, lower, upper = (
        array(kind, part) for kind, part in zip("ddqqddd", parts, strict=True)
    )
    start = model_parameters_pb2.ModelSolveParametersProto()
    if hint:
        values = start.solution_hints.add().variable_values
        values.ids.extend(range(len(hint)))
        values.values.extend(hint)
    result = solver.solve(
        _model(objective, (row, column, coefficient), (lower, upper), whole=not facts["relax"]),
        PDLP if facts["method"] == "pdlp" else HIGHS,
        parameters_pb2.SolverInitializerProto(),
        _parameters(facts, time.monotonic() - began),
        start,
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    ended = result.termination
    answer = {"reason": result_pb2.TerminationReasonProto.Name(ended.reason), "bound": ended.objective_bounds.dual_bound}
    if not result.solutions:
        return answer, [b"", b""]
    best = result.solutions[0]
    return answer, [
        _dense(best.primal_solution.variable_values, len(objective)),
        _dense(best.dual_solution.dual_values, len(lower)) if best.HasField("dual_solution") else b"",
    ]


def _model(objective: Any, entries: Any, limits: Any, *, whole: bool) -> Any:  # noqa: ANN401  generated
    from ortools.math_opt import model_pb2  # noqa: PLC0415

    n_columns, n_rows = len(objective), len(limits[0])
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(n_columns))
    model.variables.lower_bounds.extend([0.0] * n_columns)
    model.variables.upper_bounds.extend([1.0] * n_columns)
    model.variables.integers.extend([whole] * n_columns)
    model.objective.maximize = True
    model.objective.linear_coefficients.ids.extend(range(n_columns))
    model.objective.linear_coefficients.values.extend(objective)
    model.linear_constraints.ids.extend(range(n_rows))
    model.linear_constraints.lower_bounds.extend(limits[0])
    model.linear_constraints.upper_bounds.extend(limits[1])
    matrix = model.linear_constraint_matrix
    matrix.row_ids.extend(entries[0])
    matrix.column_ids.extend(entries[1])
    matrix.coefficients.extend(entries[2])
    return model


def _parameters(facts: dict[str, Any], spent: float) -> Any:  # noqa: ANN401  generated
    """One thread; ended by gap, nodes or iterations, so that a run can be repeated; the clock is the outer guard only."""
    from ortools.math_opt import parameters_pb2  # noqa: PLC0415

    parameters = parameters_pb2.SolveParametersProto()
    if facts["seconds"] is not None:
        parameters.time_limit.FromTimedelta(timedelta(seconds=max(facts["seconds"] - spent, 0.001)))
    if facts["iterations"]:
        parameters.iteration_limit = facts["iterations"]
    if facts["method"] == "pdlp":
        parameters.threads = 1
        return parameters
    parameters.random_seed = facts["seed"]
    parameters.highs.int_options["threads"] = 1
    if facts["method"] == "barrier":
        parameters.lp_algorithm = BARRIER
    if not facts["relax"]:
        parameters.absolute_gap_tolerance = facts["gap"]
        parameters.relative_gap_tolerance = 0.0
        if facts["nodes"]:
            parameters.node_limit = facts["nodes"]
        parameters.highs.string_options["mip_improving_solution_file"] = facts["file"]
        parameters.highs.bool_options["mip_improving_solution_report_sparse"] = True
    return parameters


def _dense(vector: Any, size: int) -> bytes:  # noqa: ANN401  generated
    dense = array("d", bytes(8 * size))
    for at, value in zip(vector.ids, vector.values, strict=True):
        dense[at] = value
    return dense.tobytes()


def _wait_for_programs(programs: queue.SimpleQueue[Any]) -> None:
    """Hand on what comes in; when the input ends, whoever asked is gone, and so is this process, whatever it is doing."""
    while (message := mip_child.receive(sys.stdin.buffer)) is not None:
        programs.put(message)
    os._exit(0)


def main() -> None:
    """Answer programs until the input ends. Whatever else is written to the output goes to the error output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked has it too, and ends this process
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        programs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        from ortools.math_opt.core.python import solver  # noqa: F401, PLC0415  what takes long comes before "ready"

        mip_child.send(answers, {"reason": "ready", "bound": None}, [])
        threading.Thread(target=_wait_for_programs, args=(programs,), daemon=True).start()
        while True:
            facts, parts = programs.get()
            try:
                answer = solve(facts, parts)
            except Exception as error:  # noqa: BLE001  an error of the solver is an answer too
                answer = {"reason": f"error: {error}", "bound": None}, [b"", b""]
            mip_child.send(answers, *answer)


if __name__ == "__main__":
    main()
