"""Who is guaranteed a match when the longest waiting come first: against all plans."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.assignment.best import solve
from matcher.assignment.guarantee import guaranteed
from matcher.errors import RuleError
from tests.assignment.brute import allowed_plans, random_limits, random_pairs, random_region
from tests.volume import volume


def test_each_is_guaranteed_whom_some_plan_with_the_most_matches_holds_beside_the_others() -> None:
    differs = 0
    for case in range(volume(ci=4_000, long=100_000)):
        rng = np.random.default_rng(case)
        pairs = random_pairs(rng, single=True)
        if case % 2:
            pairs = random_limits(rng, pairs, number=int(rng.integers(1, 4)), crossing=False)
        fixed = rng.random(pairs.n_pairs) < (0.3 if rng.random() < 0.2 else 0)
        plans = allowed_plans(pairs, fixed)
        if not len(plans):
            continue
        order = rng.permutation(pairs.n_left)
        solved = solve(pairs, order, fixed=np.flatnonzero(fixed))
        kept = plans[plans.sum(1) == plans.sum(1).max()]
        expected = []
        for left in order:
            having = kept[(kept @ (pairs.left == left)) > 0]
            if len(having):
                kept = having
                expected.append(int(left))
        assert guaranteed(pairs, solved, order) == tuple(expected), case
        differs += set(expected) != set(pairs.left[solved.chosen].tolist())
    assert differs


def test_the_plan_that_the_solver_found_does_not_matter() -> None:
    for seed in range(volume(ci=10, long=100)):
        pairs = random_region(seed, 80, 60, 0.1, n_groups=seed % 3)
        order = np.random.default_rng(seed).permutation(80)
        found = guaranteed(pairs, solve(pairs, order), order)
        assert found == guaranteed(pairs, solve(pairs, np.arange(80)[::-1].copy()), order)
        assert len(found) == solve(pairs, order).matched


def test_lefts_with_several_places_are_refused() -> None:
    pairs = random_region(1, 10, 10, 0.5)
    solved = solve(pairs, np.arange(10))
    pairs.left_capacity[0] = 2
    with pytest.raises(RuleError):
        guaranteed(pairs, solved, np.arange(10))
