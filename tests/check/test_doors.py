"""The doors take what the records give: a case's own dump, settings by flat keys, postcodes."""

from __future__ import annotations

import random

from matcher.check import check_plan, check_proposals, eligible, read_world, score
from matcher.check.pair import part_windows
from matcher.check.score import caps
from matcher.check.settings import CRITERIA, DEFAULTS
from matcher.records import Case
from tests.check.instances import (
    PLACES,
    case_of,
    child,
    eligible_points,
    pair_world,
    plan_as_told,
    proposals_of,
    random_case,
    solved,
    volunteer,
)


def test_a_records_dump_is_judged_as_its_rows_are() -> None:
    judged = 0
    for seed in range(60):
        rows = random_case(random.Random(seed))
        rows = {**rows, "matchers": tuple({k: v for k, v in m.items() if v is not None} for m in rows["matchers"])}
        answer = solved(rows)
        if answer is None:
            continue
        world = read_world(Case.model_validate(rows).model_dump(), {}, PLACES)
        assert world == answer[0]
        assert check_plan(world, answer[1]) == []
        assert check_proposals(world, proposals_of(*answer, 3), answer[1], top=3) == []
        judged += 1
    assert judged > 40


def test_short_rows_have_the_contracts_defaults() -> None:
    """Only the required columns and the vetting: languages, capacity, transport and wishes have their defaults."""
    full_child, full_volunteer = child(), volunteer(transport="public")
    short_child = {key: value for key, value in full_child.items() if value not in (None, (), False, 0, ("danish",))}
    unsaid = (None, (), ("danish",), 1, "public")
    short_volunteer = {key: value for key, value in full_volunteer.items() if value not in unsaid}
    full, short = (
        read_world(case_of([c], [v]), {}, PLACES) for c, v in ((full_child, full_volunteer), (short_child, short_volunteer))
    )
    assert full == short
    assert eligible(short, "B1", "F1") == []
    assert score(short, "B1", "F1") == score(full, "B1", "F1")


def test_settings_that_are_no_numbers_are_left_aside() -> None:
    case = case_of([child()], [volunteer()])
    settings = {"planning_date": case["planning_date"], "note": "none", "criteria.interests.rare": ["chess"], "seed": 7}
    world = read_world(case, settings, PLACES)
    assert world.settings.rare == {"chess"}
    assert world.settings.everyday == frozenset()
    assert eligible(world, "B1", "F1") == []


def test_a_rule_beyond_the_contract_may_keep_a_pair_out_but_only_its_own() -> None:
    case = case_of([child()], [volunteer("F1"), volunteer("F2"), volunteer("F3")])
    plain = read_world(case, {}, PLACES)
    points = {pair: p for pair, p in eligible_points(plain).items() if pair[1] != "F2"}
    plan = plan_as_told(plain, points, {"B1": "F1"})
    assert check_plan(plain, plan) == ["pair B1-F2: eligible, but not among the eligible pairs"]
    assert check_plan(read_world(case, {}, PLACES, lambda _, v: v == "F2"), plan) == []
    assert check_plan(read_world(case, {}, PLACES, lambda _, v: v == "F3"), plan) != []
    assert check_plan(read_world(case, {}, PLACES, lambda c, _: c == "F2"), plan) != []


def test_a_criterion_beyond_the_contract_takes_its_part() -> None:
    settings = {"weights.calm": 100, "weights.airy": 200}
    right = dict(zip(CRITERIA, (6250, 5000, 4500, 3000, 2000, 2000, 1000, 750, 500), strict=True))
    assert caps({**DEFAULTS, **settings}) == {**right, "airy": 50_000, "calm": 25_000}
    world = pair_world({}, {}, settings)
    windows = part_windows(world, world.children["B1"], world.volunteers["F1"])
    assert windows["languages"] == (749, 751)
    assert windows["calm"] == (0, 25_001)
    row = {"child_id": "B1", "volunteer_id": "F1", "rank": 1, "minutes": 5.0, "plan_cost": None, "matches_lost": None}
    nine = {name: low + 1 for name, (low, _) in windows.items() if name in CRITERIA}
    for calm, fine in ((0, True), (25_001, True), (25_002, False), (-1, False)):
        parts = {**nine, "airy": 7, "calm": calm}
        told = {**row, "parts": parts, "points": sum(parts.values())}
        assert (check_proposals(world, [told], None) == []) is fine
    assert check_proposals(world, [{**row, "parts": nine, "points": sum(nine.values())}], None) != []
