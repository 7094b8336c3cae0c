"""Draws by name, patience, and the loop's own copy of the hazard's threshold."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.duration.hazard import DAYS_A_MONTH, threshold
from scenarios.stream.bonds import limit_of
from scenarios.stream.draws import keys_of, stream_of
from scenarios.stream.rates import daily
from scenarios.stream.roster import drawn, patience_of

KEYS = np.arange(20_000, dtype=np.uint64)


def stream(seed: int, replication: int, *, mirrored: bool = False) -> np.uint64:
    return np.uint64(stream_of(seed, replication, mirrored))


def test_draws_are_even_and_independent_of_each_other():
    first = drawn(stream(1, 0), KEYS, 3)
    assert 0.0 < first.min() <= first.max() < 1.0
    assert np.histogram(first, 20, (0.0, 1.0))[0] == pytest.approx(1000, abs=150)
    for other in (drawn(stream(1, 0), KEYS, 4), drawn(stream(1, 1), KEYS, 3), drawn(stream(2, 0), KEYS, 3)):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.03
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.03


def test_a_draw_depends_on_its_name_alone_and_the_mirrored_one_is_its_opposite():
    some = drawn(stream(1, 0), KEYS[100:200], 3)
    assert np.array_equal(some, drawn(stream(1, 0), KEYS, 3)[100:200])
    assert some + drawn(stream(1, 0, mirrored=True), KEYS[100:200], 3) == pytest.approx(np.ones(100))


def test_keys_are_those_of_blake2b_in_every_process():
    assert keys_of(["a", "b"]).tolist() == [4681665781835383343, 9543904841865449333]


def test_patience_has_the_monthly_shares_that_were_set():
    share, calm, factor = 0.04, 3.0 * DAYS_A_MONTH, 1.5
    u = (np.arange(100_000) + 0.5) / 100_000
    rates = np.array([daily(share), calm, factor])
    waits = patience_of(u, np.zeros(len(u)), rates)
    for months, left in ((1, 0.96), (3, 0.96**3), (5, 0.96 ** (3 + 1.5 * 2))):
        assert (waits > months * DAYS_A_MONTH).mean() == pytest.approx(left, abs=1e-3)
    waited = patience_of(u, np.full(len(u), 2.0 * DAYS_A_MONTH), rates)
    assert (waited > 2.0 * DAYS_A_MONTH).mean() == pytest.approx(0.96 ** (1 + 1.5), abs=1e-3)


@pytest.mark.parametrize("variance", [0.0, 0.4])
@pytest.mark.parametrize("lived", [0.0, 0.7])
def test_the_loop_s_threshold_is_the_hazard_s(variance, lived):
    for u in (0.01, 0.5, 0.99):
        assert limit_of(u, lived, variance) == pytest.approx(float(threshold(u, lived, variance)))
