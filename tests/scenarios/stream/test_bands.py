"""Bands: Student's quantiles, what is not defined, and paired differences."""

from __future__ import annotations

import math

import pytest

from scenarios.stream.bands import band, differences, halves, summarised, t_quantile


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
    other = [{("m", ""): 0.0}, {("m", ""): 10.0}]
    found = differences(rows, other)["m", ""]
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
    assert summarised(rows)["m", ""].value == 6.0
    with pytest.raises(ValueError, match="zip"):
        differences(rows, other[:1])


def test_antithetic_replications_count_by_twos():
    rows = [{("m", ""): value} for value in (1.0, 3.0, 2.0, 4.0)]
    assert [row["m", ""] for row in halves(rows)] == [2.0, 3.0]
    with pytest.raises(ValueError, match="zip"):
        halves(rows[:3])
