"""Drawn questions with limits on how many matches some lefts have together, and their contestants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.sat.python import cp_model

from benchmarks.peers import highs
from benchmarks.peers.markets import region
from benchmarks.tools.clock import Contestant
from matcher.assignment import ScoredPairs, solve
from matcher.assignment.limits import Limit, arranged

if TYPE_CHECKING:
    from benchmarks.peers.markets import Int, Market

Mask = npt.NDArray[np.bool_]
PARTS, TIGHT = 6, 0.8
LONG_WAITING, OF_THEM = 0.2, 0.9


@dataclass(frozen=True, eq=False)
class Limited:
    """A market, how many pairs each right may have, and limits on lefts."""

    market: Market
    capacity: Int
    limits: tuple[Limit, ...]

    def value(self, chosen: Mask) -> tuple[int, int]:
        """Number of pairs and total points; raises ``ValueError`` where a capacity or limit is broken."""
        lefts = np.bincount(self.market.left[chosen], minlength=self.market.n_left)
        rights = np.bincount(self.market.right[chosen], minlength=self.market.n_right)
        if (lefts > 1).any() or (rights > self.capacity).any():
            raise ValueError("a capacity is broken")
        if any(not one.least <= lefts[one.members].sum() <= one.most for one in self.limits):
            raise ValueError("a limit is broken")
        return int(chosen.sum()), int(self.market.points[chosen].sum())


def nested(n_left: int, n_right: int, *, seed: int) -> Limited:
    """A region where some rights have two places, and the lefts of each of some parts have at most so many matches."""
    random = np.random.default_rng(seed)
    market = region(n_left, n_right, seed=seed)
    part = random.integers(0, PARTS, n_left)
    return Limited(market, random.integers(1, 3, n_right), _partition(part))


def crossing(n_left: int, n_right: int, *, seed: int) -> Limited:
    """The same with a second partition that crosses the first, and a least number of those who have waited long."""
    random = np.random.default_rng(seed)
    market = region(n_left, n_right, seed=seed)
    part, other = random.integers(0, PARTS, n_left), random.integers(0, PARTS // 2, n_left)
    waiting = np.flatnonzero(random.random(n_left) < LONG_WAITING).astype(np.int32)
    able = int(np.isin(waiting, market.left).sum())
    floor = Limit(members=waiting, least=int(OF_THEM * TIGHT * able))
    return Limited(market, np.ones(n_right, dtype=np.int64), (*_partition(part), *_partition(other), floor))


def _partition(part: Int) -> tuple[Limit, ...]:
    members = [np.flatnonzero(part == k).astype(np.int32) for k in range(int(part.max()) + 1)]
    return tuple(Limit(members=some, most=int(TIGHT * some.size)) for some in members)


def ours(given: Limited, *, solver: str = "auto") -> Contestant:
    """``matcher.assignment.solve`` with its pairs ready: proved, and by the tie rule."""
    market, shape = given.market, arranged(given.limits, given.market.n_left)
    pairs = ScoredPairs.of(
        market.left,
        market.right,
        market.points,
        n_left=market.n_left,
        n_right=market.n_right,
        right_capacity=given.capacity,
        group=shape.group,
        group_limit=shape.most,
        group_least=shape.least,
        group_parent=shape.parent,
        crossing=shape.crossing,
    )
    order = np.arange(market.n_left)

    def value(solved: Any) -> tuple[int, int]:  # noqa: ANN401
        if solved.bound != solved.total:
            raise ValueError("ours is not proved")
        return given.value(solved.chosen)

    return Contestant(lambda: solve(pairs, order, solver=solver), value)


def min_cost_flow(given: Limited) -> Contestant:
    """``SimpleMinCostFlow`` from the rights through their lefts to the lefts' parts; for one partition."""
    market = given.market
    first_part = market.n_left + market.n_right
    part = np.empty(market.n_left, dtype=np.int32)
    for k, one in enumerate(given.limits):
        part[one.members] = first_part + k
    tails = np.concatenate([market.right + np.int32(market.n_left), np.arange(market.n_left, dtype=np.int32)])
    heads, ones = np.concatenate([market.left, part]), np.ones(tails.size, dtype=np.int64)
    cost = np.concatenate([market.points.max() - market.points, np.zeros(market.n_left, dtype=np.int64)])
    most = np.array([one.most for one in given.limits])
    supply = np.concatenate([np.zeros(market.n_left, dtype=np.int64), given.capacity, -most])
    nodes, arcs = np.arange(supply.size, dtype=np.int32), np.arange(market.left.size)

    def call() -> Mask:
        solver = SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, cost)
        solver.set_nodes_supplies(nodes, supply)
        solver.solve_max_flow_with_min_cost()
        return np.asarray(solver.flows(arcs) > 0)

    return Contestant(call, given.value)


def mip(given: Limited) -> Contestant:
    """HiGHS on the whole program, ready; a weight for each match puts their number first (as two programs it is slower)."""
    market = given.market
    rows = [highs.at_most(market.left, 1, market.n_left), highs.at_most(market.right, given.capacity, market.n_right)]
    for one in given.limits:
        inside = np.where(np.isin(market.left, one.members), 0, -1).astype(np.int32)
        rows.append((inside, np.array([float(one.least)]), np.array([float(one.most)])))
    solver = highs.solver(highs.program(market, market.points + market.weight, rows, whole=True))

    def call() -> Mask:
        solver.clearSolver()
        solver.run()
        return highs.taken(solver)

    return Contestant(call, given.value)


def cp_sat(given: Limited, *, seconds: float) -> Contestant:
    """CP-SAT with one worker, its model ready; an answer of None: no proof within ``seconds``."""
    market = given.market
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(market.left.size)]
    limits = [(np.flatnonzero(market.left == i), 0, 1) for i in range(market.n_left)]
    limits += [(np.flatnonzero(market.right == j), 0, int(most)) for j, most in enumerate(given.capacity)]
    limits += [(np.flatnonzero(np.isin(market.left, one.members)), one.least, one.most) for one in given.limits]
    for some, least, most in limits:
        model.add_linear_constraint(sum(chosen[k] for k in some.tolist()), least, most)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, (market.points + market.weight).tolist()))

    def call() -> Mask | None:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = seconds
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        return np.array([solver.boolean_value(one) for one in chosen])

    return Contestant(call, lambda found: None if found is None else given.value(found))
