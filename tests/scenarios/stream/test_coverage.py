"""Honest bands: of many seeds, about 95 % of the bands contain the value of a very long run."""

from __future__ import annotations

import math

import pytest

from scenarios.stream.bands import band, halves
from scenarios.stream.metrics import measured, replicated
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate
from tests.scenarios.stream.worlds import small_world
from tests.volume import volume

SEEDS, EACH, LONG = volume(ci=40, long=200), 12, volume(ci=600, long=20_000)
KEYS = [
    (metric, "") for metric in ("friendships", "friendship_years", "lasting_12_months", "wait_median_days", "offers_per_match")
]


def test_about_95_of_100_bands_contain_the_value_of_a_long_run():
    ready = prepared(small_world(), 1.0)
    truth = {key: [] for key in KEYS}
    for replication in range(LONG):
        found = measured(ready, simulate(ready, 0, replication), groups=())
        for key in KEYS:
            truth[key].append(found[key])
    means = {key: band(values).value for key, values in truth.items()}
    inside = dict.fromkeys(KEYS, 0)
    for seed in range(1, SEEDS + 1):
        rows = [measured(ready, simulate(ready, seed, replication), groups=()) for replication in range(EACH)]
        for key in KEYS:
            found = band([row[key] for row in rows])
            inside[key] += found.low <= means[key] <= found.high
    low, high = (0.90, 0.99) if SEEDS >= 200 else (0.85, 1.0)
    for key, hits in inside.items():
        assert low <= hits / SEEDS <= high, key
    assert math.isfinite(sum(means.values()))


def test_more_replications_make_the_band_narrower():
    ready = prepared(small_world(), 1.0)
    values = [measured(ready, simulate(ready, 1, replication), groups=())["friendships", ""] for replication in range(80)]
    few, many = band(values[:20]), band(values)
    assert many.high - many.low == pytest.approx((few.high - few.low) / 2.0, rel=0.35)


def test_antithetic_replications_pay_for_what_arrivals_drive():
    ready = prepared(small_world(), 1.0)
    count = 2 * volume(ci=60, long=1000)
    plain = band([row["friendships", ""] for row in replicated(ready, range(count), 1)])
    mirrored = band([row["friendships", ""] for row in halves(replicated(ready, range(count), 1, mirrored=True))])
    assert mirrored.low <= plain.high
    assert plain.low <= mirrored.high
    assert mirrored.high - mirrored.low < 1.05 * (plain.high - plain.low)
