"""The process in which the calendar's programs are solved: HiGHS for whole numbers, PDLP or HiGHS for fractions.

It speaks as ``mip_child.py``, the assignment's process, does; that script's path is its one argument, since it borrows its
door. Like it, it is a script of its own: no solver here hears signals while it works, so the process is ended from outside.
"""

from __future__ import annotations

import importlib.util
import sys
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


def solve(facts: dict[str, Any], parts: list[bytes]) -> Any:  # noqa: ANN401  as that process answers
    """Maximise one program."""
    return mip_child.solved(facts, parts, PDLP if facts["method"] == "pdlp" else HIGHS, _parameters)


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


if __name__ == "__main__":
    mip_child.serve(solve)
