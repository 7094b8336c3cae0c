"""HiGHS that starts each time from the basis it had: the public tool for a plan that changes a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers import highs

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.peers.markets import Int, Market


class WarmHighs:
    """A linear program that is solved, changed, and solved again."""

    def __init__(self, market: Market) -> None:
        self._market = market
        rows = [highs.at_most(market.left, 1, market.n_left), highs.at_most(market.right, 1, market.n_right)]
        self._solver = highs.solver(highs.program(market, market.points + market.weight, rows, whole=False))
        self._points = market.points.copy()
        self._solver.run()

    def close_right(self, right: int) -> None:
        """A right leaves: its row has room for nobody."""
        self._solver.changeRowBounds(self._market.n_left + right, 0.0, 0.0)
        self._solver.run()

    def change_points(self, numbers: npt.NDArray[np.int64], points: Int) -> None:
        """Pairs have other points."""
        self._points[numbers] = points
        costs = (points + self._market.weight).astype(np.float64)
        self._solver.changeColsCost(numbers.size, numbers.astype(np.int32), costs)
        self._solver.run()

    def value(self) -> tuple[int, int]:
        """Number of pairs and total points."""
        taken = highs.taken(self._solver)
        return int(taken.sum()), int(self._points[taken].sum())
