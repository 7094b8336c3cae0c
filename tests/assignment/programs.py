"""Random 0/1 programs, small enough for every vector to be listed, or too hard to be finished."""

from __future__ import annotations

import numpy as np

from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.solvers.program import UNBOUNDED, Program, program_of
from tests.assignment.brute import subsets


def dense(program: Program) -> np.ndarray:
    """The matrix A."""
    matrix = np.zeros((program.n_rows, program.n_columns), dtype=np.int64)
    matrix[np.repeat(np.arange(program.n_rows), np.diff(program.row_start)), program.column] = program.coefficient
    return matrix


def empty_program(n_columns: int) -> Program:
    """No row, and nothing to gain."""
    empty = np.zeros(0, dtype=np.int64)
    return Program(
        objective=np.zeros(n_columns, dtype=np.int64),
        row_start=np.zeros(1, dtype=np.int64),
        column=empty.astype(np.int32),
        coefficient=empty,
        lower=empty,
        upper=empty,
    )


def random_program(rng: np.random.Generator, n_columns: int) -> Program:
    """Rows of all kinds: empty, one-sided, tight, with negative and with large coefficients; some hold nothing at all."""
    objective = rng.integers(-3, 4, size=n_columns) if rng.random() < 0.3 else rng.integers(-100_000, 100_001, size=n_columns)
    program = empty_program(n_columns).with_objective(objective)
    for _ in range(rng.integers(0, 5)):
        columns = np.flatnonzero(rng.random(n_columns) < 0.7)
        size = int(rng.choice([1, 5, 100_000]))
        coefficients = rng.integers(-size, size + 1, size=columns.size)
        near = int(coefficients @ rng.integers(0, 2, size=columns.size))
        lower = near - int(rng.integers(0, size + 1)) if rng.random() < 0.6 else -UNBOUNDED
        upper = near + int(rng.integers(0, size + 1)) if rng.random() < 0.6 else UNBOUNDED
        program = program.with_row(columns, coefficients, lower, upper)
    return program


def best_value(program: Program) -> int | None:
    """The best value of all 0/1 vectors, None where none keeps the rows."""
    return max((program.value(x) for x in subsets(program.n_columns) if program.holds(x)), default=None)


def hard_program(size: int = 40) -> Program:
    """An assignment under limits on random sets of pairs: solutions come within a second, a proof in no time we have."""
    rng = np.random.default_rng(1)
    key = np.flatnonzero(rng.random(size * size) < 0.5)
    points = rng.integers(0, 100_001, size=key.size)
    pairs = ScoredPairs.of(key // size, key % size, points, n_left=size, n_right=size)
    program = program_of(pairs, np.zeros(pairs.n_pairs, dtype=np.bool_))
    for _ in range(60):
        program = program.with_row(np.flatnonzero(rng.random(key.size) < 0.3), 1, 0, size // 4)
    return program
