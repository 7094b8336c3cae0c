"""What a linear program's prices rule out: sessions and attendances that no plan as good as the one at hand can have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from matcher.assignment.solvers.program import UNBOUNDED

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.solvers.program import Program
    from matcher.calendar.year import Mask

BITS = 10
"""Binary places that are kept of a price."""
LARGEST_PRICE = 2.0**32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """Columns that are ``never`` or ``always`` 1 in a plan that is as good, shape (columns,)."""

    never: Mask
    always: Mask

    @classmethod
    def nothing(cls, n_columns: int) -> Self:
        """Every column is open."""
        none = np.zeros(n_columns, dtype=np.bool_)
        return cls(never=none, always=none)

    def and_also(self, other: Settled) -> Settled:
        """What either has settled."""
        return Settled(never=self.never | other.never, always=self.always | other.always)


def settled(program: Program, prices: npt.NDArray[np.float64], least: int) -> Settled:
    """Columns that have one value in every 0/1 solution that is worth at least ``least``, for any ``prices``, shape (rows,) [1]_.

    A solution is worth at most the bound of its prices (as in ``lp_bound``) less the reduced cost of each column that is not
    at its better value; where one column alone takes the bound below ``least``, it has no choice. Whole numbers throughout.

    .. [1] G. B. Dantzig, D. R. Fulkerson and S. M. Johnson, Solution of a large-scale traveling-salesman problem, Operations
       Research 2, 1954: the rule of reduced costs.
    """
    kept = np.where(program.upper >= UNBOUNDED, np.minimum(prices, 0), prices)
    kept = np.where(program.lower <= -UNBOUNDED, np.maximum(kept, 0), kept)
    if not np.isfinite(kept).all() or np.abs(kept).max(initial=0) > LARGEST_PRICE:
        return Settled.nothing(program.n_columns)
    whole = np.rint(np.ldexp(kept, BITS)).astype(np.int64)
    row = np.repeat(np.arange(program.n_rows), np.diff(program.row_start))
    rest = program.objective << BITS
    np.subtract.at(rest, program.column, whole[row] * program.coefficient)
    priced = np.flatnonzero(whole)
    limits = np.where(whole > 0, program.upper, program.lower)
    total = sum(int(price) * int(limit) for price, limit in zip(whole[priced], limits[priced], strict=True))
    room = total + int(np.maximum(rest, 0).sum()) - (least << BITS)
    return Settled(never=np.maximum(-rest, 0) > room, always=np.maximum(rest, 0) > room)
