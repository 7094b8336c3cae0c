"""The best plan against every plan of small questions, SciPy on larger ones, and changes that must not matter."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.assignment import ScoredPairs, solve
from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import certify
from matcher.assignment.ties import settle_ties
from matcher.errors import InfeasibleError, RuleError
from tests.assignment.brute import allowed_plans, by_tie_rule, order_of_plans, random_limits, random_pairs, random_region
from tests.volume import volume

LEVELS = (None, 1, 2, 3)


@pytest.mark.parametrize("part", range(4))
def test_plan_is_the_best_of_all_plans_and_the_one_the_tie_rule_names(part: int) -> None:
    infeasible = 0
    for case in range(volume(ci=5_500, long=250_000)):
        rng = np.random.default_rng([part, case])
        pairs = random_pairs(rng, levels=LEVELS[part], points=(-500, 500) if rng.random() < 0.3 else (0, 100_000))
        if case % 3 == 0:
            pairs = random_limits(rng, pairs, number=int(rng.integers(1, 4)), crossing=False)
        first = bool(rng.random() < 0.75)
        fixed = rng.random(pairs.n_pairs) < (0.3 if rng.random() < 0.3 else 0)
        order = rng.permutation(pairs.n_left)
        plans = allowed_plans(pairs, fixed)
        if not len(plans):
            infeasible += 1
            with pytest.raises(InfeasibleError):
                solve(pairs, order, fixed=np.flatnonzero(fixed), cardinality_first=first)
            continue
        solved = solve(pairs, order, fixed=np.flatnonzero(fixed), cardinality_first=first)
        worth = order_of_plans(pairs, plans, cardinality_first=first)
        expected = by_tie_rule(pairs, plans[worth == worth.max()], order)
        assert (solved.chosen == expected).all(), (part, case)
        assert solved.matched == expected.sum()
        assert solved.bound == solved.total == expected @ pairs.points
    assert infeasible


@pytest.mark.parametrize(("n_left", "n_right", "share"), [(255, 280, 0.1), (400, 300, 0.1), (300, 300, 1.0), (500, 520, 0.02)])
def test_plan_is_as_good_as_scipys(n_left: int, n_right: int, share: float) -> None:
    for seed in range(volume(ci=3, long=50)):
        pairs = random_region(seed, n_left, n_right, share)
        weight = 10**9
        dense = np.zeros((n_left, n_right))
        dense[pairs.left, pairs.right] = weight + pairs.points
        rows, columns = linear_sum_assignment(dense, maximize=True)
        solved = solve(pairs, np.arange(n_left))
        assert solved.matched * weight + solved.total == int(dense[rows, columns].sum())


def test_tie_rule_does_not_depend_on_the_plan_that_the_solver_found() -> None:
    for seed in range(volume(ci=20, long=500)):
        rng = np.random.default_rng(seed)
        pairs = random_region(seed, 60, 80, 0.3, levels=3)
        solved = solve(pairs, np.arange(60))
        columns = rng.permutation(80)
        dense = np.zeros((60, 80))
        dense[pairs.left, columns[pairs.right]] = 10**7 + pairs.points
        rows, found = linear_sum_assignment(dense, maximize=True)
        other = {(i, j) for i, j in zip(rows.tolist(), found.tolist(), strict=True) if dense[i, j]}
        chosen = np.array([(i, int(columns[j])) in other for i, j in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)])
        none = np.zeros(pairs.n_pairs, dtype=np.bool_)
        flow = plan_flow(pairs, chosen)
        assert (settle_ties(pairs, build(pairs, none), flow, solved.prices, np.arange(60)) == solved.chosen).all()


def test_listing_order_changes_no_byte() -> None:
    for seed in range(volume(ci=100, long=1_000)):
        rng = np.random.default_rng(seed)
        left, right = np.divmod(rng.permutation(40 * 50)[:600], 50)
        points = rng.integers(0, 4, size=600) * 25_000
        order = rng.permutation(40)
        listed = solve(ScoredPairs.of(left, right, points, n_left=40, n_right=50), order)
        mixed = rng.permutation(600)
        again = solve(ScoredPairs.of(left[mixed], right[mixed], points[mixed], n_left=40, n_right=50), order)
        assert listed.match.tobytes() == again.match.tobytes()
        assert listed.prices.right.tobytes() == again.prices.right.tobytes()


def test_fresh_processes_write_the_same_plan() -> None:
    question = (
        "import numpy as np; from tests.assignment.brute import random_region; from matcher.assignment import solve;"
        "print(solve(random_region(1, 60, 80, .3, levels=3), np.arange(60)).match.tolist())"
    )
    answers = {
        subprocess.run([sys.executable, "-c", question], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "7")
    }
    assert len(answers) == 1


@pytest.mark.parametrize("factor", [2, 10, 1000])
def test_scaling_all_points_leaves_the_plan(factor: int) -> None:
    for seed in range(volume(ci=30, long=500)):
        pairs = random_region(seed, 40, 45, 0.3, levels=5)
        solved = solve(pairs, np.arange(40))
        scaled = solve(replace(pairs, points=pairs.points * factor), np.arange(40))
        assert (scaled.chosen == solved.chosen).all()
        assert scaled.total == solved.total * factor


def test_a_useless_volunteer_and_the_loss_of_an_unchosen_pair_change_nothing() -> None:
    for seed in range(volume(ci=50, long=1_000)):
        pairs = random_region(seed, 40, 45, 0.3, levels=5)
        solved = solve(pairs, np.arange(40))
        wider = replace(pairs, right_capacity=np.append(pairs.right_capacity, 1))
        assert (solve(wider, np.arange(40)).chosen == solved.chosen).all()
        kept = np.delete(np.arange(pairs.n_pairs), np.flatnonzero(~solved.chosen)[seed % 7 :: 7])
        fewer = replace(pairs, left=pairs.left[kept], right=pairs.right[kept], points=pairs.points[kept])
        assert (solve(fewer, np.arange(40)).match == solved.match).all()


def test_another_volunteer_or_a_higher_limit_never_makes_the_plan_worse() -> None:
    for seed in range(volume(ci=500, long=10_000)):
        pairs = random_pairs(np.random.default_rng(seed))
        before = solve(pairs, np.arange(pairs.n_left))
        for wider in (replace(pairs, right_capacity=pairs.right_capacity + 1), replace(pairs, group_limit=pairs.group_limit + 1)):
            after = solve(wider, np.arange(pairs.n_left))
            assert (after.matched, after.total) >= (before.matched, before.total)


def test_many_ties_are_settled_in_seconds() -> None:
    pairs = random_region(3, 2_000, 2_000, 0.25, levels=3)
    solve(random_region(3, 20, 20, 0.25, levels=3), np.arange(20))
    started = time.process_time()
    solved = solve(pairs, np.arange(2_000))
    assert time.process_time() - started < 10
    assert certify(pairs, solved.chosen, solved.fixed, solved.prices) == solved.total


@pytest.mark.parametrize(
    ("sizes", "fixed", "code", "facts"),
    [
        ({}, [0, 1], "fixed_over_left_capacity", {"left": "0", "fixed": "2", "capacity": "1"}),
        ({}, [0, 2], "fixed_over_right_capacity", {"right": "0", "fixed": "2", "capacity": "1"}),
        ({"group": 0, "group_limit": [1]}, [0, 3], "fixed_over_group_capacity", {"group": "0", "fixed": "2", "capacity": "1"}),
    ],
)
def test_fixed_pairs_beyond_a_capacity_are_named(sizes: dict, fixed: list[int], code: str, facts: dict[str, str]) -> None:
    pairs = ScoredPairs.of([0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1], n_left=2, n_right=2, **sizes)
    with pytest.raises(InfeasibleError) as refused:
        solve(pairs, np.arange(2), fixed=np.array(fixed))
    assert refused.value.clashing == ((code, facts),)


@pytest.mark.parametrize(
    "change",
    [
        {"left": np.array([1, 0], dtype=np.int32)},
        {"right": np.array([0, 2], dtype=np.int32)},
        {"points": np.array([1])},
        {"right_capacity": np.array([1, -1])},
        {"group": np.array([0, -1], dtype=np.int32)},
        {"group": np.array([-1], dtype=np.int32)},
    ],
)
def test_pairs_that_do_not_fit_together_are_refused(change: dict[str, np.ndarray]) -> None:
    pairs = ScoredPairs.of([0, 1], [0, 1], [1, 1], n_left=2, n_right=2)
    with pytest.raises(RuleError):
        replace(pairs, **change)


def test_points_beyond_the_integer_range_are_refused() -> None:
    pairs = ScoredPairs.of([0, 1], [0, 1], [2**60, 1], n_left=2, n_right=2)
    with pytest.raises(RuleError, match="integer range"):
        solve(pairs, np.arange(2))
