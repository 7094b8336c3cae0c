"""Who is guaranteed a match by waiting first, and the best plan that holds them, against trying every plan."""

from __future__ import annotations

import random
from datetime import timedelta

from matcher.check import World, check_plan, check_proposals
from tests.check.instances import (
    LONG_AGO,
    WORDS,
    Plan,
    all_plans,
    best_of,
    case_of,
    child,
    crossing,
    eligible_points,
    in_order,
    limited_case,
    plan_as_told,
    proposals_of,
    random_case,
    random_settings,
    solved_waiting_first,
    told_again,
    told_guaranteed,
    volunteer,
    waiting_first,
)
from tests.volume import volume


def planned(seed: int) -> tuple[World, Plan] | None:
    """A case with few volunteers, every other with quotas, and its right plan."""
    rng = random.Random(seed)
    return solved_waiting_first(
        limited_case(rng, cross=seed % 4 == 1) if seed % 2 else random_case(rng, 5, 3), random_settings(rng)
    )


def test_the_best_plan_that_holds_the_guaranteed_is_accepted_and_no_other() -> None:
    ties = worse = 0
    for seed in range(volume(ci=120, long=20_000)):
        answer = planned(seed)
        if answer is None:
            continue
        world, plan = answer
        points = eligible_points(world)
        assert check_plan(world, plan) == [], seed
        for chosen in waiting_first(world, points)[1]:
            other = told_again(world, plan, chosen)
            if other["pairs"] != plan["pairs"]:
                ties += other["total"] == plan["total"]
                worse += other["total"] < plan["total"]
                assert check_plan(world, other) != [], (seed, chosen)
    assert min(ties, worse) > 30, (ties, worse)


def test_guaranteeing_others_or_fewer_is_found_where_limits_nest() -> None:
    others = fewer = limits = crossed = 0
    for seed in range(volume(ci=100, long=20_000)):
        answer = planned(seed)
        if answer is None:
            continue
        world, plan = answer
        points = eligible_points(world)
        plans = list(all_plans(world, points))
        for held in {frozenset(p) for p in plans} - {frozenset(plan["guaranteed"])}:
            best = best_of(world, points, [p for p in plans if p.keys() == held])
            wrong = told_guaranteed(world, points, [c for c in in_order(world) if c in held], best)
            if crossing(world, points):
                crossed += 1
                assert check_plan(world, wrong) == []
                continue
            few = len(held) < plan["matched"]
            fewer, others, limits = fewer + few, others + (not few), limits + bool(world.quotas)
            words = "but one more is possible" if few else "passed over, but could be guaranteed"
            assert any(words in fault for fault in check_plan(world, wrong)), (seed, held)
    assert min(others, fewer, limits, crossed) > 30, (others, fewer, limits, crossed)


def queue() -> tuple[World, Plan]:
    """B2 waits longer than B1, who would score more; one place."""
    kids = [child("B1", likes=WORDS), child("B2", registered_on=LONG_AGO - timedelta(days=1))]
    answer = solved_waiting_first(case_of(kids, [volunteer("F1", likes=WORDS)]))
    assert answer is not None
    return answer


def test_who_waits_longest_goes_first() -> None:
    world, plan = queue()
    assert plan["guaranteed"] == ["B2"]
    assert check_plan(world, plan) == []
    points = eligible_points(world)
    richer = plan_as_told(world, points, {"B1": "F1"})
    assert check_plan(world, richer) == []
    assert check_plan(world, {**richer, "guaranteed": ["B1"]}) == ["child B2: passed over, but could be guaranteed a match"]
    assert check_plan(world, {**richer, "guaranteed": ["B1"]}, ties_at_most=1) == []
    nobody = told_again(world, {**plan, "guaranteed": []}, {})
    nobody["prices"] = {"children": {}, "volunteers": {}, "matchers": {}, "match_bonus": 1}
    assert check_plan(world, nobody, ties_at_most=1) == ["plan: 0 matches, but one more is possible"]


def test_the_list_is_the_matched_in_their_order() -> None:
    world, plan = queue()
    assert check_plan(world, {**plan, "guaranteed": ["B9"]}) == ["guaranteed: 'B9' is no known child"]
    assert check_plan(world, {**plan, "guaranteed": []}) == ["guaranteed: 0 children, 1 are matched"]
    assert check_plan(world, {**plan, "guaranteed": ["B1"]}) == ["child B1: guaranteed a match, but not matched"]
    twice = check_plan(world, {**plan, "guaranteed": ["B2", "B2"]})
    assert twice == [
        "guaranteed: 2 children, 1 are matched",
        "guaranteed: not in the order of registered_on, then child_id, or somebody twice",
    ]
    kids = [child("B1"), child("B2", registered_on=LONG_AGO - timedelta(days=1))]
    both = solved_waiting_first(case_of(kids, [volunteer("F1"), volunteer("F2")]))
    assert both is not None
    assert both[1]["guaranteed"] == ["B2", "B1"]
    turned = check_plan(both[0], {**both[1], "guaranteed": ["B1", "B2"]})
    assert turned == ["guaranteed: not in the order of registered_on, then child_id, or somebody twice"]


def test_a_plan_that_is_not_yet_the_best_may_name_whom_it_guarantees() -> None:
    world, plan = queue()
    for prices in (None, plan["prices"]):
        assert check_plan(world, {**plan, "status": "feasible", "prices": prices}) == []


def test_costs_are_those_beside_the_default_plan_so_nothing_is_said_of_them() -> None:
    world, plan = queue()
    rows = proposals_of(world, plan_as_told(world, eligible_points(world), {"B1": "F1"}), 2)
    assert [row["plan_cost"] for row in rows] != [0, 0]
    others = [{**row, "plan_cost": row["plan_cost"] + 1} for row in rows if row["child_id"] == "B1"]
    assert check_proposals(world, others, plan, top=2, asked=["B1"]) == []
