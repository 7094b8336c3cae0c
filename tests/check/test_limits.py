"""Plans and proposals under matchers' limits and quotas, nested and crossing, against trying every plan."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from matcher.check import World, check_plan, check_proposals
from matcher.check.choices import ROBUST_SHARE, Choices
from matcher.check.costs import CostBounds
from matcher.check.groups import Forest, Limit, limits_of, nested
from matcher.check.network import read_network
from tests.check.instances import (
    WORDS,
    Plan,
    Row,
    all_plans,
    case_of,
    child,
    crossing,
    decision,
    eligible_points,
    limited_case,
    plan_as_told,
    proposals_of,
    random_settings,
    solved,
    told_again,
    volunteer,
    world_of,
)
from tests.volume import volume


def points_of(plan: Plan) -> dict[tuple[str, str], int]:
    return {(c, v): p for c, v, p in plan["eligible_pairs"]}


def limited(seed: int, *, cross: bool) -> tuple[World, Plan] | None:
    """A case with quotas and its right plan; None where there is none or its limits do not (do) cross."""
    rng = random.Random(seed)
    answer = solved(limited_case(rng, cross=cross), random_settings(rng))
    return answer if answer is not None and crossing(answer[0], points_of(answer[1])) is cross else None


def test_where_limits_nest_the_best_plan_by_the_tie_rule_is_accepted_and_no_other() -> None:
    seen = ties = least = most = 0
    for seed in range(volume(ci=150, long=20_000)):
        answer = limited(seed, cross=False)
        if answer is None:
            continue
        world, plan = answer
        assert check_plan(world, plan) == [], seed
        least += any(price < 0 for price in plan["prices"]["quotas"].values())
        most += any(price > 0 for price in plan["prices"]["quotas"].values())
        others = [told_again(world, plan, chosen) for chosen in all_plans(world, points_of(plan))]
        others = [other for other in others if other["pairs"] != plan["pairs"]]
        equal = [other for other in others if (other["matched"], other["total"]) == (plan["matched"], plan["total"])]
        for other in equal + random.Random(seed).sample(others, min(len(others), volume(ci=10, long=200))):
            assert check_plan(world, other) != [], (seed, other["pairs"])
        seen, ties = seen + len(others), ties + len(equal)
    assert seen > 1_000
    assert min(ties // 10, least, most // 4) > 5, (ties, least, most)


def test_where_limits_cross_the_best_plan_is_accepted_as_found_by_search() -> None:
    seen = gaps = 0
    for seed in range(volume(ci=100, long=20_000)):
        answer = limited(seed, cross=True)
        if answer is None:
            continue
        world, plan = answer
        seen += 1
        assert check_plan(world, plan) == [], seed
        feasible = {**plan, "status": "feasible"}
        assert check_plan(world, feasible) == [], seed
        if check_plan(world, {**plan, "proof": "prices"}):
            gaps += 1
            assert all("not proved optimal" in fault for fault in check_plan(world, {**plan, "proof": "prices"}))
    assert seen > 25
    assert gaps > 5, gaps


def wrong_costs(row: Row) -> list[Row]:
    if row["plan_cost"] is None:
        return [{"plan_cost": 0, "matches_lost": 0}, {"plan_cost": 0}]
    cost, lost = row["plan_cost"], row["matches_lost"]
    return [
        {"plan_cost": cost + 1},
        {"plan_cost": cost - 1},
        {"matches_lost": lost + 1},
        {"plan_cost": None, "matches_lost": None},
    ]


def test_where_limits_nest_every_wrong_cost_and_robust_is_found() -> None:
    seen, rng = {"always": 0, "sometimes": 0, "never": 0}, random.Random(4)
    for seed in range(volume(ci=120, long=20_000)):
        answer = limited(seed, cross=False)
        if answer is None:
            continue
        world, plan = answer
        rows = proposals_of(world, plan, 3)
        assert check_proposals(world, rows, plan, top=3) == [], seed
        for index, row in enumerate(rows):
            seen[row["robust"]] += 1
            others = [{"robust": word} for word in seen if word != row["robust"]]
            for wrong in (rng.choice(wrong_costs(row)), rng.choice(others)):
                faulty = [*rows[:index], {**row, **wrong}, *rows[index + 1 :]]
                assert check_proposals(world, faulty, plan, top=3) != [], (seed, row, wrong)
    assert min(seen.values()) > 50, seen


def test_a_bound_lies_between_the_prices_bound_and_the_truth() -> None:
    lower = 0
    for seed in range(volume(ci=90, long=5_000)):
        answer = limited(seed, cross=False)
        if answer is None:
            continue
        world, plan = answer
        planned = {(c, v) for c, v, _ in plan["pairs"]}
        for row in proposals_of(world, plan, 9):
            if (row["child_id"], row["volunteer_id"]) in planned or not row["plan_cost"] or row["matches_lost"]:
                continue
            told = {**row, "rank": 1, "exact": False}
            said = (0, row["plan_cost"] // 2, row["plan_cost"], row["plan_cost"] + 1)
            judged = [check_proposals(world, [{**told, "plan_cost": cost}], plan, asked=[]) for cost in said]
            costly = [[fault for fault in faults if "plan_cost" in fault] for faults in judged]
            assert costly[-2] == []
            assert "as a bound, but" in costly[-1][0]
            lower += bool(costly[0])
    assert lower > 20


def test_where_limits_cross_right_rows_are_accepted_and_costs_below_the_prices_bound_are_not() -> None:
    low = robust = 0
    for seed in range(volume(ci=100, long=20_000)):
        answer = limited(seed, cross=True)
        if answer is None:
            continue
        world, plan = answer
        rows = proposals_of(world, plan, 9)
        assert check_proposals(world, rows, plan, top=9) == [], seed
        for index, row in enumerate(rows[:5]):
            for facts in ({"exact": False, "robust": None}, {"robust": ""}):
                assert check_proposals(world, [*rows[:index], {**row, **facts}, *rows[index + 1 :]], plan, top=9) == []
            if row["plan_cost"] is not None and row["matches_lost"] == 0:
                cheaper = {**row, "plan_cost": 0, "robust": None}
                low += any("by the prices" in fault for fault in check_proposals(world, [cheaper], plan, asked=[]))
            turned = {"always": "never", "sometimes": "", "never": "always"}[row["robust"]]
            told = check_proposals(world, [{**row, "robust": turned, "rank": 1}], plan, asked=[])
            robust += any("robust is" in fault for fault in told)
            assert bool(turned) == any("robust is" in fault for fault in told)
    assert low > 5
    assert robust > 50


HERLEV_GIRL = {"municipality": "Herlev", "gender": "girl", "wants_gender": "any"}
GIRLS = {"dimension": "gender", "value": "girl", "at_least": 1, "at_most": None}
FEW_BOYS = {"dimension": "gender", "value": "boy", "at_least": None, "at_most": 1}
IN_HERLEV = {"dimension": "municipality", "value": "Herlev", "at_least": 1, "at_most": 1}


def a_girl_for_a_boy() -> tuple[World, Plan]:
    """One place; the girl must have it, though B1 stands first and scores more: the quota's price is below 0."""
    kids = [child("B1", likes=WORDS), child("B2", gender="girl", wants_gender="any")]
    answer = solved(case_of(kids, [volunteer("F1", likes=WORDS, wants_gender="any")], quotas=(GIRLS,)))
    assert answer is not None
    assert answer[1]["prices"]["quotas"]["gender=girl"] < 0
    assert check_plan(*answer) == []
    return answer


def one_of_two_boys() -> tuple[World, Plan]:
    """Two places, of which boys may have one: the quota's price is above 0."""
    people = [child("B1"), child("B2")], [volunteer("F1"), volunteer("F2")]
    answer = solved(case_of(*people, quotas=(FEW_BOYS,)))
    assert answer is not None
    assert answer[1]["prices"]["quotas"]["gender=boy"] > 0
    assert check_plan(*answer) == []
    return answer


def repriced(plan: Plan, quotas: dict[str, Any]) -> Plan:
    return {**plan, "prices": {**plan["prices"], "quotas": quotas}}


def test_a_quotas_price_goes_by_dimension_and_value_whatever_the_case_and_may_stand_in_parts() -> None:
    for world, plan in (a_girl_for_a_boy(), one_of_two_boys()):
        ((key, price),) = plan["prices"]["quotas"].items()
        dimension, value = key.split("=")
        for same in (f"{dimension}={value.upper()} ", f"{dimension}= {value}"):
            assert check_plan(world, repriced(plan, {same: price})) == []
            assert check_plan(world, repriced(plan, {key: price - 7, same: 7})) == []
        assert check_plan(world, repriced(plan, {key: price + 1})) != []
        assert check_plan(world, repriced(plan, {key: price - 1})) != []
        assert check_plan(world, repriced(plan, {})) != []


def test_two_rows_of_one_quota_are_one_limit() -> None:
    """At least one girl in one row, at most one in another, and at most five in a third."""
    kids = [child(f"B{i}", gender="girl", wants_gender="any") for i in (1, 2)]
    adults = [volunteer(f"F{i}", wants_gender="any") for i in (1, 2)]
    rows = (GIRLS, {**GIRLS, "value": " Girl", "at_least": None, "at_most": 1}, {**GIRLS, "at_least": 0, "at_most": 5})
    world = world_of(case_of(kids, adults, quotas=rows))
    assert limits_of(world, world.children) == {"quotas gender=girl": Limit(frozenset({"B1", "B2"}), 1, 1)}
    assert limits_of(world, {"B1"}) == {"quotas gender=girl": Limit(frozenset({"B1"}), 1, 1)}
    points = eligible_points(world)
    assert check_plan(world, plan_as_told(world, points, {"B1": "F1"})) == []


def test_a_price_needs_a_bound_on_its_side() -> None:
    world, plan = a_girl_for_a_boy()
    assert "prices: quotas gender=girl has 4, above 0 though nothing is bounded from above" in check_plan(
        world, repriced(plan, {"gender=girl": 4})
    )
    world, plan = one_of_two_boys()
    assert "prices: quotas gender=boy has -4, below 0 though nothing is asked for at least" in check_plan(
        world, repriced(plan, {"gender=boy": -4})
    )


def test_quota_prices_that_are_no_data() -> None:
    world, plan = one_of_two_boys()
    for quotas, faults in (
        ({"gender=girl": 0}, ["prices: quotas gender=girl is unknown"]),
        ({"boy": 0}, ["prices: quotas boy is unknown"]),
        ({"gender=boy": 0.5}, ["prices: quotas gender=boy is no whole number"]),
    ):
        assert check_plan(world, repriced(plan, quotas)) == faults
    assert check_plan(world, {**plan, "proof": "faith"}) == ["plan: proof 'faith' is neither prices nor search"]
    rows = proposals_of(world, plan, 1)
    assert check_proposals(world, [{**rows[0], "exact": "yes"}], plan) == ["proposal 1: exact is neither true nor false"]
    assert check_proposals(world, [{**rows[0], "robust": "mostly"}], plan) == [
        "proposal 1: robust is 'mostly', not always, sometimes or never"
    ]


def crossed() -> tuple[World, Plan]:
    """At most one boy, exactly one in Herlev: B1 is a boy there, B2 a boy, B3 a girl there; three places."""
    kids = [
        child("B1", municipality="Herlev", likes=WORDS),
        child("B2"),
        child("B3", municipality="herlev", gender="girl", wants_gender="any"),
    ]
    adults = [volunteer(f"F{i}", wants_gender="any", likes=WORDS) for i in (1, 2, 3)]
    answer = solved(case_of(kids, adults, quotas=(FEW_BOYS, IN_HERLEV)))
    assert answer is not None
    return answer


def test_search_bounds_and_does_not_prove() -> None:
    world, plan = crossed()
    assert [row[:2] for row in plan["pairs"]] == [("B2", "F1"), ("B3", "F2")]
    assert check_plan(world, plan) == []
    assert any("not proved optimal" in fault for fault in check_plan(world, {**plan, "proof": "prices"}))
    dearer = {side: dict.fromkeys(plan["prices"][side], 0) for side in ("volunteers", "matchers")}
    high = {**plan["prices"], **dearer, "children": dict.fromkeys(world.children, 10**7), "quotas": {}}
    assert check_plan(world, {**plan, "prices": high}) == []
    low = {**plan["prices"], "children": {}}
    for status in ("optimal", "feasible"):
        assert any("more than its prices" in fault for fault in check_plan(world, {**plan, "status": status, "prices": low}))
    fewer = told_again(world, plan, {"B1": "F1"})
    assert check_plan(world, fewer) == []  # the engine's word


def test_where_limits_nest_search_is_no_proof() -> None:
    for world, plan in (one_of_two_boys(), a_girl_for_a_boy()):
        told = check_plan(world, {**plan, "proof": "search"})
        assert told == ["plan: called optimal by search, but no limits cross: prices would prove it"]
        assert check_plan(world, {**plan, "proof": "prices"}) == []


def test_a_feasible_plans_prices_must_bound_it() -> None:
    world, plan = one_of_two_boys()
    less = {**told_again(world, plan, {}), "status": "feasible"}
    assert check_plan(world, less) == []
    cheap = {**plan["prices"], "quotas": {}}
    assert any("more than its prices" in fault for fault in check_plan(world, {**less, "prices": cheap}))


def test_a_locked_childs_other_pairs_cost_nothing_that_could_be_told() -> None:
    """Limits cross; B1 is locked to F1, so no plan has B1-F2."""
    kids = [
        child("B1", municipality="Herlev"),
        child("B2"),
        child("B3", municipality="Herlev", gender="girl", wants_gender="any"),
    ]
    adults = [volunteer(f"F{i}", wants_gender="any") for i in (1, 2)]
    quotas = ({**FEW_BOYS, "at_most": 1}, {**IN_HERLEV, "at_least": None, "at_most": 1})
    answer = solved(case_of(kids, adults, quotas=quotas, decisions=(decision("lock", "B1", "F1"),)))
    assert answer is not None
    world, plan = answer
    rows = {(row["child_id"], row["volunteer_id"]): row for row in proposals_of(world, plan, 9)}
    row = rows["B1", "F2"]
    assert (row["plan_cost"], row["robust"]) == (None, "never")
    told = check_proposals(world, [{**row, "rank": 1, "plan_cost": 0, "matches_lost": 0}], plan, asked=[])
    assert any("a lock of the child rules the pair out" in fault for fault in told)
    told = check_proposals(world, [{**row, "rank": 1, "robust": "sometimes"}], plan, asked=[])
    assert any("robust is sometimes, never would be right" in fault for fault in told)


def test_a_childs_limits_nest_or_cross_as_sets_of_children_with_pairs() -> None:
    """The two share B1 alone, each has another; without pairs of these others they are one set."""
    boys, herlev, all_three = Limit(frozenset("ab"), None, 1), Limit(frozenset("bc"), None, 1), Limit(frozenset("abc"), 1, None)
    assert nested({"boys": boys, "herlev": herlev}) is None
    assert nested({"boys": boys, "all": all_three}) == Forest(dict.fromkeys("ab", "boys") | {"c": "all"}, {"boys": "all"})
    assert nested({"x": boys, "y": boys}) == Forest(dict.fromkeys("ab", "y"), {"y": "x"})
    assert nested({"boys": boys, "rest": Limit(frozenset("c"), 1, 1)}) == Forest(dict.fromkeys("ab", "boys") | {"c": "rest"}, {})
    assert [limit.binds for limit in (boys, all_three, Limit(frozenset("ab"), 0, 2), Limit(frozenset("ab"), None, None))] == [
        True,
        True,
        False,
        False,
    ]


def test_one_more_under_a_limit_that_had_to_be_filled_costs_what_the_limit_costs() -> None:
    """One girl at least, who earns 10 points less than a boy: a second girl, though every price of hers is met, is no tie."""
    kids = [child(f"B{i}", gender="girl", wants_gender="any") for i in (1, 2)]
    kids += [child(f"B{i}", likes=WORDS) for i in (3, 4)]
    adults = [volunteer(f"F{i}", likes=WORDS, wants_gender="any") for i in (1, 2)]
    answer = solved(case_of(kids, adults, quotas=(GIRLS,)))
    assert answer is not None
    world, plan = answer
    assert [row[:2] for row in plan["pairs"]] == [("B1", "F1"), ("B3", "F2")]
    assert plan["prices"]["quotas"] == {"gender=girl": -10_000}
    assert check_plan(world, plan) == []
    rows = proposals_of(world, plan, 2)
    assert [row["plan_cost"] for row in rows if row["child_id"] == "B2"] == [0, 0]  # in the place of the first
    assert check_proposals(world, rows, plan, top=2) == []


@pytest.mark.parametrize(
    ("cost", "lost", "exact", "fine"),
    [
        (700, 0, True, ["sometimes"]),
        (701, 0, True, ["never"]),
        (-5, 1, True, ["never"]),
        (None, None, True, ["never"]),
        (700, 0, False, ["sometimes", "never"]),
        (701, 0, False, ["never"]),
    ],
)
def test_robust_has_a_hundredth_of_the_total_to_give(cost: int | None, lost: int | None, exact: bool, fine: list[str]) -> None:
    """The best total is 70 099: 700 points are within one hundredth, 701 are not."""
    net = read_network(*one_of_two_boys())
    bounds = CostBounds(replace(net, rows=[("B1", "F2", net.u["B1"])], bonus=10**6, u={"B1": 10**9}), 10**10)
    choices = Choices(frozenset(), None, bounds, 70_099 // ROBUST_SHARE)
    row = {"child_id": "B1", "volunteer_id": "F2", "plan_cost": cost, "matches_lost": lost, "exact": exact}
    for word in ("always", "sometimes", "never"):
        assert (list(choices.faults({**row, "robust": word})) == []) is (word in fine)


def test_a_limit_that_no_plan_can_break_crosses_nothing() -> None:
    kids = [
        child("B1", municipality="Herlev"),
        child("B2"),
        child("B3", municipality="Herlev", gender="girl", wants_gender="any"),
    ]
    adults = [volunteer(f"F{i}", wants_gender="any") for i in (1, 2, 3)]
    wide = {**IN_HERLEV, "at_least": 0, "at_most": 2}
    answer = solved(case_of(kids, adults, quotas=(FEW_BOYS, wide)))
    assert answer is not None
    world, plan = answer
    assert "proof" not in plan
    assert check_plan(world, plan) == []
    worse = plan_as_told(world, eligible_points(world), {"B2": "F1", "B3": "F2"})
    assert check_plan(world, worse) == ["child B1: has None, but an equally good plan gives F1"]
