"""Limits that allow nothing, beside meetings that stand; and who could lead any meeting, whichever rule forbids it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from matcher.calendar.limits import Limit, possible
from matcher.calendar.measure import leaders
from matcher.calendar.planner import first_plan
from matcher.calendar.rules import Count, Span, count_rule
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.records import PROGRAMMES, Matcher, Meeting
from tests.calendar.years import case_of, friendship, volunteer, year_of

SPANS: tuple[Span, ...] = ("slot", "date", "days", "month", "year")
NEVER = 3
"""Meetings a month that a matcher may lead whom the rule below lets lead none."""


@pytest.mark.parametrize(("span", "taken"), [*product(SPANS, ([], [10], [10, 40], [10, 11, 12]))])
def test_a_limit_of_none_allows_nothing(span: Span, taken: list[int]) -> None:
    limit = Limit(rule="none", span=span, days=7, most=0)
    day, fixed = np.arange(60), np.array(taken, dtype=np.int64)
    assert not possible((limit,), day, day % 21, fixed, fixed % 21).any()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_limit_on_days_beside_fixed_ones(most: int) -> None:
    limit, fixed = Limit(rule="some", span="days", days=7, most=most), np.array([10, 12, 15, 30])
    day = np.arange(50)
    spans = [[first <= one < first + limit.days for one in fixed] for first in range(-7, 50)]
    full = [first for first, inside in zip(range(-7, 50), spans, strict=True) if sum(inside) >= most]
    expected = [not any(first <= one < first + limit.days for first in full) for one in day.tolist()]
    assert possible((limit,), day, day * 0, fixed, fixed * 0).tolist() == expected


@count_rule(of="matcher", span="days", title={}, reason={}, examples=[])
def resting(matcher_max_meetings_per_month: int) -> Count:
    """Whoever may lead so many a month leads none."""
    return Count(most=0 if matcher_max_meetings_per_month == NEVER else None, days=7)


@pytest.fixture
def year() -> Year:
    """M2 has led a meeting, but now rests by a rule on days."""
    people = [volunteer(f"V{k}") for k in range(6)]
    held = Meeting(
        meeting_id="N1",
        date=date(2026, 10, 26),
        slot="mon_evening",
        venue_id="L1",
        matcher_id="M2",
        programme=PROGRAMMES,
        volunteers=("V0",),
    )
    matchers = tuple(Matcher(matcher_id=f"M{k}", postcode="2750", max_meetings_per_month=k + 1) for k in (1, 2))
    case = case_of(people, [friendship(one.volunteer_id) for one in people], matchers=matchers, meetings=(held,))
    year = year_of(case)
    return year.anew(book=replace(year.book, rules=(*year.book.rules, resting)))


def test_whoever_may_lead_none_by_any_rule_is_no_leader(year: Year) -> None:
    assert year.fixed
    assert leaders(year) == ("M1",)
    plan = first_plan(year)
    assert {row.matcher_id for row in plan.meetings} == {"M1"}
    assert violations(year, plan) == ()
    assert plan.objective.load_spread == 0
