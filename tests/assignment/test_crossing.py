"""Limits that cross: the plan, its tie rule, its bound and its costs against every plan of small questions, listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from matcher.assignment.crossing.costs import crossing_costs
from matcher.assignment.crossing.plan import crossed, solve_crossing
from matcher.assignment.crossing.search import Search
from matcher.assignment.limits import Limit
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.prices import above_lefts
from matcher.assignment.solvers.mip import MipServer
from matcher.assignment.solvers.program import program_of
from matcher.errors import InfeasibleError, TimeLimitError
from tests.assignment.brute import allowed_plans, by_tie_rule, order_of_plans, random_limits, random_pairs
from tests.volume import volume

if TYPE_CHECKING:
    from matcher.assignment.crossing.plan import Crossed
    from matcher.assignment.pairs import Int, Mask


def question_of(seed: int) -> tuple[ScoredPairs, Int, Mask, bool]:
    """A small question with crossing limits, an order, fixed pairs, and whether matches count first."""
    rng = np.random.default_rng(seed)
    levels = int(rng.integers(1, 4)) if rng.random() < 0.6 else None
    low = -50_000 if rng.random() < 0.2 else 0
    pairs = random_pairs(rng, most=5, levels=levels, points=(low, 100_000), single=bool(rng.random() < 0.5))
    if pairs.n_left:
        pairs = random_limits(rng, pairs, number=int(rng.integers(1, 5)), crossing=True)
    fixed = rng.random(pairs.n_pairs) < (0.15 if rng.random() < 0.4 else 0)
    return pairs, rng.permutation(pairs.n_left), fixed, bool(rng.random() < 0.7)


def proved(pairs: ScoredPairs, fixed: Mask, solved: Crossed) -> int:
    """What the prices prove of weight * pairs + points, by the definition, one plan variable at a time."""
    prices = solved.prices
    total = prices.left + above_lefts(pairs, prices.group)
    for price, limit in zip(prices.crossing, pairs.crossing, strict=True):
        total[limit.members] += price
    rest = pairs.points + prices.match_weight - total[pairs.left] - prices.right[pairs.right]
    lefts, rights, groups = pairs.useful_capacities()
    value = int(rest[fixed].sum() + np.maximum(rest[~fixed & _has_room(pairs, fixed)], 0).sum())
    value += int(prices.left @ lefts + prices.right @ rights)
    value += sum(int(p) * int(m if p > 0 else least) for p, m, least in zip(prices.group, groups, pairs.group_least, strict=True))
    return value + sum(
        int(p) * (limit.most if p > 0 else limit.least) for p, limit in zip(prices.crossing, pairs.crossing, strict=True)
    )


def _has_room(pairs: ScoredPairs, fixed: Mask) -> Mask:
    """Pairs that can join the fixed ones without going over a capacity or a limit."""
    room = np.zeros(pairs.n_pairs, dtype=np.bool_)
    for pair in range(pairs.n_pairs):
        lefts, rights, groups = pairs.counts(fixed | (np.arange(pairs.n_pairs) == pair))
        room[pair] = (lefts <= pairs.left_capacity).all() and (rights <= pairs.right_capacity).all()
        room[pair] &= (groups <= pairs.group_limit).all()
    return room


@pytest.mark.parametrize(
    ("name", "first", "number"), [("cp_sat", 0, volume(ci=900, long=20_000)), ("mip", 10**6, volume(ci=250, long=5_000))]
)
def test_plan_tie_rule_and_bound_against_every_plan(name: str, first: int, number: int) -> None:
    impossible = 0
    with Search(name) as search:
        for seed in range(first, first + number):
            pairs, order, fixed, cardinality_first = question_of(seed)
            plans = allowed_plans(pairs, fixed)
            if not len(plans):
                impossible += 1
                with pytest.raises(InfeasibleError):
                    crossed(pairs, order, fixed, search, cardinality_first=cardinality_first)
                continue
            solved = crossed(pairs, order, fixed, search, cardinality_first=cardinality_first)
            value = order_of_plans(pairs, plans, cardinality_first=cardinality_first)
            expected = by_tie_rule(pairs, plans[value == value.max()], order)
            assert np.array_equal(solved.chosen, expected), seed
            assert (solved.status, solved.bound, solved.matched) == ("optimal", solved.total, solved.chosen.sum()), seed
            assert solved.total == pairs.points[expected].sum()
            bound = proved(pairs, fixed, solved)
            worth = solved.prices.match_weight * plans.sum(1) + plans @ pairs.points
            assert bound >= worth.max(), seed
            assert (solved.prices.right >= 0).all()
    assert 0.02 * number < impossible < 0.6 * number


def test_costs_against_every_plan() -> None:
    searched = 0
    with Search("cp_sat") as search:
        for seed in range(volume(ci=120, long=3_000)):
            pairs, order, fixed, _ = question_of(seed + 5 * 10**6)
            plans = allowed_plans(pairs, fixed)
            if not len(plans):
                continue
            solved = crossed(pairs, order, fixed, search)
            value = order_of_plans(pairs, plans, cardinality_first=True)
            costs = crossing_costs(pairs, solved, np.arange(pairs.n_pairs), search="cp_sat")
            early = crossing_costs(pairs, solved, np.arange(pairs.n_pairs), seconds=0.0)
            assert costs.exact.all()
            for pair in range(pairs.n_pairs):
                having = plans[:, pair] == 1
                assert costs.allowed[pair] == having.any(), (seed, pair)
                if having.any():
                    best = plans[having][np.argmax(value[having])]
                    cost = solved.total - int(best @ pairs.points)
                    assert (costs.cost[pair], costs.lost[pair]) == (cost, solved.matched - best.sum()), (seed, pair)
                    assert early.allowed[pair]
                    assert early.cost[pair] == cost if early.exact[pair] else costs.lost[pair] or early.cost[pair] <= cost
                    searched += not early.exact[pair]
    assert searched > 50


def test_a_limit_in_time_gives_a_plan_with_its_bound() -> None:
    pairs = town(3)
    order, none = np.arange(pairs.n_left), np.zeros(pairs.n_pairs, dtype=np.bool_)
    best = solve_crossing(pairs, order, none)
    early = solve_crossing(pairs, order, none, seconds=0.0)
    assert early.status == "feasible"
    assert early.matched <= best.matched
    if early.matched == best.matched:
        assert early.total <= best.total <= early.bound


def test_no_time_and_a_least_in_the_way_is_said() -> None:
    pairs = ScoredPairs.of(
        [0, 0, 1, 1, 2, 2],
        [0, 1, 0, 1, 0, 1],
        [9, 8, 7, 6, 5, 1],
        n_left=3,
        n_right=2,
        crossing=(
            Limit(members=np.array([0, 1], dtype=np.int32), least=1, most=1),
            Limit(members=np.array([1, 2], dtype=np.int32), least=1, most=1),
        ),
    )
    none = np.zeros(pairs.n_pairs, dtype=np.bool_)
    solved = solve_crossing(pairs, np.arange(3), none)
    assert (solved.matched, solved.total) == (2, 13)
    with pytest.raises(InfeasibleError):
        solve_crossing(replace(pairs, crossing=(replace(pairs.crossing[0], least=3, most=3),)), np.arange(3), none)
    try:
        early = solve_crossing(pairs, np.arange(3), none, seconds=0.0)
    except TimeLimitError:
        return
    assert early.total <= early.bound


def town(seed: int) -> ScoredPairs:
    """Sixty children with two partitions that cross and a floor for every third child."""
    rng = np.random.default_rng(seed)
    n_left, n_right = 60, 60
    key = np.flatnonzero(rng.random(n_left * n_right) < 0.15)
    halves = [rng.integers(0, 5, size=n_left), rng.integers(0, 4, size=n_left)]
    limits = [Limit(members=np.flatnonzero(part == k).astype(np.int32), most=8) for part in halves for k in range(part.max() + 1)]
    limits.append(Limit(members=np.arange(0, n_left, 3, dtype=np.int32), least=12))
    points = rng.integers(0, 100_001, size=key.size)
    return ScoredPairs.of(key // n_right, key % n_right, points, n_left=n_left, n_right=n_right, crossing=tuple(limits))


@pytest.mark.parametrize("seed", range(3))
def test_both_solvers_write_the_same_plan(seed: int) -> None:
    pairs = town(seed)
    pairs = replace(pairs, points=pairs.points // 20_000 * 20_000)
    order, none = np.random.default_rng(seed).permutation(pairs.n_left), np.zeros(pairs.n_pairs, dtype=np.bool_)
    one, two = (solve_crossing(pairs, order, none, search=name) for name in ("mip", "cp_sat"))
    assert one.total == two.total
    assert np.array_equal(one.chosen, two.chosen)


@pytest.mark.parametrize("seed", range(3, 3 + volume(ci=6, long=60)))
def test_the_same_matches_and_total_as_all_pairs_in_one_program(seed: int) -> None:
    pairs = town(seed)
    none = np.zeros(pairs.n_pairs, dtype=np.bool_)
    whole = program_of(pairs, none)
    with MipServer() as server:
        matched = server.solve(whole.with_objective(1)).value
        assert matched is not None
        total = server.solve(whole.with_row(np.arange(pairs.n_pairs), 1, matched, matched)).value
    solved = solve_crossing(pairs, np.arange(pairs.n_left), none)
    assert (solved.matched, solved.total) == (matched, total)
    assert proved(pairs, none, solved) >= solved.prices.match_weight * solved.matched + solved.total


def test_costs_without_time_are_bounds_where_prices_leave_a_gap() -> None:
    with_gap = 0
    for seed in range(12):
        pairs = town(seed)
        none = np.zeros(pairs.n_pairs, dtype=np.bool_)
        solved = solve_crossing(pairs, np.arange(pairs.n_left), none, search="cp_sat")
        if solved.dual.below(solved.matched, solved.total) < solved.dual.scale:
            continue
        with_gap += 1
        near = np.argsort(solved.dual.slack, kind="stable")[:80:4]
        exact = crossing_costs(pairs, solved, near, search="cp_sat")
        early = crossing_costs(pairs, solved, near, seconds=0.0)
        same_matches = exact.allowed & (exact.lost == 0)
        assert (early.cost <= exact.cost)[same_matches].all()
        assert (early.cost == exact.cost)[early.exact].all()
    assert with_gap
