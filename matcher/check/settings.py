"""The settings the checker reads, with the contract's defaults for those that are not given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CRITERIA = (
    "travel_time",
    "interests",
    "common_slots",
    "expected_length",
    "programme_age",
    "volunteer_stability",
    "age_wish",
    "languages",
    "transport",
)

DEFAULTS: Mapping[str, float] = {
    "travel.detour": 1.3,
    "travel.car_kmh": 40,
    "travel.car_minutes": 5,
    "travel.bike_kmh": 15,
    "travel.bike_minutes": 2,
    "travel.public_kmh": 22,
    "travel.public_minutes": 12,
    "child_age.min_voksenven": 6,
    "child_age.max_voksenven": 12,
    "child_age.min_storebror": 11,
    "child_age.max_storebror": 15,
    "child_age.min_familieven": 0,
    "child_age.max_familieven": 6,
    "volunteer_age.min_years": 18,
    "volunteer_age.min_storebror": 20,
    "volunteer_age.max_storebror": 35,
    "child_certificate.max_months": 24,
    "course.min_hours": 20,
    "stays_long_enough.min_months": 12,
    "common_language.min_common": 1,
    "common_slots.min_common": 1,
    "travel_time.max_minutes": 45,
    "weights.travel_time": 25,
    "weights.interests": 20,
    "weights.common_slots": 18,
    "weights.expected_length": 12,
    "weights.programme_age": 8,
    "weights.volunteer_stability": 8,
    "weights.age_wish": 4,
    "weights.languages": 3,
    "weights.transport": 2,
    "criteria.travel_time.near_minutes": 10,
    "criteria.interests.enough": 3,
    "criteria.common_slots.enough": 3,
    "criteria.expected_length.short_months": 6,
    "criteria.expected_length.long_months": 24,
    "criteria.volunteer_stability.young_years": 18,
    "criteria.volunteer_stability.settled_years": 48,
    "criteria.volunteer_stability.short_months": 12,
    "criteria.volunteer_stability.long_months": 48,
    "criteria.age_wish.enough_years": 3,
    "criteria.transport.car": 1.0,
    "criteria.transport.bike": 0.5,
    "criteria.transport.public": 0.5,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers by key, and the words that count more or less among the interests."""

    numbers: Mapping[str, float]
    rare: frozenset[str]
    everyday: frozenset[str]


def read_settings(given: Mapping[str, object]) -> Settings:
    """Settings from flat keys; what is not given has its default, what is no number is left aside."""
    numbers = {key: value for key, value in given.items() if isinstance(value, (int, float))}
    return Settings(
        {**DEFAULTS, **numbers},
        _words(given.get("criteria.interests.rare", ())),
        _words(given.get("criteria.interests.everyday", ())),
    )


def _words(value: object) -> frozenset[str]:
    if not isinstance(value, (tuple, list, set, frozenset)):
        raise TypeError(f"a list of words was expected, not {value!r}")
    return frozenset(str(word) for word in value)
