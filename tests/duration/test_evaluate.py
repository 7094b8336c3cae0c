"""Judging a fit: each measure by hand or against what it stands for, later years only, and months of friendship to expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations, product

import numpy as np
import pytest

from constraints.rulebook import load_rulebook
from matcher.duration.belief import SURE, believed
from matcher.duration.evaluate import evaluated, predicted
from matcher.duration.expected import expected_months_of, expected_of_pairs, months_to_18
from matcher.duration.hazard import expected_months, log_hazard_ratio
from matcher.duration.measures import (
    brier_parts,
    censoring_weights,
    concordance,
    lasting,
    lasting_band,
    mean_within,
    ndcg,
)
from matcher.duration.objective import MonthsPlan, in_friendship_months, learned, plan_by_months
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.records import Decision, Quota
from scenarios.synthetic import synthetic_case
from tests.duration.histories import lasted, watched
from tests.volume import volume

PRIOR = believed()
FACTS = len(PRIOR.names)
TODAY = date(2027, 1, 4)


# Measures


def test_without_censoring_brier_is_the_mean_square():
    months, ended = np.array([3, 11, 12, 30]), np.ones(4, dtype=np.bool_)
    share = np.array([0.2, 0.9, 0.6, 1.0])
    assert brier_parts(share, months, ended, 12) == pytest.approx([0.04, 0.81, 0.16, 0.0])


def test_weights_by_hand():
    months, ended = np.array([0, 1, 2, 5]), np.array([True, False, True, False])
    # Censored: one of three still watched in month 1. Of the ends, that of month 2 counts for the one that was lost.
    assert censoring_weights(months, ended, 3) == pytest.approx([1.0, 0.0, 1.5, 1.5])
    assert censoring_weights(months, ended, 3).sum() == pytest.approx(4.0)


def test_the_weighted_brier_is_that_of_all_had_they_been_watched():
    draws = np.random.default_rng(1)
    facts = draws.normal(0.0, 0.7, (60_000, FACTS))
    ends, until = lasted(PRIOR, facts, draws), draws.uniform(0.0, 40.0, 60_000)
    share = predicted(PRIOR, facts, 12.0)
    full, partly = watched(facts, ends, np.full(60_000, 900.0)), watched(facts, ends, until)
    truth = brier_parts(share, full.months, full.ended, 12).mean()
    found = brier_parts(share, partly.months, partly.ended, 12).mean()
    assert found == pytest.approx(truth, abs=0.004)
    known = partly.ended | (partly.months >= 12)
    assert abs(((share - (partly.months >= 12)) ** 2)[known].mean() - truth) > 0.01  # what weights are for


def test_kaplan_meier_by_hand():
    months, ended = np.array([0, 1, 1, 2, 4]), np.array([True, True, False, True, False])
    share, variance = lasting(months, ended, 3)
    assert share == pytest.approx(4 / 5 * 2 / 3 * 1 / 2)
    assert variance == pytest.approx(1 / (5 * 4) + 1 / (3 * 2) + 1 / (2 * 1))
    assert mean_within(months, ended, 2)[0] == pytest.approx(0.5 * (1 + 0.8) + 0.5 * (0.8 + 0.8 * 2 / 3))
    assert lasting_band(months[2:3], ended[2:3], 1, SURE) == (1.0, 0.0, 1.0)


def test_bands_of_kaplan_meier_hold():
    draws, none = np.random.default_rng(2), np.zeros((80, FACTS))
    truth = PRIOR.share_band(12.0)[0]
    mean = float(expected_months_of(PRIOR, none[:1], np.full(1, 999.0), 12).months[0])
    number, shares, means = volume(ci=300, long=5000), 0, 0
    for _ in range(number):
        history = watched(none, lasted(PRIOR, none, draws), draws.uniform(2.0, 40.0, 80))
        _, low, high = lasting_band(history.months, history.ended, 12, SURE)
        shares += low <= truth <= high
        value, variance = mean_within(history.months, history.ended, 12)
        means += abs(value - mean) < SURE * np.sqrt(variance)
    assert 0.91 < shares / number < 0.985
    assert 0.90 < means / number < 0.985


def test_concordance_by_hand():
    months, ended = np.array([1, 2, 3, 3]), np.array([True, False, True, False])
    # Known: 1 ends before all three; 3 and 3 in the same month are not told apart.
    assert concordance(np.array([4.0, 1.0, 2.0, 3.0]), months, ended) == 1.0
    assert concordance(np.array([1.0, 2.0, 2.0, 0.0]), months, ended) == pytest.approx(1 / 3)
    assert concordance(np.zeros(4), months, ended) == 0.5
    assert np.isnan(concordance(np.zeros(2), np.array([1, 2]), np.array([False, False])))


def test_ndcg_by_hand():
    gain, lists = np.array([3.0, 1.0, 0.0]), np.zeros(3, dtype=np.int64)
    assert ndcg(np.array([3.0, 2.0, 1.0]), gain, lists) == 1.0
    ideal = 3.0 + 1.0 / np.log2(3)
    assert ndcg(np.array([1.0, 2.0, 3.0]), gain, lists) == pytest.approx((1.0 / np.log2(3) + 3.0 / 2.0) / ideal)
    orders = [ndcg(np.array(order, dtype=np.float64), gain, lists) for order in permutations(range(3))]
    assert ndcg(np.zeros(3), gain, lists) == pytest.approx(np.mean(orders))
    assert np.isnan(ndcg(np.zeros(3), np.ones(3), lists))


def test_a_model_tuned_for_the_c_index_alone_ranks_by_chance():
    """Who the child is tells most of what lasts, and nothing of whom to propose: within a child's list it is a constant."""
    draws = np.random.default_rng(3)
    children, each = 400, 8
    facts = np.zeros((children * each, FACTS))
    of_child = np.repeat(draws.normal(0.0, 1.2, children), each)
    of_pair = draws.normal(0.0, 0.6, children * each)
    child_at, pair_at = PRIOR.names.index("child_year"), PRIOR.names.index("travel_ten_minutes")
    facts[:, child_at], facts[:, pair_at] = of_child, of_pair
    truth = PRIOR.mean.copy()
    truth[PRIOR.pieces + child_at] = truth[PRIOR.pieces + pair_at] = 1.0
    months = expected_months_of(replace(PRIOR, mean=truth), facts, np.full(len(facts), 999.0)).months
    chosen = np.arange(children) * each  # one of each child's list becomes a friendship
    ends = lasted(PRIOR, facts[chosen], draws, truth)
    history = watched(facts[chosen], ends, np.full(children, 60.0))
    by_child = concordance(of_child[chosen], history.months, history.ended)
    by_pair = concordance(of_pair[chosen], history.months, history.ended)
    lists = np.repeat(np.arange(children), each)
    chance = ndcg(np.zeros(len(facts)), months, lists)
    assert by_child > by_pair + 0.05
    assert ndcg(-of_child, months, lists) == pytest.approx(chance, abs=1e-12)
    assert ndcg(-of_pair, months, lists) > chance + 0.05


# Evaluation


def over_years(number: int, seed: int, parameters: np.ndarray | None = None):
    """Friendships begun over eight years up to today."""
    draws = np.random.default_rng(seed)
    facts = draws.normal(0.0, 0.8, (number, FACTS))
    begun = TODAY.toordinal() - draws.integers(0, 8 * 365, number)
    until = (TODAY.toordinal() - begun) / (365.25 / 12)
    return watched(facts, lasted(PRIOR, facts, draws, parameters), until, begun)


def other_than_published() -> np.ndarray:
    """Twice the hazard, and ratios one and a half standard deviations from the published ones."""
    away = np.append(np.full(PRIOR.pieces, 0.7), 1.5 * np.sqrt(np.diag(PRIOR.covariance)[PRIOR.pieces :]))
    return PRIOR.mean + np.where(np.arange(len(away)) % 2, away, np.where(np.arange(len(away)) < PRIOR.pieces, away, -away))


def test_a_fit_on_the_years_before_predicts_the_years_after():
    found = evaluated(over_years(3000, 4, other_than_published()), PRIOR, date(2023, 1, 1), TODAY)
    for one in found.brier:
        assert one.enough
        assert one.fit < one.prior
        assert one.fit < one.nobody
        assert one.gain[1] > 0.0
    assert found.c_index > 0.6
    assert found.ndcg > found.chance + 0.02
    assert len(found.calibration) == 4
    assert sum(group.low < group.predicted < group.high for group in found.calibration) >= 3
    assert all(abs(group.predicted - group.observed) < 0.08 for group in found.calibration)
    assert [group.predicted for group in found.calibration] == sorted(group.predicted for group in found.calibration)


def test_later_years_teach_the_fit_nothing():
    history, day = over_years(400, 5), date(2024, 6, 1)
    later = history.stopped > day.toordinal()
    changed = replace(history, ended=np.where(later, ~history.ended, history.ended))
    one, other = evaluated(history, PRIOR, day, TODAY), evaluated(changed, PRIOR, day, TODAY)
    assert (one.fit.posterior.mean == other.fit.posterior.mean).all()
    assert one.brier != other.brier


@pytest.mark.parametrize("number", [0, 1, 12])
def test_a_few_friendships_say_that_they_are_few(number):
    found = evaluated(over_years(number, 6), PRIOR, date(2026, 1, 1), TODAY)
    assert not any(one.enough for one in found.brier)
    assert not found.fit.enough
    assert len(found.calibration) <= 1


# Months of friendship


def test_expected_months_are_those_of_the_hazard():
    facts = np.random.default_rng(7).normal(0.0, 1.0, (25_000, FACTS))
    found = expected_months_of(PRIOR, facts, np.full(len(facts), 300.0))
    plain = expected_months(PRIOR.baseline, facts @ PRIOR.log_ratios, 60, PRIOR.variance)[:, 60]
    assert found.months == pytest.approx(plain)
    assert ((found.low < found.months) & (found.months < found.high) & (found.high < 60.0) & (found.low > 0.0)).all()
    assert (found.points == np.floor(1000.0 * found.months + 0.5)).all()


def test_no_friendship_outlasts_childhood():
    left = np.array([0.0, 0.5, 7.0, 59.9, 60.0, 400.0])
    found = expected_months_of(PRIOR, np.zeros((6, FACTS)), left)
    assert (found.months <= left).all()
    assert (np.diff(found.months[:5]) > 0.0).all()
    assert found.months[4] == found.months[5]
    assert found.months[0] == found.low[0] == found.high[0] == 0.0
    assert months_to_18(date(2010, 1, 4), TODAY) == pytest.approx(12.0, abs=0.02)
    assert months_to_18(date(2001, 1, 4), TODAY) == 0.0
    assert len(expected_months_of(PRIOR, np.zeros((0, FACTS)), np.zeros(0)).months) == 0


def test_the_band_is_that_of_draws_from_the_belief():
    draws = np.random.default_rng(8)
    belief = replace(PRIOR, covariance=PRIOR.covariance / 4.0)
    facts, left = draws.normal(0.0, 0.5, (6, FACTS)), np.array([300.0, 300.0, 40.0, 300.0, 20.0, 300.0])
    found = expected_months_of(belief, facts, left)
    drawn = np.array(
        [
            expected_months_of(replace(belief, mean=mean), facts, left).months
            for mean in draws.multivariate_normal(belief.mean, belief.covariance, 1500)
        ]
    )
    assert found.low == pytest.approx(np.quantile(drawn, 0.025, axis=0), rel=0.04)
    assert found.high == pytest.approx(np.quantile(drawn, 0.975, axis=0), rel=0.04)


def planned(**tables) -> tuple[Engine, MonthsPlan]:
    """A synthetic case, and its plan by months."""
    case = synthetic_case(children=30, volunteers=25, seed=2, friendships=10).model_copy(update=tables)
    engine = Engine.of(case, load_rulebook(case.planning_date), load_postcodes())
    return engine, plan_by_months(engine, learned(engine).belief)


@pytest.mark.parametrize("quotas", [(), (Quota(dimension="gender", value="girl", at_most=2),)])
def test_a_plan_by_months_has_as_many_matches_and_the_most_months(quotas):
    engine, found = planned(quotas=quotas)
    best = engine.assign()
    assert (found.status, found.plan.matched) == ("optimal", best.matched)
    assert found.months > found.best_plan_months
    assert found.plan.total == sum(pair.points for pair in found.plan.pairs) == best.total - found.plan.price
    assert found.plan.price > 0
    assert found.plan.bound == best.total
    assert found.months == found.expected.points.sum()
    girls = {one.child_id for one in engine.people.children if one.gender == "girl"}
    if quotas:
        assert sum(pair.child_id in girls for pair in found.plan.pairs) <= 2


def test_a_plan_by_months_keeps_a_lock():
    engine, _ = planned()
    taken = engine.candidates
    pair = {
        "child_id": engine.people.children[int(taken.child[0])].child_id,
        "volunteer_id": engine.people.volunteers[int(taken.volunteer[0])].volunteer_id,
    }
    _, found = planned(decisions=(Decision(kind="lock", by="M1", **pair),))
    assert tuple(pair.values()) in {(one.child_id, one.volunteer_id) for one in found.plan.pairs}


def test_no_plan_of_a_small_case_has_more_months():
    """Every plan of a few children, by brute force."""
    case = synthetic_case(children=16, volunteers=12, seed=8, friendships=0)
    book = load_rulebook(case.planning_date).with_settings({"travel_time.max_minutes": 90})
    engine = Engine.of(case, book, load_postcodes())
    found, pairs = plan_by_months(engine, PRIOR), engine.question.pairs
    worth = in_friendship_months(engine.question, PRIOR).candidates.points.tolist()
    own = {int(i): [None, *np.flatnonzero(pairs.left == i).tolist()] for i in np.unique(pairs.left)}

    def values():
        for choice in product(*own.values()):
            taken = [int(pairs.right[k]) for k in choice if k is not None]
            if all(taken.count(j) <= pairs.right_capacity[j] for j in taken):
                yield len(taken), sum(worth[k] for k in choice if k is not None)

    assert len(own) > 6
    assert max(values()) == (found.plan.matched, found.months)


def test_pairs_are_expected_to_last_by_their_own_facts():
    case = synthetic_case(children=12, volunteers=12, seed=3, friendships=0)
    engine = Engine.of(case, load_rulebook(case.planning_date), load_postcodes())
    i, j = (grid.ravel() for grid in np.meshgrid(np.arange(12), np.arange(12), indexing="ij"))
    found = expected_of_pairs(engine.people, PRIOR, i, j)
    young = np.array([months_to_18(one.birth_date, case.planning_date) > 60.0 for one in engine.people.children])[i]
    order = np.argsort(log_hazard_ratio(engine.people, i, j)[young])
    assert (np.diff(found.months[young][order]) <= 1e-9).all()
