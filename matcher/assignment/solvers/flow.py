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
    if not (network.match_weight or network.owed.size):
        wanted &= pairs.points > 0
    arcs = np.flatnonzero(wanted)
    chosen = np.zeros(pairs.n_pairs, dtype=np.bool_)
    if not arcs.size:
        return chosen
    flows = _owing(pairs, network, arcs) if network.owed.size else _free(pairs, network, arcs)
    chosen[arcs[flows > 0]] = True
    return chosen


def _free(pairs: ScoredPairs, network: Network, arcs: Int) -> Int:
    """Flows on the pairs where no group must use places."""
    solver = SimpleMinCostFlow()
    cost = pairs.points[arcs].max() - pairs.points[arcs] if network.match_weight else -pairs.points[arcs]
    _add(solver, network, arcs, cost)
    _add_places(solver, pairs, network)
    return _solved(solver, arcs.size, most_first=network.match_weight > 0)


def _owing(pairs: ScoredPairs, network: Network, arcs: Int) -> Int:
    """Flows on the pairs where groups must use places: first how many pairs there can be, then the best so many.

    Where no plan keeps every least, as few places as possible are missing.
    """
    _, _, _, must = network.places(pairs)
    count = _circulation(network, pairs, arcs, np.full(arcs.size, -1), -(arcs.size + 1))
    flows = _solved(count, network.capacity.size - pairs.n_pairs + arcs.size)
    if (flows[flows.size - must.size :] < must).any():
        return flows[: arcs.size]
    matched = int(flows[: arcs.size].sum()) if network.match_weight else None
    best = _circulation(network, pairs, arcs, -pairs.points[arcs], None, matched)
    return _solved(best, arcs.size)


def _circulation(
    network: Network, pairs: ScoredPairs, arcs: Int, cost: Int, owed_cost: int | None, matched: int | None = None
) -> SimpleMinCostFlow:
    """All arcs; a place that must be used earns by ``owed_cost``, or is given as supply. ``matched``: exactly so many pairs."""
    solver = SimpleMinCostFlow()
    _add(solver, network, arcs, cost)
    first_owed = network.capacity.size - network.owed.size
    owed = np.arange(first_owed, network.capacity.size)
    into = np.arange(pairs.n_pairs + pairs.n_left, pairs.n_pairs + pairs.n_left + pairs.n_right)
    rest = np.setdiff1d(np.arange(pairs.n_pairs, first_owed), into, assume_unique=True)
    _add(solver, network, rest, np.zeros(rest.size, dtype=np.int64))
    supply = np.zeros(network.n_nodes + 1, dtype=np.int64)
    sink = network.outside if matched is None else network.n_nodes
    ends = np.full(into.size, sink, dtype=np.int32)
    solver.add_arcs_with_capacity_and_unit_cost(network.tail[into], ends, network.capacity[into], np.zeros_like(into))
    if owed_cost is not None:
        _add(solver, network, owed, np.full(owed.size, owed_cost))
    else:
        np.add.at(supply, network.head[owed], network.capacity[owed])
        np.subtract.at(supply, network.tail[owed], network.capacity[owed])
    supply[network.outside] += matched or 0
    supply[sink] -= matched or 0
    solver.set_nodes_supplies(np.arange(network.n_nodes + 1, dtype=np.int32), supply)
    return solver


def _solved(solver: SimpleMinCostFlow, first: int, *, most_first: bool = False) -> Int:
    """Flows on the ``first`` arcs."""
    status = solver.solve_max_flow_with_min_cost() if most_first else solver.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise RuleError(f"min-cost flow: {status.name}")
    flows: Int = solver.flows(np.arange(first, dtype=np.int32))
    return flows


def _add(solver: SimpleMinCostFlow, network: Network, arcs: Int, cost: Int) -> None:
    """Add ``arcs`` of the network."""
    solver.add_arcs_with_capacity_and_unit_cost(network.tail[arcs], network.head[arcs], network.capacity[arcs], cost)


def _add_places(solver: SimpleMinCostFlow, pairs: ScoredPairs, network: Network) -> None:
    """Supply at outer groups and at lefts without one; demand at rights, or, for the total alone, all at the outside."""
    first_right = pairs.n_pairs + pairs.n_left
    first_group = first_right + pairs.n_right
    left_arcs, group_arcs = np.arange(pairs.n_pairs, first_right), np.arange(first_group, first_group + pairs.n_groups)
    inside = np.concatenate([left_arcs[pairs.group >= 0], group_arcs[pairs.group_parent >= 0]])
    _add(solver, network, inside, np.zeros(inside.size, dtype=np.int64))
    supply = np.zeros(network.n_nodes, dtype=np.int64)
    outer = np.concatenate([left_arcs[pairs.group < 0], group_arcs[pairs.group_parent < 0]])
    supply[network.head[outer]] = network.capacity[outer]
    right_arcs = np.arange(first_right, first_group)
    if network.match_weight:
        supply[network.tail[right_arcs]] = -network.capacity[right_arcs]
    else:
        _add(solver, network, right_arcs, np.zeros(right_arcs.size, dtype=np.int64))
        sources = np.flatnonzero(supply).astype(np.int32)
        outside = np.full(sources.size, network.outside, dtype=np.int32)
        solver.add_arcs_with_capacity_and_unit_cost(sources, outside, supply[sources], np.zeros(sources.size, dtype=np.int64))
        supply[network.outside] = -supply.sum()
    solver.set_nodes_supplies(np.arange(network.n_nodes, dtype=np.int32), supply)
