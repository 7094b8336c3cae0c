"""A safe bound from the prices of rows, whatever their origin: whole numbers throughout, so that no rounding can break it."""

from __future__ import annotations

from math import frexp
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.program import UNBOUNDED

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.pairs import Int
    from matcher.assignment.solvers.program import Program

MOST_BITS = 24
"""Binary places that are kept of a price."""
ROOM_BITS = 60


def safe_bound(program: Program, prices: npt.NDArray[np.float64]) -> int:
    """No 0/1 solution is worth more, for any ``prices``, shape (rows,) [1]_.

    For each x, objective @ x = (objective - prices @ A) @ x + prices @ (A @ x). The first part is at most the sum of its
    positive terms, the second at most each price times its row's upper limit, or the lower one where the price is negative.
    A price on a side without a limit is left out.

    .. [1] A. Neumaier and O. Shcherbina, Safe bounds in linear and mixed-integer linear programming, Mathematical
       Programming 99, 2004.
    """
    kept = np.where(program.upper >= UNBOUNDED, np.minimum(prices, 0), prices)
    kept = np.where(program.lower <= -UNBOUNDED, np.maximum(kept, 0), kept)
    kept = np.where(np.isfinite(kept), kept, 0)
    row = np.repeat(np.arange(program.n_rows), np.diff(program.row_start))
    bits = _bits(program, kept, row)
    if bits < 0:  # the prices are too large for whole numbers of 64 bits: none at all is a bound too
        return _sum(np.maximum(program.objective, 0))
    whole = np.rint(np.ldexp(kept, bits)).astype(np.int64)
    rest = program.objective << bits
    np.subtract.at(rest, program.column, whole[row] * program.coefficient)
    priced = np.flatnonzero(whole)
    limits = np.where(whole > 0, program.upper, program.lower)
    total = sum(int(price) * int(limit) for price, limit in zip(whole[priced], limits[priced], strict=True))
    return (total + _sum(np.maximum(rest, 0))) >> bits


def _bits(program: Program, prices: npt.NDArray[np.float64], row: Int) -> int:
    """How many binary places fit, so that no column's rest leaves the 64-bit integers; below 0: not even the prices do."""
    size = np.abs(program.objective.astype(np.float64))
    np.add.at(size, program.column, (np.abs(prices[row]) + 1) * np.abs(program.coefficient))
    largest = max(size.max(initial=1.0), np.abs(prices).max(initial=1.0))
    return min(MOST_BITS, ROOM_BITS - frexp(float(largest))[1])


def _sum(values: Int) -> int:
    return (int((values >> 31).sum()) << 31) + int((values & (2**31 - 1)).sum())
