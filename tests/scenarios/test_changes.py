"""Every kind of change: what it does to a world, said again by hand; who is drawn; and what it refuses."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from matcher.case import read_case, write_case
from matcher.dates import completed_years
from matcher.engine import Engine
from matcher.errors import RuleError, UsageError
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Decision, Quota
from matcher.settings import SettingError
from scenarios.change import Change, kinds, made
from scenarios.changes.children import Children
from scenarios.changes.forbid import Forbid
from scenarios.changes.initiative import Initiative
from scenarios.changes.lock import Lock
from scenarios.changes.lose import Lose
from scenarios.changes.matchers import Matchers
from scenarios.changes.policy import Policy
from scenarios.changes.programmes import Programmes
from scenarios.changes.quota import Quota as QuotaChange
from scenarios.changes.recruit import Recruit
from scenarios.changes.setting import Setting
from scenarios.changes.stream import Stream
from scenarios.changes.transport import Transport
from scenarios.changes.venues import Venues
from scenarios.changes.volunteer_wishes import VolunteerWishes
from scenarios.changes.waive import Waive
from scenarios.changes.weight import Weight
from scenarios.changes.wishes import Wishes
from scenarios.people import befriended, drawn, part_of
from scenarios.scenario import Scenario
from scenarios.stream.settings import load_rows
from scenarios.world import World
from tests.scenarios.worlds import in_order, shuffled, solved, world, world_of
from tests.volume import volume
from workbench.words import say

CONTRACT = {"recruit", "lose", "children", "setting", "weight", "wishes", "matchers", "quota", "forbid", "lock", "policy"}
OTHERS = {"venues", "transport", "programmes", "initiative", "volunteer_wishes", "waive", "stream"}
DAY = world().case.planning_date


def plan_of(one: World) -> Any:
    return Engine.of(one.case, one.rulebook, one.postcodes).assign()


PAIR = plan_of(world()).pairs[0]
APART = next(pair for pair in plan_of(world()).eligible_pairs if pair not in plan_of(world()).pairs)


def people(one: World, table: str, update: Callable[[Any], dict[str, Any]]) -> Case:
    """The case with facts of some rows of a table changed."""
    rows = tuple(row.model_copy(update=update(row)) for row in getattr(one.case, table))
    return one.case.model_copy(update={table: rows})


def decided(one: World, kind: str, pair: Any, rule: str = "") -> World:
    row = Decision.model_validate(
        {"child_id": pair.child_id, "volunteer_id": pair.volunteer_id, "kind": kind, "by": "me", "rule": rule}
    )
    return world_of(one.case.model_copy(update={"decisions": (*one.case.decisions, row)}))


def without(one: World, gone: set[str]) -> World:
    """The world without some volunteers, and without the rows that name them."""
    tables: dict[str, Any] = {"volunteers": tuple(row for row in one.case.volunteers if row.volunteer_id not in gone)}
    for name in ("friendships", "offers", "declines", "decisions"):
        tables[name] = tuple(row for row in getattr(one.case, name) if row.volunteer_id not in gone)
    return world_of(one.case.model_copy(update=tables))


BY_HAND: dict[str, tuple[Change, Callable[[World], World]]] = {
    "setting": (
        Setting(name="travel_time.max_minutes", value=60),
        lambda w: world_of(w.case, w.rulebook.with_settings({"travel_time.max_minutes": 60.0})),
    ),
    "setting, locked and tightened": (
        Setting(name="child_certificate.max_months", value=12),
        lambda w: world_of(w.case, w.rulebook.with_settings({"child_certificate.max_months": 12.0})),
    ),
    "weight": (
        Weight(criterion="interests", value=50),
        lambda w: world_of(w.case, w.rulebook.with_settings({"weights.interests": 50.0})),
    ),
    "wishes": (
        Wishes(accept="any", gender="boy"),
        lambda w: world_of(people(w, "children", lambda c: {"wants_gender": "any"} if c.gender == "boy" else {})),
    ),
    "volunteer_wishes": (
        VolunteerWishes(accept="any", gender="woman"),
        lambda w: world_of(people(w, "volunteers", lambda v: {"wants_gender": "any"} if v.gender == "woman" else {})),
    ),
    "transport": (
        Transport(by="car", transport="public"),
        lambda w: world_of(people(w, "volunteers", lambda v: {"transport": "car"} if v.transport == "public" else {})),
    ),
    "programmes": (
        Programmes(offer="storebror"),
        lambda w: world_of(people(w, "volunteers", lambda v: {"programmes": (*v.programmes, "storebror")})),
    ),
    "lose": (
        Lose(gender="man", number=sum(v.gender == "man" for v in world().case.volunteers)),
        lambda w: without(w, {v.volunteer_id for v in w.case.volunteers if v.gender == "man"}),
    ),
    "matchers": (
        Matchers(lose=1, matcher_id="M0002"),
        lambda w: world_of(w.case.model_copy(update={"matchers": tuple(m for m in w.case.matchers if m.matcher_id != "M0002")})),
    ),
    "quota": (
        QuotaChange(dimension="gender", value="dreng", at_most=3),
        lambda w: world_of(w.case.model_copy(update={"quotas": (Quota(dimension="gender", value="boy", at_most=3),)})),
    ),
    "forbid": (Forbid(child_id=PAIR.child_id, volunteer_id=PAIR.volunteer_id), lambda w: decided(w, "forbid", PAIR)),
    "lock": (Lock(child_id=APART.child_id, volunteer_id=APART.volunteer_id), lambda w: decided(w, "lock", APART)),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_change_is_what_it_is_by_hand(name):
    change, by_hand = BY_HAND[name]
    expected = solved(by_hand(world()))
    assert solved(change.apply(world(), 1)) == expected
    assert expected != solved(world()) or name == "matchers"


def test_a_waived_rule_lets_the_pair_in():
    one = world()
    engine = Engine.of(one.case, one.rulebook, one.postcodes)
    pairs = ((c, v) for c in engine.people.children for v in engine.people.volunteers)
    child, volunteer = next((c, v) for c, v in pairs if engine.failing(c.child_id, v.volunteer_id) == ("travel_time",))
    change = Waive(child_id=child.child_id, volunteer_id=volunteer.volunteer_id, rule="travel_time")
    now = {(pair.child_id, pair.volunteer_id) for pair in plan_of(change.apply(one, 1)).eligible_pairs}
    before = {(pair.child_id, pair.volunteer_id) for pair in plan_of(one).eligible_pairs}
    assert now - before == {(child.child_id, volunteer.volunteer_id)}


def test_an_initiative_is_counted_by_a_quota():
    inside = Initiative(name="Bryd Boblen", gender="girl").apply(world(), 1)
    limited = QuotaChange(dimension="initiative", value="bryd_boblen", at_most=1).apply(inside, 1)
    girls = {row.child_id for row in inside.case.children if row.gender == "girl"}
    waiting = girls - befriended(inside.case)
    assert all("bryd_boblen" in row.initiative for row in inside.case.children if row.child_id in waiting)
    assert len([pair for pair in plan_of(limited).pairs if pair.child_id in girls]) == 1


# Who is added


RECRUITS = (
    {"gender": "man", "municipality": "ballerup kommune", "programmes": ["voksenven"], "age": [25, 45]},
    {"gender": "kvinde", "transport": "bil", "capacity": 2},
    {"programmes": ["storebror", "voksenven"]},
    {"age": [40, 70]},
    {"municipality": "Aarhus", "programmes": "familieven"},
    {},
)


@pytest.mark.parametrize("asked", RECRUITS, ids=str)
def test_recruits_are_as_asked_vetted_and_new(asked):
    number = 25
    one = world()
    after = Recruit(number=number, **asked).apply(one, 7)
    old = {row.volunteer_id for row in one.case.volunteers}
    new = [row for row in after.case.volunteers if row.volunteer_id not in old]
    assert len(new) == number
    assert [row for row in after.case.volunteers if row.volunteer_id in old] == list(one.case.volunteers)
    for row in new:
        age = completed_years(row.birth_date, DAY)
        low, high = asked.get("age", (18, 120))
        assert low <= age <= high
        assert row.gender == {"kvinde": "woman"}.get(asked.get("gender", row.gender), asked.get("gender", row.gender))
        assert row.transport == {"bil": "car"}.get(asked.get("transport", ""), row.transport)
        assert row.capacity == asked.get("capacity", row.capacity)
        if "programmes" in asked:
            assert row.programmes == tuple([asked["programmes"]] if isinstance(asked["programmes"], str) else asked["programmes"])
        assert "storebror" not in row.programmes or 20 <= age <= 35
        assert load_postcodes()[row.postcode].municipality == row.municipality
        assert {"ballerup kommune": "Ballerup"}.get(asked.get("municipality", ""), row.municipality) == row.municipality
        assert all((row.interview_on, row.home_visit_on, row.criminal_record_on, row.child_certificate_on))
        assert row.course_hours >= 20.0
        assert row.paused_from is None
        assert row.stops_on is None
    engine = Engine.of(after.case, after.rulebook, after.postcodes)
    vetting = {"criminal_record", "child_certificate", "interview", "volunteer_home_visit", "course", "not_paused"}
    child = after.case.children[0].child_id
    assert all(vetting.isdisjoint(engine.failing(child, row.volunteer_id)) for row in new)


NEW_CHILDREN = (
    {"gender": "girl", "municipality": "Ballerup", "programme": "voksenven", "age": [7, 9]},
    {"programme": "familieven"},
    {"age": [11, 12], "gender": "boy"},
    {"age": [0, 0]},
    {},
)


@pytest.mark.parametrize("asked", NEW_CHILDREN, ids=str)
def test_children_are_as_asked_and_ready(asked):
    one = world()
    after = Children(number=25, **asked).apply(one, 7)
    old = {row.child_id for row in one.case.children}
    new = [row for row in after.case.children if row.child_id not in old]
    ages = {"voksenven": (6, 12), "storebror": (11, 15), "familieven": (0, 6)}
    assert len(new) == 25
    for row in new:
        age, (low, high) = completed_years(row.birth_date, DAY), ages[row.programme]
        first, last = asked.get("age", (low, high))
        assert max(low, first) <= age <= min(high, last)
        assert row.gender == asked.get("gender", row.gender)
        assert row.programme == asked.get("programme", row.programme)
        assert row.municipality == asked.get("municipality", row.municipality)
        assert row.home_visit_on == DAY
        assert row.birth_date <= row.registered_on < DAY
        assert row.matcher_id is None or row.matcher_id in {m.matcher_id for m in one.case.matchers}
    engine = Engine.of(after.case, after.rulebook, after.postcodes)
    assert all("child_age" not in engine.failing(row.child_id, "V0001") for row in new)


TIGHT = {
    "course.min_hours": 30.0,
    "child_certificate.max_months": 3,
    "volunteer_age.min_years": 25,
    "volunteer_age.max_storebror": 28,
    "child_age.max_voksenven": 9,
    "child_age.min_familieven": 3,
}


@pytest.mark.parametrize("asked", [{}, {"programmes": ["storebror"]}, {"age": [18, 75]}], ids=str)
def test_recruits_are_vetted_under_tighter_rules_too(asked):
    one = world()
    one = dataclasses.replace(one, rulebook=one.rulebook.with_settings(TIGHT))
    after = Recruit(number=60, **asked).apply(one, 7)
    old = {row.volunteer_id for row in one.case.volunteers}
    new = [row for row in after.case.volunteers if row.volunteer_id not in old]
    engine = Engine.of(after.case, after.rulebook, after.postcodes)
    waiting = {row.programme: row.child_id for row in after.case.children}
    vetting = {"criminal_record", "child_certificate", "interview", "volunteer_home_visit", "course", "volunteer_age"}
    for row in new:
        assert all(vetting.isdisjoint(engine.failing(waiting[name], row.volunteer_id)) for name in row.programmes)
        assert row.programmes == tuple(asked.get("programmes", row.programmes))


def test_new_children_are_of_ages_that_tighter_rules_leave():
    one = world()
    one = dataclasses.replace(one, rulebook=one.rulebook.with_settings(TIGHT))
    for asked in ({}, {"age": (2, 12)}):
        after = Children(number=60, **asked).apply(one, 7)
        engine = Engine.of(after.case, after.rulebook, after.postcodes)
        assert not any(
            "child_age" in engine.failing(row.child_id, "V0001") for row in after.case.children if row.child_id.startswith("~")
        )


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        (Recruit(number=1, age=(18, 24)), "25", "120"),
        (Recruit(number=1, age=(29, 40), programmes=("storebror",)), "25", "28"),
        (Children(number=1, age=(10, 10), programme="voksenven"), "6", "9"),
    ],
)
def test_ages_that_tighter_rules_forbid_are_refused(change, least, most):
    one = world()
    with pytest.raises(UsageError) as caught:
        change.apply(dataclasses.replace(one, rulebook=one.rulebook.with_settings(TIGHT)), 7)
    assert (caught.value.facts["field"], caught.value.facts["least"], caught.value.facts["most"]) == ("age", least, most)


@pytest.mark.parametrize("age", [None, (20, 35), (20, 36), (18, 75), (36, 60)])
def test_recruits_offer_what_volunteers_of_their_age_do(age):
    """Storebror (.22 of the sample's offers) by those of 20 to 35, whatever ages are asked for."""
    facts = {} if age is None else {"age": age}
    new = [row for row in Recruit(number=1500, **facts).apply(world(), 7).case.volunteers if row.volunteer_id.startswith("~")]
    ages = [completed_years(row.birth_date, DAY) for row in new]
    brothers = [20 <= years <= 35 for years in ages]
    offering = ["storebror" in row.programmes for row in new]
    assert not any(offer and not brother for offer, brother in zip(offering, brothers, strict=True))
    assert age != (36, 60) or not any(brothers)
    assert sum(offering) == pytest.approx(0.22 * sum(brothers), abs=3.0 * (0.22 * 0.78 * sum(brothers)) ** 0.5)


@pytest.mark.parametrize(("age", "other"), [((11, 12), "storebror"), ((0, 6), "familieven")])
def test_new_children_are_of_the_programmes_that_may_be_by_the_mix(age, other):
    """.70 to .15."""
    new = Children(number=400, age=age).apply(world(), 7).case.children
    found = Counter(row.programme for row in new if row.child_id.startswith("~"))
    assert found.keys() == {"voksenven", other}
    assert found[other] / 400 == pytest.approx(0.15 / 0.85, abs=0.01)


def test_more_of_them_leave_the_first_as_they_are():
    few, many = (Recruit(number=n, municipality="Ballerup", age=(25, 45)).apply(world(), 5).case for n in (3, 9))
    assert {row.volunteer_id for row in few.volunteers} < {row.volunteer_id for row in many.volunteers}
    assert [row for row in many.volunteers if row in few.volunteers] == list(few.volunteers)
    some, more = (Children(number=n, age=(6, 12)).apply(world(), 5).case for n in (3, 9))
    assert [row for row in more.children if row in some.children] == list(some.children)


def test_ids_never_collide():
    once = Recruit(number=3).apply(world(), 1)
    twice = Recruit(number=3).apply(once, 2)
    ids = [row.volunteer_id for row in twice.case.volunteers]
    assert len(ids) == len(set(ids)) == len(world().case.volunteers) + 6
    assert ids == sorted(ids)
    named = once.case.friendships[0].model_copy(update={"volunteer_id": "~V00002", "friendship_id": "F9"})
    case = world().case.model_copy(update={"friendships": (*world().case.friendships, named)})
    assert "~V00002" not in {row.volunteer_id for row in Recruit(number=3).apply(world_of(case), 1).case.volunteers}


def test_a_changed_case_is_a_case(tmp_path):
    changes = (
        Recruit(number=5, municipality="Ballerup"),
        Children(number=5),
        Lose(number=20),
        Matchers(add=1),
        Matchers(lose=2, take_over=True),
        Venues(add=2, municipality="Herlev", capacity=15),
        Venues(lose=1),
        Wishes(accept="any", share=0.5),
    )
    one = world()
    for change in changes:
        one = change.apply(one, 3)
    write_case(one.case, tmp_path / "case", language="en")
    case, found = read_case(tmp_path / "case", today=DAY, postcodes=load_postcodes())
    assert [finding for finding in found if finding.is_fault] == []
    assert [row.child_id for row in case.children] == [row.child_id for row in one.case.children]


# Who is taken away, and who changes


def test_whoever_is_lost_ends_the_friendships():
    one = world()
    active = [row for row in one.case.friendships if row.active_on(DAY)]
    busy = {row.volunteer_id for row in active} | {row.volunteer_id for row in one.case.offers if row.state == "open"}
    after = Lose(number=len(busy), free=False).apply(one, 1)
    assert {row.volunteer_id for row in one.case.volunteers} - {row.volunteer_id for row in after.case.volunteers} == busy
    assert befriended(one.case)
    assert befriended(after.case) == frozenset()
    was = {row.child_id: row.previous_friendships for row in one.case.children}
    now = {row.child_id: row.previous_friendships for row in after.case.children}
    assert {name for name in was if now[name] == was[name] + 1} == {row.child_id for row in active}
    assert len(after.case.friendships) == len(one.case.friendships)


def test_losing_more_loses_the_same_ones_too():
    gone = []
    for number in (2, 5, 9):
        left = {row.volunteer_id for row in Lose(number=number, free=True).apply(world(), 1).case.volunteers}
        gone.append({row.volunteer_id for row in world().case.volunteers} - left)
    assert [len(some) for some in gone] == [2, 5, 9]
    assert gone[0] < gone[1] < gone[2]
    other = Lose(number=9, free=True).apply(world(), 2).case.volunteers
    assert {row.volunteer_id for row in other} != {row.volunteer_id for row in world().case.volunteers} - gone[2]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_share_is_a_share_of_those_who_are_not_so_yet(share):
    """Of those who wait, and of those who have a friend."""
    friends = befriended(world().case)
    others = [
        row.child_id
        for row in world().case.children
        if row.gender == "boy" and row.wants_gender != "any" and not (row.programme == "familieven" and not row.wants_gender)
    ]
    after = Wishes(accept="any", gender="boy", share=share).apply(world(), 1)
    changed = [row for row, was in zip(after.case.children, world().case.children, strict=True) if row != was]
    with_friend = friends.intersection(others)
    assert with_friend
    assert len(friends.intersection(row.child_id for row in changed)) == part_of(share, len(with_friend))
    assert sum(row.child_id not in friends for row in changed) == part_of(share, len(others) - len(with_friend))
    assert all(row.wants_gender == "any" for row in changed)


def test_a_wish_of_all_holds_for_those_who_lose_their_friend_whatever_comes_first():
    wish, loss = Wishes(accept="any"), Lose(number=8, free=False)
    assert wish.apply(loss.apply(world(), 1), 2).case == loss.apply(wish.apply(world(), 2), 1).case


@pytest.mark.parametrize("change", [Wishes(accept="any", age=(60, 70)), Transport(by="car", age=(110, 120))])
def test_a_share_of_nobody_changes_nothing(change):
    assert change.apply(world(), 1).case == world().case


@pytest.mark.parametrize("hours", [20.5, 29.75])
def test_recruits_have_the_hours_that_are_asked_to_the_minute(hours):
    rule = Setting(name="course.min_hours", value=hours)
    after = Scenario(name="x", change=(rule, Recruit(number=5))).world(world())
    assert min(row.course_hours for row in after.case.volunteers[-5:]) >= hours


def test_venues_are_lost_among_those_asked_for():
    one = world()
    place = load_postcodes()[one.case.venues[0].postcode].municipality
    such = [row.venue_id for row in one.case.venues if load_postcodes()[row.postcode].municipality == place]
    for seed in range(5):
        after = Venues(lose=1, municipality=place).apply(one, seed)
        assert {row.venue_id for row in one.case.venues} - {row.venue_id for row in after.case.venues} <= set(such)
    with pytest.raises(UsageError):
        Venues(lose=len(such) + 1, municipality=place).apply(one, 1)


def test_a_friendship_that_has_not_begun_is_not_broken():
    one = world()
    row = next(row for row in one.case.friendships if row.active_on(DAY))
    later = row.model_copy(update={"started_on": DAY + timedelta(days=14), "ended_on": None})
    case = one.case.model_copy(update={"friendships": (later,), "offers": ()})
    children = {child.child_id: child.previous_friendships for child in case.children}
    after = Lose(number=len(case.volunteers)).apply(world_of(case), 1)
    assert {child.child_id: child.previous_friendships for child in after.case.children} == children


def test_new_children_are_followed_by_all_matchers_there_are():
    """Also by those who are only assumed, where the case has no table of them: a new one does not follow them all."""
    one = world()
    bare = dataclasses.replace(one, case=one.case.model_copy(update={"matchers": ()}))
    after = Scenario(name="x", change=(Matchers(add=1), Children(number=60))).world(bare)
    old = {child.child_id for child in one.case.children}
    added = [row.matcher_id for row in after.case.children if row.child_id not in old]
    assert 0 < sum(name is not None for name in added) < 30


def test_rules_are_changed_before_people():
    """So whoever is added is vetted under them, wherever they stand in the file."""
    rule = Setting(name="course.min_hours", value=30)
    for change in ((rule, Recruit(number=5)), (Recruit(number=5), rule)):
        after = Scenario(name="x", change=change).world(world())
        old = {row.volunteer_id for row in world().case.volunteers}
        assert all(row.course_hours >= 30 for row in after.case.volunteers if row.volunteer_id not in old)


def test_halves_are_rounded_up_and_draws_are_spread():
    assert [part_of(0.5, n) for n in range(5)] == [0, 1, 1, 2, 2]
    assert part_of(0.1, 5) == 1
    ids = [f"V{n}" for n in range(20)]
    often = dict.fromkeys(ids, 0)
    for seed in range(volume(ci=400, long=4000)):
        for name in drawn(seed, "lose", ids, 5):
            often[name] += 1
    expected = sum(often.values()) / 20
    assert all(0.6 * expected < count < 1.4 * expected for count in often.values())


def test_children_of_lost_matchers_are_shared_out():
    one = world()
    after = Matchers(lose=("M0001", "M0002"), take_over=True).apply(one, 1)
    left = {row.matcher_id for row in after.case.matchers}
    assert left == {row.matcher_id for row in one.case.matchers} - {"M0001", "M0002"}
    assert {row.matcher_id for row in after.case.children} <= left | {None}
    count = [sum(row.matcher_id == name for row in after.case.children) for name in left]
    before = [sum(row.matcher_id == name for row in one.case.children) for name in left]
    assert max(count) <= max(*before, min(count) + 1)


@pytest.mark.parametrize(
    "asked",
    [{"lose": "M0002"}, {"lose": ["M0002"]}, {"lose": True, "matcher_id": "M0002"}, {"lose": 1, "matcher_id": ["M0002"]}],
    ids=str,
)
def test_a_matcher_may_be_named_in_any_way(asked):
    after = Matchers(**asked).apply(world(), 1)
    assert {row.matcher_id for row in world().case.matchers} - {row.matcher_id for row in after.case.matchers} == {"M0002"}
    assert after.case.children == world().case.children


@pytest.mark.parametrize(
    "asked", [{"lose": True}, {"lose": 2, "matcher_id": "M0002"}, {"lose": "M0001", "matcher_id": "M0002"}], ids=str
)
def test_a_matcher_must_be_named_clearly(asked):
    assert refusal(lambda: Matchers(**asked)) == ("whatif.as_many_ids", "")


def test_new_matchers_and_venues():
    one = Matchers(add=2, max_new_friendships=4).apply(world(), 1)
    one = Matchers(add=("Mette",)).apply(one, 1)
    new = [row for row in one.case.matchers if row not in world().case.matchers]
    assert [row.max_new_friendships for row in new] == [None, 4, 4]
    one = Venues(add=2, municipality="Herlev", capacity=15).apply(one, 1)
    rooms = [row for row in one.case.venues if row not in world().case.venues]
    assert [(row.postcode, row.capacity) for row in rooms] == [("2730", 15)] * 2
    assert len(Venues(lose=3).apply(one, 1).case.venues) == len(one.case.venues) - 3


def test_a_new_matcher_takes_over_children_who_wait_from_those_with_the_most():
    start = world()
    active = {row.child_id for row in start.case.friendships if row.active_on(start.case.planning_date)}
    before, after = (
        {row.child_id: row.matcher_id for row in one.case.children}
        for one in (start, Matchers(add="Mette", take_over=True).apply(start, 1))
    )
    moved = {child for child, matcher in after.items() if matcher != before[child]}
    assert {after[child] for child in moved} == {"Mette"}
    assert not moved & active
    assert None not in {before[child] for child in moved}
    waits = Counter(matcher for child, matcher in after.items() if child not in active and matcher)
    had = Counter(matcher for child, matcher in before.items() if child not in active and matcher)
    assert waits["Mette"] == len(moved) >= max(waits.values()) - 1
    assert all(waits[matcher] == had[matcher] for matcher in had if had[matcher] <= waits["Mette"])
    alone = Matchers(add=1).apply(start, 1)
    assert {row.child_id: row.matcher_id for row in alone.case.children} == before


def is_stream_value(name: str, value: Any) -> bool:
    try:
        Stream(name=name, value=value).apply(world(), 1)
    except UsageError:
        return False
    return True


@pytest.mark.parametrize("name", load_rows())
def test_an_impossible_value_of_the_stream_is_told_what_is_possible(name):
    """The sentence has no English of the settings in it, and its bounds are those that hold."""
    usual = load_rows()[name]["value"]
    many = len(usual) if isinstance(usual, tuple) else 0

    def whole(number: float) -> Any:
        return [number] * many if many else number

    with pytest.raises(UsageError) as caught:
        Stream(name=name, value="zz" if isinstance(usual, str) else whole(-1)).apply(world(), 1)
    facts = {**caught.value.facts}
    assert facts.pop("field") == "value"
    assert all(say(language, caught.value.code, **facts) for language in ("da", "en"))
    if isinstance(usual, str):
        assert all(is_stream_value(name, word) for word in facts["expected"].split(", "))
        return
    most, least = float(facts["most"]), float(facts.get("least", 0))
    assert is_stream_value(name, whole(most))
    assert not is_stream_value(name, whole(most * 1.01))
    assert is_stream_value(name, whole(least)) == (caught.value.code != "whatif.stream_above_zero")
    assert not is_stream_value(name, [1.0] * (many + 1))
    assert caught.value.code != "whatif.stream_span" or not is_stream_value(name, [2, 1])


def test_the_stream_is_changed_by_name():
    one = Stream(name="children_per_year", value=80).apply(Policy(name="weekly").apply(world(), 1), 1)
    assert (one.stream.policy, one.stream.children_per_year) == ("weekly", 80)
    assert one.case is world().case


# What holds for every kind


EVERY = (
    Recruit(number=4, gender="man", municipality="Ballerup", age=(20, 60)),
    Lose(number=4, gender="woman"),
    Children(number=4, gender="girl"),
    Wishes(accept="any", share=0.3),
    VolunteerWishes(accept="any", share=0.3),
    Transport(by="bike", share=0.4),
    Programmes(offer="familieven", share=0.4),
    Initiative(name="bryd_boblen", share=0.4),
    Matchers(lose=2, take_over=True),
    Matchers(add=2),
    Matchers(add=2, take_over=True),
    Venues(lose=2),
    Venues(add=2),
    *(change for change, _ in BY_HAND.values()),
)


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.kind)
def test_the_order_of_rows_changes_nothing_and_nothing_is_edited(change):
    before = in_order(world().case)
    after = change.apply(world(), 11)
    assert in_order(change.apply(world_of(shuffled(world().case, 5)), 11).case) == in_order(after.case)
    assert in_order(world().case) == before
    assert change.apply(world(), 11) == after


def test_every_file_is_a_kind():
    assert kinds().keys() == CONTRACT | OTHERS
    assert {change.kind for change in EVERY} | {"lock", "policy", "stream", "waive", "setting"} == kinds().keys()
    assert all(dataclasses.is_dataclass(kind) and kind.__doc__ for kind in kinds().values())


# What is refused


def refusal(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        make()
    return caught.value.code, caught.value.facts.get("nearest", "")


LOCKED = world_of(
    world().case.model_copy(
        update={"decisions": (Decision(child_id=PAIR.child_id, volunteer_id=PAIR.volunteer_id, kind="forbid", by="me"),)}
    )
)
WRONG_HERE: dict[str, tuple[Callable[[], object], str, str]] = {
    "too many volunteers": (lambda: Lose(number=9999).apply(world(), 1), "whatif.too_few_volunteers", ""),
    "too many matchers": (lambda: Matchers(lose=99).apply(world(), 1), "whatif.too_few_matchers", ""),
    "too many venues": (lambda: Venues(lose=999).apply(world(), 1), "whatif.too_few_venues", ""),
    "no such town": (
        lambda: Recruit(number=1, municipality="Balerup").apply(world(), 1),
        "whatif.municipality_unknown",
        "Ballerup",
    ),
    "no such child": (
        lambda: Forbid(child_id="B00001", volunteer_id="V0001").apply(world(), 1),
        "whatif.child_unknown",
        "B0001",
    ),
    "no such volunteer": (lambda: Lock(child_id="B0001", volunteer_id="W").apply(world(), 1), "whatif.volunteer_unknown", ""),
    "no such matcher": (lambda: Matchers(lose="M002").apply(world(), 1), "whatif.matcher_unknown", "M0002"),
    "no such venue": (lambda: Venues(lose="L0003x").apply(world(), 1), "whatif.venue_unknown", "L0003"),
    "matcher is there": (lambda: Matchers(add="M0002").apply(world(), 1), "whatif.matcher_there", ""),
    "no such criterion": (lambda: Weight(criterion="interest", value=1).apply(world(), 1), "whatif.word_unknown", "interests"),
    "no such setting": (
        lambda: Setting(name="travel_time.max_minute", value=1).apply(world(), 1),
        "setting_unknown",
        "travel_time.max_minutes",
    ),
    "our own setting": (lambda: Setting(name="planning_date", value=1).apply(world(), 1), "whatif.setting_ours", ""),
    "no such rule": (
        lambda: Waive(child_id="B0001", volunteer_id="V0001", rule="traveltime").apply(world(), 1),
        "whatif.rule_unknown",
        "travel_time",
    ),
    "a locked rule": (
        lambda: Waive(child_id="B0001", volunteer_id="V0001", rule="child_age").apply(world(), 1),
        "whatif.rule_locked",
        "",
    ),
    "locked and forbidden": (
        lambda: Lock(child_id=PAIR.child_id, volunteer_id=PAIR.volunteer_id).apply(LOCKED, 1),
        "whatif.locked_and_forbidden",
        "",
    ),
    "no such town in a quota": (
        lambda: QuotaChange(dimension="municipality", value="Herlov", at_most=1).apply(world(), 1),
        "whatif.municipality_unknown",
        "Herlev",
    ),
    "no such matcher in a quota": (
        lambda: QuotaChange(dimension="matcher", value="M9", at_most=1).apply(world(), 1),
        "whatif.matcher_unknown",
        "",
    ),
    "no such initiative": (
        lambda: QuotaChange(dimension="initiative", value="bryd_bobl", at_most=1).apply(world(), 1),
        "whatif.initiative_unknown",
        "bryd_boblen",
    ),
    "a stream's impossible value": (
        lambda: Stream(name="price_share", value=7).apply(world(), 1),
        "whatif.number",
        "",
    ),
}


@pytest.mark.parametrize("name", WRONG_HERE)
def test_what_does_not_fit_the_world_is_refused_with_the_nearest(name):
    make, code, near = WRONG_HERE[name]
    assert refusal(make) == (code, near)


@pytest.mark.parametrize("key", ["child_certificate.max_months", "course.min_hours"])
def test_a_locked_rule_is_only_tightened(key):
    book = world().rulebook
    now = book.number(key)
    tighter, looser = (now - 1, now + 1) if ".max_" in key else (now + 1, now - 1)
    assert Setting(name=key, value=tighter).apply(world(), 1).rulebook.number(key) == tighter
    with pytest.raises(SettingError, match="setting_locked"):
        Setting(name=key, value=looser).apply(world(), 1)


def test_no_scenario_loosens_a_locked_rule_by_going_there_and_back():
    tightened = Setting(name="child_certificate.max_months", value=12).apply(world(), 1)
    with pytest.raises(SettingError, match="setting_locked"):
        Setting(name="child_certificate.max_months", value=20).apply(tightened, 1)


def test_weights_cannot_all_be_zero():
    one = world()
    criteria = [item.key for item in one.rulebook.criteria]
    for key in criteria[:-1]:
        one = Weight(criterion=key, value=0).apply(one, 1)
    assert refusal(lambda: Weight(criterion=criteria[-1], value=0).apply(one, 1)) == ("weights_all_zero", "")


def test_a_python_record_is_checked_as_a_file_is():
    with pytest.raises(UsageError) as caught:
        Recruit(number=0)
    assert (caught.value.code, caught.value.facts["field"]) == ("whatif.whole", "number")
    assert isinstance(made({"kind": "recruit", "number": 0}), tuple)
    assert made({"kind": "recruit", "number": 3, "age": [25, 45]}) == Recruit(number=3, age=(25, 45))
    with pytest.raises(TypeError):
        Recruit(numbr=1)


def test_a_kind_without_its_class_is_a_programmers_fault(monkeypatch):
    monkeypatch.delattr("scenarios.changes.lock.Lock")
    kinds.cache_clear()
    try:
        with pytest.raises(RuleError, match="lock"):
            kinds()
    finally:
        monkeypatch.undo()
        kinds.cache_clear()
