"""The judge of proposals against comparing all plans that have each pair."""

from __future__ import annotations

import random
from typing import Any

import pytest

from matcher.check import World, check_proposals
from tests.check.instances import (
    Plan,
    Row,
    case_of,
    child,
    decision,
    eligible_points,
    plan_as_told,
    proposals_of,
    random_case,
    random_settings,
    solved,
    volunteer,
    world_of,
)
from tests.volume import volume


def test_it_accepts_right_proposals_and_refuses_every_other_cost() -> None:
    blank = lost = negative = 0
    for seed in range(volume(ci=500, long=20_000)):
        rng = random.Random(seed)
        answer = solved(random_case(rng), random_settings(rng))
        if answer is None:
            continue
        world, plan = answer
        top = rng.randint(1, 4)
        rows = proposals_of(world, plan, top)
        assert check_proposals(world, rows, plan, top=top) == [], seed
        for index, row in enumerate(rows):
            for wrong in _other_costs(row):
                faulty = [*rows[:index], {**row, **wrong}, *rows[index + 1 :]]
                assert check_proposals(world, faulty, plan, top=top) != [], (seed, row, wrong)
        blank += sum(row["plan_cost"] is None for row in rows)
        lost += sum((row["matches_lost"] or 0) > 0 for row in rows)
        negative += sum((row["plan_cost"] or 0) < 0 for row in rows)
    assert min(blank, lost) > 50
    assert negative >= 1


def _other_costs(row: Row) -> list[Row]:
    if row["plan_cost"] is None:
        return [{"plan_cost": 0, "matches_lost": 0}, {"plan_cost": 0}, {"matches_lost": 0}]
    cost, lost = row["plan_cost"], row["matches_lost"]
    return [
        {"plan_cost": cost + 1},
        {"plan_cost": cost - 1},
        {"matches_lost": lost + 1},
        {"matches_lost": lost - 1},
        {"plan_cost": None},
        {"plan_cost": None, "matches_lost": None},
    ]


def by_volunteer(world: World, plan: Plan, top: int) -> list[Row]:
    """The same proposals as lists of children for each volunteer."""
    everything = proposals_of(world, plan, 99)
    rows: list[Row] = []
    for v in sorted(world.volunteers):
        mine = [row for row in everything if row["volunteer_id"] == v]
        mine.sort(key=lambda r: (-r["points"], r["plan_cost"] is None, r["plan_cost"] or 0, r["child_id"]))
        rows += [{**row, "rank": rank} for rank, row in enumerate(mine[:top], start=1)]
    return rows


def test_lists_of_children_for_volunteers() -> None:
    for seed in range(volume(ci=150, long=5_000)):
        answer = solved(random_case(random.Random(seed)))
        if answer is None:
            continue
        world, plan = answer
        rows = by_volunteer(world, plan, 2)
        assert check_proposals(world, rows, plan, top=2, of="volunteer_id") == []
        if any(row["rank"] == 2 for row in rows):
            assert check_proposals(world, [row for row in rows if row["rank"] == 1], plan, top=2, of="volunteer_id") != []


@pytest.fixture
def three() -> tuple[World, Plan, list[Row]]:
    """B1 has three volunteers at 55 to 57 minutes... of different scores; B2 competes for the best of them."""
    world = world_of(
        case_of(
            [child("B1", likes=("chess", "music")), child("B2")],
            [
                volunteer("F1", likes=("chess", "music")),
                volunteer("F2", likes=("chess",)),
                volunteer("F3", likes=("golf",), postcode="2740"),
            ],
        )
    )
    points = eligible_points(world)
    plan = plan_as_told(world, points, {"B1": "F1", "B2": "F2"})
    return world, plan, proposals_of(world, plan, 2)


def changed(rows: list[Row], index: int, **facts: Any) -> list[Row]:
    return [{**row, **facts} if number == index else row for number, row in enumerate(rows)]


def test_right_rows_are_accepted(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    assert [(r["child_id"], r["volunteer_id"], r["rank"]) for r in rows[:2]] == [("B1", "F1", 1), ("B1", "F2", 2)]
    assert check_proposals(world, rows, plan) == []
    assert check_proposals(world, rows, plan, top=2) == []
    assert check_proposals(world, rows, None, top=2) == []
    assert check_proposals(world, rows[:2], plan, top=2, asked=["B1"]) == []
    assert check_proposals(world, [], None) == []


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"rank": 2}, "ranks are [2, 2]"),
        ({"minutes": 5.1}, "5.1 minutes, 5.000 to 5.003 would be right"),
        ({"minutes": 4.99}, "4.99 minutes, 5.000 to 5.003 would be right"),
        ({"minutes": None}, "None minutes, 5.000 to 5.003 would be right"),
        ({"points": 72_172}, "points, not 72172"),
        ({"plan_cost": 7}, "in the plan, but plan_cost is 7"),
        ({"matches_lost": 1}, "in the plan, but plan_cost is 0 and matches_lost 1"),
        ({"plan_cost": -7}, "plan_cost is -7, below 0"),
        ({"matches_lost": -1}, "matches_lost is -1, below 0"),
        ({"plan_cost": None}, "one of them is blank"),
        ({"matches_lost": None}, "one of them is blank"),
        ({"plan_cost": None, "matches_lost": None}, "in the plan, but plan_cost is None"),
        ({"child_id": "B7"}, "B7-F1 are not both known"),
        ({"volunteer_id": "F7"}, "B1-F7 are not both known"),
        ({"rank": 1.0}, "rank is no whole number"),
        ({"points": "many"}, "points is no whole number"),
        ({"plan_cost": 0.0}, "plan_cost is neither blank nor a whole number"),
        ({"matches_lost": False}, "matches_lost is neither blank nor a whole number"),
        ({"parts": {"interests": 1}}, "parts are not the criteria's"),
    ],
)
def test_one_wrong_fact(three: tuple[World, Plan, list[Row]], facts: Row, fault: str) -> None:
    world, plan, rows = three
    faults = check_proposals(world, changed(rows, 0, **facts), plan, top=2)
    assert any(fault in found for found in faults), faults


def test_wrong_parts(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    parts = {**rows[0]["parts"], "languages": rows[0]["parts"]["languages"] - 1, "age_wish": rows[0]["parts"]["age_wish"] + 1}
    assert check_proposals(world, changed(rows, 0, parts=parts), plan) == [
        "proposal B1-F1: age_wish gives 2001 points, 2000 to 2000 would be right",
        "proposal B1-F1: languages gives 2999 points, 3000 to 3000 would be right",
    ]
    halves = {**rows[0]["parts"], "languages": 3000.0}
    assert check_proposals(world, changed(rows, 0, parts=halves), plan) == ["proposal 1: a part is no whole number"]
    keyless = {key: value for key, value in rows[0].items() if key not in {"parts", "rank"}}
    assert check_proposals(world, [keyless], plan) == ["proposal 1: rank, parts missing"]


def test_rounded_minutes_are_accepted_where_told(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    rounded = [{**row, "minutes": round(row["minutes"])} for row in rows]
    assert check_proposals(world, changed(rows, 0, minutes=5.04), plan, minutes_step=0.1) == []
    assert check_proposals(world, changed(rows, 0, minutes=5.06), plan, minutes_step=0.1) != []
    assert check_proposals(world, rounded, plan, minutes_step=1.0) == []


def test_unknown_places_have_no_minutes() -> None:
    waivers = (decision("waive", "B1", "F1", "travel_time"),)
    answer = solved(case_of([child(postcode="9999")], [volunteer()], decisions=waivers))
    assert answer is not None
    rows = proposals_of(*answer, 5)
    assert rows[0]["minutes"] is None
    assert check_proposals(answer[0], rows, answer[1], top=5) == []
    faults = check_proposals(answer[0], changed(rows, 0, minutes=12.0), answer[1])
    assert faults == ["proposal B1-F1: 12.0 minutes, but a place is unknown"]


def test_order_and_repeats(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    swapped = [{**rows[1], "rank": 1}, {**rows[0], "rank": 2}, *rows[2:]]
    assert check_proposals(world, swapped, plan, top=2) == ["proposals of B1: rank 2 should stand before the one above it"]
    twice = [rows[0], {**rows[0], "rank": 2}, *rows[2:]]
    assert "proposals of B1: somebody is proposed twice" in check_proposals(world, twice, plan, top=2)


def test_too_many_too_few_and_not_asked(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    assert check_proposals(world, rows, plan, top=1) == [
        "proposals of B1: 2 rows, at most 1",
        "proposals of B2: 2 rows, at most 1",
    ]
    short = [row for row in rows if row["rank"] == 1]
    assert check_proposals(world, short, plan, top=2) == [
        "proposals of B1: 1 rows, should be 2",
        "proposals of B2: 1 rows, should be 2",
    ]
    assert check_proposals(world, short, plan) == []
    assert check_proposals(world, rows[:2], plan) == ["proposals of B2: 0 rows, should be 3"]
    assert check_proposals(world, rows[:2], plan, top=2) == ["proposals of B2: 0 rows, should be 2"]
    assert check_proposals(world, rows, plan, top=2, asked=["B1"]) == ["proposals of B2: not asked for"]
    many = world_of(
        case_of([child(f"B{i}", likes=("chess", "music")) for i in range(1, 10)], [volunteer("F1", likes=("chess", "music"))])
    )
    strangers = [{**rows[0], "child_id": f"B{i}"} for i in range(9, 0, -1)]
    assert check_proposals(many, strangers, None, asked=[]) == [f"proposals of B{i}: not asked for" for i in range(1, 10)]
    assert check_proposals(world, [], plan, top=2, asked=[]) == []
    assert check_proposals(world, proposals_of(world, plan, 9), plan, top=9) == []


def test_lists_that_were_asked_for_are_looked_for(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    assert check_proposals(world, [], plan, top=2, asked=["B1"]) == ["proposals of B1: 0 rows, should be 2"]
    assert check_proposals(world, rows[2:], plan, top=2, asked=["B2"]) == []
    assert check_proposals(world, [], plan, top=0) == []


def test_a_metre_more_is_accepted_two_are_not() -> None:
    """5 minutes are allowed; the volunteer lives 0.6 m, then 6 m away."""
    for east, faults in ((1e-5, []), (1e-4, ["proposal B1-F1: not eligible (travel_time)"])):
        here = {"latitude": 55.7314, "longitude": 12.3633}
        near = case_of([child(**here, max_minutes=6)], [volunteer(latitude=55.7314, longitude=12.3633 + east)])
        answer = solved(near)
        assert answer is not None
        rows = proposals_of(*answer, 1)
        strict = world_of({**near, "children": (child(**here, max_minutes=5),)})
        assert check_proposals(strict, rows, None) == faults


def test_two_volunteers_children_of_one_score_stand_by_cost() -> None:
    """F2 could take B1 or B2 at one score; B2 fits nobody else, so B1 costs a match and must not be the one proposed."""
    world = world_of(
        case_of(
            [child("B1"), child("B2", gender="other", wants_gender="any")],
            [volunteer("F1", wants_gender="boy"), volunteer("F2", wants_gender="any")],
        )
    )
    plan = plan_as_told(world, eligible_points(world), {"B1": "F1", "B2": "F2"})
    rows = by_volunteer(world, plan, 1)
    dear = next(row for row in by_volunteer(world, plan, 2) if (row["child_id"], row["volunteer_id"]) == ("B1", "F2"))
    assert dear["matches_lost"] == 1
    instead = [rows[0], {**dear, "rank": 1}]
    expected = ["proposals of F2: B2 ranks before B1, but is left out"] if dear["plan_cost"] > 0 else []
    assert check_proposals(world, instead, plan, top=1, of="volunteer_id") == expected
    assert expected


def test_a_plan_without_its_lock_proves_nothing_about_costs() -> None:
    free = solved(case_of([child("B1"), child("B2")], [volunteer("F1"), volunteer("F2")]))
    assert free is not None
    locked = world_of(
        case_of([child("B1"), child("B2")], [volunteer("F1"), volunteer("F2")], decisions=(decision("lock", "B1", "F2"),))
    )
    assert isinstance(check_proposals(locked, proposals_of(*free, 2), free[1], top=2), list)


def test_a_better_one_left_out(three: tuple[World, Plan, list[Row]]) -> None:
    world, plan, rows = three
    gap = [{**rows[1], "rank": 1}, *rows[2:]]
    assert check_proposals(world, gap, plan) == ["proposals of B1: F1 ranks before F2, but is left out"]
    assert check_proposals(world, gap, {**plan, "status": "feasible"}) == ["proposals of B1: F1 ranks before F2, but is left out"]
    assert check_proposals(world, gap, None) == []


def equal_volunteers() -> tuple[World, Plan, list[Row]]:
    """Three volunteers of one score for B1; the plan has F1, and F2 is the only one who suits B2 (a girl)."""
    world = world_of(
        case_of(
            [child("B1"), child("B2", gender="girl", wants_gender="any")],
            [volunteer("F1"), volunteer("F2", wants_gender="any"), volunteer("F3")],
        )
    )
    plan = plan_as_told(world, eligible_points(world), {"B1": "F1", "B2": "F2"})
    return world, plan, proposals_of(world, plan, 2)


def test_among_equals_the_cheaper_one_belongs_in_the_list() -> None:
    world, plan, rows = equal_volunteers()
    assert [row["volunteer_id"] for row in rows] == ["F1", "F3", "F2"]
    dear = next(row for row in proposals_of(world, plan, 3) if (row["child_id"], row["volunteer_id"]) == ("B1", "F2"))
    assert dear["matches_lost"] == 1
    instead = [rows[0], {**dear, "rank": 2}, rows[2]]
    text = "proposals of B1: F3 ranks before F2, but is left out"
    plan_cost_of_f2 = dear["plan_cost"]
    assert (text in check_proposals(world, instead, plan, top=2)) is (plan_cost_of_f2 > 0)
    feasible = {**plan, "status": "feasible"}
    assert check_proposals(world, instead, feasible, top=2) == []
    assert check_proposals(world, instead, plan, top=2, costs_at_most=7) == []
    assert text in check_proposals(world, instead, plan, top=2, costs_at_most=8)


def test_without_a_proof_costs_are_not_judged_but_signs_are() -> None:
    world, plan, rows = equal_volunteers()
    off = changed(rows, 1, plan_cost=5)
    assert check_proposals(world, off, plan, top=2) != []
    unproved = {**plan, "prices": {**plan["prices"], "children": {}}}
    assert check_proposals(world, off, unproved, top=2) == []
    assert check_proposals(world, changed(rows, 1, plan_cost=-5), unproved, top=2) != []
    loose = {**plan["prices"], "children": {c: price + 9 for c, price in plan["prices"]["children"].items()}}
    assert check_proposals(world, off, {**plan, "prices": loose}, top=2) == []


def test_where_a_quota_is_set_costs_are_judged_under_it() -> None:
    """The girl must be matched: F2, the only one for her, can go to nobody else."""
    people = (
        [child("B1"), child("B2", gender="girl", wants_gender="any")],
        [volunteer("F1"), volunteer("F2", wants_gender="any"), volunteer("F3")],
    )
    answer = solved(case_of(*people, quotas=({"dimension": "gender", "value": "girl", "at_least": 1, "at_most": None},)))
    assert answer is not None
    world, plan = answer
    rows = proposals_of(world, plan, 3)
    assert [(row["volunteer_id"], row["plan_cost"]) for row in rows] == [("F1", 0), ("F3", 0), ("F2", None), ("F2", 0)]
    assert check_proposals(world, rows, plan, top=3) == []
    assert check_proposals(world, changed(rows, 1, plan_cost=5), plan, top=3) != []
    assert check_proposals(world, changed(rows, 2, plan_cost=0, matches_lost=1), plan, top=3) != []


def test_an_ineligible_or_forbidden_pair_is_named() -> None:
    world, plan, rows = equal_volunteers()
    row = {**rows[0], "child_id": "B2", "volunteer_id": "F3", "rank": 1}
    assert check_proposals(world, [row], None) == ["proposal B2-F3: not eligible (volunteer_wants_gender)"]
    banned = world_of(case_of([child("B1")], [volunteer("F1")], decisions=(decision("forbid", "B1", "F1"),)))
    assert check_proposals(banned, rows[:1], None) == ["proposal B1-F1: not eligible (forbidden)"]
    assert plan["matched"] == 2


def test_a_locked_childs_other_pairs_have_no_cost() -> None:
    answer = solved(
        case_of([child("B1"), child("B2")], [volunteer("F1"), volunteer("F2")], decisions=(decision("lock", "B1", "F2"),))
    )
    assert answer is not None
    rows = proposals_of(*answer, 5)
    assert [(r["child_id"], r["volunteer_id"], r["plan_cost"]) for r in rows] == [
        ("B1", "F2", 0),
        ("B1", "F1", None),
        ("B2", "F1", 0),
        ("B2", "F2", None),
    ]
    assert check_proposals(*[answer[0], rows, answer[1]], top=5) == []
