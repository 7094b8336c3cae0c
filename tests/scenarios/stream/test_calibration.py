"""The stored calibration: what the priors say of the friendships that begin in the region; and what a score can tell."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from matcher.duration.calibration import active_friendships, share_after
from matcher.duration.hazard import load_priors, threshold
from scenarios.stream.calibration import factors, new_friendships
from scenarios.stream.metrics import measured
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate
from scenarios.stream.windows import points_then
from scenarios.synthetic import synthetic_case
from tests.scenarios.stream.worlds import changed, world_of
from tests.volume import volume

REPLICATIONS = volume(ci=6, long=40)


@cache
def region():
    return world_of(synthetic_case(children=70, volunteers=25, seed=1), newcomers=volume(ci=400, long=1000))


@cache
def population():
    return new_friendships(region(), REPLICATIONS, 1)


@pytest.mark.parametrize(("name", "s12", "band"), [("A", 0.69, 0.015), ("B", 0.81, 0.01)])
def test_as_many_last_a_year_as_published(name, s12, band):
    priors = load_priors()
    assert share_after(priors.baselines[name], population(), priors.variance, 12.0) == pytest.approx(s12, abs=band)


def test_baseline_b_holds_as_many_as_the_association_has():
    priors = load_priors()
    active = active_friendships(priors.baselines["B"], population(), priors.variance, 44.0)
    assert active == pytest.approx(255.0, abs=8.0)
    assert active_friendships(priors.baselines["A"], population(), priors.variance, 44.0) < 180.0


def test_the_stored_factors_are_what_the_calibration_finds():
    table = {"A": (0.98, 0.98), "B": (0.9646, 2.0432)}
    found = factors(population())
    priors = load_priors()
    for name, stored in table.items():
        assert priors.baselines[name] == priors.published[name].scaled(*stored)
        assert found[name] == pytest.approx(stored, rel=volume(ci=20, long=3) / 100)


def test_what_is_known_before_a_friendship_tells_as_little_as_in_the_field():
    assert 0.42 <= population().log_ratio.std() <= 0.52


def test_the_region_makes_about_44_a_year_of_which_81_in_100_last_a_year():
    ready = prepared(region(), 3.0)
    rows = [measured(ready, simulate(ready, 5, replication)) for replication in range(REPLICATIONS)]
    assert np.mean([row["friendships", ""] for row in rows]) / 3.0 == pytest.approx(46.0, abs=5.0)
    assert np.mean([row["lasting_12_months", ""] for row in rows]) == pytest.approx(0.81, abs=0.04)
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
