"""The doors take what the records give: a case's own dump, settings by flat keys, postcodes."""

from __future__ import annotations

import random

from matcher.check import check_plan, check_proposals, eligible, read_world, score
from matcher.records import Case
from tests.check.instances import PLACES, case_of, child, proposals_of, random_case, solved, volunteer


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
