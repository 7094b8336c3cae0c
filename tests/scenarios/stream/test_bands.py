"""Bands: Student's quantiles, what is not defined, and paired differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenarios.stream.bands import band, careful, differences, halves, paired, summarised, t_quantile
from tests.volume import volume


@pytest.mark.parametrize(
    ("freedom", "level", "published"),
    [(1, 0.95, 12.7062), (2, 0.95, 4.3027), (9, 0.9, 1.8331), (30, 0.95, 2.0423), (199, 0.95, 1.9720), (5, 0.99, 4.0321)],
)
def test_student_s_quantiles_are_the_published_ones(freedom, level, published):
    assert t_quantile(freedom, level) == pytest.approx(published, abs=1e-4)


def test_the_band_of_three_values_by_hand():
    found = band([1.0, 2.0, 6.0])
    half = 4.302653 * math.sqrt(7.0) / math.sqrt(3.0)
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 3.0 - half, 3.0 + half), abs=1e-5)
    assert found.replications == 3


def test_what_is_not_defined_is_left_out():
    assert band([math.nan, 2.0]).value == 2.0
    assert math.isnan(band([math.nan, 2.0]).low)
    assert math.isnan(band([]).value)


def test_differences_are_paired():
    rows = [{("m", ""): 1.0}, {("m", ""): 11.0}]
    other = [{("m", ""): 0.0}, {("m", ""): 8.0}]
    found = differences(rows, other)["m", ""]
    assert (found.value, found.low, found.high) == pytest.approx((2.0, 2.0 - 12.7062, 2.0 + 12.7062), abs=1e-4)
    assert summarised(rows)["m", ""].value == 6.0
    with pytest.raises(ValueError, match="zip"):
        differences(rows, other[:1])


def of(*values: float) -> list[dict[tuple[str, str], float]]:
    return [{("m", ""): value} for value in values]


def test_where_nearly_all_are_one_value_the_band_has_room_for_more_of_the_others():
    """By hand: 4 of 100 differ, by 10 at most, and Poisson's law has room for 10.24; where ten differ, Student's band is kept."""
    rare = [0.0] * 96 + [10.0] * 4
    found = careful(rare)
    half = (10.24 - 4) * 10.0 / 100
    assert (found.value, found.low, found.high) == pytest.approx((0.4, 0.4 - half, 0.4 + half))
    assert careful([0.0] * 90 + [10.0] * 10) == band([0.0] * 90 + [10.0] * 10)
    assert careful([3.0, 3.0, 4.0, 5.0]) == band([3.0, 3.0, 4.0, 5.0])
    same = careful([3.0, 3.0, 3.0])
    assert (same.low, same.high) == (3.0, 3.0)
    apart = careful([3.0] * 10, 5.0)
    assert (apart.low, apart.high) == pytest.approx((3.0 - 3.69 * 0.5, 3.0 + 3.69 * 0.5))
    assert math.isnan(careful([3.0]).low)


@pytest.mark.parametrize("share", [0.03, 0.1, 0.3, 0.9])
def test_bands_of_what_is_rare_and_skewed_hold(share):
    """As the longest wait of a small town differs: in a few replications, and then by much. Student's alone hold 75 and 86 %."""
    draw, held, trials = np.random.default_rng(4), 0, volume(ci=200, long=2000)
    for _ in range(trials):
        gaps = np.where(draw.random(100) < share, draw.exponential(90.0, 100), 0.0)
        found = careful(gaps, 200.0)
        held += found.low <= 90.0 * share <= found.high
    assert held / trials >= 0.9


def test_only_worlds_that_are_alike_in_everything_are_sure_to_differ_by_nothing():
    same = [{("m", ""): float(n), ("k", ""): math.nan, ("l", ""): float(n)} for n in range(20)]
    other = [{**row, ("l", ""): 2.0 * row["l", ""]} for row in same]
    alike, unlike = differences(same, same)["m", ""], differences(other, same)["m", ""]
    assert (alike.value, alike.low, alike.high) == (0.0, 0.0, 0.0)
    assert (unlike.value, unlike.low, unlike.high) == pytest.approx((0.0, -3.69 * 19 / 20, 3.69 * 19 / 20))


def test_a_difference_and_both_means_rest_on_the_same_replications():
    none = math.nan
    found = paired(of(none, *range(1, 10)), of(*range(0, 18, 2), none))["m", ""]
    assert (found.value.value, found.baseline.value, found.difference.value) == (4.5, 9.0, -4.5)
    assert found.value.replications == found.baseline.replications == found.difference.replications == 8
    few = paired(of(none, none, none, *range(1, 8)), of(*range(10)))["m", ""]
    assert math.isnan(few.difference.value)
    assert math.isnan(few.value.value)
    assert few.baseline.value == 4.5


def test_antithetic_replications_count_by_twos():
    rows = [{("m", ""): value} for value in (1.0, 3.0, 2.0, 4.0)]
    assert [row["m", ""] for row in halves(rows)] == [2.0, 3.0]
    with pytest.raises(ValueError, match="zip"):
        halves(rows[:3])
