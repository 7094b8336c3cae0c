"""Our own kernel against every plan of small questions, the flow's plan and prices, and SciPy; every answer is certified."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.assignment import ScoredPairs, best
from matcher.assignment.best import solve
from matcher.assignment.kernel import plan as kernel
from matcher.assignment.kernel import sides as kernel_sides
from matcher.assignment.kernel.bids import UNMATCHED
from matcher.assignment.kernel.choice import matched
from matcher.assignment.kernel.plan import kernel_plan
from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import certify, prices_of
from matcher.assignment.solvers.flow import best_pairs
from matcher.assignment.ties import settle_ties
from matcher.errors import CertificateError
from tests.assignment.brute import allowed_plans, order_of_plans, random_pairs, random_region
from tests.volume import volume

STEPS = ((), (1 / 100,), (1 / 2,), (1 / 4, 1 / 25, 1 / 300, 1 / 2500))
LEVELS = (None, 1, 2, 3)


def bid_with(monkeypatch: pytest.MonkeyPatch, steps: tuple[float, ...], rounds: int) -> None:
    """Let the auction begin in these steps however small the question is."""
    for name, value in {"FEW": 0, "STEPS": steps, "LONG_STEPS": steps, "ROUNDS": rounds}.items():
        monkeypatch.setattr(kernel_sides, name, value)


def nothing_fixed(pairs: ScoredPairs) -> np.ndarray:
    return np.zeros(pairs.n_pairs, dtype=np.bool_)


def assert_like_the_flow(pairs: ScoredPairs, *, cardinality_first: bool = True) -> None:
    """As good a plan, the same prices to the byte, and the same plan after the tie rule."""
    fixed = nothing_fixed(pairs)
    network = build(pairs, fixed, cardinality_first=cardinality_first)
    chosen, prices = kernel_plan(pairs, fixed, network)
    found = best_pairs(pairs, network)
    expected = prices_of(pairs, fixed, network, plan_flow(pairs, found))
    assert pairs.points[chosen].sum() == pairs.points[found].sum()
    assert not cardinality_first or chosen.sum() == found.sum()
    for name in ("left", "right", "group"):
        assert getattr(prices, name).tobytes() == getattr(expected, name).tobytes(), name
    order = np.arange(pairs.n_left)
    ours = settle_ties(pairs, network, plan_flow(pairs, chosen), prices, order)
    assert (ours == settle_ties(pairs, network, plan_flow(pairs, found), expected, order)).all()


@pytest.mark.parametrize("part", range(4))
def test_plan_is_the_best_of_all_plans(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in range(volume(ci=6_000, long=250_000)):
        rng = np.random.default_rng([part, case])
        bid_with(monkeypatch, STEPS[case % 4], case % 3)
        points = (-500, 500) if rng.random() < 0.3 else (0, 100_000)
        pairs = random_pairs(rng, levels=LEVELS[part], points=points, single=rng.random() < 0.95)
        first = bool(rng.random() < 0.75)
        fixed = rng.random(pairs.n_pairs) < (0.3 if rng.random() < 0.3 else 0)
        plans = allowed_plans(pairs, fixed)
        if not len(plans):
            continue
        chosen, prices = kernel_plan(pairs, fixed, build(pairs, fixed, cardinality_first=first))
        worth = order_of_plans(pairs, plans, cardinality_first=first)
        mine = (chosen | fixed).astype(np.int64)
        assert order_of_plans(pairs, mine[None], cardinality_first=first)[0] == worth.max(), (part, case)
        assert not (chosen & fixed).any()
        assert certify(pairs, chosen | fixed, fixed, prices) == mine @ pairs.points


def test_plan_and_prices_are_the_flows_on_questions_of_many_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    for case in range(volume(ci=400, long=20_000)):
        rng = np.random.default_rng(case)
        bid_with(monkeypatch, STEPS[case % 4], case % 3)
        n_left, n_right = rng.integers(1, 60, size=2)
        key = np.flatnonzero(rng.random(n_left * n_right) < rng.choice([0.03, 0.1, 0.3, 1]))
        top = int(rng.choice([1, 3, 100, 100_000, 10**9]))
        pairs = ScoredPairs.of(
            key // n_right,
            key % n_right,
            rng.integers(-top if rng.random() < 0.3 else 0, top + 1, size=key.size),
            n_left=n_left,
            n_right=n_right,
            left_capacity=rng.integers(0, 2, size=n_left) if rng.random() < 0.3 else 1,
            right_capacity=rng.integers(0, 5, size=n_right) if rng.random() < 0.5 else 1,
        )
        assert_like_the_flow(pairs, cardinality_first=bool(rng.random() < 0.7))


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize(
    ("n_left", "n_right", "share", "levels"),
    [
        (350, 360, 1.0, None),
        (360, 350, 1.0, 3),
        (350, 350, 0.95, None),
        (500, 500, 0.02, None),
        (500, 500, 0.006, 2),
        (600, 500, 0.7, 2),
    ],
)
def test_long_and_short_rows_are_the_flows(
    n_left: int, n_right: int, share: float, levels: int | None, steps: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    bid_with(monkeypatch, steps, 3)
    for seed in range(volume(ci=1, long=30)):
        pairs = random_region(seed, n_left, n_right, share, levels=levels)
        assert_like_the_flow(pairs)
        rng = np.random.default_rng(seed)
        assert_like_the_flow(replace(pairs, right_capacity=rng.integers(0, 3, size=n_right)))


@pytest.mark.parametrize(("n_left", "n_right", "share"), [(255, 280, 0.1), (400, 300, 0.1), (300, 300, 1.0), (500, 520, 0.02)])
def test_plan_is_as_good_as_scipys(n_left: int, n_right: int, share: float) -> None:
    for seed in range(volume(ci=3, long=50)):
        pairs = random_region(seed, n_left, n_right, share)
        weight = 10**9
        dense = np.zeros((n_left, n_right))
        dense[pairs.left, pairs.right] = weight + pairs.points
        rows, columns = linear_sum_assignment(dense, maximize=True)
        chosen, _ = kernel_plan(pairs, nothing_fixed(pairs), build(pairs, nothing_fixed(pairs)))
        assert int(chosen.sum()) * weight + int(pairs.points[chosen].sum()) == int(dense[rows, columns].sum())


def test_everything_is_equally_good_in_a_large_question() -> None:
    assert_like_the_flow(random_region(1, 600, 600, 1.0, levels=1))
    assert_like_the_flow(random_region(1, 2_000, 1_900, 0.003, levels=1))


def test_parts_that_do_not_touch_and_people_without_pairs() -> None:
    one = random_region(1, 80, 90, 0.2)
    two = random_region(2, 120, 70, 0.2)
    left, right = np.append(one.left, two.left + 100), np.append(one.right, two.right + 100)
    both = ScoredPairs.of(left, right, np.append(one.points, two.points), n_left=250, n_right=180)
    assert_like_the_flow(both)


@pytest.mark.parametrize(("n_left", "n_right"), [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_no_pairs_at_all(n_left: int, n_right: int) -> None:
    assert_like_the_flow(ScoredPairs.of([], [], [], n_left=n_left, n_right=n_right))


def test_limits_that_bind_and_several_places_of_a_left_are_answered_too() -> None:
    for seed in range(5):
        assert_like_the_flow(random_region(seed, 60, 60, 0.3, n_groups=3))
        assert_like_the_flow(replace(random_region(seed, 40, 40, 0.3), left_capacity=np.full(40, 2)))


def test_a_wrong_plan_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = random_region(1, 20, 20, 0.5)

    def lazy(question, rows):  # type: ignore[no-untyped-def]
        match, price = matched(question, rows)
        match[np.flatnonzero(match >= 0)[0]] = UNMATCHED
        return match, price

    monkeypatch.setattr(kernel, "matched", lazy)
    with pytest.raises(CertificateError):
        kernel_plan(pairs, nothing_fixed(pairs), build(pairs, nothing_fixed(pairs)))


def test_large_questions_are_its_own_and_give_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door chooses by size; here everything is large, and nothing but the way is different."""
    for seed in range(volume(ci=150, long=5_000)):
        pairs = random_region(seed, 12, 10, 0.4, levels=3)
        order = np.random.default_rng(seed).permutation(pairs.n_left)
        fixed = np.arange(1 if pairs.n_pairs else 0)
        by_flow = solve(pairs, order, fixed=fixed)
        with monkeypatch.context() as patched:
            patched.setattr(best, "FLOW_UP_TO", -1)
            by_kernel = solve(pairs, order, fixed=fixed)
        assert np.array_equal(by_kernel.chosen, by_flow.chosen)
        assert (by_kernel.total, by_kernel.bound) == (by_flow.total, by_flow.bound)
        assert all(
            np.array_equal(getattr(by_kernel.prices, side), getattr(by_flow.prices, side)) for side in ("left", "right", "group")
        )
