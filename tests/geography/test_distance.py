"""Distance without trigonometry per pair stays within a metre of the reference geodesic; the three readings agree to the bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.geography.distance import UNKNOWN, distance_km, minutes, point
from tests.volume import volume

latitudes, longitudes = st.floats(54.5, 57.9), st.floats(8.0, 15.3)


@settings(max_examples=volume(ci=1_500, long=100_000), deadline=None)
@given(a=st.tuples(latitudes, longitudes), north=st.floats(-0.9, 0.9), east=st.floats(-1.6, 1.6))
def test_within_a_metre_up_to_100_km(a: tuple[float, float], north: float, east: float) -> None:
    b = (min(57.9, max(54.5, a[0] + north)), min(15.3, max(8.0, a[1] + east)))
    reference = geodesic(a, b).km
    assume(reference <= 100)
    assert abs(distance_km(*point(*a), *point(*b)) - reference) < 0.001


@settings(max_examples=volume(ci=300, long=20_000), deadline=None)
@given(a=st.tuples(latitudes, longitudes), b=st.tuples(latitudes, longitudes))
def test_across_the_country_within_five_metres(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert abs(distance_km(*point(*a), *point(*b)) - geodesic(a, b).km) < 0.005


def test_the_same_place_is_no_distance() -> None:
    here = point(55.7337, 12.3610)
    assert distance_km(*here, *here) == 0.0
    assert minutes(*here, *here, 78 / 22, 12.0) == 12.0


def test_the_contracts_formula() -> None:
    """60 · 1.3 · d / v + w by car: 40 km/h and 5 minutes."""
    a, b = (55.7337, 12.3610), (55.6761, 12.5683)
    assert minutes(*point(*a), *point(*b), 60 * 1.3 / 40, 5.0) == pytest.approx(60 * 1.3 * geodesic(a, b).km / 40 + 5, abs=0.001)


def test_an_unknown_place_has_no_minutes() -> None:
    assert math.isnan(minutes(*UNKNOWN, *point(55.7, 12.4), 2.0, 5.0))


@given(a=st.tuples(latitudes, longitudes), b=st.tuples(latitudes, longitudes))
def test_arrays_and_numbers_agree_to_the_bit(a: tuple[float, float], b: tuple[float, float]) -> None:
    child, volunteer = point(*a), point(*b)
    arrays = minutes(*(np.array([x]) for x in (*child, *volunteer)), np.array([1.95]), np.array([5.0]))
    assert arrays[0] == minutes(*child, *volunteer, 1.95, 5.0)
