"""How long friendships last: the published figures, the frailty's mathematics, and what a pair's facts do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from matcher.columns import Facts
from matcher.duration.calibration import Population, calibrated, mean_months, share_after
from matcher.duration.hazard import (
    Baseline,
    expected_months,
    facts_of_pairs,
    load_priors,
    log_hazard_ratio,
    survival,
    threshold,
)
from matcher.records import Case, Child, Postcode, Volunteer
from matcher.settings import GENERAL
from matcher.table import People

DAY = date(2027, 1, 4)


def test_baseline_a_gives_the_published_survival():
    gone = load_priors().published["A"].cumulative([3, 6, 12, 24, 36])
    assert np.exp(-gone) == pytest.approx([0.94, 0.86, 0.69, 0.47, 0.33], abs=0.02)


def test_baseline_b_gives_the_published_survival():
    gone = load_priors().published["B"].cumulative([12, 24, 60])
    assert np.exp(-gone) == pytest.approx([0.81, 0.69, 0.63], abs=0.02)


def test_the_cumulative_hazard_by_hand():
    baseline = Baseline(months=(0.0, 2.0, 10.0), monthly=(0.1, 0.02, 0.5))
    assert baseline.cumulative([0.0, 1.0, 2.0, 6.0, 10.0, 12.0]) == pytest.approx([0.0, 0.1, 0.2, 0.28, 0.36, 1.36])


@pytest.mark.parametrize("variance", [0.0, 0.4])
def test_the_threshold_is_the_inverse_of_survival_given_what_was_lived(variance):
    share, lived = np.linspace(0.05, 0.95, 10), np.array([0.0, 0.3, 2.0])[:, None]
    reached = threshold(share, lived, variance)
    given = survival(reached, 0.0, variance) / survival(lived, 0.0, variance)
    assert given == pytest.approx(np.broadcast_to(share, given.shape))
    assert (reached > lived).all()


def test_frailty_is_a_gamma_of_mean_one():
    draws = np.random.default_rng(1).gamma(1.0 / 0.4, 0.4, 400_000)
    for hazard in (0.1, 0.5, 2.0):
        assert np.exp(-draws * hazard).mean() == pytest.approx(float(survival(hazard, 0.0, 0.4)), abs=0.002)


def test_expected_months_are_those_of_simulated_friendships():
    baseline, share = load_priors().baselines["B"], (np.arange(200_000) + 0.5) / 200_000
    ends = threshold(share, 0.0, 0.4) / np.exp(0.3)
    months = np.arange(0.0, 61.0, 0.05)
    lasted = np.interp(ends, baseline.cumulative(months), months)
    found = expected_months(baseline, 0.3, 60, 0.4)
    assert found.shape == (61,)
    assert found[60] == pytest.approx(np.minimum(lasted, 60.0).mean(), abs=0.05)
    assert found[12] == pytest.approx(np.minimum(lasted, 12.0).mean(), abs=0.05)


def people(child: dict, volunteer: dict) -> People:
    """One child and one volunteer, typical but for what is said."""
    ours = Child.model_validate(
        {
            "child_id": "B1",
            "programme": "voksenven",
            "birth_date": date(2017, 6, 1),
            "gender": "boy",
            "postcode": "2750",
            "registered_on": date(2026, 1, 1),
            **child,
        }
    )
    other = Volunteer.model_validate(
        {
            "volunteer_id": "V1",
            "programmes": ("voksenven",),
            "birth_date": date(1986, 6, 1),
            "gender": "man",
            "postcode": "2750",
            **volunteer,
        }
    )
    case = Case(planning_date=DAY, children=(ours,), volunteers=(other,))
    places = {"2750": Postcode(postcode="2750", latitude=55.73, longitude=12.36)}
    return People.of(case, Facts.of(case, {setting.key: setting.default for setting in GENERAL}, places))


SLOTS = ("mon_evening", "tue_evening", "wed_evening")
LINES = [
    ({}, {"birth_date": date(1976, 6, 1)}, "volunteer_decade", 1.0),
    ({}, {"birth_date": date(1940, 6, 1)}, "volunteer_decade", 2.0),
    ({"birth_date": date(2014, 6, 1)}, {}, "child_year", 3.0),
    ({"gender": "girl"}, {"gender": "woman"}, "girl", 1.0),
    ({"previous_friendships": 2}, {}, "broken_before", 1.0),
    ({"availability": SLOTS[:2]}, {"availability": SLOTS[1:]}, "few_slots", 1.0),
    ({"availability": SLOTS}, {"availability": SLOTS[1:]}, "few_slots", 0.0),
    ({"availability": SLOTS}, {}, "few_slots", 0.0),
    ({"expects_months": 60}, {"expects_months": 24}, "expectations_differ", 1.0),
    ({"expects_months": 24}, {"expects_months": 12}, "expectations_differ", 0.0),
    ({"expects_months": 36}, {}, "parent_wants_long", 1.0),
    ({"expects_months": 35}, {}, "parent_wants_long", 0.0),
    ({"gender": "girl"}, {}, "cross_gender", 1.0),
]


@pytest.mark.parametrize(("child", "volunteer", "name", "units"), LINES)
def test_a_fact_of_a_pair_in_the_ratio_s_own_unit(child, volunteer, name, units):
    one = np.zeros(1, dtype=np.intp)
    usual = facts_of_pairs(people({}, {}), one, one)[0]
    found = facts_of_pairs(people(child, volunteer), one, one)[0]
    at = list(load_priors().ratios).index(name)
    moved = found[at] - (usual[at] if name in {"volunteer_decade", "child_year"} else 0.0)
    assert moved == pytest.approx(units)


def test_interests_move_the_hazard_as_the_studies_say():
    one = np.zeros(1, dtype=np.intp)

    def hazard(child: dict, volunteer: dict) -> float:
        return float(log_hazard_ratio(people(child, volunteer), one, one)[0])

    alike = hazard({"likes": ("chess",)}, {"likes": ("chess",)})
    apart = hazard({"likes": ("chess",)}, {"dislikes": ("chess",)})
    shun = hazard({"dislikes": ("chess",)}, {"dislikes": ("chess",)})
    nothing = hazard({}, {})
    assert shun < alike < nothing < apart


def test_unknown_facts_are_typical():
    one = np.zeros(1, dtype=np.intp)
    nowhere = people({"postcode": "9999"}, {})
    at = list(load_priors().ratios).index("travel_ten_minutes")
    assert facts_of_pairs(nowhere, one, one)[0][at] == 0.0
    assert np.isfinite(log_hazard_ratio(nowhere, one, one)).all()


def test_calibration_reaches_what_it_aims_at():
    draws = np.random.default_rng(2)
    population = Population(log_ratio=draws.normal(0.1, 0.5, 500), months_left=draws.uniform(36.0, 180.0, 500))
    published = load_priors().published["B"]
    early, late = calibrated(published, population, 0.4, 0.81, (240.0, 44.0))
    made = published.scaled(early, late)
    assert share_after(made, population, 0.4, 12.0) == pytest.approx(0.81, abs=1e-6)
    assert 44.0 / 12.0 * mean_months(made, population, 0.4) == pytest.approx(240.0, abs=1e-3)
    with pytest.raises(ValueError, match="no factor"):
        calibrated(published, population, 0.4, 0.81, (100_000.0, 44.0))
