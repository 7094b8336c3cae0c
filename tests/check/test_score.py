"""The nine criteria by hand-worked figures, the caps, and what a hair's breadth may change."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from geopy.distance import geodesic

from matcher.check import score
from matcher.check.pair import part_windows, points_window
from matcher.check.score import caps, points
from matcher.check.settings import CRITERIA, DEFAULTS, read_settings
from tests.check.instances import PLACES, pair_world

Facts = dict[str, Any]


def weights(**given: object) -> dict[str, float]:
    return {f"weights.{name}": given.get(name, 0) for name in CRITERIA}  # type: ignore[misc]


# criterion, facts of the child, facts of the volunteer, settings, points
CASES: list[tuple[str, Facts, Facts, Facts, int]] = [
    ("travel_time", {}, {}, {}, 25000),
    ("travel_time", {}, {}, {"travel.car_minutes": 10}, 25000),
    ("travel_time", {}, {}, {"travel.car_minutes": 17}, 20000),
    ("travel_time", {}, {}, {"travel.car_minutes": 45}, 0),
    ("travel_time", {"max_minutes": 30}, {}, {"travel.car_minutes": 25}, 6250),
    ("travel_time", {}, {"max_minutes": 30}, {"travel.car_minutes": 25}, 6250),
    ("travel_time", {"max_minutes": 60}, {}, {"travel.car_minutes": 45}, 0),
    ("travel_time", {"max_minutes": 60}, {"max_minutes": 60}, {"travel.car_minutes": 45}, 7500),
    ("travel_time", {}, {}, {"travel.car_minutes": 25, "travel_time.max_minutes": 30}, 6250),
    ("travel_time", {}, {}, {"travel.car_minutes": 25, "criteria.travel_time.near_minutes": 25}, 25000),
    ("travel_time", {}, {}, {"travel.car_minutes": 25, "criteria.travel_time.near_minutes": 5}, 12500),
    ("travel_time", {"max_minutes": 3}, {}, {}, 25000),
    ("travel_time", {"max_minutes": 10}, {}, {"travel.car_minutes": 10}, 25000),
    ("travel_time", {"postcode": "9999"}, {}, {}, 12500),
    ("travel_time", {}, {"postcode": "9999"}, {}, 12500),
    ("travel_time", {"postcode": "8000"}, {}, {}, 0),
    ("interests", {}, {}, {}, 10000),
    ("interests", {"likes": ("chess",)}, {}, {}, 10000),
    ("interests", {}, {"dislikes": ("chess",)}, {}, 10000),
    ("interests", {"likes": ("chess",)}, {"dislikes": ("music",)}, {}, 5000),
    ("interests", {"likes": ("chess",)}, {"likes": ("music",)}, {}, 5000),
    ("interests", {"likes": ("chess",)}, {"likes": ("chess", "music")}, {}, 10000),
    ("interests", {"likes": ("chess", "music", "art")}, {"likes": ("chess", "music", "art")}, {}, 20000),
    ("interests", {"likes": tuple("abcdef")}, {"likes": tuple("abcdef")}, {}, 20000),
    ("interests", {"dislikes": ("chess",)}, {"dislikes": ("chess",)}, {}, 8000),
    ("interests", {"likes": ("chess",)}, {"dislikes": ("chess",)}, {}, 0),
    ("interests", {"dislikes": ("chess",)}, {"likes": ("chess",)}, {}, 0),
    ("interests", {"likes": ("chess", "art")}, {"dislikes": ("chess", "art")}, {}, 0),
    ("interests", {"likes": ("chess", "art"), "dislikes": ("golf",)}, {"likes": ("chess", "art", "golf")}, {}, 10000),
    ("interests", {"likes": ("a", "b", "c")}, {"likes": ("a", "b"), "dislikes": ("c",)}, {}, 10000),
    ("interests", {"likes": ("chess",)}, {"likes": ("chess",)}, {"criteria.interests.rare": ("chess",)}, 12500),
    ("interests", {"likes": ("chess",)}, {"likes": ("chess",)}, {"criteria.interests.everyday": ("chess",)}, 7500),
    ("interests", {"dislikes": ("chess",)}, {"dislikes": ("chess",)}, {"criteria.interests.rare": ("chess",)}, 9500),
    ("interests", {"likes": ("chess",)}, {"dislikes": ("chess",)}, {"criteria.interests.everyday": ("chess",)}, 2500),
    ("interests", {"likes": ("chess",)}, {"likes": ("chess",)}, {"criteria.interests.enough": 4}, 8000),
    ("common_slots", {}, {}, {}, 9000),
    ("common_slots", {"availability": ("mon_evening",)}, {}, {}, 9000),
    ("common_slots", {}, {"availability": ("mon_evening",)}, {}, 9000),
    ("common_slots", {"availability": ("mon_evening",)}, {"availability": ("tue_evening",)}, {}, 0),
    ("common_slots", {"availability": ("mon_evening", "x")}, {"availability": ("mon_evening", "y")}, {}, 6000),
    ("common_slots", {"availability": tuple("abc")}, {"availability": tuple("bcd")}, {}, 12000),
    ("common_slots", {"availability": tuple("abcd")}, {"availability": tuple("abcd")}, {}, 18000),
    ("common_slots", {"availability": tuple("ab")}, {"availability": tuple("ab")}, {"criteria.common_slots.enough": 4}, 9000),
    ("expected_length", {}, {}, {}, 6000),
    ("expected_length", {"expects_months": 24}, {}, {}, 6000),
    ("expected_length", {}, {"expects_months": 24}, {}, 6000),
    ("expected_length", {"expects_months": 24}, {"expects_months": 24}, {}, 12000),
    ("expected_length", {"expects_months": 15}, {"expects_months": 15}, {}, 9000),
    ("expected_length", {"expects_months": 6}, {"expects_months": 6}, {}, 6000),
    ("expected_length", {"expects_months": 2}, {"expects_months": 4}, {}, 3000),
    ("expected_length", {"expects_months": 12}, {"expects_months": 24}, {}, 5000),
    ("expected_length", {"expects_months": 24}, {"expects_months": 12}, {}, 5000),
    ("expected_length", {"expects_months": 36}, {"expects_months": 48}, {}, 10500),
    ("expected_length", {"expects_months": 0}, {"expects_months": 0}, {}, 6000),
    ("expected_length", {"expects_months": 0}, {"expects_months": 12}, {}, 0),
    (
        "expected_length",
        {"expects_months": 12},
        {"expects_months": 12},
        {"criteria.expected_length.short_months": 10, "criteria.expected_length.long_months": 18},
        7500,
    ),
    ("programme_age", {"birth_date": date(2020, 6, 1)}, {}, {}, 8000),
    ("programme_age", {"birth_date": date(2018, 1, 15)}, {}, {}, 4571),
    ("programme_age", {"birth_date": date(2014, 6, 1)}, {}, {}, 1143),
    ("programme_age", {"birth_date": date(2012, 6, 1)}, {}, {}, 0),
    ("programme_age", {"birth_date": date(2022, 6, 1)}, {}, {}, 8000),
    ("programme_age", {"programme": "storebror", "birth_date": date(2013, 6, 1)}, {}, {}, 4800),
    ("programme_age", {"programme": "familieven", "birth_date": date(2024, 6, 1)}, {}, {}, 5714),
    ("programme_age", {}, {}, {"child_age.max_voksenven": 9, "child_age.min_voksenven": 8}, 4000),
    ("volunteer_stability", {}, {"birth_date": date(2009, 3, 1)}, {}, 4000),
    ("volunteer_stability", {}, {"birth_date": date(1997, 1, 15)}, {}, 5600),
    ("volunteer_stability", {}, {"birth_date": date(1979, 3, 1)}, {}, 8000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1)}, {}, 8000),
    ("volunteer_stability", {}, {"birth_date": date(2012, 3, 1)}, {}, 4000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2028, 3, 1)}, {}, 6000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2029, 9, 1)}, {}, 7000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2029, 8, 31)}, {}, 6944),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2031, 3, 1)}, {}, 8000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2037, 3, 1)}, {}, 8000),
    ("volunteer_stability", {}, {"birth_date": date(1950, 3, 1), "stops_on": date(2027, 3, 1)}, {}, 6000),
    (
        "volunteer_stability",
        {},
        {"birth_date": date(1997, 1, 15), "stops_on": date(2028, 3, 1)},
        {
            "criteria.volunteer_stability.young_years": 20,
            "criteria.volunteer_stability.settled_years": 40,
            "criteria.volunteer_stability.short_months": 0,
            "criteria.volunteer_stability.long_months": 24,
        },
        2000 + 2000 + 1000,
    ),
    ("age_wish", {}, {}, {}, 2000),
    ("age_wish", {}, {"wants_age_min": 9}, {}, 4000),
    ("age_wish", {}, {"wants_age_min": 10}, {}, 0),
    ("age_wish", {}, {"wants_age_max": 9}, {}, 1333),
    ("age_wish", {}, {"wants_age_max": 10}, {}, 2667),
    ("age_wish", {}, {"wants_age_max": 11}, {}, 4000),
    ("age_wish", {}, {"wants_age_max": 14}, {}, 4000),
    ("age_wish", {}, {"wants_age_max": 8}, {}, 0),
    ("age_wish", {}, {"wants_age_max": 8.5}, {}, 0),
    ("age_wish", {}, {"wants_age_min": 9, "wants_age_max": 9}, {}, 1333),
    ("age_wish", {}, {"wants_age_min": 10, "wants_age_max": 14}, {}, 0),
    ("age_wish", {}, {"wants_age_max": 9}, {"criteria.age_wish.enough_years": 2}, 2000),
    ("languages", {}, {}, {}, 3000),
    ("languages", {"languages": ("danish", "arabic")}, {}, {}, 1500),
    ("languages", {"languages": ("danish", "arabic", "farsi")}, {"languages": ("danish", "farsi", "x", "y")}, {}, 2000),
    ("languages", {"languages": ("somali",)}, {}, {}, 0),
    ("languages", {"languages": ()}, {}, {}, 3000),
    ("transport", {}, {"transport": "car"}, {}, 2000),
    ("transport", {}, {"transport": "bike"}, {}, 1000),
    ("transport", {}, {"transport": "public"}, {}, 1000),
    ("transport", {}, {"transport": None}, {}, 1000),
    # settings that leave no span make a step; what is beyond a share is held within it
    ("interests", {"likes": ("chess",)}, {"likes": ("chess",)}, {"criteria.interests.enough": 0}, 20000),
    (
        "interests",
        {"likes": ("chess",)},
        {"likes": ("chess",)},
        {"criteria.interests.rare": ("chess",), "criteria.interests.everyday": ("chess",)},
        10000,
    ),
    ("common_slots", {"availability": ("a",)}, {"availability": ("a",)}, {"criteria.common_slots.enough": 0}, 18000),
    ("common_slots", {"availability": ("a",)}, {"availability": ("b",)}, {"criteria.common_slots.enough": 0}, 0),
    ("age_wish", {}, {"wants_age_max": 9}, {"criteria.age_wish.enough_years": 0}, 4000),
    (
        "expected_length",
        {"expects_months": 24},
        {"expects_months": 24},
        {"criteria.expected_length.short_months": 24},
        6000,
    ),
    (
        "expected_length",
        {"expects_months": 25},
        {"expects_months": 25},
        {"criteria.expected_length.short_months": 24},
        12000,
    ),
    ("volunteer_stability", {}, {"birth_date": date(1979, 3, 1)}, {"criteria.volunteer_stability.young_years": 48}, 4000),
    ("volunteer_stability", {}, {"birth_date": date(1978, 3, 1)}, {"criteria.volunteer_stability.young_years": 48}, 8000),
    (
        "volunteer_stability",
        {},
        {"birth_date": date(1950, 3, 1), "stops_on": date(2031, 3, 1)},
        {"criteria.volunteer_stability.short_months": 48},
        6000,
    ),
    ("travel_time", {}, {}, {"travel.car_minutes": 50, "criteria.travel_time.near_minutes": 45}, 0),
    ("transport", {}, {"transport": "car"}, {"criteria.transport.car": 2}, 2000),
    ("transport", {}, {"transport": "bike"}, {"criteria.transport.bike": 0.75}, 1500),
    ("transport", {}, {"transport": "car"}, {"criteria.transport.car": 0.25}, 500),
    ("transport", {}, {"transport": "public"}, {"criteria.transport.public": 0.1}, 200),
]


@pytest.mark.parametrize(("criterion", "child_facts", "volunteer_facts", "settings", "right"), CASES)
def test_criterion(criterion: str, child_facts: Facts, volunteer_facts: Facts, settings: Facts, right: int) -> None:
    world = pair_world(child_facts, volunteer_facts, settings)
    assert score(world, "B1", "F1")[criterion] == right


def test_a_whole_score() -> None:
    """A boy of nine and a man of thirty in one town, nothing else known."""
    assert score(pair_world({}, {}), "B1", "F1") == {
        "travel_time": 25000,
        "interests": 10000,
        "common_slots": 9000,
        "expected_length": 6000,
        "programme_age": 4571,
        "volunteer_stability": 5600,
        "age_wish": 2000,
        "languages": 3000,
        "transport": 2000,
    }


@pytest.mark.parametrize(("transport", "kmh", "wait"), [("car", 40, 5), ("bike", 15, 2), ("public", 22, 12)])
def test_travel_by_each_way_of_going(transport: str, kmh: float, wait: float) -> None:
    km = geodesic(PLACES["2750"], PLACES["2740"]).km
    assert 2.7 < km < 2.8
    minutes = 60 * 1.3 * km / kmh + wait
    part = score(pair_world({"postcode": "2740"}, {"transport": transport}), "B1", "F1")["travel_time"]
    assert part == round((45 - minutes) / 35 * 25000)


def test_default_caps_are_the_contracts_weights() -> None:
    assert list(caps(DEFAULTS).values()) == [25000, 20000, 18000, 12000, 8000, 8000, 4000, 3000, 2000]


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (dict.fromkeys(CRITERIA, 1), [11112, *[11111] * 8]),
        ({"travel_time": 1, "interests": 1, "languages": 1}, [33334, 33333, 0, 0, 0, 0, 0, 33333, 0]),
        ({"interests": 2, "transport": 1}, [0, 66667, 0, 0, 0, 0, 0, 0, 33333]),
        ({"interests": 0.2, "transport": 0.1}, [0, 66667, 0, 0, 0, 0, 0, 0, 33333]),
        ({"interests": 1, "age_wish": 2, "transport": 3, "common_slots": 1}, [0, 14286, 14286, 0, 0, 0, 28571, 0, 42857]),
        ({"transport": 0.001}, [0, 0, 0, 0, 0, 0, 0, 0, 100000]),
    ],
)
def test_caps(given: dict[str, float], right: list[int]) -> None:
    assert list(caps(weights(**given)).values()) == right


def test_caps_always_add_up_and_none_is_off_by_a_whole() -> None:
    rng = random.Random(9)
    for _ in range(2_000):
        given = {name: rng.choice((0, 1, 2.5, rng.random() * 50, rng.randint(0, 40))) for name in CRITERIA}
        total = sum(given.values())
        if total:
            found = caps(weights(**given))
            assert sum(found.values()) == 100_000
            assert all(abs(found[name] - given[name] / total * 100_000) < 1.000001 for name in CRITERIA)


@pytest.mark.parametrize("given", [{}, {"interests": -1, "transport": 3}])
def test_impossible_weights_are_an_error(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights must be 0 or more"):
        caps(weights(**given))


@pytest.mark.parametrize(
    ("share", "cap", "right"), [(0.5, 3, 2), (0.5, 4, 2), (0.499, 1, 0), (0.5, 1, 1), (1.0, 25000, 25000), (0.0, 9, 0)]
)
def test_points_round_halves_up(share: float, cap: int, right: int) -> None:
    assert points(share, cap) == right


def test_a_part_on_a_half_may_be_rounded_either_way() -> None:
    """(9, 32) months: 0.5 * 3/18 + 0.5 * 9/32 of 12000 is 2687.5."""
    world = pair_world({"expects_months": 9}, {"expects_months": 32})
    windows = part_windows(world, world.children["B1"], world.volunteers["F1"])
    assert windows["expected_length"] == (2687, 2688)


def test_only_travel_has_a_window_and_it_is_a_metre_and_a_half() -> None:
    world = pair_world({"postcode": "2740", "expects_months": 9, "likes": ("a",)}, {"transport": "bike", "likes": ("a",)})
    b, f = world.children["B1"], world.volunteers["F1"]
    windows = part_windows(world, b, f)
    exact = score(world, "B1", "F1")
    assert {name for name, (low, high) in windows.items() if low != high} == {"travel_time"}
    low, high = windows["travel_time"]
    per_metre = 60 * 1.3 / 15 / 1000 / 35 * 25000
    assert high - low == pytest.approx(3 * per_metre, abs=1.01)
    assert low < exact["travel_time"] < high
    assert points_window(world, b, f) == (
        sum(exact.values()) - exact["travel_time"] + low,
        sum(exact.values()) - exact["travel_time"] + high,
    )


def test_criteria_are_the_contracts_nine_in_its_order() -> None:
    assert list(score(pair_world({}, {}), "B1", "F1")) == list(CRITERIA)


def test_words_that_are_no_list_are_refused() -> None:
    with pytest.raises(TypeError, match="list of words"):
        read_settings({"criteria.interests.rare": "chess"})
