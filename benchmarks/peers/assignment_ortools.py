"""OR-Tools' two graph solvers and CP-SAT. The graph solvers take their arrays in anew at every call, as they must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.sat.python import cp_model

from benchmarks.peers.doubled import square
from benchmarks.tools.clock import Contestant

if TYPE_CHECKING:
    from benchmarks.peers.markets import Market


def min_cost_flow(market: Market) -> Contestant:
    """``SimpleMinCostFlow``: the largest flow of least cost, so nobody needs a dummy or a weight."""
    head = market.right + np.int32(market.n_left)
    nodes = np.arange(market.n_left + market.n_right, dtype=np.int32)
    supply = np.where(nodes < market.n_left, 1, -1)
    one, cost, arcs = np.ones_like(market.points), market.points.max() - market.points, np.arange(market.left.size)

    def call() -> Any:  # noqa: ANN401  an array of flows
        solver = SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(market.left, head, one, cost)
        solver.set_nodes_supplies(nodes, supply)
        solver.solve_max_flow_with_min_cost()
        return solver.flows(arcs)

    def value(flows: Any) -> tuple[int, int]:  # noqa: ANN401
        return market.value(market.left[flows > 0], market.right[flows > 0])

    return Contestant(call, value)


def linear_sum(market: Market) -> Contestant:
    """``SimpleLinearSumAssignment``; where some stay unmatched, on all people and their stand-ins."""
    edges = square(market)

    def call() -> SimpleLinearSumAssignment:
        solver = SimpleLinearSumAssignment()
        solver.add_arcs_with_cost(edges.left, edges.right, edges.cost)
        solver.solve()
        return solver

    def value(solver: SimpleLinearSumAssignment) -> tuple[int, int]:
        lefts = np.arange(market.n_left)
        return market.value(lefts, [solver.right_mate(k) for k in lefts.tolist()])

    return Contestant(call, value)


def cp_sat(market: Market) -> Contestant:
    """CP-SAT with one worker, its model ready."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(market.left.size)]
    for side in (market.left, market.right):
        order = np.argsort(side, kind="stable")
        for some in np.split(order, np.flatnonzero(np.diff(side[order])) + 1):
            model.add_at_most_one(chosen[k] for k in some.tolist())
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, (market.points + market.weight).tolist()))

    def call() -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.solve(model)
        return solver

    def value(solver: cp_model.CpSolver) -> tuple[int, int]:
        taken = np.array([solver.boolean_value(one) for one in chosen])
        return market.value(market.left[taken], market.right[taken])

    return Contestant(call, value)
