"""Calls in the first year: how many, when, by whom, and as even as possible."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.calendar.dates.followups import FollowUp, evenly, followups
from matcher.dates import add_months
from matcher.records import Matcher
from tests.calendar.years import PLANNED_ON, along, case_of, friendship, volunteer
from tests.volume import volume

JANUARY = date(2027, 1, 1)


def one_friendship(begun=date(2027, 1, 10), **tables):
    return case_of([volunteer("V1")], [friendship("V1", begun, **tables.pop("friendship", {}))], **tables)


def months(found):
    return [row.month for row in found]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (0, []),
        (1, ["2027-06"]),
        (4, ["2027-02", "2027-05", "2027-08", "2027-11"]),
        (5, ["2027-01", "2027-03", "2027-06", "2027-08", "2027-11"]),
        (12, [f"2027-{k:02d}" for k in range(1, 13)]),
    ],
)
def test_calls_are_spaced_over_the_first_year(calls, expected):
    assert months(followups(one_friendship(), 2027, calls)) == expected


def test_nothing_past_is_planned_and_nothing_after_a_known_end():
    begun = date(2026, 9, 1)
    case = one_friendship(begun, planning_date=date(2027, 2, 10), friendship={"ended_on": date(2027, 5, 1)})
    assert months(followups(case, 2027, 4)) == ["2027-02", "2027-04"]  # the call of Dec to Feb can still be made
    late = case.model_copy(update={"planning_date": date(2027, 3, 1)})
    assert months(followups(late, 2027, 4)) == ["2027-04"]
    over = case.model_copy(update={"planning_date": date(2027, 5, 1)})
    assert followups(over, 2027, 4) == ()


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (date(2027, 1, 10), []),
        (date(2027, 1, 11), ["2027-01"]),
        (date(2027, 2, 1), ["2027-01"]),
        (date(2027, 2, 2), ["2027-01", "2027-02"]),
        (date(2027, 1, 1), []),
    ],
)
def test_a_call_lies_between_the_beginning_and_the_end(ended, expected):
    case = one_friendship(friendship={"ended_on": ended})
    assert months(followups(case, 2027, 12)) == expected


def test_nobody_calls_on_days_after_the_end_or_before_the_beginning():
    team = (
        Matcher(matcher_id="M1", postcode="2750", absent=((date(2027, 1, 10), date(2027, 1, 20)),)),
        Matcher(matcher_id="M2", postcode="2750"),
    )
    for begun, ended, who in [(10, 21, "M2"), (10, 22, "M1"), (9, 21, "M1")]:
        case = one_friendship(
            date(2027, 1, begun), matchers=team, friendship={"ended_on": date(2027, 1, ended), "matcher_id": "M1"}
        )
        assert [row.matcher_id for row in followups(case, 2027, 12)] == [who]


def test_whoever_follows_the_child_calls():
    team = tuple(Matcher(matcher_id=name, postcode="2750") for name in ("M1", "M2", "M3"))
    case = one_friendship(matchers=team, friendship={"matcher_id": "M3"})
    assert {row.matcher_id for row in followups(case, 2027, 4)} == {"M3"}
    of_child = one_friendship(matchers=team)
    children = tuple(row.model_copy(update={"matcher_id": "M2"}) for row in of_child.children)
    assert {row.matcher_id for row in followups(of_child.model_copy(update={"children": children}), 2027, 4)} == {"M2"}


def test_others_call_only_where_she_is_away_all_along():
    away = ((date(2027, 1, 1), date(2027, 1, 31)), (date(2027, 4, 1), date(2027, 5, 15)), (date(2027, 5, 16), date(2027, 6, 30)))
    team = (
        Matcher(matcher_id="M1", postcode="2750", programmes=("storebror",)),
        Matcher(matcher_id="M2", postcode="2750"),
        Matcher(matcher_id="M3", postcode="2750", absent=away),
    )
    found = followups(one_friendship(matchers=team, friendship={"matcher_id": "M3"}), 2027, 4)
    assert [row.matcher_id for row in found] == ["M3", "M2", "M3", "M3"]


def test_an_absence_from_the_planning_date_on_is_the_whole_month():
    away = ((date(2026, 11, 2), date(2026, 11, 30)),)
    team = (Matcher(matcher_id="M1", postcode="2750", absent=away),)
    case = one_friendship(date(2026, 11, 1), matchers=team, friendship={"matcher_id": "M1"})
    assert case.planning_date == PLANNED_ON
    assert followups(case, 2026, 12) == (
        FollowUp(friendship_id="FV1", month="2026-11", matcher_id=""),
        FollowUp(friendship_id="FV1", month="2026-12", matcher_id="M1"),
    )


def test_a_case_without_matchers_keeps_the_name_it_has():
    case = one_friendship(matchers=(), friendship={"matcher_id": "M7"})
    assert {row.matcher_id for row in followups(case, 2027, 4)} == {"M7"}
    assert {row.matcher_id for row in followups(one_friendship(matchers=()), 2027, 4)} == {""}


@settings(max_examples=volume(ci=60, long=2_000), deadline=None)
@given(st.dates(date(2026, 12, 1), date(2028, 12, 31)), st.integers(0, 12))
def test_every_call_is_in_just_one_year(begun, calls):
    case = one_friendship(begun)
    found = [row for year in (2026, 2027, 2028, 2029) for row in followups(case, year, calls)]
    assert len(found) == calls
    first = begun.replace(day=1)
    assert all(f"{first:%Y-%m}" <= row.month <= f"{add_months(first, 11):%Y-%m}" for row in found)
    assert len(set(months(found))) == calls


@settings(max_examples=volume(ci=150, long=20_000), deadline=None)
@given(st.data())
def test_no_choice_is_more_even(data):
    cells = [(f"M{k}", JANUARY) for k in range(data.draw(st.integers(1, 4)))]
    choices = data.draw(st.lists(st.lists(st.sampled_from(cells), min_size=1, max_size=3, unique=True), max_size=6))
    chosen = evenly(choices)
    assert all(cell in own for cell, own in zip(chosen, choices, strict=True))
    loads = [sorted(Counter(one).values(), reverse=True) for one in product(*choices)]
    squares = min(sum(k * k for k in load) for load in loads)
    assert sum(k * k for k in Counter(chosen).values()) == squares
    assert max(Counter(chosen).values(), default=0) == min(max(load, default=0) for load in loads)


def test_a_whole_year_is_even_and_the_order_of_rows_changes_nothing():
    case = along(80, 5)
    found = followups(case, 2027, 4)
    assert list(found) == sorted(found)
    assert {row.matcher_id for row in found} <= {row.matcher_id for row in case.matchers}
    draw = random.Random(1)
    mixed = {
        name: tuple(draw.sample(rows, len(rows)))
        for name in ("friendships", "children", "matchers")
        for rows in (getattr(case, name),)
    }
    assert followups(case.model_copy(update=mixed), 2027, 4) == found
