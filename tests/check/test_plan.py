"""The judge of plans against trying every plan: it accepts the one right plan and no other."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest

from matcher.check import World, check_plan
from matcher.check.certificate import most_points, priced_bound, proof_faults
from matcher.check.limits import as_decided, counts_for, once_each, within_capacity, within_matchers_limits
from matcher.check.network import read_network
from matcher.check.pair import minutes, points_window
from matcher.check.settings import CRITERIA
from tests.check.instances import (
    LONG_AGO,
    Plan,
    all_plans,
    case_of,
    child,
    decision,
    eligible_points,
    friendship,
    plan_as_told,
    random_case,
    random_settings,
    solved,
    told_again,
    volunteer,
    world_of,
)
from tests.volume import volume


def test_it_accepts_the_best_plan_by_the_tie_rule_and_refuses_all_others() -> None:
    seen = ties = 0
    for seed in range(volume(ci=400, long=20_000)):
        rng = random.Random(seed)
        answer = solved(random_case(rng), random_settings(rng))
        if answer is None:
            continue
        world, plan = answer
        assert check_plan(world, plan) == [], seed
        for chosen in all_plans(world, {(c, v): p for c, v, p in plan["eligible_pairs"]}):
            other = told_again(world, plan, chosen)
            if other["pairs"] != plan["pairs"]:
                seen += 1
                assert check_plan(world, other) != [], (seed, chosen)
                ties += (other["matched"], other["total"]) == (plan["matched"], plan["total"])
    assert seen > 1_000
    assert ties > 20


def test_a_feasible_plan_needs_no_prices_and_may_be_any_allowed_plan() -> None:
    for seed in range(60):
        answer = solved(random_case(random.Random(seed)))
        if answer is None:
            continue
        world, plan = answer
        for chosen in all_plans(world, {(c, v): p for c, v, p in plan["eligible_pairs"]}):
            told = {**told_again(world, plan, chosen), "status": "feasible", "prices": None, "bound": 400_000}
            assert check_plan(world, told) == []


def ties_world() -> tuple[World, Plan]:
    """Two children who fit two volunteers equally well."""
    answer = solved(case_of([child("B1"), child("B2")], [volunteer("F1"), volunteer("F2")]))
    assert answer is not None
    return answer


def test_the_tie_rule_follows_the_waiting_list_not_the_ids() -> None:
    world = world_of(
        case_of([child("B1"), child("B2", registered_on=LONG_AGO - timedelta(days=1))], [volunteer("F1"), volunteer("F2")])
    )
    points = eligible_points(world)
    right = plan_as_told(world, points, {"B2": "F1", "B1": "F2"})
    assert check_plan(world, right) == []
    wrong = plan_as_told(world, points, {"B1": "F1", "B2": "F2"})
    assert check_plan(world, wrong) == ["child B2: has F2, but an equally good plan gives F1"]
    assert check_plan(world, wrong, ties_at_most=2) != []
    assert check_plan(world, wrong, ties_at_most=1) == []


def test_the_tie_rule_takes_a_match_before_none() -> None:
    world = world_of(case_of([child("B1"), child("B2")], [volunteer("F1")]))
    points = eligible_points(world)
    assert check_plan(world, plan_as_told(world, points, {"B1": "F1"})) == []
    wrong = plan_as_told(world, points, {"B2": "F1"})
    assert check_plan(world, wrong) == ["child B1: has None, but an equally good plan gives F1"]


def test_the_tie_rule_names_the_smallest_and_compares_ids_as_text() -> None:
    world = world_of(case_of([child("B1")], [volunteer("F9"), volunteer("F10"), volunteer("F11")]))
    points = eligible_points(world)
    wrong = plan_as_told(world, points, {"B1": "F9"})
    assert check_plan(world, wrong) == ["child B1: has F9, but an equally good plan gives F10"]
    assert check_plan(world, plan_as_told(world, points, {"B1": "F10"})) == []


def test_ties_under_a_matchers_limit_stay_inside_it() -> None:
    """One of M1's two children can be matched; the first on the list is."""
    children = [child("B1", matcher_id="M1"), child("B2", matcher_id="M1"), child("B3")]
    world = world_of(
        case_of(
            children,
            [volunteer("F1"), volunteer("F2"), volunteer("F3")],
            matchers=({"matcher_id": "M1", "max_new_friendships": 1},),
        )
    )
    points = eligible_points(world)
    assert check_plan(world, plan_as_told(world, points, {"B1": "F1", "B3": "F2"})) == []
    assert check_plan(world, plan_as_told(world, points, {"B2": "F1", "B3": "F2"})) != []
    assert check_plan(world, plan_as_told(world, points, {"B1": "F2", "B3": "F1"})) != []


def test_locked_pairs_may_cost_the_plan_and_are_proved_all_the_same() -> None:
    """The lock takes the only man from B1, whom nobody else suits."""
    world = world_of(
        case_of(
            [child("B1", wants_gender="man"), child("B2", wants_gender="any")],
            [volunteer("F1"), volunteer("F2", gender="woman", wants_gender="any")],
            decisions=(decision("lock", "B2", "F1"),),
        )
    )
    plan = plan_as_told(world, eligible_points(world), {"B2": "F1"})
    assert check_plan(world, plan) == []
    net = read_network(world, plan)
    assert priced_bound(net) == net.bonus + plan["total"]


def test_a_lock_of_a_limited_matchers_child_is_settled_first() -> None:
    world = world_of(
        case_of(
            [child("B1", matcher_id="M1"), child("B2", matcher_id="M1"), child("B3", matcher_id="M1")],
            [volunteer("F1", capacity=2), volunteer("F2", transport="bike")],
            matchers=({"matcher_id": "M1", "max_new_friendships": 2},),
            decisions=(decision("lock", "B3", "F1"),),
        )
    )
    plan = plan_as_told(world, eligible_points(world), {"B1": "F1", "B3": "F1"})
    assert plan["prices"]["matchers"]["M1"] > 0
    assert check_plan(world, plan) == []
    plan["prices"]["children"]["B3"] = -5
    assert check_plan(world, plan) == []


def test_higher_prices_are_no_proof_and_lower_ones_are_none_either() -> None:
    world, plan = ties_world()
    for side, key in (("children", "B1"), ("volunteers", "F2")):
        for change in (1, -1):
            prices = {**plan["prices"], side: {**plan["prices"][side], key: plan["prices"][side].get(key, 0) + change}}
            assert check_plan(world, {**plan, "prices": prices}) != []


def slim(plan: Plan) -> Plan:
    """The plan with its prices of 0 left out."""
    prices = plan["prices"]
    kept = {side: {k: p for k, p in prices[side].items() if p} for side in ("children", "volunteers", "matchers")}
    return {**plan, "prices": {**kept, "match_bonus": prices["match_bonus"]}}


def test_missing_prices_of_people_are_zero() -> None:
    world, plan = ties_world()
    assert check_plan(world, slim(plan)) == []
    other_tie = told_again(world, plan, {"B1": "F2", "B2": "F1"})
    for told in (other_tie, slim(other_tie)):
        assert check_plan(world, told) == ["child B1: has F2, but an equally good plan gives F1"]
    one_place = world_of(case_of([child("B1"), child("B2")], [volunteer("F1")]))
    second = plan_as_told(one_place, eligible_points(one_place), {"B2": "F1"})
    assert slim(second)["prices"]["children"] == {}
    assert check_plan(one_place, slim(second)) == ["child B1: has None, but an equally good plan gives F1"]


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        ({"eligible_pairs": [("B1", "F1")]}, ["eligible_pairs: ('B1', 'F1') is not (child_id, volunteer_id, points)"]),
        ({"pairs": [("B1", "F1", True)]}, ["pairs: ('B1', 'F1', True) is not (child_id, volunteer_id, points)"]),
        ({"pairs": [("B1", "F1", 5, 5)]}, ["pairs: ('B1', 'F1', 5, 5) is not (child_id, volunteer_id, points)"]),
        ({"unmatched": [("B1",)]}, ["unmatched: ('B1',) names no known child, or not one reason"]),
        ({"unmatched": [("B1", "a", "b")]}, ["unmatched: ('B1', 'a', 'b') names no known child, or not one reason"]),
        ({"prices": {"match_bonus": 9}}, [f"prices: {side} missing" for side in ("children", "volunteers", "matchers")]),
        (
            {"prices": {"match_bonus": 9.5, "children": {"B1": 1}, "volunteers": {}, "matchers": {"M1": 0.5}}},
            ["prices: match_bonus is no whole number", "prices: matchers M1 is no whole number"],
        ),
        ({"prices": {"children": {}, "volunteers": {}, "matchers": {}}}, ["prices: match_bonus is no whole number"]),
    ],
)
def test_data_that_cannot_be_judged(facts: Plan, faults: list[str]) -> None:
    world, plan = ties_world()
    assert check_plan(world, {**plan, **facts}) == faults


def test_a_limit_without_a_price_is_free() -> None:
    matchers = ({"matcher_id": "M1", "max_new_friendships": 5},)
    children = [child("B1", matcher_id="M1"), child("B2", matcher_id="M1")]
    world = world_of(case_of(children, [volunteer("F1"), volunteer("F2")], matchers=matchers))
    second = slim(plan_as_told(world, eligible_points(world), {"B1": "F2", "B2": "F1"}))
    assert second["prices"]["matchers"] == {}
    assert check_plan(world, second) == ["child B1: has F2, but an equally good plan gives F1"]


def test_a_match_under_a_limit_without_a_price_may_go_to_another() -> None:
    """B1, whom no matcher with a limit follows, stands before M1's B2 on the list; one place, one score."""
    matchers = ({"matcher_id": "M1", "max_new_friendships": 5},)
    world = world_of(case_of([child("B1"), child("B2", matcher_id="M1")], [volunteer("F1")], matchers=matchers))
    second = slim(plan_as_told(world, eligible_points(world), {"B2": "F1"}))
    assert second["prices"]["matchers"] == {}
    assert check_plan(world, second) == ["child B1: has None, but an equally good plan gives F1"]


def test_without_a_proof_nothing_is_said_about_ties() -> None:
    world, plan = ties_world()
    worse = told_again(world, plan, {"B2": "F1"})
    assert all(fault.startswith("prices:") for fault in check_plan(world, worse))


def test_ties_under_a_quota_are_settled_inside_it() -> None:
    """One boy at most and one girl at least: of the boys the first on the list has the match, and the smallest volunteer."""
    kids = [child("B1"), child("B2"), child("B3", gender="girl", wants_gender="any")]
    adults = [volunteer(i, wants_gender="any") for i in ("F1", "F2", "F3")]
    quotas = (
        {"dimension": "gender", "value": "boy", "at_least": None, "at_most": 1},
        {"dimension": "gender", "value": "girl", "at_least": 1, "at_most": None},
    )
    world = world_of(case_of(kids, adults, quotas=quotas))
    points = eligible_points(world)
    assert check_plan(world, plan_as_told(world, points, {"B1": "F1", "B3": "F2"})) == []
    for chosen, has, better in (({"B2": "F1", "B3": "F2"}, None, "F1"), ({"B1": "F2", "B3": "F1"}, "F2", "F1")):
        told = check_plan(world, plan_as_told(world, points, chosen))
        assert told == [f"child B1: has {has}, but an equally good plan gives {better}"]


def test_sentences_come_in_the_order_of_ids() -> None:
    limits = ({"matcher_id": "M2", "max_new_friendships": 0}, {"matcher_id": "M1", "max_new_friendships": 0})
    people = [child("B1", matcher_id="M2"), child("B2", matcher_id="M1")], [volunteer("F1"), volunteer("F2")]
    decisions = [decision(kind, f"B{i}", f"F{i}") for kind in ("lock", "forbid") for i in range(9, 0, -1)]
    world = world_of(case_of(*people, matchers=limits, decisions=decisions))
    crowd = [("B2", "F2"), ("B2", "F2"), ("B1", "F1"), ("B1", "F1")]
    assert list(once_each(crowd)) == ["child B1: matched 2 times", "child B2: matched 2 times"]
    assert list(within_capacity(world, crowd)) == [f"volunteer F{i}: 2 new children, room for 1" for i in (1, 2)]
    assert list(within_matchers_limits(world, crowd)) == [f"matcher M{i}: 2 new friendships, at most 0" for i in (1, 2)]
    assert list(as_decided(world, [])) == [f"pair B{i}-F{i}: locked, but not in the plan" for i in range(1, 10)]
    everything = [(f"B{i}", f"F{i}") for i in range(9, 0, -1)]
    assert list(as_decided(world, everything)) == [f"pair B{i}-F{i}: forbidden, but in the plan" for i in range(1, 10)]


def test_sentences_about_the_two_lists_say_which() -> None:
    world, plan = ties_world()
    for name in ("pairs", "eligible_pairs"):
        turned = {**plan, name: [plan[name][1], plan[name][0], *plan[name][2:]]}
        first, second = plan[name][0], plan[name][1]
        words = f"{name}: {first[0]}-{first[1]} comes after {second[0]}-{second[1]}: not in the order of ids, or twice"
        assert words in check_plan(world, turned)


def test_a_windows_both_ends_are_told() -> None:
    world = world_of(case_of([child(postcode="2740")], [volunteer()]))
    ((pair, points),) = eligible_points(world).items()
    told = check_plan(world, plan_as_told(world, {pair: points + 500}, {"B1": "F1"}))
    least, most = points_window(world, world.children["B1"], world.volunteers["F1"])
    assert least < points < most
    assert told == [f"pair B1-F1: {points + 500} points, {least} to {most} would be right"]
    for edge, fine in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        assert (check_plan(world, plan_as_told(world, {pair: edge}, {"B1": "F1"})) == []) is fine


def test_unmatched_out_of_order_is_told() -> None:
    world = world_of(case_of([child("B1"), child("B2")], []))
    plan = plan_as_told(world, {}, {})
    turned = {**plan, "unmatched": plan["unmatched"][::-1]}
    assert check_plan(world, turned) == ["unmatched: not in the order of child_id"]


def test_a_sample_is_half_rows_half_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1600 pairs 799 are drawn with return: about 629 different ones; and 799 of the rows."""
    asked: list[str] = []
    monkeypatch.setattr("matcher.check.plan.holds", lambda _world, c, v, _shift: asked.append(c.id + v.id) or c.id > "C")
    world, plan = big_plan(40, 40)
    nobody = plan_as_told(world, {}, {})
    check_plan(world, nobody, recheck_at_most=1_598)
    assert 580 < len(asked) < 680
    asked.clear()
    check_plan(world, plan, recheck_at_most=1_598)
    assert len(asked) == 40 + 799


@pytest.mark.parametrize(("side", "key"), [("children", "B1"), ("volunteers", "F1"), ("matchers", "M1")])
def test_prices_below_zero_are_named(side: str, key: str) -> None:
    world, plan = ties_world()
    prices = {**plan["prices"], side: {key: -1}}
    assert f"prices: {side} {key} has -1, below 0" in check_plan(world, {**plan, "prices": prices})


def test_the_price_of_a_matcher_without_a_limit_has_no_say() -> None:
    world, plan = ties_world()
    assert check_plan(world, {**plan, "prices": {**plan["prices"], "matchers": {"M7": 5}}}) == []


def test_the_bonus_must_be_above_twice_any_total() -> None:
    world, plan = ties_world()
    net = read_network(world, plan)
    assert most_points(net) == 2 * plan["pairs"][0][2]
    for more, fine in ((0, False), (1, True)):
        bonus = 2 * most_points(net) + more
        cheaper = dict.fromkeys(("B1", "B2"), bonus + plan["pairs"][0][2])
        prices = {"children": cheaper, "volunteers": {}, "matchers": {}, "match_bonus": bonus}
        faults = check_plan(world, {**plan, "prices": prices})
        assert faults == (
            [] if fine else [f"prices: match_bonus {bonus} is not above {bonus}, twice the most points a plan could have"]
        )


def test_most_points_takes_the_scarcer_side() -> None:
    one = solved(case_of([child(f"B{i}") for i in range(5)], [volunteer("F1", capacity=2)]))
    assert one is not None
    assert most_points(read_network(*one)) == 2 * one[1]["pairs"][0][2]


def test_scores_of_nothing_leave_nothing_to_win() -> None:
    weights = {f"weights.{name}": 0 for name in CRITERIA if name != "interests"}
    answer = solved(case_of([child(likes=("chess",))], [volunteer(dislikes=("chess",))]), weights)
    assert answer is not None
    world, plan = answer
    assert plan["pairs"] == [("B1", "F1", 0)]
    assert most_points(read_network(world, plan)) == 0
    prices = {"children": {"B1": 1}, "volunteers": {}, "matchers": {}, "match_bonus": 1}
    assert check_plan(world, {**plan, "prices": prices}) == []


def test_a_lock_without_prices_settles_at_its_worth() -> None:
    world = world_of(case_of([child()], [volunteer(capacity=2)], decisions=(decision("lock", "B1", "F1"),)))
    plan = plan_as_told(world, eligible_points(world), {"B1": "F1"})
    slim = {"children": {}, "volunteers": {}, "matchers": {}, "match_bonus": plan["prices"]["match_bonus"]}
    assert check_plan(world, {**plan, "prices": slim}) == []


def test_many_cheap_pairs_are_counted_not_all_named() -> None:
    answer = solved(case_of([child(f"B{i}") for i in range(5)], [volunteer(f"F{i}") for i in range(5)]))
    assert answer is not None
    world, plan = answer
    plan["prices"]["children"], plan["prices"]["volunteers"] = {}, {}
    faults = proof_faults(read_network(world, plan), plan["total"])
    assert sum("more than its prices" in fault for fault in faults) == 20
    assert "prices: 5 pairs more are too cheap" in faults
    plan["prices"]["children"] = {"B0": 10**9}
    faults = proof_faults(read_network(world, plan), plan["total"])
    assert sum("more than its prices" in fault for fault in faults) == 20
    assert not any("are too cheap" in fault for fault in faults)


def test_an_empty_case_has_an_empty_best_plan() -> None:
    prices = {"children": {}, "volunteers": {}, "matchers": {}, "match_bonus": 1}
    empty = {"pairs": [], "eligible_pairs": [], "matched": 0, "total": 0, "bound": 0, "status": "optimal", "prices": prices}
    assert check_plan(world_of(case_of([], [])), {**empty, "unmatched": []}) == []
    assert check_plan(world_of(case_of([child()], [])), {**empty, "unmatched": [("B1", "nobody")]}) == []
    assert check_plan(world_of(case_of([], [volunteer()])), {**empty, "unmatched": []}) == []


def test_a_child_with_an_open_offer_is_told_among_the_unmatched_but_one_with_a_friend_is_not() -> None:
    offers = ({"child_id": "B1", "volunteer_id": "F9", "state": "open"},)
    world = world_of(case_of([child("B1"), child("B2")], [], offers=offers, friendships=(friendship("B2", "F9"),)))
    plan = plan_as_told(world, {}, {})
    assert plan["unmatched"] == [("B1", "no_place")]
    assert check_plan(world, plan) == []


@pytest.mark.parametrize(
    ("least", "most", "faults"),
    [
        (1, 1, []),
        (0, None, []),
        (None, None, []),
        (2, None, ["quota gender=Girl : 1 matches, at least 2"]),
        (None, 0, ["quota gender=Girl : 1 matches, at most 0"]),
    ],
)
def test_quotas(least: int | None, most: int | None, faults: list[str]) -> None:
    quota = {"dimension": "gender", "value": "Girl ", "at_least": least, "at_most": most}
    world = world_of(
        case_of([child("B1", gender="girl"), child("B2")], [volunteer("F1", gender="woman"), volunteer("F2")], quotas=(quota,))
    )
    plan = plan_as_told(world, eligible_points(world), {"B1": "F1", "B2": "F2"})
    assert check_plan(world, plan) == faults


@pytest.mark.parametrize(
    ("dimension", "value", "counts"),
    [
        ("municipality", " ballerup", True),
        ("municipality", "Herlev", False),
        ("programme", "voksenven", True),
        ("programme", "storebror", False),
        ("gender", "boy", True),
        ("gender", "girl", False),
        ("matcher", "M1", True),
        ("matcher", "M2", False),
        ("initiative", "bryd_boblen", True),
        ("initiative", "bryd", False),
    ],
)
def test_whom_a_quota_counts(dimension: str, value: str, counts: bool) -> None:
    world = world_of(
        case_of([child("B1", matcher_id="M1", initiative=("sommer", "bryd_boblen")), child("B2", municipality=None)], [])
    )
    assert counts_for({"dimension": dimension, "value": value}, world.children["B1"]) is counts
    if dimension in ("municipality", "matcher", "initiative"):
        assert not counts_for({"dimension": dimension, "value": value}, world.children["B2"])


def test_a_hairs_breadth_of_travel_is_accepted_either_way() -> None:
    """5.001 minutes by car, when 5 are allowed, is less than a metre too far."""
    here, there = (55.7314, 12.3633), (55.7314, 12.3633 + 1e-5)
    far = (55.7314, 12.3633 + 1e-4)
    for point, allowed, refused in ((there, True, True), (far, False, True)):
        world = world_of(
            case_of(
                [child(latitude=here[0], longitude=here[1], max_minutes=5)], [volunteer(latitude=point[0], longitude=point[1])]
            )
        )
        points = 75_000 - 25_000 + 17_171
        left_out = plan_as_told(world, {}, {})
        assert (check_plan(world, left_out) == []) is refused
        listed = plan_as_told(world, {("B1", "F1"): points}, {"B1": "F1"})
        assert any("not eligible (travel_time)" in fault for fault in check_plan(world, listed)) is not allowed


def test_a_pair_within_the_limit_by_more_than_the_slack_must_be_listed() -> None:
    world = world_of(case_of([child(max_minutes=5.01)], [volunteer()]))
    assert check_plan(world, plan_as_told(world, {}, {})) == ["pair B1-F1: eligible, but not among the eligible pairs"]


def test_minutes_are_told_without_a_shift() -> None:
    world = world_of(case_of([child()], [volunteer()]))
    assert minutes(world, world.children["B1"], world.volunteers["F1"]) == 5.0


def test_a_waived_pair_is_eligible_and_must_be_listed() -> None:
    waive = (decision("waive", "B1", "F1", "travel_time"),)
    world = world_of(case_of([child(postcode="9999")], [volunteer()], decisions=waive))
    assert len(check_plan(world, plan_as_told(world, {}, {}))) == 1
    points = eligible_points(world)
    assert list(points) == [("B1", "F1")]
    assert check_plan(world, plan_as_told(world, points, {"B1": "F1"})) == []


def big_plan(children: int, volunteers: int) -> tuple[World, Plan]:
    """A plan of many equal people, proved by equal prices: child i takes volunteer i."""
    world = world_of(
        case_of(
            [child(f"B{i:04}", registered_on=LONG_AGO) for i in range(children)],
            [volunteer(f"F{i:04}") for i in range(volunteers)],
        )
    )
    points = 67_171
    pairs = [(f"B{i:04}", f"F{i:04}", points) for i in range(children)]
    bonus = 2 * points * children + 1
    prices = {"children": {c: bonus + points for c, _, _ in pairs}, "volunteers": {}, "matchers": {}, "match_bonus": bonus}
    return world, {
        "pairs": pairs,
        "eligible_pairs": [(c, v, points) for c in sorted(world.children) for v in sorted(world.volunteers)],
        "unmatched": [],
        "matched": children,
        "total": points * children,
        "bound": points * children,
        "status": "optimal",
        "prices": prices,
    }


def test_a_large_plan_is_proved_in_a_tenth_of_a_second() -> None:
    world, plan = big_plan(300, 300)
    net = read_network(world, plan)
    started = time.process_time()
    assert proof_faults(net, plan["total"]) == []
    assert time.process_time() - started < 0.1  # 0.03 s measured


def test_beyond_the_limit_a_sample_is_judged_and_the_seed_chooses_it() -> None:
    world, plan = big_plan(40, 40)
    assert check_plan(world, plan) == []
    listed = plan["eligible_pairs"]
    wrong_points = {
        **plan,
        "eligible_pairs": [(c, v, p + (c != "B0001" and v == "F0000" and c != "B0000")) for c, v, p in listed],
    }
    left_out = {**plan, "eligible_pairs": [row for row in listed if row[1] != "F0039" or row[0] == "B0039"]}
    for faulty in (wrong_points, left_out):
        everything = check_plan(world, faulty, recheck_at_most=1_600)
        assert len(everything) in (38, 39)
        sampled = check_plan(world, faulty, recheck_at_most=1_599)
        assert 0 < len(sampled) < len(everything)
        assert check_plan(world, faulty, recheck_at_most=1_599) == sampled
        assert check_plan(world, faulty, recheck_at_most=1_599, seed=1) != sampled


def test_a_sample_never_leaves_out_the_plan_itself() -> None:
    world, plan = big_plan(40, 40)
    pairs = [*plan["pairs"][:-1], (*plan["pairs"][-1][:2], plan["pairs"][-1][2] + 1)]
    listed = [(c, v, p + ((c, v) == pairs[-1][:2])) for c, v, p in plan["eligible_pairs"]]
    faulty = {**plan, "pairs": pairs, "eligible_pairs": listed, "total": plan["total"] + 1, "bound": plan["total"] + 1}
    assert check_plan(world, faulty, recheck_at_most=2) == ["pair B0039-F0039: 67172 points, 67171 would be right"]
    assert check_plan(world, faulty) == ["pair B0039-F0039: 67172 points, 67171 would be right"]
