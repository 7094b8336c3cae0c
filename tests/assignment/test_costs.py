"""plan_cost, matches_lost and the chains of displaced people: against all plans, and against solving again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.assignment import ScoredPairs, Step, displacement, displacements, plan_costs, solve
from matcher.errors import CertificateError
from tests.assignment.brute import allowed_plans, order_of_plans, random_limits, random_pairs, random_region
from tests.volume import volume


def after(pairs: ScoredPairs, chosen: np.ndarray, steps: tuple[Step, ...]) -> np.ndarray:
    """The plan after the steps; every left has one step at most."""
    number = {pair: p for p, pair in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))}
    plan = chosen.astype(np.int64)
    assert len({step.left for step in steps}) == len(steps)
    for step in steps:
        if step.gives_up is not None:
            plan[number[step.left, step.gives_up]] -= 1
        if step.gets is not None:
            plan[number[step.left, step.gets]] += 1
    return plan


@pytest.mark.parametrize("levels", [None, 3])
def test_costs_and_chains_are_those_of_the_best_plan_with_the_pair(levels: int | None) -> None:
    lost = negative = 0
    for case in range(volume(ci=3_000, long=100_000)):
        rng = np.random.default_rng(case)
        pairs = random_pairs(rng, levels=levels, points=(-500, 500) if rng.random() < 0.2 else (0, 100_000))
        if case % 3 == 0:
            pairs = random_limits(rng, pairs, number=int(rng.integers(1, 4)), crossing=False)
        fixed = rng.random(pairs.n_pairs) < (0.3 if rng.random() < 0.2 else 0)
        plans = allowed_plans(pairs, fixed)
        if not len(plans):
            continue
        solved = solve(pairs, rng.permutation(pairs.n_left), fixed=np.flatnonzero(fixed))
        costs = plan_costs(pairs, solved)
        chains = displacements(pairs, solved, range(pairs.n_pairs))
        worth = order_of_plans(pairs, plans, cardinality_first=True)
        for pair in range(pairs.n_pairs):
            having = np.flatnonzero(plans[:, pair])
            chain = chains[pair]
            assert costs.allowed[pair] == (having.size > 0) == (chain is not None), (case, pair)
            if chain is None:
                continue
            best = plans[having[worth[having].argmax()]]
            assert costs.lost[pair] == solved.matched - best.sum(), (case, pair)
            assert costs.cost[pair] == solved.total - best @ pairs.points, (case, pair)
            plan = after(pairs, solved.chosen, chain)
            assert plan[pair] == 1
            assert (plans == plan).all(axis=1).any(), (case, pair, chain)
            assert (plan.sum(), plan @ pairs.points) == (best.sum(), best @ pairs.points)
            assert bool(chain) != solved.chosen[pair]
            assert not chain or (chain[0].left, chain[0].gets) == (pairs.left[pair], pairs.right[pair])
            lost += bool(costs.lost[pair])
            negative += bool(costs.cost[pair] < 0)
    assert lost
    assert negative


@pytest.mark.parametrize(("n_left", "n_right", "groups"), [(60, 60, 0), (60, 66, 3), (66, 60, 2), (50, 50, 0)])
def test_costs_are_those_of_solving_again_with_the_pair_fixed(n_left: int, n_right: int, groups: int) -> None:
    for seed in range(volume(ci=2, long=30)):
        levels = 4 if seed % 2 else None
        pairs = random_region(seed, n_left, n_right, 0.15, levels=levels, n_groups=groups)
        order = np.arange(n_left)
        solved = solve(pairs, order)
        costs = plan_costs(pairs, solved)
        chains = displacements(pairs, solved, range(pairs.n_pairs))
        assert (costs.cost[costs.lost == 0] >= 0).all()
        for pair in range(seed % 5, pairs.n_pairs, 5):
            again = solve(pairs, order, fixed=np.array([pair]))
            assert (costs.lost[pair], costs.cost[pair]) == (solved.matched - again.matched, solved.total - again.total)
            chain = chains[pair]
            assert chain is not None
            plan = after(pairs, solved.chosen, chain)
            assert (plan.sum(), plan @ pairs.points) == (again.matched, again.total)


def test_wanted_pairs_come_in_their_order() -> None:
    pairs = random_region(5, 80, 85, 0.2)
    solved = solve(pairs, np.arange(80))
    everything = plan_costs(pairs, solved)
    wanted = np.random.default_rng(5).permutation(pairs.n_pairs)[:200]
    some = plan_costs(pairs, solved, wanted)
    assert (some.cost == everything.cost[wanted]).all()
    assert (some.lost == everything.lost[wanted]).all()
    assert plan_costs(pairs, solved, np.array([], dtype=np.int64)).cost.size == 0


def test_a_chain_tells_who_is_asked_next() -> None:
    # Left 0 and 1 both like right 0; left 1 can also have right 1.
    pairs = ScoredPairs.of([0, 1, 1], [0, 0, 1], [50, 90, 60], n_left=2, n_right=2, right_capacity=[1, 1])
    solved = solve(pairs, np.arange(2))
    assert solved.match.tolist() == [0, 1]
    assert displacement(pairs, solved, 1) == (Step(1, 1, 0), Step(0, 0, None))
    costs = plan_costs(pairs, solved)
    assert (costs.cost[1], costs.lost[1]) == (50 + 60 - 90, 1)
    assert displacement(pairs, solved, 0) == ()


def test_prices_of_another_question_are_refused() -> None:
    pairs = random_region(5, 30, 30, 0.3)
    solved = solve(pairs, np.arange(30))
    points = pairs.points.copy()
    points[np.flatnonzero(~solved.chosen)] += 200_000
    with pytest.raises(CertificateError):
        plan_costs(replace(pairs, points=points), solved)
