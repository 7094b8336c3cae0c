"""A right calendar is accepted."""

from __future__ import annotations

import random

from matcher.check.calendar import check_calendar
from tests.check.years import right_year, world_of
from tests.volume import volume


def test_right_calendars_are_accepted() -> None:
    held = met = standing = 0
    for seed in range(volume(ci=60, long=2_000)):
        case, settings, year, plan = right_year(seed)
        world = world_of(case, settings, year)
        assert check_calendar(world, plan) == [], seed
        assert check_calendar(world, {**plan, "status": "optimal"}) == [], seed
        held += len(plan["meetings"])
        met += bool(plan["objective"]["unmet"] == 0)
        standing += len(world.kept)
    assert held > 300
    assert standing > 100
    assert met < seed


def test_rows_of_the_case_come_in_any_order() -> None:
    for seed in range(10):
        case, settings, year, plan = right_year(seed)
        rng = random.Random(seed)
        shuffled = {k: tuple(rng.sample(v, len(v))) if isinstance(v, tuple) else v for k, v in case.items()}
        assert check_calendar(world_of(shuffled, settings, year), plan) == []
