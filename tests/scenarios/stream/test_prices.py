"""Bid prices: what keeping somebody is worth, by hand and by enumeration, and what the policy does with it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from scenarios.stream.hindsight import known_stream
from scenarios.stream.keeping import Comers, added, keeping_children, keeping_volunteers, pair_worths
from scenarios.stream.policies import under
from scenarios.stream.prepare import prepared
from scenarios.stream.prices import _staying, bid_prices
from scenarios.stream.proposing import free_adults_of, gains, waiting_kids
from scenarios.stream.run import roster, simulate
from scenarios.stream.windows import first_days
from tests.scenarios.stream.worlds import changed, small_world
from tests.volume import volume


def asked_in_turn(offers: list[tuple[float, float]]) -> float:
    """What asking some pairs of one person gains, the best first, the next only after a no; offers: net gain, chance of a yes."""
    total, still = 0.0, 1.0
    for net, chance in sorted(offers, reverse=True):
        total, still = total + still * max(0.0, net), still * (1.0 - chance)
    return total


@pytest.mark.parametrize("seed", range(volume(ci=20, long=200)))
def test_one_more_to_ask_adds_what_the_turn_is_longer_by(seed):
    draws = np.random.default_rng(seed)
    one, first, second = [(draws.uniform(-2.0, 8.0), draws.uniform(0.2, 1.0)) for _ in range(3)]
    first, second = sorted([(max(0.0, first[0]), first[1]), (max(0.0, second[0]), second[1])], reverse=True)
    gain, yes = np.array([first[0], second[0]]), np.array([first[1], second[1]])
    exact = asked_in_turn([one, first, second]) - asked_in_turn([first, second])
    assert added(one[0], one[1], gain, yes) == pytest.approx(exact, abs=1e-9)


def test_sure_answers_add_what_is_better_than_the_best():
    assert added(7.0, 1.0, np.array([5.0, 2.0]), np.ones(2)) == 2.0
    assert added(4.0, 1.0, np.array([5.0, 2.0]), np.ones(2)) == 0.0


def one_pair(gain: float, chance: float = 1.0):
    """One child and one volunteer, both newcomers, who may be paired at every age."""
    return np.zeros((1, 1), np.int32), np.array([[[gain, chance]] * 2])


def comers(weeks: list[int]) -> Comers:
    n = len(weeks)
    whole = np.zeros(n, np.int64)
    return Comers(np.array(weeks, np.int64), whole, whole, np.zeros(n), np.zeros((n, 2)), np.zeros((n, 2)))


def test_the_price_by_hand():
    """In one of two futures somebody worth 10 comes in week 2."""
    row, worths = one_pair(10.0)
    come, stay = comers([2]), np.full((1, 2, 4), 0.9)
    starts = np.searchsorted(come.week, np.arange(6))
    price = keeping_volunteers(come, starts, row, worths, stay, 0, 2)
    assert price[0, 1] == pytest.approx([0.9 * 0.9 * 5.0, 0.9 * 5.0, 0.0, 0.0])
    assert not price[0, 0].any()  # nobody of this kind is of the case


def best_of_all_rules(come: list[int], futures: int, gains: list[float], stay: float) -> float:
    """The best rule for one who waits: each of those who come, one a week, is taken or not, whatever the future."""

    def value(rule: tuple[bool, ...]) -> float:
        found, here = 0.0, 1.0
        for takes, times, gain in zip(rule, come, gains, strict=True):
            here *= stay
            if takes:
                found, here = found + here * times / futures * gain, here * (1.0 - times / futures)
        return found

    return max(value(rule) for rule in product((False, True), repeat=len(gains)))


@pytest.mark.parametrize("seed", range(volume(ci=20, long=200)))
def test_the_price_is_what_the_best_rule_of_stopping_gains(seed):
    """Where one at most comes a week, as surely as drawn: all rules are tried."""
    draws = np.random.default_rng(seed)
    futures, gains = 10, draws.uniform(1.0, 9.0, 4).tolist()
    times = draws.integers(0, 11, 4).tolist()
    row = np.arange(4, dtype=np.int32).reshape(4, 1)
    worths = np.array([[[gain, 1.0]] for gain in gains])
    weeks = np.repeat(np.arange(1, 5), times)
    n = len(weeks)
    come = Comers(weeks, weeks - 1, np.zeros(n, np.int64), np.zeros(n), np.zeros((n, 2)), np.zeros((n, 2)))
    stay = np.full((1, 2, 5), 0.9)
    price = keeping_volunteers(come, np.searchsorted(weeks, np.arange(7)), row, worths, stay, 0, futures)
    assert price[0, 1, 0] == pytest.approx(best_of_all_rules(times, futures, gains, 0.9), rel=1e-5)


def test_a_child_that_turns_a_year_older_is_worth_less_beforehand():
    row, worths = one_pair(10.0)
    worths[0, 1, 0] = 4.0
    come, stay = comers([1, 3]), np.ones((1, 2, 4))
    starts = np.searchsorted(come.week, np.arange(6))
    price = keeping_children(come, starts, row, worths, stay, 0, 1, np.array([14.0]), np.array([0.0, 0.0]))
    assert price[0, 1] == pytest.approx([10.0, 4.0, 4.0, 0.0])


@cache
def ready():
    return under(known_stream(small_world(), 1.5, sure=False), "prices", sure=False)


def test_prices_are_the_same_for_the_same_seed_never_below_nought_and_nothing_at_the_end():
    one, again, other = (bid_prices(ready(), 6, 2, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.child, again.child)
    assert np.array_equal(one.volunteer, again.volunteer)
    assert not np.array_equal(one.child, other.child)
    for price in (one.child, one.volunteer):
        assert price.min() == 0.0 < price.max()
        assert not price[:, :, -4:].any()  # an offer takes 30 days
    gone = ready().outgrown[: ready().children.here] <= 0.0
    assert not one.child[: len(gone)][gone].any()


def test_how_surely_somebody_stays_by_hand():
    daily, calm, factor = ready().rates.adult_leave
    children, volunteers = _staying(ready())
    newcomer, cohort = ready().volunteers.here, 1  # known from the middle of its 91 days
    first = int((45.5 + calm) / 7.0)
    assert volunteers[newcomer, cohort, 3] == pytest.approx(np.exp(-7.0 * daily))
    assert volunteers[newcomer, cohort, first + 1] == pytest.approx(np.exp(-7.0 * factor * daily))
    assert volunteers[newcomer, cohort, -5:].max() == 0.0 < volunteers[newcomer, cohort, -6]  # an offer takes 30 days
    child = ready().children.here
    grown = int((45.5 + ready().outgrown[child]) / 7.0)
    assert children[child, cohort, 3] == pytest.approx(np.exp(-7.0 * ready().rates.child_leave))
    assert not children[child, cohort, grown:].any()


def test_nobody_is_asked_before_the_visit_though_the_plan_counts_those_who_come():
    stream = replace(ready(), prices=bid_prices(ready(), 6, 1))
    for replication in range(3):
        kid_from, adult_from = first_days(*roster(stream, 1, replication))
        history = simulate(stream, 1, replication)
        new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
        asked = bonds.begun[new] - stream.rates.gate_days.sum()
        fresh = kid_from[bonds.child[new]] < 1e8  # all but those who were asked before
        assert fresh.sum() > 5
        assert (asked >= np.maximum(kid_from[bonds.child[new]], adult_from[bonds.adult[new]]))[fresh].all()


def test_months_are_weighed_against_months():
    """What a pair is worth to the prices is what it gains when it is asked, in the objective's own unit."""
    for objective, least, most in (("score", 10.0, 100.0), ("friendship_months", 5.0, 200.0)):
        stream = prepared(changed(small_world(), objective=objective), 1.5)
        kids, adults = roster(stream, 1, 0)
        free = waiting_kids(kids, stream.kinds, 0.0), free_adults_of(adults, stream.kinds, stream.rates, 0.0, 0)
        barred = np.zeros((kids.key.size, adults.key.size), dtype=np.bool_)
        gain = gains(kids, adults, stream.kinds, stream.rates, barred, *free, 0.0, 0)
        worths = pair_worths(stream.kinds, stream.rates, stream.grown)
        rows = stream.kinds.row[np.ix_(kids.kind[free[0]], adults.kind[free[1]])]
        asked = (rows >= 0) & (gain > 0.0)
        assert asked.any()
        assert gain[asked] == pytest.approx(worths[rows[asked], 0, 0], rel=0.02)
        whole = worths[rows[asked], 0, 0] / worths[rows[asked], 0, 1]
        assert least < whole.mean() < most
