"""The 22 rules as the contract words them, on their edges. The planning date is 1 March 2027."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.check import eligible
from matcher.check.rules import CHILD_RULES, LOCKED, PAIR_RULES, RULE_NAMES, VOLUNTEER_RULES
from matcher.check.world import free_places
from tests.check.instances import LONG_AGO, TODAY, case_of, child, decision, friendship, pair_world, volunteer, world_of

TOMORROW, YESTERDAY = date(2027, 3, 2), date(2027, 2, 28)
Facts = dict[str, Any]

# rule, facts of the child, facts of the volunteer, whether the rule holds
CASES: list[tuple[str, Facts, Facts, bool]] = [
    ("programme_offered", {}, {"programmes": ("voksenven",)}, True),
    ("programme_offered", {}, {"programmes": ("storebror", "familieven")}, False),
    ("child_age", {"birth_date": date(2021, 3, 1)}, {}, True),
    ("child_age", {"birth_date": date(2021, 3, 2)}, {}, False),
    ("child_age", {"birth_date": date(2014, 3, 2)}, {}, True),
    ("child_age", {"birth_date": date(2014, 3, 1)}, {}, False),
    ("child_age", {"programme": "storebror", "birth_date": date(2016, 2, 29)}, {}, True),
    ("child_age", {"programme": "storebror", "birth_date": date(2016, 3, 2)}, {}, False),
    ("child_age", {"programme": "storebror", "birth_date": date(2011, 3, 2)}, {}, True),
    ("child_age", {"programme": "storebror", "birth_date": date(2011, 3, 1)}, {}, False),
    ("child_age", {"programme": "familieven", "birth_date": TODAY}, {}, True),
    ("child_age", {"programme": "familieven", "birth_date": date(2020, 3, 2)}, {}, True),
    ("child_age", {"programme": "familieven", "birth_date": date(2020, 3, 1)}, {}, False),
    ("volunteer_age", {}, {"birth_date": date(2009, 3, 1)}, True),
    ("volunteer_age", {}, {"birth_date": date(2009, 3, 2)}, False),
    ("volunteer_age", {}, {"birth_date": date(1940, 1, 1)}, True),
    ("volunteer_age", {"programme": "familieven", "birth_date": date(2024, 1, 1)}, {"birth_date": date(2009, 3, 1)}, True),
    ("volunteer_age", {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {"birth_date": date(2007, 3, 1)}, True),
    ("volunteer_age", {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {"birth_date": date(2007, 3, 2)}, False),
    ("volunteer_age", {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {"birth_date": date(1991, 3, 2)}, True),
    ("volunteer_age", {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {"birth_date": date(1991, 3, 1)}, False),
    ("criminal_record", {}, {"criminal_record_on": TODAY}, True),
    ("criminal_record", {}, {"criminal_record_on": date(1999, 1, 1)}, True),
    ("criminal_record", {}, {"criminal_record_on": TOMORROW}, False),
    ("criminal_record", {}, {"criminal_record_on": None}, False),
    ("child_certificate", {}, {"child_certificate_on": date(2025, 3, 1)}, True),
    ("child_certificate", {}, {"child_certificate_on": date(2025, 2, 28)}, False),
    ("child_certificate", {}, {"child_certificate_on": TODAY}, True),
    ("child_certificate", {}, {"child_certificate_on": TOMORROW}, False),
    ("child_certificate", {}, {"child_certificate_on": None}, False),
    ("interview", {}, {"interview_on": TODAY}, True),
    ("interview", {}, {"interview_on": TOMORROW}, False),
    ("interview", {}, {"interview_on": None}, False),
    ("volunteer_home_visit", {}, {"home_visit_on": TODAY}, True),
    ("volunteer_home_visit", {}, {"home_visit_on": TOMORROW}, False),
    ("volunteer_home_visit", {}, {"home_visit_on": None}, False),
    ("course", {}, {"course_hours": 20}, True),
    ("course", {}, {"course_hours": 19.9}, False),
    ("course", {}, {"course_hours": None}, False),
    ("family_home_visit", {"home_visit_on": TODAY}, {}, True),
    ("family_home_visit", {"home_visit_on": TOMORROW}, {}, False),
    ("family_home_visit", {"home_visit_on": None}, {}, False),
    ("not_paused", {}, {"paused_from": TODAY, "paused_until": TODAY}, False),
    ("not_paused", {}, {"paused_from": TOMORROW, "paused_until": date(2027, 4, 1)}, True),
    ("not_paused", {}, {"paused_from": LONG_AGO, "paused_until": YESTERDAY}, True),
    ("not_paused", {}, {"paused_from": LONG_AGO, "paused_until": None}, False),
    ("not_paused", {}, {"paused_from": TODAY, "paused_until": None}, False),
    ("not_paused", {}, {"paused_from": TOMORROW, "paused_until": None}, True),
    ("not_paused", {}, {"paused_from": None, "paused_until": TODAY}, False),
    ("not_paused", {}, {"paused_from": None, "paused_until": YESTERDAY}, True),
    ("stays_long_enough", {}, {"stops_on": date(2028, 3, 1)}, True),
    ("stays_long_enough", {}, {"stops_on": date(2028, 2, 29)}, False),
    ("stays_long_enough", {}, {"stops_on": LONG_AGO}, False),
    ("child_wants_gender", {"wants_gender": "any"}, {"gender": "other", "wants_gender": "any"}, True),
    ("child_wants_gender", {"wants_gender": "woman"}, {"gender": "woman", "wants_gender": "any"}, True),
    ("child_wants_gender", {"wants_gender": "woman"}, {"gender": "man"}, False),
    ("child_wants_gender", {"wants_gender": "man"}, {"gender": "other", "wants_gender": "any"}, False),
    ("child_wants_gender", {"gender": "boy"}, {"gender": "man"}, True),
    ("child_wants_gender", {"gender": "boy"}, {"gender": "woman", "wants_gender": "any"}, False),
    ("child_wants_gender", {"gender": "girl"}, {"gender": "woman"}, True),
    ("child_wants_gender", {"gender": "girl"}, {"gender": "man", "wants_gender": "any"}, False),
    ("child_wants_gender", {"gender": "other"}, {"gender": "woman", "wants_gender": "any"}, True),
    (
        "child_wants_gender",
        {"programme": "storebror", "birth_date": date(2014, 1, 1)},
        {"gender": "woman", "wants_gender": "any"},
        False,
    ),
    (
        "child_wants_gender",
        {"programme": "familieven", "birth_date": date(2024, 1, 1)},
        {"gender": "woman", "wants_gender": "any"},
        True,
    ),
    ("volunteer_wants_gender", {}, {"wants_gender": "any"}, True),
    ("volunteer_wants_gender", {}, {"wants_gender": "boy"}, True),
    ("volunteer_wants_gender", {}, {"wants_gender": "girl"}, False),
    ("volunteer_wants_gender", {"gender": "other"}, {"wants_gender": "boy"}, False),
    ("volunteer_wants_gender", {"gender": "other"}, {"wants_gender": "any"}, True),
    ("volunteer_wants_gender", {"gender": "other"}, {}, False),
    ("volunteer_wants_gender", {"gender": "girl", "wants_gender": "any"}, {}, False),
    ("volunteer_wants_gender", {"wants_gender": "any"}, {"gender": "woman"}, False),
    ("volunteer_wants_gender", {"wants_gender": "any"}, {"gender": "other"}, True),
    ("volunteer_wants_gender", {"gender": "girl"}, {"gender": "woman"}, True),
    ("volunteer_wants_gender", {"programme": "familieven", "gender": "girl", "birth_date": date(2024, 1, 1)}, {}, True),
    (
        "volunteer_wants_gender",
        {"programme": "storebror", "gender": "girl", "wants_gender": "any", "birth_date": date(2014, 1, 1)},
        {},
        False,
    ),
    ("volunteer_wants_age", {}, {"wants_age_min": 9, "wants_age_max": 9}, True),
    ("volunteer_wants_age", {}, {"wants_age_min": 10}, False),
    ("volunteer_wants_age", {}, {"wants_age_max": 8}, False),
    ("volunteer_wants_age", {}, {"wants_age_min": 9}, True),
    ("volunteer_wants_age", {}, {"wants_age_max": 9}, True),
    ("common_language", {"languages": ("danish", "arabic")}, {"languages": ("arabic", "english")}, True),
    ("common_language", {"languages": ("somali",)}, {"languages": ("danish",)}, False),
    ("common_language", {"languages": ()}, {"languages": ("danish",)}, True),
    ("common_slots", {"availability": ("mon_evening", "tue_evening")}, {"availability": ("tue_evening",)}, True),
    ("common_slots", {"availability": ("mon_evening",)}, {"availability": ("tue_evening",)}, False),
    ("common_slots", {"availability": ("mon_evening",)}, {"availability": ()}, True),
    ("common_slots", {"availability": ()}, {"availability": ("mon_evening",)}, True),
    ("travel_time", {"max_minutes": 5}, {}, True),
    ("travel_time", {"max_minutes": 4.99}, {}, False),
    ("travel_time", {}, {"max_minutes": 5}, True),
    ("travel_time", {}, {"max_minutes": 4.99}, False),
    ("travel_time", {"max_minutes": 0}, {}, False),
    ("travel_time", {"postcode": "8000"}, {}, False),
    ("travel_time", {"postcode": "8000", "max_minutes": 900}, {}, False),
    ("travel_time", {"postcode": "8000", "max_minutes": 900}, {"max_minutes": 900}, True),
    ("travel_time", {"postcode": "9999"}, {}, False),
    ("travel_time", {}, {"postcode": "9999"}, False),
    ("travel_time", {"postcode": "9999", "latitude": 55.73, "longitude": 12.36}, {}, True),
    ("travel_time", {"postcode": "9999", "latitude": 55.73}, {}, False),
    ("travel_time", {"postcode": "2750", "longitude": 9.0}, {}, True),
    ("travel_time", {"postcode": "2750", "latitude": 57.0, "longitude": 10.0}, {}, False),
    ("allergies", {"allergies": ("dog",)}, {"pets": ("cat",)}, True),
    ("allergies", {"allergies": ("dog", "cat")}, {"pets": ("cat", "bird")}, False),
    ("allergies", {"allergies": ("dog",)}, {"pets": ()}, True),
    ("allergies", {"allergies": ()}, {"pets": ("dog",)}, True),
    ("smoke_free", {"smoke_free": True}, {"smoker": True}, False),
    ("smoke_free", {"smoke_free": True}, {"smoker": False}, True),
    ("smoke_free", {"smoke_free": True}, {"smoker": None}, True),
    ("smoke_free", {"smoke_free": False}, {"smoker": True}, True),
    ("volunteer_capacity", {}, {"capacity": 0}, False),
    ("volunteer_capacity", {}, {"capacity": None}, True),
]


@pytest.mark.parametrize(("rule", "child_facts", "volunteer_facts", "holds"), CASES)
def test_rule_on_its_edge(rule: str, child_facts: Facts, volunteer_facts: Facts, holds: bool) -> None:
    world = pair_world(child_facts, volunteer_facts)
    assert eligible(world, "B1", "F1") == ([] if holds else [rule])


def test_every_rule_of_the_contract_is_here_once() -> None:
    one_sided = [*CHILD_RULES, *VOLUNTEER_RULES, *PAIR_RULES]
    assert sorted([*one_sided, "travel_time", "no_repeat"]) == sorted(RULE_NAMES)
    assert len(set(RULE_NAMES)) == 22
    assert set(RULE_NAMES) >= LOCKED
    assert len(LOCKED) == 13


def test_a_certificate_is_dated_by_the_calendar_month() -> None:
    """24 months before 29 February 2028 is 28 February 2026... the last day of that month."""
    for seen, right in ((date(2026, 2, 28), []), (date(2026, 2, 27), ["child_certificate"])):
        case = {**case_of([child()], [volunteer(child_certificate_on=seen)]), "planning_date": date(2028, 2, 29)}
        assert eligible(world_of(case), "B1", "F1") == right


def test_a_stop_is_dated_by_the_calendar_month() -> None:
    """12 months after 29 February 2028 is 28 February 2029."""
    for last_day, right in ((date(2029, 2, 28), []), (date(2029, 2, 27), ["stays_long_enough"])):
        people = [child()], [volunteer(stops_on=last_day, child_certificate_on=date(2027, 1, 1))]
        assert eligible(world_of({**case_of(*people), "planning_date": date(2028, 2, 29)}), "B1", "F1") == right


@pytest.mark.parametrize(
    ("settings", "child_facts", "volunteer_facts", "fails"),
    [
        ({"child_age.max_voksenven": 8}, {}, {}, ["child_age"]),
        ({"child_age.min_voksenven": 10}, {}, {}, ["child_age"]),
        ({"volunteer_age.min_years": 31}, {}, {}, ["volunteer_age"]),
        ({"volunteer_age.max_storebror": 29}, {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {}, ["volunteer_age"]),
        ({"volunteer_age.min_storebror": 31}, {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {}, ["volunteer_age"]),
        ({"volunteer_age.min_years": 31}, {"programme": "storebror", "birth_date": date(2014, 1, 1)}, {}, ["volunteer_age"]),
        ({"child_certificate.max_months": 5}, {}, {}, ["child_certificate"]),
        ({"child_certificate.max_months": 6}, {}, {}, []),
        ({"child_certificate.max_months": 6.5}, {}, {}, []),
        ({"course.min_hours": 20.5}, {}, {}, ["course"]),
        ({"stays_long_enough.min_months": 13}, {}, {"stops_on": date(2028, 3, 1)}, ["stays_long_enough"]),
        ({"stays_long_enough.min_months": 12.5}, {}, {"stops_on": date(2028, 3, 31)}, ["stays_long_enough"]),
        ({"stays_long_enough.min_months": 12.5}, {}, {"stops_on": date(2028, 4, 1)}, []),
        ({"common_language.min_common": 2}, {}, {}, ["common_language"]),
        ({"common_language.min_common": 0}, {"languages": ("somali",)}, {}, []),
        (
            {"common_slots.min_common": 2},
            {"availability": ("mon_evening",)},
            {"availability": ("mon_evening",)},
            ["common_slots"],
        ),
        ({"common_slots.min_common": 2}, {}, {"availability": ("mon_evening",)}, []),
        ({"travel_time.max_minutes": 4}, {}, {}, ["travel_time"]),
        ({"travel_time.max_minutes": 4}, {"max_minutes": 30}, {}, ["travel_time"]),
        ({"travel_time.max_minutes": 4}, {"max_minutes": 30}, {"max_minutes": 5}, []),
        ({"travel.car_minutes": 46}, {}, {}, ["travel_time"]),
        ({"travel.bike_minutes": 46}, {}, {"transport": "bike"}, ["travel_time"]),
        ({"travel.public_minutes": 46}, {}, {"transport": "public"}, ["travel_time"]),
        ({"travel.public_minutes": 46}, {}, {"transport": None}, ["travel_time"]),
        ({"travel.car_kmh": 3}, {"postcode": "2740"}, {}, ["travel_time"]),
        ({"travel.detour": 20}, {"postcode": "2740"}, {}, ["travel_time"]),
    ],
)
def test_settings_move_the_limits(
    settings: dict[str, object], child_facts: Facts, volunteer_facts: Facts, fails: list[str]
) -> None:
    assert eligible(pair_world(child_facts, volunteer_facts, settings), "B1", "F1") == fails


@pytest.mark.parametrize(
    ("tables", "fails"),
    [
        ({"declines": ({"child_id": "B1", "volunteer_id": "F1"},)}, ["no_repeat"]),
        ({"declines": ({"child_id": "B1", "volunteer_id": "F2"},)}, []),
        ({"friendships": (friendship("B1", "F1", ended_on=LONG_AGO),)}, ["no_repeat"]),
        ({"friendships": (friendship("B1", "F1", ended_on=TODAY),)}, ["no_repeat"]),
        ({"friendships": (friendship("B1", "F2", ended_on=TODAY),)}, []),
        ({"friendships": (friendship("B1", "F2", ended_on=TOMORROW),)}, ["child_free"]),
        ({"friendships": (friendship("B1", "F2"),)}, ["child_free"]),
        ({"friendships": (friendship("B1", "F2", started_on=TOMORROW),)}, ["child_free"]),
        ({"friendships": (friendship("B2", "F1"),)}, ["volunteer_capacity"]),
        ({"friendships": (friendship("B2", "F1", ended_on=TODAY),)}, []),
        ({"friendships": (friendship("B1", "F1"),)}, ["no_repeat", "child_free", "volunteer_capacity"]),
        ({"offers": ({"child_id": "B1", "volunteer_id": "F2", "state": "open"},)}, ["child_free"]),
        ({"offers": ({"child_id": "B1", "volunteer_id": "F2", "state": "closed"},)}, []),
        ({"offers": ({"child_id": "B2", "volunteer_id": "F1", "state": "open"},)}, ["volunteer_capacity"]),
        ({"offers": ({"child_id": "B2", "volunteer_id": "F1"},)}, ["volunteer_capacity"]),
        ({"offers": ({"child_id": "B1", "volunteer_id": "F1", "state": "open"},)}, ["child_free", "volunteer_capacity"]),
        ({"decisions": (decision("forbid", "B1", "F1"),)}, ["forbidden"]),
        ({"decisions": (decision("forbid", "B1", "F2"),)}, []),
        ({"decisions": (decision("lock", "B1", "F1"),)}, []),
    ],
)
def test_what_is_between_the_two(tables: dict[str, Any], fails: list[str]) -> None:
    assert eligible(pair_world({}, {}, **tables), "B1", "F1") == fails


@pytest.mark.parametrize(("capacity", "fails"), [(2, ["volunteer_capacity"]), (3, [])])
def test_friendships_and_offers_both_take_room(capacity: int, fails: list[str]) -> None:
    world = pair_world(
        {},
        {"capacity": capacity},
        friendships=(friendship("B2", "F1"),),
        offers=({"child_id": "B3", "volunteer_id": "F1", "state": "open"},),
    )
    assert eligible(world, "B1", "F1") == fails
    assert free_places(world.volunteers["F1"]) == capacity - 2


def test_more_friendships_than_capacity_leave_no_room() -> None:
    world = pair_world({}, {}, friendships=(friendship("B2", "F1"), friendship("B3", "F1")))
    assert free_places(world.volunteers["F1"]) == 0


UNDOING: dict[str, tuple[Facts, Facts, dict[str, Any]]] = {
    "programme_offered": ({}, {"programmes": ("storebror",)}, {}),
    "child_age": ({"birth_date": date(2010, 1, 1)}, {}, {}),
    "volunteer_age": ({}, {"birth_date": date(2010, 1, 1)}, {}),
    "criminal_record": ({}, {"criminal_record_on": None}, {}),
    "child_certificate": ({}, {"child_certificate_on": date(2020, 1, 1)}, {}),
    "interview": ({}, {"interview_on": None}, {}),
    "volunteer_home_visit": ({}, {"home_visit_on": None}, {}),
    "course": ({}, {"course_hours": 3}, {}),
    "family_home_visit": ({"home_visit_on": None}, {}, {}),
    "not_paused": ({}, {"paused_from": LONG_AGO}, {}),
    "stays_long_enough": ({}, {"stops_on": TODAY}, {}),
    "child_wants_gender": ({"wants_gender": "woman"}, {}, {}),
    "volunteer_wants_gender": ({}, {"wants_gender": "girl"}, {}),
    "volunteer_wants_age": ({}, {"wants_age_max": 7}, {}),
    "common_language": ({"languages": ("somali",)}, {}, {}),
    "common_slots": ({"availability": ("mon_evening",)}, {"availability": ("sun_morning",)}, {}),
    "travel_time": ({"max_minutes": 2}, {}, {}),
    "allergies": ({"allergies": ("dog",)}, {"pets": ("dog",)}, {}),
    "smoke_free": ({"smoke_free": True}, {"smoker": True}, {}),
    "no_repeat": ({}, {}, {"declines": ({"child_id": "B1", "volunteer_id": "F1"},)}),
    "child_free": ({}, {}, {"friendships": (friendship("B1", "F2"),)}),
    "volunteer_capacity": ({}, {"capacity": 0}, {}),
}
NEVER_WAIVED = {
    *("child_age", "volunteer_age", "criminal_record", "child_certificate", "interview", "volunteer_home_visit", "course"),
    *("family_home_visit", "allergies", "smoke_free", "no_repeat", "child_free", "volunteer_capacity"),
}


@pytest.mark.parametrize("rule", sorted(UNDOING))
def test_a_waiver_opens_its_rule_for_its_pair_unless_locked(rule: str) -> None:
    child_facts, volunteer_facts, tables = UNDOING[rule]

    def fails(*decisions: Facts) -> list[str]:
        return eligible(pair_world(child_facts, volunteer_facts, decisions=decisions, **tables), "B1", "F1")

    assert fails() == [rule]
    assert fails(decision("waive", "B1", "F1", rule)) == ([rule] if rule in NEVER_WAIVED else [])
    assert fails(decision("waive", "B1", "F2", rule)) == [rule]
    assert fails(decision("lock", "B1", "F1", rule)) == [rule]
    other = "not_paused" if rule != "not_paused" else "common_slots"
    assert fails(decision("waive", "B1", "F1", other)) == [rule]


def test_two_waivers_of_one_pair_both_count_and_forbid_still_rules() -> None:
    waivers = (decision("waive", "B1", "F1", "not_paused"), decision("waive", "B1", "F1", "travel_time"))
    facts: tuple[Facts, Facts] = ({"max_minutes": 2}, {"paused_from": LONG_AGO})
    assert eligible(pair_world(*facts, decisions=waivers), "B1", "F1") == []
    assert eligible(pair_world(*facts, decisions=(*waivers, decision("forbid", "B1", "F1"))), "B1", "F1") == ["forbidden"]


def test_failures_come_in_the_contracts_order() -> None:
    world = pair_world(
        {"birth_date": date(2010, 1, 1), "home_visit_on": None, "wants_gender": "woman", "postcode": "8000"},
        {"programmes": ("storebror",), "interview_on": None, "course_hours": 0},
    )
    assert eligible(world, "B1", "F1") == [
        "programme_offered",
        "child_age",
        "interview",
        "course",
        "family_home_visit",
        "child_wants_gender",
        "travel_time",
    ]


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(KeyError):
        eligible(pair_world({}, {}), "B7", "F1")
