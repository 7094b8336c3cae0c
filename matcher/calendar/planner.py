"""Plans a year: a complete plan at once, then the contract's levels one after another, each with a bound that holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar import bounds
from matcher.calendar.finish import fixed_of_year, met_of, year_plan
from matcher.calendar.greedy import greedy_draft
from matcher.calendar.grouping import grouped
from matcher.calendar.improve import Improved, improved
from matcher.calendar.measure import leaders
from matcher.calendar.model import model_of
from matcher.calendar.parallel import planned_apart
from matcher.calendar.parts import joined, parts_of
from matcher.calendar.plan import MINUTE, Levels, YearPlan
from matcher.calendar.search import FirstLevels, first_levels
from matcher.calendar.sessions import Sessions, sessions_of
from matcher.calendar.settings import LEVELS
from matcher.calendar.solver import Clock
from matcher.calendar.spread import even_loads, most_led
from matcher.calendar.watch import Effort, Listener, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from matcher.calendar.solver import Solver
    from matcher.calendar.year import Year

KEPT_SHARE, KEPT_SECONDS = 0.1, 5.0
"""What the clock keeps for the last level."""


def first_plan(year: Year) -> YearPlan:
    """A complete plan that keeps every hard rule, in a fraction of a second; nothing is proved of it."""
    parts, _ = parts_of(sessions_of(year))
    drafts = [greedy_draft(sessions_of(part)) for part in parts]
    plans = [year_plan(draft, grouped(met_of(draft))) for draft in drafts]
    return plans[0] if len(plans) == 1 else joined(year, plans, 0, cut=False)


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
    parts, shared = parts_of(sessions)
    slack = _slack(year) if len(parts) == 1 else (0, 0, 0)  # parts do not know what others give up
    plans = planned_apart([_Part(part, slack, effort, data_hash, anybody_leads=shared) for part in parts], watch, seed)
    if len(plans) == 1:
        return plans[0]
    new = sum(not row.pinned for plan in plans for row in plan.meetings)
    return joined(year, plans, _spread(sessions, new), cut=watch.clock.cut)


class _Part:
    """A part of a year, planned in two steps: levels 1 and 2, then the others."""

    def __init__(self, year: Year, slack: tuple[int, int, int], effort: Effort, data_hash: str, *, anybody_leads: bool) -> None:
        self.year, self.slack, self.effort, self.data_hash, self.anybody_leads = year, slack, effort, data_hash, anybody_leads
        self.sessions = sessions_of(year)
        self.start = greedy_draft(self.sessions)
        self.first = FirstLevels(draft=self.start, unmet_bound=0, meetings_bound=0)

    @property
    def need(self) -> int:
        """Units that are still owed: how large the part is."""
        return int(self.year.need.sum())

    @property
    def open(self) -> tuple[int, int]:
        """How far levels 1 and 2 are from their bounds."""
        draft = self.first.draft
        return draft.unmet - self.first.unmet_bound, draft.meetings - self.first.meetings_bound

    def first_levels(self, solver: Solver, watch: Watch) -> None:
        """Fewest unmet, then fewest meetings."""
        watch.tell("unmet", self.start.unmet, None)
        self.first = first_levels(self.sessions, self.start, solver, watch, self.slack[0], anybody_leads=self.anybody_leads)

    def plan(self, solver: Solver, watch: Watch, others: tuple[int, int]) -> YearPlan:
        """The other levels. ``others``: how far levels 1 and 2 of the other parts are from their bounds.

        So much more may this part leave unmet, or hold, in another plan that is as good as a whole.
        """
        sessions, first, slack = self.sessions, self.first, self.slack
        model = model_of(sessions, anybody_leads=self.anybody_leads)
        unmet, meetings = first.draft.unmet + others[0], first.draft.meetings + others[1]
        if others[0]:
            first = replace(first, meetings_bound=_proved(watch, lambda: bounds.proved_meetings(model, solver, unmet)))
        travel = _proved(watch, lambda: bounds.proved_travel(model, solver, unmet, meetings + slack[1]))
        watch.clock.keep(KEPT_SHARE, KEPT_SECONDS)
        state = improved(first.draft, solver, watch, self.effort.value, travel, slack[1:], self.effort.walks)
        watch.clock.keep(0, 0)
        state = even_loads(state, solver, slack[2])
        bound = _bounds(sessions, first, state, travel)
        return year_plan(state.draft, state.groups, bound, cut=watch.clock.cut, data_hash=self.data_hash)


def _proved(watch: Watch, bound: Callable[[], int]) -> int:
    """A bound, or 0, which is true of any level, where time is up."""
    return 0 if watch.clock.up else bound()


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


def _spread(sessions: Sessions, new: int) -> int:
    year = sessions.year
    able = leaders(year)
    led = [one.meeting.matcher_id for one in fixed_of_year(year)]
    fixed = np.array([led.count(name) for name in able], dtype=np.int64)
    known = year.matcher_index
    more = np.array([most_led(sessions, known[name]) if name in known else 0 for name in able], dtype=np.int64)
    return bounds.least_spread(new + int(fixed.sum()), fixed, fixed + np.minimum(more, new))
