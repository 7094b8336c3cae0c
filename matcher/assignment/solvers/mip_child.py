"""The process in which HiGHS works: it reads programs from its input, answers each on its output, and ends with its input.

The only file that knows MathOpt, OR-Tools' door to HiGHS [1]_. It runs as a script of its own and needs nothing else of the
house, so that it starts in a tenth of a second. HiGHS hears neither signals nor interrupters while it works; this process
has no handler of its own for SIGTERM, and so dies at once.

.. [1] Q. Huangfu and J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming Computation 10,
   2018.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from array import array
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEAD_BYTES = 8
HIGHS = 10
"""MathOpt's number of the solver."""
TIGHT = 1e-9
"""Tolerance of a second run, where the first one's answer did not hold in whole numbers; by default 1e-6 and 1e-7."""
TOLERANCES = ("mip_feasibility_tolerance", "primal_feasibility_tolerance", "dual_feasibility_tolerance")


def send(stream: IO[bytes], facts: dict[str, Any], parts: Sequence[bytes]) -> None:
    """Write one message: the length of its head, the head as JSON, and ``parts`` as they are."""
    head = json.dumps({"facts": facts, "sizes": [len(part) for part in parts]}).encode()
    stream.write(len(head).to_bytes(HEAD_BYTES, "big") + head)
    stream.writelines(parts)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message, or None where the stream ends before its last byte."""
    length = stream.read(HEAD_BYTES)
    size = int.from_bytes(length, "big")
    head = stream.read(size)
    if len(length) < HEAD_BYTES or len(head) < size:
        return None
    message = json.loads(head)
    parts = [stream.read(part) for part in message["sizes"]]
    return (message["facts"], parts) if [len(part) for part in parts] == message["sizes"] else None


def solve(facts: dict[str, Any], parts: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Maximise one program with HiGHS."""
    return solved(facts, parts, HIGHS, _parameters)


def solved(
    facts: dict[str, Any], parts: Sequence[bytes], number: int, parameters: Callable[[dict[str, Any], float], Any]
) -> tuple[dict[str, Any], list[bytes]]:
    """Maximise one program; the answer's parts are x and the rows' dual values (empty where there are none).

    Parameters
    ----------
    number : MathOpt's number of the solver.
    parameters : makes the solver's parameters from the facts and the seconds spent.
    """
    began = time.monotonic()
    from ortools.math_opt import callback_pb2, parameters_pb2, result_pb2  # noqa: PLC0415  whoever only talks to us needs no solver
    from ortools.math_opt.core.python import solver  # noqa: PLC0415

    objective, hint, row, column, coefficient, lower, upper = (
        array(kind, part) for kind, part in zip("ddqqddd", parts, strict=True)
    )
    model = _model(objective, (row, column, coefficient), (lower, upper), whole=not facts["relax"])
    result = solver.solve(
        model,
        number,
        parameters_pb2.SolverInitializerProto(),
        parameters(facts, time.monotonic() - began),
        _start(hint),
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


def _model(objective: Sequence[float], entries: Sequence[Any], limits: Sequence[Any], *, whole: bool) -> Any:  # noqa: ANN401  generated
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
    """One thread, no gap, and every better solution written to a file, so that it outlives this process."""
    from ortools.math_opt import parameters_pb2  # noqa: PLC0415

    parameters = parameters_pb2.SolveParametersProto(absolute_gap_tolerance=0.0, relative_gap_tolerance=0.0)
    parameters.random_seed = facts["seed"]
    if facts["seconds"] is not None:
        parameters.time_limit.FromTimedelta(timedelta(seconds=max(facts["seconds"] - spent, 0.001)))
    options = parameters.highs
    options.int_options["threads"] = 1
    options.string_options["mip_improving_solution_file"] = facts["file"]
    options.bool_options["mip_improving_solution_report_sparse"] = True
    if not facts["presolve"]:
        options.string_options["presolve"] = "off"
    if facts["tight"]:
        for name in TOLERANCES:
            options.double_options[name] = TIGHT
    return parameters


def _start(hint: Sequence[float]) -> Any:  # noqa: ANN401  generated
    from ortools.math_opt import model_parameters_pb2  # noqa: PLC0415

    start = model_parameters_pb2.ModelSolveParametersProto()
    if hint:
        values = start.solution_hints.add().variable_values
        values.ids.extend(range(len(hint)))
        values.values.extend(hint)
    return start


def _dense(vector: Any, size: int) -> bytes:  # noqa: ANN401  generated
    dense = array("d", bytes(8 * size))
    for at, value in zip(vector.ids, vector.values, strict=True):
        dense[at] = value
    return dense.tobytes()


def _wait_for_programs(programs: queue.SimpleQueue[Any]) -> None:
    """Hand on what comes in; when the input ends, whoever asked is gone, and so is this process, whatever it is doing."""
    while (message := receive(sys.stdin.buffer)) is not None:
        programs.put(message)
    os._exit(0)


def serve(solve: Callable[[dict[str, Any], list[bytes]], tuple[dict[str, Any], list[bytes]]]) -> None:
    """Answer programs until the input ends. Whatever else is written to the output goes to the error output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked has it too, and ends this process
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        programs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        from ortools.math_opt.core.python import solver  # noqa: F401, PLC0415  what takes long comes before "ready"

        send(answers, {"reason": "ready", "bound": None}, [])
        threading.Thread(target=_wait_for_programs, args=(programs,), daemon=True).start()
        while True:
            facts, parts = programs.get()
            try:
                answer = solve(facts, parts)
            except Exception as error:  # noqa: BLE001  an error of the solver is an answer too
                answer = {"reason": f"error: {error}", "bound": None}, [b"", b""]
            send(answers, *answer)


if __name__ == "__main__":
    serve(solve)
