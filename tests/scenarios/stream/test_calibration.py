"""The stored calibration: what the stream's settled years are like under each baseline; and what a score can tell."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from matcher.duration.calibration import active_friendships, share_after
from matcher.duration.hazard import load_priors, threshold
from scenarios.stream.bands import band
from scenarios.stream.calibration import factors, settled
from scenarios.stream.metrics import measured
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate
from scenarios.stream.windows import points_then
from scenarios.synthetic import synthetic_case
from tests.scenarios.stream.worlds import changed, world_of
from tests.volume import LONG, volume

REPLICATIONS = volume(ci=6, long=40)
SETTLED = volume(ci=60, long=200)
S12 = {"A": 0.69, "B": 0.81}


@cache
def region():
    return world_of(synthetic_case(children=70, volunteers=25, seed=1), newcomers=1000)


@cache
def years(baseline: str):
    return settled(region(), baseline, SETTLED, 1)


@pytest.mark.parametrize("name", S12)
def test_in_the_stream_itself_as_many_last_a_year_as_published(name):
    """The band of the simulated share contains the target, and is narrow enough to tell .81 from .83."""
    found = band(years(name).lasting.tolist())
    assert found.high - found.low <= volume(ci=100, long=60) / 10_000
    assert found.low - 0.002 <= S12[name] <= found.high + 0.002  # the factors are known to so much


def test_in_the_stream_itself_b_has_as_many_friendships_as_the_association():
    new, active = band(years("B").new.tolist()), band(years("B").active.tolist())
    assert new.low - 0.5 <= 44.0 <= new.high + 0.5
    assert active.high - active.low <= volume(ci=60, long=35) / 10
    assert active.low - 1.0 <= 255.0 <= active.high + 1.0
    assert years("A").active.mean() < 160.0


@pytest.mark.parametrize("name", S12)
def test_the_stored_factors_are_what_the_calibration_finds(name):
    priors = load_priors()
    table = {"A": (1.0245, 1.0245), "B": (1.0485, 2.418)}
    assert priors.baselines[name] == priors.published[name].scaled(*table[name])
    found = factors(name, years(name).population)
    assert found[0] == pytest.approx(table[name][0], rel=0.005 if LONG else 0.01)
    assert found[1] == pytest.approx(table[name][1], rel=0.01 if LONG else 0.03)


@pytest.mark.parametrize("name", S12)
def test_the_formula_says_what_the_stream_does(name):
    priors, found = load_priors(), years(name)
    lasting = band(found.lasting.tolist())
    known = priors.baselines[name], found.population, priors.variance
    assert lasting.low - 0.003 <= share_after(*known, 12.0) <= lasting.high + 0.003
    assert active_friendships(*known, found.new.mean()) == pytest.approx(found.active.mean(), rel=0.03)


def test_what_is_known_before_a_friendship_tells_as_little_as_in_the_field():
    assert 0.42 <= years("B").population.log_ratio.std() <= 0.52


def test_the_first_years_of_the_region_are_much_like_those_that_follow():
    ready = prepared(region(), 3.0)
    rows = [measured(ready, simulate(ready, 5, replication)) for replication in range(REPLICATIONS)]
    assert np.mean([row["friendships", ""] for row in rows]) / 3.0 == pytest.approx(46.0, abs=5.0)
    assert np.mean([row["lasting_12_months", ""] for row in rows]) == pytest.approx(0.80, abs=0.04)
    assert 1.4 <= np.mean([row["offers_per_match", ""] for row in rows]) <= 2.1


def concordance(score: np.ndarray, lasted: np.ndarray) -> float:
    """Share of pairs of friendships in which the higher score lasts longer (Harrell's c); ties count a half."""
    longer = lasted[:, None] > lasted[None, :]
    higher = (score[:, None] > score[None, :]) + 0.5 * (score[:, None] == score[None, :])
    return float(higher[longer].mean())


def test_neither_the_score_nor_all_facts_predict_better_than_the_field():
    ready, priors = prepared(changed(region()), 3.0), load_priors()
    scores, ratios = [], []
    for replication in range(REPLICATIONS):
        history = simulate(ready, 7, replication)
        new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
        begun = bonds.child[new], bonds.adult[new], bonds.begun[new]
        scores.append(points_then(history.kids, history.adults, ready.kinds, *begun))
        ratios.append(bonds.ratio[new])
    score, ratio = np.concatenate(scores), np.concatenate(ratios)
    drawn = np.random.default_rng(3).random(len(score))
    hazard = threshold(drawn, 0.0, priors.variance) / ratio
    lasted = np.interp(hazard, priors.baselines["B"].cumulative(np.arange(400)), np.arange(400))
    assert 0.50 < concordance(score, lasted) <= 0.65
    assert 0.55 < concordance(-np.log(ratio), lasted) <= 0.65
