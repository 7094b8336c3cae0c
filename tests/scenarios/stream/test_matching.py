"""The best pairs of those who wait: the greatest total, against all plans there are, and against the engine's own solver."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from matcher.assignment import solve_assignment
from scenarios.stream.matching import best_pairs
from scenarios.stream.proposing import first_come
from tests.volume import volume


def total(gain: np.ndarray, match: np.ndarray) -> float:
    columns = [j for j in match if j >= 0]
    assert len(set(columns)) == len(columns)
    assert all(gain[i, j] > 0.0 for i, j in enumerate(match) if j >= 0)
    return float(sum(gain[i, j] for i, j in enumerate(match) if j >= 0))


def best_of_all(gain: np.ndarray) -> float:
    rows, columns = gain.shape
    places = [*range(columns), *[-1] * rows]
    return max(sum(max(0.0, gain[i, j]) for i, j in enumerate(plan) if j >= 0) for plan in set(permutations(places, rows)))


@pytest.mark.parametrize("seed", range(volume(ci=25, long=400)))
def test_best_of_all_plans(seed):
    draws = np.random.default_rng(seed)
    gain = draws.random(draws.integers(1, 4, 2)) - draws.choice([0.0, 0.4])
    assert total(gain, best_pairs(gain)) == pytest.approx(best_of_all(gain), abs=1e-12)


@pytest.mark.parametrize("seed", range(volume(ci=25, long=400)))
def test_agrees_with_the_engine_s_solver(seed):
    draws = np.random.default_rng(1000 + seed)
    shape = draws.integers(1, 30, 2)
    gain = draws.random(shape) * (draws.random(shape) < draws.choice([0.1, 0.5, 1.0]))
    left, right = np.nonzero(gain)
    best = solve_assignment(left, right, gain[left, right], cardinality_first=False).total
    assert total(gain, best_pairs(gain)) == pytest.approx(best, abs=1e-9)


def test_nobody_is_no_pair():
    assert best_pairs(np.zeros((0, 3))).tolist() == []
    assert best_pairs(np.zeros((2, 0))).tolist() == [-1, -1]


def test_greedy_at_arrival_gives_the_best_to_who_comes_not_to_who_waits():
    gain = np.array([[5.0, 9.0], [4.0, 1.0]])
    match = first_come(gain, np.array([0.0, 3.0]), np.array([1.0, 2.0]))
    assert match.tolist() == [0, 1]  # the first volunteer finds only the first child, and the last child what is left
