"""Weights become whole caps of 100,000 in all; what protects children is only ever tightened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.errors import RuleError
from matcher.functions import Eligibility
from matcher.settings import SettingError
from tests.constraints.asking import BOOK, plainly
from tests.constraints.facts import facts_for
from tests.volume import volume

WEIGHT_KEYS = [criterion.weight_key for criterion in BOOK.criteria]
WEIGHTS = st.lists(st.decimals(0, 1000, places=3), min_size=9, max_size=9).filter(any)


def _weighed(weights: list[Decimal]) -> tuple[int, ...]:
    return BOOK.with_settings({key: float(w) for key, w in zip(WEIGHT_KEYS, weights, strict=True)}).caps


def _by_largest_remainder(weights: list[Decimal]) -> tuple[int, ...]:
    exact = [Fraction(w) * 100_000 / sum(map(Fraction, weights)) for w in weights]
    caps = [floor(e) for e in exact]
    while sum(caps) < 100_000:
        best = max(range(9), key=lambda i: (exact[i] - caps[i], -i))
        caps[best] += 1
    return tuple(caps)


@given(WEIGHTS)
def test_caps_are_whole_and_100000_in_all(weights: list[Decimal]) -> None:
    caps = _weighed(weights)
    assert sum(caps) == 100_000
    assert caps == _by_largest_remainder(weights)


@given(WEIGHTS, st.sampled_from([2, 10]))
def test_only_proportions_of_weights_count(weights: list[Decimal], times: int) -> None:
    assert _weighed([w * times for w in weights]) == _weighed(weights)


def test_equal_remainders_go_to_the_first_of_the_contracts_list() -> None:
    assert _weighed([Decimal(1)] * 9) == (11_112,) + (11_111,) * 8


def test_weights_are_taken_as_they_are_written() -> None:
    """0.1 has no exact binary form; taken in binary, these weights would give other caps than those ten times as large."""
    tenths = [6, 1, 4, 6, 3, 4, 1, 3, 2]
    assert _weighed([Decimal(w) / 10 for w in tenths]) == _weighed([Decimal(w) for w in tenths])


@given(WEIGHTS, st.lists(st.floats(0.0, 1.0), min_size=9, max_size=9))
def test_no_criterion_gives_more_than_its_cap(weights: list[Decimal], shares: list[float]) -> None:
    given_points = [floor(share * float(cap) + 0.5) for share, cap in zip(shares, _weighed(weights), strict=True)]
    assert all(0 <= p <= cap for p, cap in zip(given_points, _weighed(weights), strict=True))
    assert sum(given_points) <= 100_000


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(RuleError, match="all weights are zero"):
        BOOK.with_settings(dict.fromkeys(WEIGHT_KEYS, 0.0))


@pytest.mark.parametrize("value", [-1, "NaN", "1e400", True, "many", ()])
def test_a_weight_is_a_number_of_at_least_nothing(value: object) -> None:
    with pytest.raises(SettingError):
        BOOK.with_settings({"weights.travel_time": value})  # type: ignore[dict-item]


LOCKED = [(r, r.setting_key(name)) for r in BOOK.eligibility if r.locked for name in r.defaults]


@pytest.mark.parametrize(("rule", "key"), LOCKED, ids=[key for _, key in LOCKED])
@given(values=st.lists(st.integers(0, 60), min_size=1, max_size=6), data=st.data())
@settings(max_examples=volume(ci=40, long=2_000), deadline=None)
def test_a_locked_setting_only_tightens(rule: Eligibility, key: str, values: list[int], data: st.DataObject) -> None:
    book, name = BOOK, key.rpartition(".")[2]
    sign = 1 if name.startswith("min_") else -1
    for value in values:
        before = book.number(key)
        if (value - before) * sign < 0:
            with pytest.raises(SettingError) as refused:
                book.with_settings({key: value})
            assert refused.value.code == "setting_locked"
        else:
            book = book.with_settings({key: value})
            assert book.number(key) == value
    facts = data.draw(facts_for(rule))
    if plainly(rule, {**facts, name: book.number(key)}):
        assert plainly(rule, facts)


def test_an_open_setting_may_be_loosened() -> None:
    assert BOOK.with_settings({"travel_time.max_minutes": 60}).number("travel_time.max_minutes") == 60
    assert BOOK.with_settings({"stays_long_enough.min_months": "6"}).number("stays_long_enough.min_months") == 6


def test_a_changed_rulebook_leaves_the_other_alone() -> None:
    before = BOOK.all_values()
    BOOK.with_settings({"travel_time.max_minutes": 60, "weights.transport": 0})
    assert BOOK.all_values() == before


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(RuleError, match=r"travel_time\.max_minute"):
        BOOK.with_settings({"travel_time.max_minute": 60})


def test_a_shared_setting_has_one_owner() -> None:
    book = BOOK.with_settings({"child_age.max_voksenven": 10})
    programme_age = next(c for c in book.criteria if c.key == "programme_age")
    assert book.arguments(programme_age)["max_voksenven"] == 10
    assert "criteria.programme_age.max_voksenven" not in book.settings


@given(st.integers(1, 9), st.integers(0, 8))
def test_dropping_a_criterion_gives_its_points_to_the_others(number: int, dropped: int) -> None:
    weights = [Decimal(number)] * 9
    weights[dropped] = Decimal(0)
    assume(any(weights))
    caps = np.array(_weighed(weights))
    assert caps[dropped] == 0
    assert caps.sum() == 100_000


BOUNDS = [
    ("weights.travel_time", 1_000_000, "1000000"),
    ("criteria.interests.enough", 1_000_000, "1000000"),
    ("stays_long_enough.min_months", 1200, "1200"),
    ("criteria.expected_length.long_months", 1200, "1200"),
    ("criteria.age_wish.enough_years", 150, "150"),
    ("travel_time.max_minutes", 1440, "1440"),
    ("travel.car_minutes", 1440, "1440"),
    ("year", 2999, "2999"),
]


@pytest.mark.parametrize(("key", "most", "said"), BOUNDS, ids=[key for key, _, _ in BOUNDS])
def test_a_number_has_a_largest_value(key: str, most: float, said: str) -> None:
    assert BOOK.with_settings({key: most}).number(key) == most
    with pytest.raises(SettingError) as refused:
        BOOK.with_settings({key: most + 1})
    assert (refused.value.code, refused.value.facts) == ("setting_too_large", {"key": key, "most": said})


@pytest.mark.parametrize("day", ["1899-12-31", "3000-01-01", "9999-12-31", "0001-01-01"])
def test_a_planning_date_far_away_is_refused(day: str) -> None:
    with pytest.raises(SettingError) as refused:
        BOOK.with_settings({"planning_date": day})
    facts = {"key": "planning_date", "earliest": "1900-01-01", "latest": "2999-12-31"}
    assert (refused.value.code, refused.value.facts) == ("setting_date_outside", facts)


@pytest.mark.parametrize("day", ["1900-01-01", "2999-12-31"])
def test_a_planning_date_may_be_the_first_or_last(day: str) -> None:
    assert BOOK.with_settings({"planning_date": day})["planning_date"] == date.fromisoformat(day)
