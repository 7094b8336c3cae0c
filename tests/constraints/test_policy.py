"""The policy names everything, its values today are the contract's, and a wrong one says where."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

import matcher.case
from constraints.calendar_rules import calendar_rules
from constraints.policy import load_policy, parse_policy
from matcher.errors import RuleError
from matcher.functions import Function, Shared
from tests.constraints.asking import BOOK, TODAY

POLICY = load_policy()
CONTRACT = {
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
    "criteria.transport.car": 1,
    "criteria.transport.bike": 0.5,
    "criteria.transport.public": 0.5,
    "weights.travel_time": 25,
    "weights.interests": 20,
    "weights.common_slots": 18,
    "weights.expected_length": 12,
    "weights.programme_age": 8,
    "weights.volunteer_stability": 8,
    "weights.age_wish": 4,
    "weights.languages": 3,
    "weights.transport": 2,
}
WORD_LISTS = {"criteria.interests.rare", "criteria.interests.everyday"}


def test_it_names_every_rule_and_criterion() -> None:
    """It names all of the contract's, and nothing that is not there; a newer rule may still lack its entry."""
    assert set(POLICY.eligibility) <= {r.key for r in BOOK.eligibility}
    assert set(POLICY.criteria) <= {c.key for c in BOOK.criteria}
    assert {key.partition(".")[2] for key in CONTRACT if key.startswith("weights.")} <= set(POLICY.criteria)
    assert len(POLICY.eligibility) >= 22


def test_it_names_every_parameter() -> None:
    def own(function: Function) -> set[str]:
        return {function.setting_key(name) for name, default in function.defaults.items() if not isinstance(default, Shared)}

    rules = [rule for rule in BOOK.eligibility if rule.key in POLICY.eligibility]
    criteria = [criterion for criterion in BOOK.criteria if criterion.key in POLICY.criteria]
    everything = {key for function in (*rules, *criteria) for key in own(function)}
    calendar = {rule.setting_key(name) for rule in calendar_rules() for name in rule.defaults if rule.key in POLICY.calendar}
    assert set(POLICY.values_on(TODAY)) == everything | calendar | {c.weight_key for c in criteria}


def test_its_values_of_the_calendar_are_the_rules_own() -> None:
    assert {rule.key for rule in calendar_rules()} >= set(POLICY.calendar)
    today = POLICY.values_on(TODAY)
    for rule in calendar_rules():
        assert {name: today[rule.setting_key(name)] for name in rule.defaults} == dict(rule.defaults), rule.key


def test_its_values_today_are_the_contracts() -> None:
    today = POLICY.values_on(TODAY)
    assert {key: today[key] for key in CONTRACT} == CONTRACT
    assert {key: BOOK[key] for key in CONTRACT} == CONTRACT


def test_the_codes_own_defaults_are_the_contracts_too() -> None:
    assert {key: BOOK.settings[key].default for key in CONTRACT} == CONTRACT


def test_nobody_waives_what_protects_children() -> None:
    for rule in BOOK.eligibility:
        assert not (rule.locked and POLICY.rule(rule.key).waived_by), rule.key


def test_weighed_interests_are_words_that_the_product_knows() -> None:
    words = tomllib.loads((Path(matcher.case.__file__).parent / "aliases.toml").read_text("utf-8"))["words"]["interests"]
    rare, everyday = BOOK["criteria.interests.rare"], BOOK["criteria.interests.everyday"]
    assert isinstance(rare, tuple)
    assert isinstance(everyday, tuple)
    assert set(rare) | set(everyday) <= set(words)
    assert not set(rare) & set(everyday)


DATED = """
[eligibility.course]
owner = "ledelsen"
values = [
  { valid_from = 2028-01-01, min_hours = 24 },
  { valid_from = 2026-01-01, min_hours = 20, min_evenings = 3 },
]
"""


@pytest.mark.parametrize(
    ("day", "values"),
    [
        (date(2025, 12, 31), {}),
        (date(2026, 1, 1), {"course.min_hours": 20, "course.min_evenings": 3}),
        (date(2027, 12, 31), {"course.min_hours": 20, "course.min_evenings": 3}),
        (date(2028, 1, 1), {"course.min_hours": 24, "course.min_evenings": 3}),
    ],
)
def test_a_value_is_in_force_from_its_day(day: date, values: dict[str, int]) -> None:
    assert parse_policy(DATED).values_on(day) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[kalender.course]\nowner = 'x'", "group kalender"),
        ("[eligibility.course]\nwaived_by = ''", "eligibility.course"),
        ("[eligibility.course]\nowner = 'x'\nlocked = true", "eligibility.course"),
        ("[eligibility.course]\nowner = 'x'\nvalues = 3", "eligibility.course"),
        ("[eligibility.course]\nowner = 'x'\nvalues = [{ min_hours = 20 }]", "valid_from"),
        ("[eligibility.course]\nowner = 'x'\nvalues = [{ valid_from = 'soon', min_hours = 20 }]", "valid_from"),
        ("[eligibility\n", "no TOML"),
    ],
)
def test_a_wrong_policy_says_where(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        parse_policy(text)
