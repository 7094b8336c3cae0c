"""A question as a 0/1 program in whole numbers: what the solvers for any linear limit are asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from matcher.errors import RuleError

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs

UNBOUNDED = 2**62
"""As ``upper`` (and, negated, as ``lower``): no limit on that side."""
LOW_BITS = 31
LOW = 2**LOW_BITS - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Maximise ``objective @ x`` over 0/1 vectors x with ``lower <= A @ x <= upper``; A is kept by rows.

    Attributes
    ----------
    objective : int64, shape (columns,).
    row_start : int64, shape (rows + 1,); row r has the entries ``row_start[r]`` to ``row_start[r + 1]``.
    column, coefficient : int32 and int64, shape (entries,); no column twice in a row.
    lower, upper : int64, shape (rows,); ``UNBOUNDED`` is no limit.

    Raises
    ------
    RuleError
        The arrays do not fit together, or a row's sum could leave the 64-bit integers.
    """

    objective: Int
    row_start: Int
    column: Index
    coefficient: Int
    lower: Int
    upper: Int

    def __post_init__(self) -> None:
        if not len(self.lower) == len(self.upper) == self.n_rows or self.column.shape != self.coefficient.shape:
            raise RuleError("program: the lengths of its arrays do not fit together")
        if self.row_start[0] != 0 or self.row_start[-1] != len(self.column) or (np.diff(self.row_start) < 0).any():
            raise RuleError("program: the rows do not divide the entries")
        if self.column.size and not (self.column.min() >= 0 and self.column.max() < self.n_columns):
            raise RuleError(f"program: an entry names a column outside 0..{self.n_columns - 1}")
        if (_sums(np.abs(self.coefficient.astype(np.float64)), self.row_start) >= UNBOUNDED / 2).any():
            raise RuleError("program: the coefficients of a row exceed the integer range")

    @property
    def n_columns(self) -> int:
        """Number of variables."""
        return len(self.objective)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_start) - 1

    def with_row(self, columns: npt.ArrayLike, coefficients: npt.ArrayLike, lower: int, upper: int) -> Program:
        """The same with one row more; one number as ``coefficients`` stands for all."""
        column = np.asarray(columns, dtype=np.int32)
        coefficient = np.broadcast_to(np.asarray(coefficients, dtype=np.int64), column.shape)
        return replace(
            self,
            row_start=np.append(self.row_start, self.row_start[-1] + column.size),
            column=np.concatenate([self.column, column]),
            coefficient=np.concatenate([self.coefficient, coefficient]),
            lower=np.append(self.lower, np.int64(lower)),
            upper=np.append(self.upper, np.int64(upper)),
        )

    def with_objective(self, objective: npt.ArrayLike) -> Program:
        """The same with another objective; one number stands for all columns."""
        return replace(self, objective=np.array(np.broadcast_to(np.asarray(objective, dtype=np.int64), self.objective.shape)))

    def value(self, x: Mask) -> int:
        """``objective @ x``, exact at any size."""
        taken = self.objective[np.asarray(x, dtype=np.bool_)]
        return (int((taken >> LOW_BITS).sum()) << LOW_BITS) + int((taken & LOW).sum())

    def holds(self, x: Mask) -> bool:
        """Whether x keeps every row, in whole numbers."""
        sums = _sums(self.coefficient * np.asarray(x, dtype=np.int64)[self.column], self.row_start)
        return bool(((self.lower <= sums) & (sums <= self.upper)).all())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a solver found out about a program.

    Attributes
    ----------
    x : the best solution known, which keeps every row; None where none is known.
    value : its value; None without a solution.
    bound : no solution's value is above it, in whole numbers; None if unknown.
    status : ``optimal`` (value and bound are equal), ``feasible`` (a solution, no proof), ``infeasible`` (there is none,
        and a second look without presolve agrees), ``unknown`` (time was up, or an answer was not to be trusted).
    """

    x: Mask | None
    value: int | None
    bound: int | None
    status: Literal["optimal", "feasible", "infeasible", "unknown"]


def program_of(pairs: ScoredPairs, fixed: Mask) -> Program:
    """Plans of the pairs as a program: a column a pair, its points as objective.

    Rows in this order: each left, each right, each group (with the pairs of all groups inside it), each crossing limit, and
    last, where there are any, one that holds all ``fixed`` pairs at 1. No upper limit is above the entries of its row.
    """
    row, column = _entries(pairs)
    in_order = np.lexsort((column, row))
    n_rows = pairs.n_left + pairs.n_right + pairs.n_groups + len(pairs.crossing)
    entries = np.bincount(row, minlength=n_rows)
    least = [limit.least for limit in pairs.crossing]
    most = [limit.most for limit in pairs.crossing]
    places = [pairs.left_capacity, pairs.right_capacity, pairs.group_limit, np.array(most, dtype=np.int64)]
    program = Program(
        objective=pairs.points,
        row_start=np.concatenate([[0], np.cumsum(entries)]).astype(np.int64),
        column=column[in_order].astype(np.int32),
        coefficient=np.ones(len(column), dtype=np.int64),
        lower=np.concatenate([np.zeros(pairs.n_left + pairs.n_right), pairs.group_least, least]).astype(np.int64),
        upper=np.minimum(np.concatenate(places), entries).astype(np.int64),
    )
    held = np.flatnonzero(fixed)
    return program.with_row(held, 1, held.size, held.size) if held.size else program


def _entries(pairs: ScoredPairs) -> tuple[Int, Int]:
    """Row and column of every entry, in no order."""
    every = np.arange(pairs.n_pairs)
    rows = [pairs.left.astype(np.int64), pairs.right + np.int64(pairs.n_left)]
    columns = [every, every]
    first = pairs.n_left + pairs.n_right
    group = pairs.group[pairs.left]
    while (group >= 0).any():
        columns.append(np.flatnonzero(group >= 0))
        rows.append(first + group[columns[-1]].astype(np.int64))
        group = np.append(pairs.group_parent, -1)[group]  # -1, no group, is its own parent
    for k, limit in enumerate(pairs.crossing):
        member = np.zeros(pairs.n_left, dtype=np.bool_)
        member[limit.members] = True
        columns.append(np.flatnonzero(member[pairs.left]))
        rows.append(np.full(columns[-1].size, first + pairs.n_groups + k))
    return np.concatenate(rows), np.concatenate(columns)


def _sums(entry: npt.NDArray[Any], row_start: Int) -> npt.NDArray[Any]:
    """The sum of the entries of each row."""
    row = np.repeat(np.arange(len(row_start) - 1), np.diff(row_start))
    sums = np.zeros(len(row_start) - 1, dtype=entry.dtype)
    np.add.at(sums, row, entry)
    return sums
