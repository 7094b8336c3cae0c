"""The fit: known results, simulated truths found again, bands that hold, and nothing learned from nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.duration.belief import Belief, believed
from matcher.duration.fit import fitted
from matcher.duration.hazard import DAYS_A_MONTH, load_priors
from matcher.duration.history import History
from matcher.duration.likelihood import Likelihood
from tests.duration.histories import lasted, simulated, watched
from tests.volume import volume

PRIOR = believed()


def one_piece(deviation: float, variance: float = 0.0) -> Belief:
    """A constant hazard of about .02 a month, and no ratios."""
    mean, covariance = np.array([np.log(0.02)]), np.array([[deviation**2]])
    return Belief(months=(0.0,), names=(), mean=mean, covariance=covariance, variance=variance)


def test_the_prior_is_that_of_the_data_file():
    priors = load_priors()
    assert PRIOR.baseline.monthly == pytest.approx(priors.baselines["B"].monthly)
    bands = dict(zip(PRIOR.names, PRIOR.ratio_bands().tolist(), strict=True))
    assert bands["broken_before"] == pytest.approx([1.6, 1.6 * np.exp(-1.96 * 0.2), 1.6 * np.exp(1.96 * 0.2)], rel=1e-4)
    value, low, high = PRIOR.share_band(12.0)
    assert low < 0.69 < value < high
    assert believed(baseline="A").share_band(12.0)[0] < value


def test_without_data_the_prior_stays_as_it_is():
    nothing = simulated(PRIOR, 0, 1)
    fit = fitted(nothing, PRIOR)
    assert fit.posterior is PRIOR
    assert (fit.told == 0.0).all()
    assert (fit.level_told, fit.ends, fit.expected_ends, fit.enough, fit.ends_missing) == (0.0, 0, 0.0, False, False)
    assert fit.belief is PRIOR


@pytest.mark.parametrize("variance", [0.0, 0.4])
def test_derivatives_are_those_of_the_value(variance):
    likelihood = Likelihood.of(entered(simulated(PRIOR, 60, 3)), replace(PRIOR, variance=variance))
    at, step = PRIOR.mean + 0.1, 1e-5
    gradient, hessian = likelihood.curve(at)
    steps = step * np.eye(len(at))
    slope = [(likelihood.value(at + one) - likelihood.value(at - one)) / (2.0 * step) for one in steps]
    bend = [(likelihood.curve(at + one)[0] - likelihood.curve(at - one)[0]) / (2.0 * step) for one in steps]
    assert gradient == pytest.approx(np.array(slope), abs=1e-5)
    assert hessian == pytest.approx(np.array(bend), abs=1e-5)


def entered(history: History, months: float = 4.0) -> History:
    """The same friendships, of which only those that lived so long were seen, and only from then on."""
    late = replace(history, seen_from=history.started + int(months * DAYS_A_MONTH))
    return late.some(late.entry <= late.months)


def test_a_constant_hazard_is_ends_by_months_at_risk():
    history = simulated(replace(one_piece(1.0), mean=np.array([np.log(0.03)])), 400, 4)
    at_risk = int((history.months + history.ended).sum())
    found = fitted(history, one_piece(1000.0)).posterior
    share = history.ended.sum() / at_risk
    assert float(np.exp(found.mean[0])) == pytest.approx(-np.log1p(-share), rel=1e-6)
    assert float(found.covariance[0, 0]) == pytest.approx(1.0 / history.ended.sum(), rel=0.03)


def test_a_sure_prior_is_not_moved():
    sure = replace(PRIOR, covariance=PRIOR.covariance * 1e-10)
    assert fitted(simulated(PRIOR, 300, 5), sure).posterior.mean == pytest.approx(PRIOR.mean, abs=1e-6)


def test_a_simulated_truth_is_found_again():
    truth = np.random.default_rng(6).multivariate_normal(PRIOR.mean, PRIOR.covariance)
    fit = fitted(simulated(PRIOR, 6000, 6, truth), PRIOR)
    away = (fit.posterior.mean - truth) / np.sqrt(np.diag(fit.posterior.covariance))
    assert np.abs(away).max() < 3.5
    assert np.abs(fit.posterior.mean - truth)[:6].max() < 0.25
    assert fit.enough
    assert sum(fit.ratios_enough) >= 8
    assert fit.told[:6].min() > 0.9
    assert fit.told[6] < 0.2  # nothing was watched beyond five years


def test_bands_hold_the_truth_as_often_as_they_say():
    draws, held = np.random.default_rng(7), []
    for seed in range(volume(ci=100, long=2000)):
        truth = draws.multivariate_normal(PRIOR.mean, PRIOR.covariance)
        found = fitted(simulated(PRIOR, 250, seed, truth), PRIOR).posterior
        held.append(np.abs(found.mean - truth) < 1.96 * np.sqrt(np.diag(found.covariance)))
    assert 0.93 < np.mean(held) < 0.97
    assert np.mean(held, axis=0).min() > 0.85


def test_the_band_of_a_share_holds_the_truth():
    draws, held = np.random.default_rng(8), 0
    number = volume(ci=100, long=2000)
    for seed in range(number):
        truth = replace(PRIOR, mean=draws.multivariate_normal(PRIOR.mean, PRIOR.covariance))
        found = fitted(simulated(PRIOR, 100, seed, truth.mean), PRIOR).posterior
        _, low, high = found.share_band(12.0)
        held += low <= truth.share_band(12.0)[0] <= high
    assert 0.88 <= held / number <= 0.995


def test_the_order_of_friendships_is_nothing():
    history = simulated(PRIOR, 200, 9)
    mixed = history.some(np.random.default_rng(9).permutation(200))
    one, other = fitted(history, PRIOR), fitted(mixed, PRIOR)
    assert one.posterior.mean == pytest.approx(other.posterior.mean, abs=1e-6)
    assert one.posterior.covariance == pytest.approx(other.posterior.covariance, abs=1e-6)


def test_friendships_seen_from_an_age_on_are_not_taken_for_longer_ones():
    truth = replace(one_piece(1.0), mean=np.array([np.log(0.05)]))
    late = entered(simulated(truth, 4000, 10), 12.0)
    hazard = float(np.exp(fitted(late, one_piece(10.0)).posterior.mean[0]))
    wrong = float(np.exp(fitted(replace(late, seen_from=late.started), one_piece(10.0)).posterior.mean[0]))
    assert hazard == pytest.approx(0.05, rel=0.1)
    assert wrong < 0.035


def test_history_after_history_is_history_at_once():
    history = simulated(PRIOR, 2000, 11)
    first, second = history.some(np.arange(2000) < 1000), history.some(np.arange(2000) >= 1000)
    at_once = fitted(history, PRIOR).posterior
    in_turn = fitted(second, fitted(first, PRIOR).posterior).posterior
    assert in_turn.mean == pytest.approx(at_once.mean, abs=0.06)


@pytest.mark.parametrize("ended", [True, False])
def test_extreme_histories_have_an_answer(ended):
    none = np.zeros((500, len(PRIOR.names)))
    history = watched(none, np.full(500, 0.5 if ended else 900.0), np.full(500, 200.0))
    fit = fitted(history, PRIOR)
    assert np.isfinite(fit.posterior.mean).all()
    assert np.linalg.eigvalsh(fit.posterior.covariance)[0] > 0.0
    assert (fit.posterior.share_band(12.0)[0] > PRIOR.share_band(12.0)[0]) is not ended
    assert fit.ends_missing is not ended


def test_too_little_data_is_said():
    few = fitted(simulated(PRIOR, 12, 12), PRIOR)
    assert few.ends < 10
    assert not few.enough
    assert few.belief is PRIOR
    many = fitted(simulated(PRIOR, 1500, 12), PRIOR)
    assert many.enough
    assert many.belief is many.posterior
    assert many.ends == pytest.approx(many.expected_ends, rel=0.15)
    sure = dict(zip(PRIOR.names, many.ratios_enough, strict=True))
    assert sure["girl"]
    assert not sure["child_year"]


def test_ends_that_were_struck_from_the_list_are_missed():
    history = simulated(PRIOR, 300, 13)
    assert not fitted(history, PRIOR).ends_missing
    left = fitted(history.some(~history.ended | (np.arange(300) % 5 == 0)), PRIOR)
    assert left.ends_missing
    assert left.belief is PRIOR


def test_the_simulated_ends_are_the_hazard_s():
    facts = np.zeros((40_000, len(PRIOR.names)))
    months = lasted(PRIOR, facts, np.random.default_rng(14))
    assert float((months > 12.0).mean()) == pytest.approx(PRIOR.share_band(12.0)[0], abs=0.01)
