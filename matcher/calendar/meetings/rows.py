"""Rows of a program, gathered in blocks of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.program import UNBOUNDED, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from matcher.calendar.year import Int


class Rows:
    """Takes blocks of rows; the program comes out at the end."""

    def __init__(self) -> None:
        self._n_rows = 0
        self._row: list[Int] = []
        self._column: list[Int] = []
        self._coefficient: list[Int] = []
        self._lower: list[Int] = []
        self._upper: list[Int] = []

    def block(
        self,
        parts: Sequence[tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]],
        n_rows: int,
        *,
        lower: npt.ArrayLike = -UNBOUNDED,
        upper: npt.ArrayLike = UNBOUNDED,
    ) -> None:
        """Add ``n_rows`` rows: ``parts`` are (row within the block, column, coefficient), one number stands for all."""
        for row, column, coefficient in parts:
            at = np.asarray(row, dtype=np.int64)
            self._row.append(at + self._n_rows)
            self._column.append(np.asarray(column, dtype=np.int64))
            self._coefficient.append(np.array(np.broadcast_to(np.asarray(coefficient, dtype=np.int64), at.shape)))
        self._lower.append(np.array(np.broadcast_to(np.asarray(lower, dtype=np.int64), (n_rows,))))
        self._upper.append(np.array(np.broadcast_to(np.asarray(upper, dtype=np.int64), (n_rows,))))
        self._n_rows += n_rows

    def sums(self, sets: Sequence[tuple[npt.ArrayLike, int]]) -> None:
        """Add rows that hold the sum of some columns to at most a number."""
        columns = [np.asarray(one, dtype=np.int64) for one, _ in sets]
        row = np.repeat(np.arange(len(sets)), [one.size for one in columns])
        self.block(
            [(row, np.concatenate([np.zeros(0, dtype=np.int64), *columns]), 1)], len(sets), upper=[most for _, most in sets]
        )

    def program(self, objective: Int) -> Program:
        """All rows with an objective to be maximised."""
        row, column, coefficient = (_joined(one) for one in (self._row, self._column, self._coefficient))
        order = np.lexsort((column, row))
        entries = np.bincount(row, minlength=self._n_rows)
        return Program(
            objective=objective.astype(np.int64),
            row_start=np.concatenate([[0], np.cumsum(entries)]).astype(np.int64),
            column=column[order].astype(np.int32),
            coefficient=coefficient[order],
            lower=_joined(self._lower),
            upper=_joined(self._upper),
        )


def _joined(parts: list[Int]) -> Int:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
