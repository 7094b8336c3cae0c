"""SciPy's two solvers: one for a dense matrix, one for a sparse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks.peers.doubled import with_own_dummies
from benchmarks.tools.clock import Contestant

if TYPE_CHECKING:
    from benchmarks.peers.markets import Market


def matrix(market: Market) -> npt.NDArray[np.float64]:
    """Costs of all lefts with all rights: minus a pair's points and the weight of a match, 0 where there is no pair."""
    cost = np.zeros((market.n_left, market.n_right))
    cost[market.left, market.right] = -market.points - (0 if market.complete else market.weight)
    return cost


def dense(market: Market) -> Contestant:
    """``linear_sum_assignment``, with its matrix ready."""
    cost = matrix(market)
    return Contestant(lambda: linear_sum_assignment(cost), lambda found: market.value(*found))


def sparse(market: Market) -> Contestant:
    """``min_weight_full_bipartite_matching``, with its matrix ready; where some stay unmatched, with a dummy for each left."""
    if market.perfect:  # it takes a 0 for no edge, so costs are shifted above it
        left, right, cost = market.left, market.right, int(market.points.max()) + 1 - market.points
        width = market.n_right
    else:
        left, right, cost = with_own_dummies(market)
        width = market.n_right + market.n_left
    graph = coo_array((cost.astype(np.float64), (left, right)), shape=(market.n_left, width)).tocsr()
    return Contestant(lambda: min_weight_full_bipartite_matching(graph), lambda found: market.value(*found))
