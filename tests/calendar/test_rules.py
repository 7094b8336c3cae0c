"""The calendar's rules by their own examples, and the settings they have."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import constraints.calendar
from constraints.calendar_rules import calendar_rules, calendar_settings, load_calendar
from constraints.rulebook import load_rulebook
from matcher.calendar.obligations import FirstYear, anniversary, rounded_share
from matcher.calendar.planner import first_plan
from matcher.calendar.rules import (
    COUNT_ASKED,
    OPEN_ASKED,
    SUBJECTS,
    Answer,
    CalendarBook,
    CalendarRule,
    Count,
    Counted,
    Open,
    Span,
    Who,
    complaints,
)
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.errors import RuleError
from matcher.geography.postcodes import load_postcodes
from matcher.records import Friendship, SettingValue
from matcher.settings import SettingError
from tests.calendar.years import YEAR, along
from workbench.words import say

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


@dataclass(frozen=True, kw_only=True)
class Spy(CalendarBook):
    """A book that notes who is asked about, and the facts that are told each time."""

    opens_asked: set[frozenset[str]] = field(default_factory=set)
    counts_asked: set[str] = field(default_factory=set)
    told: dict[str, list[set[str]]] = field(default_factory=dict)

    def opens_of(self, *subjects: str) -> tuple[Open, ...]:
        self.opens_asked.add(frozenset(subjects))
        return super().opens_of(*subjects)

    def counts_of(self, who: Who) -> tuple[Counted, ...]:
        self.counts_asked.add(who)
        return super().counts_of(who)

    def answer(self, rule: CalendarRule, facts: Mapping[str, Any]) -> Any:
        self.told.setdefault(rule.key, []).append({*facts})
        return super().answer(rule, facts)


def test_a_rule_may_be_about_just_those_who_are_asked_about() -> None:
    """In making the year and in checking a plan alike; and each of these questions carries the facts that it may need."""
    case = along(12, 1)
    values = load_rulebook(case.planning_date).all_values()
    making, checking = (Spy(rules=RULES).with_settings(values) for _ in range(2))
    year = Year.of(case, making, values, load_postcodes(), YEAR)
    assert violations(replace(year, book=checking), first_plan(year)) == ()
    assert isinstance(making, Spy)
    assert isinstance(checking, Spy)
    for spy in (making, checking):
        assert spy.opens_asked == {*OPEN_ASKED}
        for rule in spy.opens:
            carried = OPEN_ASKED[rule.subjects]
            for facts in spy.told[rule.key]:
                assert carried - {*SUBJECTS} <= facts, rule.key
    assert checking.counts_asked == {*COUNT_ASKED}


def asking(*needs: str) -> Any:
    """A body with these parameters."""
    return eval(f"lambda {', '.join(needs)}: True")  # noqa: S307  of the names below


@pytest.mark.parametrize(
    "needs",
    [
        ("matcher_slots", "venue_slots"),
        ("meeting_programmes",),
        ("volunteer_slots", "matcher_slots"),
        ("venue_slots", "meeting_programmes"),
        ("minutes", "volunteer_slots"),
        ("minutes", "day"),
        ("volunteer_slots", "venue_slots"),
        ("matcher_programmes", "meeting_programmes", "day"),
        ("slot",),
        ("colour",),
        ("minutes", "matcher_slots"),
    ],
)
def test_an_open_rule_that_nothing_asks_is_refused(needs: tuple[str, ...]) -> None:
    july = next(rule for rule in RULES if rule.key == "july")
    assert any("told" in said or "nothing asks" in said for said in complaints(replace(july, body=asking(*needs))))


@pytest.mark.parametrize(
    ("of", "span", "count", "needs"),
    [
        ("group", "always", Count(least=2), ()),
        ("group", "month", Count(most=2), ()),
        ("matcher", "month", Count(least=1), ()),
        ("venue", "year", Count(least=1), ()),
        ("volunteer", "month", Count(least=1), ()),
        ("volunteer", "meeting", Count(most=1), ()),
        ("meeting", "date", Count(most=9), ()),
        ("meeting", "meeting", Count(most=9), ("meeting_programmes",)),
        ("group", "always", Count(most=9), ("matcher_programmes",)),
        ("volunteer", "date", Count(most=1), ("day",)),
    ],
)
def test_a_count_that_nothing_heeds_is_refused(of: Who, span: Span, count: Count, needs: tuple[str, ...]) -> None:
    sound = next(rule for rule in RULES if isinstance(rule, Counted) and of in rule.of)
    shown = (Answer(dict.fromkeys(needs, 1), count),)
    body, text = asking(*needs), {"da": "x", "en": "x"}
    body.__doc__ = "A page."
    wrong = replace(sound, body=body, of=(of,), span=span, examples=shown, title=text, reason=text)
    assert len(list(complaints(wrong))) == 1


def test_a_file_with_a_rule_that_nothing_asks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(constraints.calendar.__path__[0], "matcher_available.py").read_text("utf-8")
    changed = source.replace("matcher_available", "far_venue").replace("slot=", "venue_slots=").replace("slot:", "venue_slots:")
    (tmp_path / "far_venue.py").write_text(changed.replace("(slot,", "(venue_slots,"), "utf-8")
    monkeypatch.setattr(constraints.calendar, "__path__", [*constraints.calendar.__path__, str(tmp_path)])
    try:
        with pytest.raises(RuleError, match=r"far_venue\.py: nothing asks a rule about matcher and venue"):
            calendar_rules.__wrapped__()
    finally:
        sys.modules.pop("constraints.calendar.far_venue")


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


@pytest.mark.parametrize("sign", [";", "|", ", ", ","])
def test_together_in_one_text_may_have_any_sign_between_sets(sign: str) -> None:
    text = f"familieven{sign}storebror+voksenven"
    assert load_calendar({"together": text})["together"] == ("voksenven+storebror", "familieven")


@pytest.mark.parametrize("value", ["19-21", "21:00-19:00", "25:00-26:00"])
def test_times_must_be_times(value: str) -> None:
    with pytest.raises(SettingError):
        load_calendar({"calendar.times.evening": value})


def refusal(values: dict[str, SettingValue]) -> tuple[str, dict[str, str]]:
    with pytest.raises(SettingError) as refused:
        load_calendar(values)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("rule", "word", "least", "most"), [("meeting_size", "volunteers", 4, 10), ("obligation", "meetings", 4, 6)]
)
def test_the_least_is_not_above_the_most(rule: str, word: str, least: int, most: int) -> None:
    low, high = f"calendar.{rule}.min_{word}", f"calendar.{rule}.max_{word}"
    said = {"key": low, "other": high}
    assert refusal({low: most + 1}) == ("setting_least_above_most", {**said, "least": f"{most + 1}", "most": f"{most}"})
    assert refusal({high: least - 1}) == ("setting_least_above_most", {**said, "least": f"{least}", "most": f"{least - 1}"})
    assert load_calendar({low: most})[low] == load_calendar({high: least})[high] + most - least
    changed = load_calendar({low: most})
    with pytest.raises(SettingError):
        changed.with_settings({high: least})
    assert load_calendar({low: 12, high: 12})[low] == 12


def test_a_month_is_one_of_twelve_or_none() -> None:
    key = "calendar.july.closed_month"
    july = next(rule for rule in RULES if rule.key == "july")
    for month in range(13):
        closed = ~load_calendar({key: month}).answer(july, {"day": np.arange(730_000, 730_365)})
        assert bool(closed.any()) == (month > 0)
    for wrong in (13, -1, "juli"):
        assert refusal({key: wrong}) == ("setting_no_month", {"key": key})


def test_rules_that_a_few_may_break_are_rules_on_days() -> None:
    key, days = "calendar.meet.without", "closure, july, not_before_planning, public_holiday, quiet_day"
    assert load_calendar({key: "Quiet_day;july"})[key] == ("quiet_day", "july")
    assert load_calendar({key: ()})[key] == ()
    for wrong in (("closure", "juli"), ("spacing",), "closures"):
        assert refusal({key: wrong}) == ("setting_no_day_rule", {"key": key, "possible": days})


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"calendar.obligation.min_meetings": 7}, ("obligation.min_meetings (7)", "obligation.max_meetings (6)")),
        ({"calendar.july.closed_month": 13}, ("calendar.july.closed_month", "12", "0")),
        ({"calendar.meet.without": "lukkedage"}, ("calendar.meet.without", "public_holiday")),
    ],
)
def test_what_cannot_be_is_said(values: dict[str, SettingValue], said: tuple[str, ...], language: str) -> None:
    code, facts = refusal(values)
    sentence = say(language, code, **facts)
    assert [word for word in said if word not in sentence] == []


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
