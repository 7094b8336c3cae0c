"""Plans a year anew from a date on: what was promised is kept wherever the obligations allow it, and people keep their groups.

Levels: unmet obligations, then changed promises, then meetings, changes, travel and spread as always, each with a true bound
given the earlier ones as reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.assignment.solvers.program import UNBOUNDED
from matcher.calendar.anew.groups import Former
from matcher.calendar.anew.later import Later, Rest, later_levels
from matcher.calendar.anew.promises import Earlier, Promise, Promised, year_from
from matcher.calendar.anew.repair import repaired
from matcher.calendar.anew.search import Reached, fewest_changed, kept_columns
from matcher.calendar.finish import Called, fixed_of_year, year_plan
from matcher.calendar.meetings import bounds
from matcher.calendar.meetings.model import model_of
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.plan import MINUTE, Levels, YearPlan
from matcher.calendar.running.attended import Relay, attended
from matcher.calendar.running.solver import Clock, Solver
from matcher.calendar.running.watch import Effort, Listener, Watch
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    from datetime import date

    from matcher.calendar.draft import Draft
    from matcher.calendar.groups.improve import Improved
    from matcher.calendar.year import Year

KEPT_SHARE, KEPT_SECONDS = 0.1, 5.0
"""What the clock keeps for the last level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A plan beside an earlier one.

    Attributes
    ----------
    year : what was asked: the case as it is now, with the earlier plan's past as facts.
    changed : promises that the plan does not keep, by volunteer and date.
    changed_bound : no plan that leaves as few unmet changes fewer; ``forced`` of them no plan at all keeps.
    """

    year: Year
    plan: YearPlan
    changed: tuple[Promise, ...]
    changed_bound: int
    forced: tuple[Promise, ...]


def replan(
    year: Year,
    earlier: Earlier,
    from_date: date,
    *,
    seconds: float | None = None,
    effort: Effort = Effort.NORMAL,
    seed: int = 1,
    listener: Listener | None = None,
    data_hash: str = "",
) -> Replanned:
    """The plan of a year that has begun, or that somebody has been told of.

    Parameters
    ----------
    year : the case as it is now.
    earlier : the plan that was made before.
    from_date : nothing before it moves; the planning date counts where it is later.
    seconds, effort, seed, listener, data_hash : as ``plan_year`` has them; the listener hears of ``changed_promises`` too.

    Raises
    ------
    InfeasibleError
        Pinned meetings clash with each other.

    Notes
    -----
    Ctrl-C ends the search as the clock does: the best plan so far is the answer.
    """
    watch = Watch(Clock(seconds), listener)
    now, relay = year_from(year, earlier, from_date), Relay(watch)
    with Solver(watch.clock, seed) as solver:
        job = _Replanning(now, earlier, solver, relay.watch)
        [found] = attended([lambda: job.replanned(effort, data_hash)], solver.stop, relay.tell, workers=1)
    return found


class _Replanning:
    def __init__(self, year: Year, earlier: Earlier, solver: Solver, watch: Watch) -> None:
        self.year, self.earlier, self.solver, self.watch = year, earlier, solver, watch
        self.sessions = sessions_of(year)
        self.promised = Promised.of(self.sessions, earlier)
        self.slack = [int(year.book[f"calendar.slack.{level}"]) for level in LEVELS[:3]]

    def replanned(self, effort: Effort, data_hash: str) -> Replanned:
        start = repaired(self.promised, self.earlier)
        self.watch.tell("unmet", start.unmet, None)
        reached = fewest_changed(self.promised, start, self.solver, self.watch, self.slack[0])
        travel = self._travel(reached.draft)
        self.watch.clock.keep(KEPT_SHARE, KEPT_SECONDS)
        rest = Rest(neighbourhoods=effort.value, travel=travel, meetings=self.slack[1], changes=self.slack[2])
        later = later_levels(self.promised, reached, Former.of(self.year, self.earlier), self.solver, self.watch, rest)
        return self._answer(reached, later, travel, data_hash, effort)

    def _answer(self, reached: Reached, later: Later, travel: int, data_hash: str, effort: Effort) -> Replanned:
        draft = later.state.draft
        ids = {(one.date, one.slot, one.venue_id): one.meeting_id for one in self.earlier.meetings}
        called = Called(meetings=ids, groups=later.names)
        bound = self._closed(later.state, self._bounds(reached, draft, travel), effort)
        plan = year_plan(draft, later.state.groups, bound, cut=self.watch.clock.cut, data_hash=data_hash, called=called)
        changed = self.promised.changed(draft)
        proved = len(changed) == reached.changed_bound and plan.status == "optimal"
        return Replanned(
            year=self.year,
            plan=replace(plan, status="optimal" if proved else "feasible"),
            changed=changed,
            changed_bound=reached.changed_bound,
            forced=self.promised.lost,
        )

    def _closed(self, state: Improved, bound: Levels, effort: Effort) -> Levels:
        """Better bounds where a small year's plan turns out to be as good as can be: groups stay what people know."""
        if self.watch.clock.calls_time():
            return bound
        from matcher.calendar.exact.closing import LARGEST_SITTING, WORK, closed  # noqa: PLC0415  CP-SAT takes long to load
        from matcher.calendar.exact.model import MEETINGS  # noqa: PLC0415

        if len(self.sessions.who) > LARGEST_SITTING:
            return bound
        model = model_of(self.sessions)
        program = model.program.with_row(kept_columns(self.promised, model), 1, self.promised.kept(state.draft), UNBOUNDED)
        model = replace(model, program=program)
        found = closed(model, state, bound, self.watch, WORK[effort], self.solver.seed, first=MEETINGS)
        return found.bound if found.state is state else bound

    def _travel(self, draft: Draft) -> int:
        """A bound on travel, given the first three levels and the slack of meetings; changes are left out of account."""
        if self.watch.clock.calls_time():
            return 0
        model = model_of(self.sessions)
        kept = self.promised.kept(draft)
        program = model.program.with_row(kept_columns(self.promised, model), 1, kept, UNBOUNDED)
        return bounds.proved_travel(replace(model, program=program), self.solver, draft.unmet, draft.meetings + self.slack[1])

    def _bounds(self, reached: Reached, draft: Draft, travel: int) -> Levels:
        fixed = fixed_of_year(self.year)
        fixed_travel = sum(self.year.way(name, one.meeting.venue_id) for one in fixed for name in set(one.meeting.volunteers))
        return Levels(
            unmet=reached.unmet_bound,
            meetings=reached.meetings_bound + len(fixed),
            changes=0,
            travel_minutes=(travel + fixed_travel) / MINUTE,
            load_spread=bounds.proved_spread(self.sessions, len(draft.held)),
        )
