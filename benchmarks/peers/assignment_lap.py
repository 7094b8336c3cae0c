"""lapx (imported as ``lap``) and lapjv: Jonker and Volgenant's algorithm, for dense matrices and, as lapmod, for sparse ones.

Both return the columns of all rows; they take square matrices, so the shorter side is filled with zeros before the clock starts.
lapx refuses costs of a million or more, so all costs are divided by a power of two, which loses nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.peers.assignment_scipy import matrix
from benchmarks.peers.doubled import square
from benchmarks.tools.clock import Contestant

if TYPE_CHECKING:
    from benchmarks.peers.markets import Market


LARGEST = 2.0**19


def _small(cost: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    largest = max(float(cost.max(initial=0)), -float(cost.min(initial=0)))
    return cost / 2.0 ** max(0, math.ceil(math.log2(max(largest, 1) / LARGEST)))


def _filled(market: Market) -> npt.NDArray[np.float64]:
    n = max(market.n_left, market.n_right)
    cost = np.zeros((n, n))
    cost[: market.n_left, : market.n_right] = matrix(market)
    return _small(cost)


def _value(market: Market, columns: npt.NDArray[np.int32]) -> tuple[int, int]:
    return market.value(np.arange(market.n_left), columns[: market.n_left])


def lapx_dense(market: Market) -> Contestant:
    """``lap.lapjv``."""
    import lap  # noqa: PLC0415  only the benchmarks' own environment has it

    cost = _filled(market)
    return Contestant(lambda: lap.lapjv(cost, return_cost=False)[0], lambda columns: _value(market, columns))


def lapjv_dense(market: Market) -> Contestant:
    """``lapjv.lapjv``; without ``force_doubles`` it rounds to single precision and misses the best plan."""
    import lapjv  # noqa: PLC0415  as above

    cost = _filled(market)
    return Contestant(lambda: lapjv.lapjv(cost, force_doubles=True)[0], lambda columns: _value(market, columns))


def lapmod(market: Market) -> Contestant:
    """``lap.lapmod``; where some stay unmatched, on all people and their stand-ins."""
    import lap  # noqa: PLC0415  as above

    edges = square(market)
    cost, starts, right = _small(edges.cost.astype(np.float64)), edges.starts, edges.right
    return Contestant(
        lambda: lap.lapmod(edges.n, cost, starts, right, return_cost=False)[0], lambda columns: _value(market, columns)
    )
