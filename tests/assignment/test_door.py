"""The door for programs: contract section 4, against every plan in exact fractions."""

from __future__ import annotations

import math
import sys
from dataclasses import FrozenInstanceError
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from matcher.assignment import door, solve_assignment
from matcher.assignment.exact import best_of_any_size
from matcher.assignment.pairs import ScoredPairs
from tests.assignment.brute import random_region, subsets
from tests.volume import volume

Scores = dict[tuple[int, int], Fraction]


def listed(rng: np.random.Generator, family: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A few pairs with gaps between indices and with repeats; scores of one of five families."""
    size = int(rng.integers(0, 9))
    scores = (
        rng.normal(size=size),
        rng.integers(-3, 4, size).astype(float),
        rng.normal(size=size) * 10.0 ** rng.integers(-300, 300, size),
        rng.choice([5e-324, 1e-310, 1e308, -1e308, 1.0, 0.0, -0.0], size),
        rng.integers(0, 3, size) * 1e12 + rng.choice([1e-3, 0, 1e-12], size),
    )
    return rng.choice([0, 2, 3, 7], size), rng.choice([1, 2, 5, 9], size), scores[family]


def best_scores(left: np.ndarray, right: np.ndarray, score: np.ndarray) -> Scores:
    """Each pair once, at its best score, exactly."""
    best: Scores = {}
    for i, j, value in zip(left.tolist(), right.tolist(), score.tolist(), strict=True):
        best[i, j] = max(best.get((i, j), Fraction(value)), Fraction(value))
    return best


def best_total(best: Scores, left_capacity: np.ndarray, right_capacity: np.ndarray, *, first: bool) -> tuple[Fraction, int]:
    """The best total of all plans, and the most pairs of a plan with it."""
    pairs = sorted(best)
    plans = subsets(len(pairs))
    for side, capacity in enumerate((left_capacity, right_capacity)):
        ends = np.array([pair[side] for pair in pairs], dtype=int)
        for end in set(ends.tolist()):
            plans = plans[plans[:, ends == end].sum(1) <= capacity[end]]
    sizes = plans.sum(1)
    plans = plans[sizes == sizes.max()] if first else plans
    totals = [sum((best[pair] for pair, chosen in zip(pairs, plan, strict=True) if chosen), Fraction(0)) for plan in plans]
    top = max(totals)
    return top, max(int(plan.sum()) for plan, total in zip(plans, totals, strict=True) if total == top)


def capacities(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 4, 10) if rng.random() < 0.5 else np.ones(10, dtype=int)


@pytest.mark.parametrize("family", range(5))
def test_answer_is_best_to_the_promised_precision_at_any_magnitude(family: int) -> None:
    for case in range(volume(ci=400, long=20_000)):
        rng = np.random.default_rng([family, case])
        left, right, score = listed(rng, family)
        left_capacity, right_capacity, first = capacities(rng), capacities(rng), bool(rng.random() < 0.6)
        best = best_scores(left, right, score)
        top, most = best_total(best, left_capacity, right_capacity, first=first)
        if abs(top) > sys.float_info.max:
            with pytest.raises(ValueError, match="the total exceeds the range of floats"):
                solve_assignment(left, right, score, left_capacity, right_capacity, cardinality_first=first)
            continue
        answer = solve_assignment(left, right, score, left_capacity, right_capacity, cardinality_first=first)
        real = sum((best[i, j] for i, j in answer.pairs.tolist()), Fraction(0))
        tolerance = sum((abs(Fraction(value)) for value in score.tolist()), Fraction(0)) / 10**9
        assert top - real <= tolerance
        assert answer.total == float(real)
        assert answer.total <= answer.bound
        assert float(top) <= answer.bound
        assert Fraction(answer.bound) - top <= tolerance + abs(top) / 2**52
        assert answer.status == "optimal"
        if family == 1:
            assert answer.bound == answer.total == float(top)
        if first:
            assert len(answer.pairs) == most


def test_listing_order_and_a_worse_repeat_change_nothing() -> None:
    for case in range(volume(ci=500, long=10_000)):
        rng = np.random.default_rng(case)
        left, right, score = listed(rng, case % 3)
        answer = solve_assignment(left, right, score, 2, 1)
        mixed = np.append(rng.permutation(left.size), rng.integers(0, left.size, size=min(left.size, 3)))
        lower = np.append(np.zeros(left.size), np.ones(mixed.size - left.size)) * np.abs(score[mixed])
        again = solve_assignment(left[mixed], right[mixed], score[mixed] - lower, 2, 1)
        assert again.pairs.tobytes() == answer.pairs.tobytes()
        assert (again.total, again.bound) == (answer.total, answer.bound) or case % 3 != 1


def test_equally_good_plans_give_each_left_the_smallest_right() -> None:
    answer = solve_assignment([5, 5, 2, 2], [9, 4, 9, 4], [1.5, 1.5, 1.5, 1.5])
    assert answer.pairs.tolist() == [[2, 4], [5, 9]]


def test_total_alone_leaves_out_what_costs() -> None:
    left, right, score = [0, 0, 1], [0, 1, 0], [10.0, -1.0, 4.0]
    assert solve_assignment(left, right, score).pairs.tolist() == [[0, 1], [1, 0]]
    alone = solve_assignment(left, right, score, cardinality_first=False)
    assert (alone.pairs.tolist(), alone.total, alone.bound) == ([[0, 0]], 10.0, 10.0)
    assert solve_assignment([0], [0], [0.0], cardinality_first=False).pairs.tolist() == [[0, 0]]


@pytest.mark.parametrize("first", [True, False])
def test_no_pairs_give_an_empty_answer(first: bool) -> None:
    for capacity in (1, 0, []):
        answer = solve_assignment([], [], [], capacity, capacity, cardinality_first=first)
        assert answer.pairs.shape == (0, 2)
        assert (answer.total, answer.bound, answer.status) == (0.0, 0.0, "optimal")
    assert solve_assignment([3], [4], [1.0], 0).pairs.shape == (0, 2)


def test_large_indices_and_capacities_are_no_burden() -> None:
    answer = solve_assignment([10**15, 2], [3, 10**17], [1.0, 2.0], 10**18, 10**18)
    assert answer.pairs.tolist() == [[2, 10**17], [10**15, 3]]


def test_array_likes_of_many_kinds_are_read() -> None:
    for kind in (list, tuple, np.array, lambda x: np.array(x, dtype=np.uint8), lambda x: np.array(x, dtype=np.float32)):
        assert solve_assignment(kind([0, 1]), kind([1, 0]), kind([3, 4]), kind([1, 1]), 2.0).total == 7.0
    assert solve_assignment([0], [0], [10**30]).total == 1e30


def test_answer_is_frozen() -> None:
    answer = solve_assignment([0], [0], [1.0])
    with pytest.raises(FrozenInstanceError):
        answer.total = 2.0  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        answer.pairs[0, 0] = 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"left": [0]}, "left, right and score have different lengths: 1, 2 and 2"),
        ({"score": [1.0]}, "different lengths"),
        ({"left": [0, -1]}, r"left: entry 1 \(-1\) is negative"),
        ({"right": [0.5, 1]}, r"right: entry 0 \(0.5\) is no whole number"),
        ({"right": [math.nan, 1]}, r"right: entry 0 \(nan\)"),
        ({"left": [[0, 1]]}, "left: has 2 dimensions"),
        ({"left": 3}, "left: has 0 dimensions"),
        ({"score": [[1.0, 2.0]]}, "score: has 2 dimensions"),
        ({"score": [1.0, math.nan]}, r"score: entry 1 \(nan\)"),
        ({"score": [math.inf, 1.0]}, r"score: entry 0 \(inf\)"),
        ({"score": [-math.inf, 1.0]}, r"score: entry 0 \(-inf\)"),
        ({"score": ["1", "2"]}, "score: holds"),
        ({"score": [True, False]}, "score: holds bool"),
        ({"score": [None, 1.0]}, "score: holds object"),
        ({"score": [10**400, 1]}, "score: a number exceeds the range"),
        ({"score": [1j, 1.0]}, "score: holds complex"),
        ({"left": [True, False]}, "left: holds bool"),
        ({"left": [[0], [1, 2]]}, "left: not an array of numbers"),
        ({"left": [2**63, 1]}, "left: entry 0"),
        ({"left_capacity": -1}, "left_capacity: entry 0"),
        ({"left_capacity": 1.5}, "left_capacity: entry 0"),
        ({"right_capacity": math.inf}, "right_capacity: entry 0"),
        ({"right_capacity": [1, math.nan]}, "right_capacity: entry 1"),
        ({"right_capacity": [1]}, "right_capacity: 1 entries, but an index is 1"),
        ({"right_capacity": [[1, 1]]}, "right_capacity: has 2 dimensions"),
        ({"left_capacity": "1"}, "left_capacity: holds"),
        ({"score": [1.7e308, 1.7e308]}, "score: the total exceeds the range of floats"),
    ],
)
def test_bad_arrays_are_refused_by_name(change: dict[str, Any], says: str) -> None:
    good: dict[str, Any] = {"left": [0, 1], "right": [0, 1], "score": [1.0, 2.0]}
    with pytest.raises(ValueError, match=says):
        solve_assignment(**(good | change))


@pytest.mark.parametrize("first", [True, False])
def test_whole_numbers_of_any_size_give_the_same_total_as_the_flow(first: bool) -> None:
    for seed in range(volume(ci=30, long=1_000)):
        rng = np.random.default_rng(seed)
        pairs = random_region(seed, 12, 13, 0.4)
        points = pairs.points - 30_000
        rooms = rng.integers(0, 4, size=12), rng.integers(0, 4, size=13)
        answer = solve_assignment(pairs.left, pairs.right, points, *rooms, cardinality_first=first)
        question = ScoredPairs.of(
            pairs.left, pairs.right, points, n_left=12, n_right=13, left_capacity=rooms[0], right_capacity=rooms[1]
        )
        huge = [int(p) * 2**200 for p in points]
        chosen, total = best_of_any_size(question, huge, cardinality_first=first)
        assert total == int(answer.total) * 2**200
        assert int(points[chosen].sum()) == answer.total
        assert chosen.sum() == len(answer.pairs)


def test_scores_too_uneven_for_the_solver_are_still_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only beyond 10,000 matches can the range be too small; a smaller range makes it so for a few."""
    monkeypatch.setattr("matcher.assignment.scaling.points_room", lambda matches: 2**16 // max(matches, 1))
    monkeypatch.setattr("matcher.assignment.kernel.direct.LABEL_RANGE", 2**22)
    calls = []
    monkeypatch.setattr(door, "best_of_any_size", lambda *a, **k: calls.append(1) or best_of_any_size(*a, **k))
    for case in range(volume(ci=200, long=5_000)):
        rng = np.random.default_rng(case)
        left, right, score = listed(rng, 0)
        top, _ = best_total(best_scores(left, right, score), np.ones(10), np.ones(10), first=True)
        answer = solve_assignment(left, right, score)
        assert answer.total == answer.bound == float(top)
    assert calls


@pytest.mark.parametrize(("left_places", "right_places"), [(3, 3), (2, 2), (2, 3), (3, 2), (1, 3)])
def test_fractions_with_several_places_on_both_sides(left_places: int, right_places: int) -> None:
    for seed in range(volume(ci=25, long=1_000)):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(3, 60))
        left, right, score = rng.integers(0, n, 5 * n), rng.integers(0, n, 5 * n), rng.random(5 * n)
        found = solve_assignment(left, right, score, left_places, right_places)
        cells = {(i, j): max(score[(left == i) & (right == j)]) for i, j in zip(left.tolist(), right.tolist(), strict=True)}
        pairs, weight = list(cells), np.array(list(cells.values()))
        rows = [[p[side] == k for p in pairs] for side in (0, 1) for k in range(n)]
        most = [left_places] * n + [right_places] * n
        limit = optimize.LinearConstraint(np.array(rows, dtype=float), ub=most)
        best = optimize.milp(-(weight + 10.0 * n), constraints=limit, integrality=np.ones(len(pairs)), bounds=(0, 1))
        chosen = best.x > 0.5
        assert len(found.pairs) == chosen.sum()
        assert found.total == pytest.approx(weight[chosen].sum(), abs=1e-6)


@pytest.mark.parametrize("places", [2**61, 2**62, 2**63 - 1])
def test_capacities_as_large_as_numbers_go(places: int) -> None:
    for seed in range(volume(ci=40, long=2_000)):
        rng = np.random.default_rng(seed)
        left, right, score = rng.integers(0, 9, 30), rng.integers(0, 9, 30), rng.random(30)
        unlimited = solve_assignment(left, right, score, 1, np.array([places, *[1] * 8]))
        enough = solve_assignment(left, right, score, 1, np.array([30, *[1] * 8]))
        assert unlimited.pairs.tolist() == enough.pairs.tolist()
        assert unlimited.total == enough.total
