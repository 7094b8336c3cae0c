"""The hindsight optimum: by brute force on tiny questions, and above every policy."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from matcher.assignment import solve_assignment
from scenarios.stream.hindsight import bound_of, gained, hindsight, known_stream
from scenarios.stream.policies import shares_of_hindsight, under
from scenarios.stream.run import roster, simulate
from scenarios.stream.settings import POLICIES
from scenarios.stream.windows import possible_pairs
from tests.scenarios.stream.worlds import changed, small_world
from tests.volume import volume


def sides(child, volunteer, places):
    return (child, int(child.max()) + 1, np.ones(int(child.max()) + 1)), (volunteer, len(places), places)


def tiny(seed: int):
    """At most eight pairs of three children and three volunteers."""
    draws = np.random.default_rng(seed)
    every = np.array([(i, j) for i in range(3) for j in range(3)])
    some = every[np.sort(draws.choice(9, draws.integers(3, 9), replace=False))]
    some[-1, 0] = 2
    some = np.unique(some, axis=0)
    return some[:, 0], some[:, 1], draws.uniform(0.2, 1.0, len(some)), draws.uniform(1.0, 9.0, len(some)), draws.integers(1, 3, 3)


@pytest.mark.parametrize("seed", range(volume(ci=15, long=300)))
def test_sure_answers_the_bound_is_the_best_of_all_plans(seed):
    child, volunteer, _, gain, places = tiny(seed)

    def fits(plan) -> bool:
        chosen = list(plan)
        return (np.bincount(child[chosen], minlength=3) <= 1).all() and (
            np.bincount(volunteer[chosen], minlength=3) <= places
        ).all()

    plans = (plan for n in range(4) for plan in combinations(range(len(child)), n))
    best = max(float(gain[list(plan)].sum()) for plan in plans if fits(plan))
    bound, prices, exact = bound_of(np.ones(len(child)), gain, *sides(child, volunteer, places.astype(float)))
    assert exact
    assert bound == pytest.approx(best, abs=1e-4)
    reduced = gain - prices[0][child] - prices[1][volunteer]
    assert (prices[0].min(), prices[1].min()) >= (0.0, 0.0)
    assert bound <= prices[0].sum() + (prices[1] * places).sum() + np.maximum(0.0, reduced).sum() + 1e-4


def adaptive_best(child, volunteer, chance, gain, places) -> float:
    """What the best policy gains that asks one pair after another and hears each answer: every policy is weighed."""

    @cache
    def best(left: frozenset[int], taken: frozenset[int], used: tuple[int, ...]) -> float:
        found = 0.0
        for pair in left:
            c, v = int(child[pair]), int(volunteer[pair])
            if c in taken or used[v] >= places[v]:
                continue
            rest = left - {pair}
            more = tuple(n + (k == v) for k, n in enumerate(used))
            yes = gain[pair] + best(rest, taken | {c}, more)
            found = max(found, chance[pair] * yes + (1.0 - chance[pair]) * best(rest, taken, used))
        return found

    return best(frozenset(range(len(child))), frozenset(), (0, 0, 0))


@pytest.mark.parametrize("seed", range(volume(ci=10, long=200)))
def test_unsure_answers_no_policy_at_all_exceeds_the_bound(seed):
    child, volunteer, chance, gain, places = tiny(1000 + seed)
    keep = slice(0, 7)
    child, volunteer, chance, gain = child[keep], volunteer[keep], chance[keep], gain[keep]
    bound, _, exact = bound_of(chance, gain, *sides(child, volunteer, places.astype(float)))
    best = adaptive_best(child, volunteer, chance, gain, places)
    assert exact
    assert best <= bound + 1e-4
    assert bound <= 1.5 * best


def test_one_child_and_two_who_may_say_no_by_hand():
    child, volunteer = np.array([0, 0]), np.array([0, 1])
    chance, gain = np.array([0.5, 0.5]), np.array([10.0, 6.0])
    bound, _, _ = bound_of(chance, gain, *sides(child, volunteer, np.ones(2)))
    assert bound == pytest.approx(0.5 * 10.0 + 0.25 * 6.0, abs=1e-4)


@pytest.mark.parametrize("policy", POLICIES[:4])
def test_no_policy_gains_more_than_hindsight_in_any_replication(policy):
    known = _known()
    ready = under(known, policy, sure=True)
    for replication in range(volume(ci=6, long=60)):
        assert gained(ready, simulate(ready, 1, replication)) <= hindsight(known, 1, replication).bound + 1e-3


@cache
def _known():
    return known_stream(small_world(), 1.5, sure=True)


def test_the_bound_with_sure_answers_is_the_engine_s_own_assignment():
    known = _known()
    kids, adults = roster(known, 1, 0)
    child, volunteer, points = possible_pairs(kids, adults, known.kinds, known.rates, known.weeks)
    gain = known.rates.joint[points // 100] * points / 1000.0
    places = np.maximum(0, adults.capacity - adults.friends)
    best = solve_assignment(child, volunteer, gain, 1, places, cardinality_first=False).total
    assert hindsight(known, 1, 0).bound == pytest.approx(best, abs=1e-3)


def test_shares_lie_below_one_and_bid_prices_pay_where_answers_are_sure():
    found = shares_of_hindsight(changed(small_world(), newcomers=120), 1.5, 12, 1, sure=True)
    assert set(found) == set(POLICIES)
    for share in found.values():
        assert 0.4 < share.share.low <= share.share.value <= share.share.high < 1.0
    assert found["prices"].share.value > found["weekly"].share.value
    assert found["quarterly"].share.value < found["monthly"].share.value
