"""Plans a year: a complete plan at once, then the contract's levels one after another, each with a bound that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar import bounds
from matcher.calendar.draft import Draft
from matcher.calendar.finish import fixed_of_year, met_of, year_plan
from matcher.calendar.greedy import greedy_draft
from matcher.calendar.grouping import grouped
from matcher.calendar.improve import Improved, improved
from matcher.calendar.measure import leaders
from matcher.calendar.model import model_of
from matcher.calendar.parts import joined, parts_of
from matcher.calendar.plan import MINUTE, Levels, YearPlan
from matcher.calendar.search import FirstLevels, first_levels
from matcher.calendar.sessions import Sessions, sessions_of
from matcher.calendar.settings import LEVELS
from matcher.calendar.solver import Clock, Solver
from matcher.calendar.spread import even_loads, most_led
from matcher.calendar.watch import Effort, Listener, Watch

if TYPE_CHECKING:
    from matcher.calendar.year import Year

KEPT_SHARE, KEPT_SECONDS = 0.1, 5.0
"""What the clock keeps for the last level."""


def first_plan(year: Year) -> YearPlan:
    """A complete plan that keeps every hard rule, in a fraction of a second; nothing is proved of it."""
    draft = greedy_draft(sessions_of(year))
    return year_plan(draft, grouped(met_of(draft)))


def plan_year(
    year: Year,
    *,
    seconds: float | None = None,
    effort: Effort = Effort.NORMAL,
    seed: int = 1,
    listener: Listener | None = None,
    data_hash: str = "",
) -> YearPlan:
    """The plan of a year.

    Parameters
    ----------
    year : what is asked.
    seconds : the outer guard. Without one, the same year, effort and seed give the same plan. A plan says whether it was cut.
    effort : how many neighbourhoods are tried for changes and travel.
    seed : of the random choices.
    listener : is told of every level's best value and bound while they change.
    data_hash : names the case and settings; kept in the plan.

    Notes
    -----
    Ctrl-C ends the search as the clock does: the best plan so far is the answer.
    """
    watch = Watch(Clock(seconds), listener)
    sessions = sessions_of(year)
    parts = parts_of(sessions)
    with Solver(watch.clock, seed) as solver:
        plans = [_planned(part, solver, watch, effort, data_hash) for part in parts]
    if len(plans) == 1:
        return plans[0]
    new = sum(not row.pinned for plan in plans for row in plan.meetings)
    return joined(year, plans, _spread(sessions, new), cut=watch.clock.cut)


def _planned(year: Year, solver: Solver, watch: Watch, effort: Effort, data_hash: str) -> YearPlan:
    """The plan of a part."""
    sessions = sessions_of(year)
    start = greedy_draft(sessions)
    watch.tell("unmet", start.unmet, None)
    first = first_levels(sessions, start, solver, watch, _slack(year)[0])
    travel = _travel(sessions, first.draft, solver, watch, _slack(year)[1])
    watch.clock.keep(KEPT_SHARE, KEPT_SECONDS)
    state = improved(first.draft, solver, watch, effort.value, travel, _slack(year)[1:], effort.walks)
    watch.clock.keep(0, 0)
    state = even_loads(state, solver, _slack(year)[2])
    bound = _bounds(sessions, first, state, travel)
    return year_plan(state.draft, state.groups, bound, cut=watch.clock.cut, data_hash=data_hash)


def _slack(year: Year) -> tuple[int, int, int]:
    """What levels 1 to 3 may give up for later ones; the last level leaves travel as it is."""
    unmet, meetings, changes = (int(year.book[f"calendar.slack.{level}"]) for level in LEVELS[:3])
    return unmet, meetings, changes


def _bounds(sessions: Sessions, first: FirstLevels, state: Improved, travel: int) -> Levels:
    """Every level's bound, given the earlier levels as reported; fixed meetings are added."""
    year = sessions.year
    fixed = fixed_of_year(year)
    fixed_travel = sum(year.way(name, one.meeting.venue_id) for one in fixed for name in set(one.meeting.volunteers))
    return Levels(
        unmet=first.unmet_bound,
        meetings=first.meetings_bound + len(fixed),
        changes=0,
        travel_minutes=(travel + fixed_travel) / MINUTE,
        load_spread=_spread(sessions, len(state.draft.held)),
    )


def _travel(sessions: Sessions, draft: Draft, solver: Solver, watch: Watch, more: int) -> int:
    """A bound on travel, given levels 1 and 2 and ``more`` meetings; level 3, which has no bound, is left out of account."""
    if watch.clock.up:
        return 0
    try:
        return bounds.proved_travel(model_of(sessions), solver, draft.unmet, draft.meetings + more)
    except KeyboardInterrupt:
        watch.clock.stop()
        return 0


def _spread(sessions: Sessions, new: int) -> int:
    year = sessions.year
    able = leaders(year)
    led = [one.meeting.matcher_id for one in fixed_of_year(year)]
    fixed = np.array([led.count(name) for name in able], dtype=np.int64)
    known = year.matcher_index
    more = np.array([most_led(sessions, known[name]) if name in known else 0 for name in able], dtype=np.int64)
    return bounds.least_spread(new + int(fixed.sum()), fixed, fixed + np.minimum(more, new))
