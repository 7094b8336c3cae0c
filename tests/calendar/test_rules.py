"""The calendar's rules by their own examples, and the settings they have."""

from __future__ import annotations

from datetime import date

import pytest

from constraints.calendar_rules import calendar_rules, calendar_settings, load_calendar
from matcher.calendar.obligations import FirstYear, anniversary, rounded_share
from matcher.calendar.rules import CalendarRule, Counted, complaints
from matcher.records import Friendship
from matcher.settings import SettingError

RULES = calendar_rules()
CASES = [(rule, example) for rule in RULES for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), CASES, ids=lambda one: one.key if isinstance(one, CalendarRule) else str(one))
def test_rule_answers_its_own_examples(rule: CalendarRule, example: object) -> None:
    assert rule.body(**example.values) == example.expected  # type: ignore[attr-defined]


def test_every_rule_of_the_contract_is_there() -> None:
    assert {rule.key for rule in RULES} == {
        "closure", "group_size", "inside_first_year", "july", "matcher_absent", "matcher_available",
        "matcher_day", "matcher_month", "matcher_programmes", "meeting_size", "meeting_travel",
        "not_before_planning", "obligation", "one_meeting_in_a_venue", "one_place_at_a_time",
        "public_holiday", "quiet_day", "spacing", "together", "venue_available", "venue_closed",
        "volunteer_available", "volunteer_last_day", "volunteer_paused",
    }  # fmt: skip


def test_rules_fulfil_their_contract() -> None:
    assert [(rule.key, list(complaints(rule))) for rule in RULES if list(complaints(rule))] == []


def test_settings_are_named_after_their_rules() -> None:
    keys = {setting.key for setting in calendar_settings()}
    assert {"together", "calendar.spacing.min_days", "calendar.slack.unmet", "calendar.times.evening"} <= keys
    for rule in RULES:
        for name in rule.defaults:
            assert f"calendar.{rule.key}.{name}" in keys


def test_settings_change_a_rule() -> None:
    spacing = next(rule for rule in RULES if rule.key == "spacing")
    assert isinstance(spacing, Counted)
    assert load_calendar({"calendar.spacing.min_days": 14}).answer(spacing, {}).days == 14


@pytest.mark.parametrize("value", [("voksenven", "storebror"), ("voksenven+storebror", "voksenven"), ("alle",)])
def test_together_must_divide_the_programmes(value: tuple[str, ...]) -> None:
    with pytest.raises(SettingError):
        load_calendar({"together": value})


def test_together_is_read_with_any_sign_between() -> None:
    assert load_calendar({"together": ("familieven", "storebror;voksenven")})["together"] == ("voksenven+storebror", "familieven")


@pytest.mark.parametrize("value", ["19-21", "21:00-19:00", "25:00-26:00"])
def test_times_must_be_times(value: str) -> None:
    with pytest.raises(SettingError):
        load_calendar({"calendar.times.evening": value})


def bond(begun: date, ended: date | None = None) -> FirstYear:
    row = {"friendship_id": "F1", "child_id": "B1", "volunteer_id": "V1", "programme": "voksenven"}
    return FirstYear.of(Friendship.model_validate({**row, "started_on": begun, "ended_on": ended}))


def test_first_year_of_a_leap_day_ends_on_the_last_of_february() -> None:
    assert (anniversary(date(2028, 2, 29)), bond(date(2028, 2, 29)).last) == (date(2029, 3, 1), date(2029, 2, 28))
    assert bond(date(2028, 2, 29)).days == 366
    assert bond(date(2027, 3, 1)).days == 366


@pytest.mark.parametrize(
    ("day", "passed"),
    [(date(2027, 3, 1), 0), (date(2027, 3, 2), 1), (date(2028, 1, 1), 306), (date(2028, 3, 1), 366), (date(2030, 1, 1), 366)],
)
def test_days_passed_when_a_day_begins(day: date, passed: int) -> None:
    assert bond(date(2027, 3, 1)).passed(day) == passed


def test_an_end_adds_nothing_from_its_own_day_on() -> None:
    assert bond(date(2027, 3, 1), date(2027, 3, 11)).passed(date(2028, 1, 1)) == 10


@pytest.mark.parametrize(
    ("number", "part", "whole", "share"), [(4, 1, 8, 1), (4, 45, 365, 0), (4, 46, 365, 1), (6, 1, 12, 1), (6, 365, 365, 6)]
)
def test_halves_go_up(number: int, part: int, whole: int, share: int) -> None:
    assert rounded_share(number, part, whole) == share
