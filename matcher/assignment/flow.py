"""The best flow by OR-Tools' min-cost flow: the only file that knows that solver, its limits and its statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matcher.errors import RuleError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

# The solver multiplies costs by its number of nodes (ours and two of its own) and wants the products well below 2**63.
COST_RANGE = 2**60
EXTRA_NODES = 4


def cost_room(n_nodes: int) -> int:
    """The largest magnitude of points that is safe in a network of ``n_nodes``: costs are differences of two points."""
    return COST_RANGE // (2 * (n_nodes + EXTRA_NODES))


def best_pairs(pairs: ScoredPairs, network: Network) -> Mask:
    """A best plan beside the fixed pairs: shape (pairs,). Ties fall as the solver likes.

    Most pairs first, then the highest total; where ``network.match_weight`` is 0, the highest total alone.

    Raises
    ------
    RuleError
        The solver refuses the points as too large for its arithmetic.
    """
    wanted = network.capacity[: pairs.n_pairs] > 0
    if not network.match_weight:
        wanted &= pairs.points > 0
    arcs = np.flatnonzero(wanted)
    chosen = np.zeros(pairs.n_pairs, dtype=np.bool_)
    if not arcs.size:
        return chosen
    solver = SimpleMinCostFlow()
    cost = pairs.points[arcs].max() - pairs.points[arcs] if network.match_weight else -pairs.points[arcs]
    _add(solver, network, arcs, cost)
    _add_places(solver, pairs, network)
    status = solver.solve_max_flow_with_min_cost() if network.match_weight else solver.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise RuleError(f"min-cost flow: {status.name}")
    chosen[arcs[solver.flows(np.arange(arcs.size, dtype=np.int32)) > 0]] = True
    return chosen


def _add(solver: SimpleMinCostFlow, network: Network, arcs: Int, cost: Int) -> None:
    """Add ``arcs`` of the network."""
    solver.add_arcs_with_capacity_and_unit_cost(network.tail[arcs], network.head[arcs], network.capacity[arcs], cost)


def _add_places(solver: SimpleMinCostFlow, pairs: ScoredPairs, network: Network) -> None:
    """Supply at groups and at lefts without one; demand at rights, or, for the total alone, all at the outside."""
    first_right = pairs.n_pairs + pairs.n_left
    left_arcs = np.arange(pairs.n_pairs, first_right)
    below_group = left_arcs[pairs.group >= 0]
    _add(solver, network, below_group, np.zeros(below_group.size, dtype=np.int64))
    supply = np.zeros(network.n_nodes, dtype=np.int64)
    alone = left_arcs[pairs.group < 0]
    supply[network.head[alone]] = network.capacity[alone]
    supply[pairs.n_left + pairs.n_right : network.outside] = network.capacity[first_right + pairs.n_right :]
    right_arcs = np.arange(first_right, first_right + pairs.n_right)
    if network.match_weight:
        supply[network.tail[right_arcs]] = -network.capacity[right_arcs]
    else:
        _add(solver, network, right_arcs, np.zeros(right_arcs.size, dtype=np.int64))
        sources = np.flatnonzero(supply).astype(np.int32)
        outside = np.full(sources.size, network.outside, dtype=np.int32)
        solver.add_arcs_with_capacity_and_unit_cost(sources, outside, supply[sources], np.zeros(sources.size, dtype=np.int64))
        supply[network.outside] = -supply.sum()
    solver.set_nodes_supplies(np.arange(network.n_nodes, dtype=np.int32), supply)
