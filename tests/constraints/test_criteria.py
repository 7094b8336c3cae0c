"""Criteria answer 0..1 whatever is asked, the same in every form, and never less to a better fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.bodies import BIKE, CAR, PUBLIC
from matcher.functions import Criterion
from tests.constraints.asking import BOOK, compiled, on_arrays, plainly
from tests.constraints.facts import AGES, AMOUNTS, MONTHS, NAN, facts_for, settings_for
from tests.volume import volume

CRITERIA = {criterion.key: criterion for criterion in BOOK.criteria}
ORDER = [
    "travel_time",
    "interests",
    "common_slots",
    "expected_length",
    "programme_age",
    "volunteer_stability",
    "age_wish",
    "languages",
    "transport",
]


def test_order_and_weights_are_the_contracts() -> None:
    assert [c.key for c in BOOK.criteria] == ORDER
    assert [BOOK.number(c.weight_key) for c in BOOK.criteria] == [25, 20, 18, 12, 8, 8, 4, 3, 2]


@pytest.mark.parametrize("criterion", BOOK.criteria, ids=lambda c: c.key)
@given(data=st.data())
@settings(max_examples=volume(ci=60, long=1_000), deadline=None)
def test_shares_stay_within_0_and_1_in_every_form(criterion: Criterion, data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(st.builds(lambda a, b: {**a, **b}, facts_for(criterion), settings_for(criterion)), min_size=1, max_size=5)
    )
    plain = [plainly(criterion, row) for row in rows]
    assert all(0.0 <= share <= 1.0 for share in plain)
    assert on_arrays(criterion, rows).tolist() == plain
    assert [compiled(criterion, row) for row in rows] == plain


Better = Callable[[dict[str, Any], Any], tuple[dict[str, Any], dict[str, Any]]]


def _lower(name: str) -> Better:
    return lambda facts, by: ({**facts, name: facts[name] + by}, facts)


def _higher(name: str) -> Better:
    return lambda facts, by: (facts, {**facts, name: facts[name] + by})


def _longer_together(facts: dict[str, Any], by: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """By whole months, so that both grow by exactly the same."""
    months = {name: value if value != value else float(int(value)) for name, value in facts.items()}  # noqa: PLR0124  NaN
    return months, {name: value + int(by) for name, value in months.items()}


def _closer_expectation(facts: dict[str, Any], by: float) -> tuple[dict[str, Any], dict[str, Any]]:
    low, high = sorted([facts["child_expects_months"], facts["volunteer_expects_months"]])
    nearer = {"child_expects_months": min(low + by, high), "volunteer_expects_months": high}
    return {"child_expects_months": low, "volunteer_expects_months": high}, nearer


def _one_more_in_common(subject: str) -> Better:
    """Both sides get the same new word, of a bit that neither says yet."""

    def better(facts: dict[str, Any], by: float) -> tuple[dict[str, Any], dict[str, Any]]:
        bit = 1 << (20 if subject == "slots" else 110 + int(by) % 10)
        clear = {name: bits & ~bit for name, bits in facts.items()}
        return clear, {
            **clear,
            f"child_{subject}": clear[f"child_{subject}"] | bit,
            f"volunteer_{subject}": clear[f"volunteer_{subject}"] | bit,
        }

    return better


def _no_clash(facts: dict[str, Any], _: float) -> tuple[dict[str, Any], dict[str, Any]]:
    clash = facts["child_likes"] & facts["volunteer_dislikes"]
    return facts, {**facts, "volunteer_dislikes": facts["volunteer_dislikes"] & ~clash}


def _one_more_language(facts: dict[str, Any], by: float) -> tuple[dict[str, Any], dict[str, Any]]:
    spoken = facts["child_languages"] | 1 << int(by) % 7
    before = {**facts, "child_languages": spoken}
    missing = spoken & ~facts["volunteer_languages"]
    return before, {**before, "volunteer_languages": facts["volunteer_languages"] | (missing & -missing)}


def _a_car(_: dict[str, Any], by: float) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"volunteer_transport": BIKE if by > 30 else PUBLIC}, {"volunteer_transport": CAR}


def _no_last_day(facts: dict[str, Any], _: float) -> tuple[dict[str, Any], dict[str, Any]]:
    return facts, {**facts, "volunteer_months_left": NAN}


BETTER: list[tuple[str, str, Better]] = [
    ("travel_time", "nearer", _lower("minutes")),
    ("travel_time", "the family accepts more", _higher("child_max_minutes")),
    ("travel_time", "the volunteer accepts more", _higher("volunteer_max_minutes")),
    ("interests", "one more like in common", _one_more_in_common("likes")),
    ("interests", "one more dislike in common", _one_more_in_common("dislikes")),
    ("interests", "no clash", _no_clash),
    ("common_slots", "one more in common", _one_more_in_common("slots")),
    ("expected_length", "both longer", _longer_together),
    ("expected_length", "closer", _closer_expectation),
    ("programme_age", "younger", _lower("child_age")),
    ("volunteer_stability", "older", _higher("volunteer_age")),
    ("volunteer_stability", "stays longer", _higher("volunteer_months_left")),
    ("volunteer_stability", "no last day", _no_last_day),
    ("age_wish", "wide enough for longer", _higher("volunteer_wants_age_max")),
    ("age_wish", "from a lower age", _lower("volunteer_wants_age_min")),
    ("languages", "one more in common", _one_more_language),
    ("transport", "a car", _a_car),
]
NEVER_SAID_BEFORE = {"interests", "common_slots"}


@pytest.mark.parametrize(("key", "better"), [pytest.param(k, b, id=f"{k}-{n}") for k, n, b in BETTER])
@given(data=st.data(), by=st.one_of(st.integers(0, 60).map(float), st.floats(0.01, 60.0)))
@settings(max_examples=volume(ci=80, long=2_000), deadline=None)
def test_a_better_fact_never_lowers_a_share(key: str, better: Better, data: st.DataObject, by: float) -> None:
    criterion = CRITERIA[key]
    worse_facts, better_facts = better(data.draw(facts_for(criterion)), by)
    blank = key in NEVER_SAID_BEFORE and criterion.rests_on_blank(worse_facts)
    if not blank:  # what nobody has said earns one half, so the first thing said may earn less
        assert plainly(criterion, better_facts) >= plainly(criterion, worse_facts)


@given(age=AGES, low=AGES, high=AGES)
def test_a_child_further_from_the_end_of_the_wish_never_earns_less(age: float, low: float, high: float) -> None:
    here = plainly(CRITERIA["age_wish"], {"child_age": age, "volunteer_wants_age_min": low, "volunteer_wants_age_max": high})
    younger = plainly(
        CRITERIA["age_wish"], {"child_age": age - 1, "volunteer_wants_age_min": low, "volunteer_wants_age_max": high}
    )
    assert younger >= here or age - 1 < low


@pytest.mark.parametrize("criterion", BOOK.criteria, ids=lambda c: c.key)
@given(data=st.data())
@settings(max_examples=volume(ci=60, long=2_000), deadline=None)
def test_what_is_unknown_earns_one_half(criterion: Criterion, data: st.DataObject) -> None:
    facts = data.draw(facts_for(criterion))
    if criterion.rests_on_blank(facts) and criterion.key != "volunteer_stability":
        assert plainly(criterion, facts) == 0.5


@given(minutes=AMOUNTS, limit=st.floats(11.0, 120.0))
def test_travel_time_by_its_own_words(minutes: float, limit: float) -> None:
    share = plainly(CRITERIA["travel_time"], {"minutes": minutes, "child_max_minutes": limit, "volunteer_max_minutes": 120.0})
    expected = 1.0 if minutes <= 10 else 0.0 if minutes >= limit else (limit - minutes) / (limit - 10)
    assert share == pytest.approx(expected, abs=1e-12)


@given(a=AMOUNTS, b=AMOUNTS)
def test_expected_length_by_its_own_words(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    ratio = low / high if high > 0.001 else 1.0
    share = plainly(CRITERIA["expected_length"], {"child_expects_months": a, "volunteer_expects_months": b})
    if high > 0.001 or high == 0:
        assert share == pytest.approx(0.5 * min(1, max(0, (low - 6) / 18)) + 0.5 * ratio, abs=1e-12)


@given(age=AGES, months=st.one_of(st.none(), MONTHS))
def test_volunteer_stability_by_its_own_words(age: float, months: float | None) -> None:
    stays = 1.0 if months is None else min(1.0, max(0.0, (months - 12) / 36))
    facts = {"volunteer_age": age, "volunteer_months_left": NAN if months is None else months}
    assert plainly(CRITERIA["volunteer_stability"], facts) == pytest.approx(
        0.25 + 0.5 * min(1.0, max(0.0, (age - 18) / 30)) + 0.25 * stays, abs=1e-12
    )


def _value(a: set[int], b: set[int], rare: set[int], everyday: set[int]) -> float:
    return sum(1.0 + 0.5 * (w in rare) - 0.5 * (w in everyday) for w in a & b)


WORDS = st.sets(st.integers(0, 9), max_size=5)


@given(WORDS, WORDS, WORDS, WORDS, WORDS, WORDS)
def test_interests_by_its_own_words(
    likes: set[int], dislikes: set[int], their_likes: set[int], their_dislikes: set[int], rare: set[int], everyday: set[int]
) -> None:
    k = _value(likes, their_likes, rare, everyday) + 0.6 * _value(dislikes, their_dislikes, rare, everyday)
    k -= _value(likes, their_dislikes, rare, everyday) + _value(dislikes, their_likes, rare, everyday)
    silent = not (likes or dislikes) or not (their_likes or their_dislikes)
    bits = [sum(1 << w for w in words) for words in (likes, dislikes, their_likes, their_dislikes, rare, everyday)]
    names = ("child_likes", "child_dislikes", "volunteer_likes", "volunteer_dislikes", "rare", "everyday")
    share = plainly(CRITERIA["interests"], dict(zip(names, bits, strict=True)))
    assert share == pytest.approx(0.5 if silent else min(1.0, max(0.0, (k + 1) / 4)), abs=1e-12)
