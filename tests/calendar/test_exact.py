"""Small years are closed exactly: against all plans of tiny years, from a plan of which nothing is proved."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assignment.solvers.program import UNBOUNDED, Program
from matcher.calendar.exact.closing import closed, closed_plan
from matcher.calendar.exact.prices import settled
from matcher.calendar.exact.state import state_of
from matcher.calendar.finish import year_plan
from matcher.calendar.meetings.model import model_of
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.plan import MINUTE, YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.running.solver import Clock
from matcher.calendar.running.watch import Effort, Progress, Watch
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from tests.calendar.brute import best_levels
from tests.calendar.years import along, complaints, tiny_case, year_of
from tests.volume import volume

SLOW = {13} if volume(ci=1, long=0) else set()
"""All plans of these take five seconds."""
TINY = [seed for seed in range(volume(ci=26, long=60)) if seed not in SLOW]
SMALL = [(12, 1), (16, 2), (20, 1), (20, 2)][: volume(ci=1, long=4)]


def _closed(year: Year, plan: YearPlan, effort: Effort = Effort.NORMAL, watch: Watch | None = None) -> YearPlan:
    return closed_plan(sessions_of(year), plan, watch or Watch(Clock(None)), effort, 1)


@pytest.mark.parametrize("seed", TINY)
def test_every_level_of_a_tiny_year_is_the_best_of_all_plans(seed: int) -> None:
    case, settings = tiny_case(seed)
    year = year_of(case, settings)
    plan = _closed(year, first_plan(year))
    unmet, meetings, changes, travel, spread = plan.objective.values()
    assert (unmet, meetings, changes, round(travel * MINUTE), spread) == best_levels(year)[0]
    assert plan.status == "optimal"
    assert plan.bound == plan.objective
    assert not complaints(case, plan, settings)
    assert not violations(year, plan)


@pytest.mark.parametrize(("volunteers", "seed"), SMALL)
def test_a_small_year_is_closed_twice_alike(volunteers: int, seed: int) -> None:
    case = along(volunteers, seed)
    year = year_of(case)
    told: list[Progress] = []
    plan = _closed(year, first_plan(year), watch=Watch(Clock(None), told.append))
    assert plan.status == "optimal"
    assert not complaints(case, plan)
    assert told[-1].best == told[-1].bound == plan.objective.load_spread
    assert _closed(year_of(case), first_plan(year)) == plan


def test_records_become_the_same_numbers_again() -> None:
    for seed in range(30):
        case, settings = tiny_case(seed)
        year = year_of(case, settings)
        plan = first_plan(year)
        state = state_of(sessions_of(year), plan)
        assert replace(year_plan(state.draft, state.groups), bound=plan.bound) == plan


def test_no_time_leaves_the_plan() -> None:
    year = year_of(along(12, 1))
    plan = first_plan(year)
    assert _closed(year, plan, watch=Watch(Clock(0.0))) is plan


@pytest.mark.parametrize("pressed", [True, False])
def test_an_end_in_the_middle_keeps_a_plan(pressed: bool) -> None:
    """The work that is allowed would take minutes; Ctrl-C, which stops the clock from another thread, or the time ends it."""
    case = along(26, 2)
    year = year_of(case)
    sessions, plan = sessions_of(year), first_plan(year)
    watch = Watch(Clock(None if pressed else 1.0))
    timer = threading.Timer(1.0, watch.clock.stop)
    if pressed:
        timer.start()
    found = closed(model_of(sessions), state_of(sessions, plan), plan.bound, watch, 1000.0, 1)
    assert watch.clock.cut
    assert watch.clock.stopped == pressed
    answer = year_plan(found.state.draft, found.state.groups, found.bound)
    assert answer.objective.values() <= plan.objective.values()
    assert answer.bound.values()[0] <= answer.objective.unmet
    assert not complaints(case, answer)


def test_what_slack_allows_is_left_to_later_levels() -> None:
    case, settings = tiny_case(113)
    tight = _closed(year := year_of(case, settings), first_plan(year))
    loose = _closed(year := year_of(case, {**settings, "calendar.slack.changes": 1.0}), tight)
    assert tight.objective.changes <= loose.objective.changes <= loose.bound.changes + 1
    assert loose.status == "optimal"
    assert not complaints(case, loose, {**settings, "calendar.slack.changes": 1.0})


@given(
    objective=st.lists(st.integers(-9, 9), min_size=4, max_size=4),
    rows=st.lists(st.tuples(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.integers(-4, 4)), min_size=2, max_size=2),
    prices=st.lists(st.floats(-10, 10), min_size=2, max_size=2),
    least=st.integers(-20, 20),
)
def test_what_prices_settle_is_so_in_every_good_solution(
    objective: list[int], rows: list[tuple[list[int], int]], prices: list[float], least: int
) -> None:
    program = Program(
        objective=np.array(objective, dtype=np.int64),
        row_start=np.array([0, 4, 8], dtype=np.int64),
        column=np.tile(np.arange(4, dtype=np.int32), 2),
        coefficient=np.array([weight for row, _ in rows for weight in row], dtype=np.int64),
        lower=np.array([rows[0][1], -UNBOUNDED], dtype=np.int64),
        upper=np.array([UNBOUNDED, rows[1][1]], dtype=np.int64),
    )
    known = settled(program, np.array(prices), least)
    for values in product([False, True], repeat=4):
        x = np.array(values)
        if program.holds(x) and program.value(x) >= least:
            assert not (known.never & x).any()
            assert not (known.always & ~x).any()
