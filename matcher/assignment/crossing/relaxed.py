"""A program in fractions, by OR-Tools' simplex GLOP: what each row is worth. Others prove whatever comes of these prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.assignment.solvers.program import UNBOUNDED

if TYPE_CHECKING:
    from matcher.assignment.solvers.program import Program

Float = npt.NDArray[np.float64]
GLOP = 3
"""MathOpt's number of the solver."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """A best solution in fractions: ``x``, shape (columns,), and what one more on each row's limit is worth, shape (rows,)."""

    x: Float
    row_price: Float
    value: float


def relaxed(program: Program) -> Relaxed | None:
    """The best of a program in fractions; None where the simplex ends without one."""
    # Loaded only where limits cross.
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2  # noqa: PLC0415
    from ortools.math_opt.core.python import solver  # noqa: PLC0415

    if (program.lower > program.upper).any():
        return None
    result = solver.solve(
        _model(program),
        GLOP,
        parameters_pb2.SolverInitializerProto(),
        parameters_pb2.SolveParametersProto(),
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    if not result.solutions or not result.solutions[0].HasField("dual_solution"):
        return None
    best = result.solutions[0]
    return Relaxed(
        x=_dense(best.primal_solution.variable_values, program.n_columns),
        row_price=_dense(best.dual_solution.dual_values, program.n_rows),
        value=best.primal_solution.objective_value,
    )


def _model(program: Program) -> Any:  # noqa: ANN401  generated
    from ortools.math_opt import model_pb2  # noqa: PLC0415

    columns, rows = program.n_columns, program.n_rows
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend([0.0] * columns)
    model.variables.upper_bounds.extend([1.0] * columns)
    model.variables.integers.extend([False] * columns)
    model.objective.maximize = True
    model.objective.linear_coefficients.ids.extend(range(columns))
    model.objective.linear_coefficients.values.extend(program.objective.astype(np.float64))
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend(np.where(program.lower <= -UNBOUNDED, -np.inf, program.lower))
    model.linear_constraints.upper_bounds.extend(np.where(program.upper >= UNBOUNDED, np.inf, program.upper))
    row = np.repeat(np.arange(rows), np.diff(program.row_start))
    in_order = np.lexsort((program.column, row))
    matrix = model.linear_constraint_matrix
    matrix.row_ids.extend(row[in_order])
    matrix.column_ids.extend(program.column[in_order])
    matrix.coefficients.extend(program.coefficient[in_order].astype(np.float64))
    return model


def _dense(vector: Any, size: int) -> Float:  # noqa: ANN401  generated
    dense = np.zeros(size)
    dense[np.array(vector.ids, dtype=np.int64)] = np.array(vector.values)
    return dense
