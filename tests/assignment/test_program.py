"""Programs in whole numbers against every 0/1 vector, and bounds that hold whatever the prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.solvers.lp_bound import safe_bound
from matcher.assignment.solvers.program import UNBOUNDED, Program, program_of
from matcher.errors import RuleError
from tests.assignment.brute import allowed_plans, random_limits, random_pairs, subsets
from tests.assignment.programs import dense, random_program
from tests.volume import volume


def test_a_program_of_pairs_allows_exactly_the_plans() -> None:
    for case in range(volume(ci=300, long=20_000)):
        rng = np.random.default_rng([11, case])
        pairs = random_pairs(rng, points=(-500, 500))
        pairs = random_limits(rng, pairs, number=int(rng.integers(0, 5)), crossing=True) if rng.random() < 0.7 else pairs
        fixed = rng.random(pairs.n_pairs) < (0.3 if rng.random() < 0.3 else 0)
        program = program_of(pairs, fixed)
        plans = {tuple(plan) for plan in allowed_plans(pairs, fixed)}
        assert {tuple(x) for x in subsets(pairs.n_pairs) if program.holds(x)} == plans, case
        assert all(program.value(np.array(x, dtype=np.bool_)) == pairs.points @ np.array(x) for x in plans)


def test_rows_come_in_the_order_that_is_promised() -> None:
    pairs = ScoredPairs.of(
        [0, 0, 1], [0, 1, 1], [5, 6, 7], n_left=2, n_right=2, group=[1, 0], group_limit=[9, 1], group_parent=[-1, 0]
    )
    matrix = dense(program_of(pairs, np.array([False, True, False])))
    assert matrix.tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 1], [1, 1, 1], [1, 1, 0], [0, 1, 0]]


def test_values_are_exact_at_any_size() -> None:
    program = random_program(np.random.default_rng(0), 4).with_objective([2**62 - 1, 2**62 - 1, -(2**62), 1])
    assert program.value(np.array([True, True, False, True])) == 2**63 - 1
    assert program.value(np.array([1, 1, 1, 1])) == 2**62 - 1


def test_a_row_more_leaves_the_first_program_as_it_was() -> None:
    program = random_program(np.random.default_rng(1), 5)
    before = dense(program)
    more = program.with_row([1, 3], [2, -2], 0, UNBOUNDED)
    assert (dense(program) == before).all()
    assert dense(more)[-1].tolist() == [0, 2, 0, -2, 0]
    assert not more.holds(np.array([0, 0, 0, 1, 0]))


@pytest.mark.parametrize(
    "change",
    [
        {"lower": np.zeros(1, dtype=np.int64)},
        {"column": np.array([0, 7], dtype=np.int32)},
        {"row_start": np.array([0, 1, 1])},
        {"row_start": np.array([0, 3, 2])},
        {"coefficient": np.array([2**61, 2**61])},
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, np.ndarray]) -> None:
    program = Program(
        objective=np.zeros(2, dtype=np.int64),
        row_start=np.array([0, 2, 2]),
        column=np.array([0, 1], dtype=np.int32),
        coefficient=np.array([1, 1]),
        lower=np.zeros(2, dtype=np.int64),
        upper=np.ones(2, dtype=np.int64),
    )
    with pytest.raises(RuleError):
        replace(program, **change)


def test_a_bound_is_safe_whatever_the_prices() -> None:
    for case in range(volume(ci=400, long=50_000)):
        rng = np.random.default_rng([12, case])
        program = random_program(rng, int(rng.integers(1, 9)))
        values = [program.value(x) for x in subsets(program.n_columns) if program.holds(x)]
        prices = rng.normal(size=program.n_rows) * 10.0 ** rng.integers(-9, 19)
        prices[rng.random(program.n_rows) < 0.1] = rng.choice([np.inf, -np.inf, np.nan])
        assert safe_bound(program, prices) >= max(values, default=-UNBOUNDED), case


def test_a_bound_from_the_right_prices_is_the_lp_s() -> None:
    for case in range(volume(ci=100, long=5_000)):
        rng = np.random.default_rng([13, case])
        program = random_program(rng, int(rng.integers(1, 9)))
        lower = np.where(program.lower <= -UNBOUNDED, -1e9, program.lower)
        upper = np.where(program.upper >= UNBOUNDED, 1e9, program.upper)
        matrix = dense(program)
        best = linprog(-program.objective, A_ub=np.vstack([matrix, -matrix]), b_ub=np.concatenate([upper, -lower]), bounds=(0, 1))
        if best.status == 0:
            up, down = np.split(-best.ineqlin.marginals, 2)
            assert -best.fun - 1 - 1e-3 <= safe_bound(program, up - down) <= -best.fun + 1e-3, case
