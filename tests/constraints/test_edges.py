"""The edges of contract §2, from the records of a case through its columns to each rule's answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.candidates import find_candidates
from matcher.records import Decline, Friendship, Offer
from tests.constraints.asking import BOOK, TODAY
from tests.constraints.people import days, failing_rules, one_pair, people_of

Facts = dict[str, Any]


def test_the_pair_itself_is_eligible() -> None:
    assert failing_rules(one_pair({}, {})) == set()


CASES: list[tuple[str, Facts, Facts, set[str]]] = [
    ("offers another programme", {}, {"programmes": ("familieven",)}, {"programme_offered"}),
    # ages: birthdays on the planning date, the day after, and 29 February
    ("turns 6 today", {"birth_date": date(2021, 3, 1)}, {}, set()),
    ("turns 6 tomorrow", {"birth_date": date(2021, 3, 2)}, {}, {"child_age"}),
    ("turns 13 today", {"birth_date": date(2014, 3, 1)}, {}, {"child_age"}),
    ("turns 13 tomorrow", {"birth_date": date(2014, 3, 2)}, {}, set()),
    ("storebror turns 11 today", {"programme": "storebror", "birth_date": date(2016, 3, 1)}, {}, set()),
    ("storebror born 29 February turns 11 on 1 March", {"programme": "storebror", "birth_date": date(2016, 2, 29)}, {}, set()),
    ("storebror turns 11 tomorrow", {"programme": "storebror", "birth_date": date(2016, 3, 2)}, {}, {"child_age"}),
    ("storebror turns 16 today", {"programme": "storebror", "birth_date": date(2011, 3, 1)}, {}, {"child_age"}),
    ("familieven born today", {"programme": "familieven", "birth_date": TODAY, "registered_on": TODAY}, {}, set()),
    ("familieven turns 7 today", {"programme": "familieven", "birth_date": date(2020, 3, 1)}, {}, {"child_age"}),
    ("familieven turns 7 tomorrow", {"programme": "familieven", "birth_date": date(2020, 3, 2)}, {}, set()),
    ("volunteer turns 18 today", {}, {"birth_date": date(2009, 3, 1)}, set()),
    ("volunteer turns 18 tomorrow", {}, {"birth_date": date(2009, 3, 2)}, {"volunteer_age"}),
    ("volunteer born 29 February is 19", {}, {"birth_date": date(2008, 2, 29)}, set()),
    (
        "storebror's volunteer turns 20 tomorrow",
        {"programme": "storebror", "birth_date": date(2014, 1, 1)},
        {"birth_date": date(2007, 3, 2)},
        {"volunteer_age"},
    ),
    (
        "storebror's volunteer turns 20 today",
        {"programme": "storebror", "birth_date": date(2014, 1, 1)},
        {"birth_date": date(2007, 3, 1)},
        set(),
    ),
    (
        "storebror's volunteer turns 36 tomorrow",
        {"programme": "storebror", "birth_date": date(2014, 1, 1)},
        {"birth_date": date(1991, 3, 2)},
        set(),
    ),
    (
        "storebror's volunteer turns 36 today",
        {"programme": "storebror", "birth_date": date(2014, 1, 1)},
        {"birth_date": date(1991, 3, 1)},
        {"volunteer_age"},
    ),
    # what must have been seen or done
    *[
        (f"{column} {when}", {}, {column: day}, failed if isinstance(failed, set) else {failed})
        for column, rule in {
            "criminal_record_on": "criminal_record",
            "child_certificate_on": "child_certificate",
            "interview_on": "interview",
            "home_visit_on": "volunteer_home_visit",
        }.items()
        for when, day, failed in (("today", TODAY, set()), ("tomorrow", days(1), rule), ("blank", None, rule))
    ],
    ("family visited today", {"home_visit_on": TODAY}, {}, set()),
    ("family visited tomorrow", {"home_visit_on": days(1)}, {}, {"family_home_visit"}),
    ("family not visited", {"home_visit_on": None}, {}, {"family_home_visit"}),
    ("certificate exactly 24 months old", {}, {"child_certificate_on": date(2025, 3, 1)}, set()),
    ("certificate one day more", {}, {"child_certificate_on": date(2025, 2, 28)}, {"child_certificate"}),
    ("an old criminal record holds", {}, {"criminal_record_on": date(1999, 1, 1)}, set()),
    ("20 hours of the course", {}, {"course_hours": 20.0}, set()),
    ("just under 20 hours", {}, {"course_hours": 19.99}, {"course"}),
    ("hours of the course blank", {}, {"course_hours": None}, {"course"}),
    # pauses
    ("pause begins today", {}, {"paused_from": TODAY, "paused_until": days(9)}, {"not_paused"}),
    ("pause begins tomorrow", {}, {"paused_from": days(1), "paused_until": days(9)}, set()),
    ("pause ends today", {}, {"paused_from": days(-9), "paused_until": TODAY}, {"not_paused"}),
    ("pause ended yesterday", {}, {"paused_from": days(-9), "paused_until": days(-1)}, set()),
    ("pause begun, no end", {}, {"paused_from": days(-9)}, {"not_paused"}),
    ("pause begins tomorrow, no end", {}, {"paused_from": days(1)}, set()),
    ("pause with no beginning, ends today", {}, {"paused_until": TODAY}, {"not_paused"}),
    ("pause with no beginning, ended yesterday", {}, {"paused_until": days(-1)}, set()),
    # the last day
    ("stops in exactly 12 months", {}, {"stops_on": date(2028, 3, 1)}, set()),
    ("stops a day before 12 months", {}, {"stops_on": date(2028, 2, 29)}, {"stays_long_enough"}),
    ("has stopped", {}, {"stops_on": date(2026, 1, 1)}, {"stays_long_enough"}),
    # wishes of gender, and their defaults by programme
    ("a girl by default wants a woman", {}, {"gender": "man", "wants_gender": "any"}, {"child_wants_gender"}),
    ("a girl who takes any", {"wants_gender": "any"}, {"gender": "man", "wants_gender": "any"}, set()),
    ("a boy by default wants a man", {"gender": "boy"}, {"wants_gender": "any"}, {"child_wants_gender"}),
    ("a boy who wants a woman", {"gender": "boy", "wants_gender": "woman"}, {"wants_gender": "any"}, set()),
    ("other fits no wish but any", {}, {"gender": "other"}, {"child_wants_gender"}),
    ("other fits any", {"wants_gender": "any"}, {"gender": "other"}, set()),
    ("a child of gender other takes any by default", {"gender": "other"}, {"wants_gender": "any"}, set()),
    ("a child of gender other fits no wish but any", {"gender": "other"}, {}, {"volunteer_wants_gender"}),
    ("a woman by default wants a girl", {"gender": "boy", "wants_gender": "any"}, {}, {"volunteer_wants_gender"}),
    ("a woman who wants a boy", {"gender": "boy", "wants_gender": "any"}, {"wants_gender": "boy"}, set()),
    ("a volunteer of gender other takes any by default", {"gender": "boy", "wants_gender": "any"}, {"gender": "other"}, set()),
    (
        "familieven: any by default on both sides",
        {"programme": "familieven", "birth_date": date(2024, 1, 1), "gender": "boy"},
        {},
        set(),
    ),
    (
        "familieven: a stated wish stands",
        {"programme": "familieven", "birth_date": date(2024, 1, 1), "gender": "boy"},
        {"wants_gender": "girl"},
        {"volunteer_wants_gender"},
    ),
    # wishes of age (the child is 8)
    ("wish 8 to 8", {}, {"wants_age_min": 8, "wants_age_max": 8}, set()),
    ("wish from 9", {}, {"wants_age_min": 9}, {"volunteer_wants_age"}),
    ("wish to 7", {}, {"wants_age_max": 7}, {"volunteer_wants_age"}),
    # languages and slots
    ("no common language", {"languages": ("somali",)}, {}, {"common_language"}),
    ("one common language of two", {"languages": ("somali", "danish")}, {}, set()),
    ("no slot in common", {"availability": ("mon_evening",)}, {"availability": ("tue_evening",)}, {"common_slots"}),
    ("a slot in common", {"availability": ("mon_evening", "tue_evening")}, {"availability": ("tue_evening",)}, set()),
    ("the child's slots unknown", {}, {"availability": ("tue_evening",)}, set()),
    ("the volunteer's slots unknown", {"availability": ("tue_evening",)}, {}, set()),
    # home
    ("allergic to the pet", {"allergies": ("dog", "cat")}, {"pets": ("cat",)}, {"allergies"}),
    ("allergic to another pet", {"allergies": ("dog",)}, {"pets": ("cat",)}, set()),
    ("pets unknown", {"allergies": ("dog",)}, {}, set()),
    ("smoke-free, and a smoker", {"smoke_free": True}, {"smoker": True}, {"smoke_free"}),
    ("smoke-free, and no smoker", {"smoke_free": True}, {"smoker": False}, set()),
    ("smoke-free, and unknown", {"smoke_free": True}, {"smoker": None}, set()),
    ("a smoker, and it does not matter", {}, {"smoker": True}, set()),
    # travel
    ("nobody's limit is 45", {}, {"longitude": 12.56}, {"travel_time"}),
    ("both accept more", {"max_minutes": 90}, {"longitude": 12.56, "max_minutes": 90}, set()),
    ("only the child accepts more", {"max_minutes": 90}, {"longitude": 12.56}, {"travel_time"}),
    ("a child that travels nowhere", {"max_minutes": 0}, {}, {"travel_time"}),
    ("no place known", {"latitude": None, "longitude": None}, {}, {"travel_time"}),
    ("a car makes it", {}, {"longitude": 12.56, "transport": "car"}, set()),
    ("no room at all", {}, {"capacity": 0}, {"volunteer_capacity"}),
]


@pytest.mark.parametrize(("child", "volunteer", "failed"), [pytest.param(c, v, f, id=name) for name, c, v, f in CASES])
def test_edge(child: Facts, volunteer: Facts, failed: set[str]) -> None:
    case = one_pair(child, volunteer)
    assert failing_rules(case) == failed
    assert len(find_candidates(case, people_of(case), BOOK)) == (0 if failed else 1)


LEAP_DAY, BEFORE_IT = date(2028, 2, 29), date(2027, 2, 28)


@pytest.mark.parametrize(
    ("on", "child", "volunteer", "failed"),
    [
        pytest.param(
            BEFORE_IT,
            {"programme": "storebror", "birth_date": date(2016, 2, 29)},
            {},
            {"child_age"},
            id="not yet 11 on 28 February",
        ),
        pytest.param(LEAP_DAY, {"birth_date": date(2016, 2, 29)}, {}, set(), id="12 on the leap day itself"),
        pytest.param(
            LEAP_DAY, {}, {"child_certificate_on": date(2026, 2, 28)}, set(), id="24 months before a leap day is 28 February"
        ),
        pytest.param(LEAP_DAY, {}, {"child_certificate_on": date(2026, 2, 27)}, {"child_certificate"}, id="a day more"),
        pytest.param(LEAP_DAY, {}, {"stops_on": date(2029, 2, 28)}, set(), id="12 months after a leap day is 28 February"),
        pytest.param(LEAP_DAY, {}, {"stops_on": date(2029, 2, 27)}, {"stays_long_enough"}, id="a day less"),
        pytest.param(date(2027, 8, 31), {}, {"child_certificate_on": date(2025, 8, 31)}, set(), id="end of August"),
    ],
)
def test_leap_days(on: date, child: Facts, volunteer: Facts, failed: set[str]) -> None:
    fresh = {"child_certificate_on": days(-30, on), "birth_date": date(1999, 5, 5), **volunteer}
    assert failing_rules(one_pair(child, fresh, on)) == failed


def _friendship(child: str, volunteer: str, ended_on: date | None) -> Friendship:
    return Friendship(
        friendship_id="F1",
        child_id=child,
        volunteer_id=volunteer,
        programme="voksenven",
        started_on=date(2026, 10, 1),
        ended_on=ended_on,
    )


def _offer(child: str, volunteer: str, state: str = "open") -> Offer:
    return Offer(child_id=child, volunteer_id=volunteer, opened_on=TODAY, state=state)


def _decline(child: str, volunteer: str) -> Decline:
    return Decline(child_id=child, volunteer_id=volunteer, declined_on=date(2025, 1, 1), declined_by="parent")


@pytest.mark.parametrize(
    ("tables", "capacity", "failed"),
    [
        pytest.param({"friendships": (_friendship("B1", "V9", None),)}, 1, {"child_free"}, id="child in a friendship"),
        pytest.param({"friendships": (_friendship("B1", "V9", TODAY),)}, 1, set(), id="that ends today"),
        pytest.param({"friendships": (_friendship("B1", "V9", days(1)),)}, 1, {"child_free"}, id="that ends tomorrow"),
        pytest.param(
            {"friendships": (_friendship("B9", "V1", None),)}, 1, {"volunteer_capacity"}, id="volunteer in a friendship"
        ),
        pytest.param({"friendships": (_friendship("B9", "V1", TODAY),)}, 1, set(), id="of hers that ends today"),
        pytest.param({"friendships": (_friendship("B9", "V1", None),)}, 2, set(), id="with room for one more"),
        pytest.param(
            {"friendships": (_friendship("B9", "V1", None),), "offers": (_offer("B8", "V1"),)},
            2,
            {"volunteer_capacity"},
            id="and asked",
        ),
        pytest.param({"offers": (_offer("B1", "V9"),)}, 1, {"child_free"}, id="somebody is asked for the child"),
        pytest.param({"offers": (_offer("B9", "V1"),)}, 1, {"volunteer_capacity"}, id="the volunteer is asked"),
        pytest.param({"offers": (_offer("B1", "V1", "closed"),)}, 1, set(), id="a closed offer"),
        pytest.param({"friendships": (_friendship("B1", "V1", date(2027, 1, 1)),)}, 1, {"no_repeat"}, id="they were friends"),
        pytest.param({"declines": (_decline("B1", "V1"),)}, 1, {"no_repeat"}, id="somebody said no"),
        pytest.param({"declines": (_decline("B1", "V9"), _decline("B9", "V1"))}, 1, set(), id="to others"),
    ],
)
def test_edges_of_the_other_tables(tables: Facts, capacity: int, failed: set[str]) -> None:
    case = one_pair({}, {"capacity": capacity}, **tables)
    assert failing_rules(case) == failed
    assert len(find_candidates(case, people_of(case), BOOK)) == (0 if failed else 1)
