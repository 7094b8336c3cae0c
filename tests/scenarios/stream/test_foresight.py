"""The bound on who does not know how long people stay: above the best policy of tiny streams, below hindsight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from scenarios.stream.foresight import bound_unforeseen, charges_for_staying
from scenarios.stream.hindsight import bound_of, gained, hindsight, known_stream
from scenarios.stream.policies import share_without_foresight, under
from scenarios.stream.prices import bid_prices
from scenarios.stream.run import simulate
from tests.scenarios.stream.worlds import small_world
from tests.volume import volume

WEEKS = 3
PAIRS = tuple(product(range(2), range(2)))


@dataclass(frozen=True)
class Tiny:
    """Two children (people 0, 1) and two volunteers (2, 3), whose coming is known and whose leaving is not."""

    first: tuple[int, ...]
    stay: tuple[float, ...]
    gain: np.ndarray
    chance: np.ndarray


def tiny(seed: int, *, sure: bool) -> Tiny:
    draws = np.random.default_rng(seed)
    return Tiny(
        first=tuple(draws.integers(0, WEEKS, 4).tolist()),
        stay=tuple(draws.uniform(0.3, 1.0, 4).tolist()),
        gain=draws.uniform(1.0, 9.0, (2, 2)),
        chance=np.ones((2, 2)) if sure else draws.uniform(0.2, 1.0, (2, 2)),
    )


def best_policy(stream: Tiny) -> float:
    """What the best policy gains that asks one pair after another, hears each answer, and sees each week who is still there."""

    @cache
    def best(week: int, there: frozenset[int], left: frozenset[tuple[int, int]]) -> float:
        found = next_week(week, there, left)
        for c, v in left:
            if {c, 2 + v} <= there and max(stream.first[c], stream.first[2 + v]) <= week:
                p, rest = stream.chance[c, v], left - {(c, v)}
                yes = stream.gain[c, v] + best(week, there - {c, 2 + v}, rest)
                found = max(found, p * yes + (1.0 - p) * best(week, there, rest))
        return found

    def next_week(week: int, there: frozenset[int], left: frozenset[tuple[int, int]]) -> float:
        if week + 1 == WEEKS:
            return 0.0
        may_leave = [x for x in there if stream.first[x] <= week]
        total = 0.0
        for stays in product((True, False), repeat=len(may_leave)):
            gone = {x for x, here in zip(may_leave, stays, strict=True) if not here}
            how_likely = np.prod(
                [stream.stay[x] if here else 1.0 - stream.stay[x] for x, here in zip(may_leave, stays, strict=True)]
            )
            total += how_likely * best(week + 1, there - gone, left)
        return float(total)

    return best(0, frozenset(range(4)), frozenset(PAIRS))


def bound(stream: Tiny, price: np.ndarray) -> float:
    """The mean over all ways in which people may leave."""
    first = np.array(stream.first)
    stay = np.repeat(np.array(stream.stay)[:, None], WEEKS, axis=1)
    total = 0.0
    for gone in product(*(range(start + 1, WEEKS + 1) for start in stream.first)):  # WEEKS: never within them
        stayed = [
            s ** (end - start - 1) * (1.0 - s if end < WEEKS else 1.0)
            for start, end, s in zip(stream.first, gone, stream.stay, strict=True)
        ]
        charges = charges_for_staying(price, stay, first, np.array(gone))
        worth = np.full(4, -np.inf)
        for k, (c, v) in enumerate(PAIRS):
            for week in range(max(first[c], first[2 + v]), min(gone[c], gone[2 + v])):
                worth[k] = max(worth[k], stream.gain[c, v] - charges[c, week] - charges[2 + v, week])
            worth[k] += charges[c, -1] + charges[2 + v, -1]
        kept = worth > 0.0
        child, volunteer = np.array(PAIRS)[kept].T
        sides = (child, 2, np.ones(2)), (volunteer, 2, np.ones(2))
        value = bound_of(stream.chance.ravel()[kept], worth[kept], *sides)[0] if kept.any() else 0.0
        total += float(np.prod(stayed)) * (value - charges[:, -1].sum())
    return total


@pytest.mark.parametrize("sure", [True, False])
@pytest.mark.parametrize("seed", range(volume(ci=6, long=100)))
def test_no_policy_of_a_tiny_stream_exceeds_the_bound_whatever_the_prices(seed, sure):
    stream = tiny(seed, sure=sure)
    best = best_policy(stream)
    prices = np.random.default_rng(500 + seed).uniform(0.0, 6.0, (4, WEEKS))
    assert best <= bound(stream, prices) + 1e-4
    assert best <= bound(stream, np.zeros((4, WEEKS))) + 1e-4


def test_one_pair_that_waits_for_nobody_leaves_nothing_to_foresee():
    """A volunteer, a child worth 4 now and one worth 9 next week: waiting or not is worth the same at a chance of 4 in 9."""
    stream = Tiny(
        first=(0, 1, 0, 2), stay=(1.0, 1.0, 4.0 / 9.0, 1.0), gain=np.array([[4.0, 0.1], [9.0, 0.1]]), chance=np.ones((2, 2))
    )
    price = np.zeros((4, WEEKS))
    best = best_policy(stream)
    knows = bound(stream, price)
    price[2] = 9.0
    assert knows == pytest.approx(best + (1.0 - 4.0 / 9.0) * 4.0, abs=0.2)
    assert best <= bound(stream, price) + 1e-4
    assert bound(stream, price) == pytest.approx(best, abs=0.2)


def test_charges_by_hand():
    price, stay = np.array([[5.0, 4.0, 3.0, 2.0]]), np.full((1, 4), 0.9)
    stays = charges_for_staying(price, stay, np.array([0]), np.array([9]))
    leaves = charges_for_staying(price, stay, np.array([1]), np.array([2]))
    assert stays == pytest.approx(np.array([[0.0, 0.4, 0.7, 0.9]]))
    assert leaves == pytest.approx(np.array([[0.0, 0.0, -2.7, -2.7]]))


@cache
def known():
    return known_stream(small_world(), 1.5, sure=True)


@cache
def prices():
    return bid_prices(under(known(), "prices", sure=True), 20, 2)


def test_without_prices_it_is_hindsight():
    nothing = replace(prices(), child=0.0 * prices().child, volunteer=0.0 * prices().volunteer)
    for replication in range(3):
        assert bound_unforeseen(known(), nothing, 1, replication) == hindsight(known(), 1, replication).bound


def test_the_bound_lies_between_policy_and_hindsight():
    many = range(volume(ci=40, long=400))
    less = np.array([bound_unforeseen(known(), prices(), 1, one) for one in many])
    most = np.array([hindsight(known(), 1, one).bound for one in many])
    ready = replace(under(known(), "prices", sure=True), prices=prices())
    gains = np.array([gained(ready, simulate(ready, 1, one)) for one in many])
    assert gains.mean() < less.mean() < most.mean()


def test_the_share_has_a_band():
    found = share_without_foresight(small_world(), 1.5, 10, 1, sure=True)
    assert 0.85 < found.low < found.value < found.high < 1.0
