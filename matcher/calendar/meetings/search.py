"""Plans for the first two levels: fewest unmet, then fewest meetings.

The session LP is almost whole: on every fourth week alone its vertices mostly are plans, or close to them. So the sessions of
a vertex, and those of the best plan, make a small program that is solved in whole numbers; where it does not reach the bounds,
more weeks and then random sessions join it. Weeks left out make plans, never bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.program import UNBOUNDED
from matcher.calendar.meetings import bounds
from matcher.calendar.meetings.model import model_of

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.meetings.model import Model
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Int, Mask

EVERY = (4, 4, 4, 4, 2, 2)
"""Which weeks each round's LP knows: one of so many; rounds of the same number take different weeks."""
SAMPLED_ROUNDS, SAMPLED = 6, 250
UNIT, UNMET_WORTH, NOISE = 1000, 20, 50
"""Costs of the LP: a meeting is UNIT, plus noise so that equal plans do not mix; an unmet obligation UNMET_WORTH times that."""
SMALL_ENTRIES = 12_000
"""Up to so many entries the simplex is faster than the barrier method and its crossover."""
NODES = 500
NOTHING = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstLevels:
    """The best plan of levels 1 and 2 and their bounds; of meetings only the new ones are counted."""

    draft: Draft
    unmet_bound: int
    meetings_bound: int


def first_levels(model: Model, sessions: Sessions, start: Draft, solver: Solver, watch: Watch, slack: int) -> FirstLevels:
    """Improve a plan on levels 1 and 2 until both bounds are met.

    Parameters
    ----------
    model : what the bounds are proved of; it allows whatever is possible, sessions that are not in ``sessions`` too.
    sessions : of which the plan is made.
    start : the plan so far.
    slack : how many more may be unmet for fewer meetings.
    """
    return _Search(model, sessions, start, solver, watch).found(slack)


class _Search:
    def __init__(self, model: Model, sessions: Sessions, start: Draft, solver: Solver, watch: Watch) -> None:
        self.sessions, self.solver, self.watch = sessions, solver, watch
        self.best = start
        self.model = model
        self.random = np.random.default_rng(solver.seed)
        self.pool: Mask = np.zeros(len(sessions), dtype=np.bool_)
        self.limit: int | None = None
        self.weight = 1 + min(int(sessions.is_new.sum()), 1 + int(sessions.year.room.sum()) // max(1, _least(sessions)))

    def found(self, slack: int) -> FirstLevels:
        self.unmet, self.meetings, self.meetings_given = bounds.alone_unmet(self.model.sessions), 0, -1
        self.watch.tell("unmet", self.best.unmet, self.unmet)
        self._levels(slack)
        proved = self.meetings if self.meetings_given >= self.best.unmet else 0
        meetings = max(proved, bounds.fewest_meetings(self.model.sessions, self.best.unmet))
        return FirstLevels(draft=self.best, unmet_bound=self.unmet, meetings_bound=meetings)

    def _levels(self, slack: int) -> None:
        self.unmet = max(self.unmet, bounds.proved_unmet(self.model, self.solver))
        self.watch.tell("unmet", self.best.unmet, self.unmet)
        self._bound_meetings(self.unmet)
        self._pursue()
        if slack:
            self.limit = self.best.unmet + slack
            self._bound_meetings(self.limit)
            self._pursue()
        elif self.best.unmet > self.unmet:
            self._bound_meetings(self.best.unmet)
        self.watch.tell("meetings", self.best.meetings, self.meetings)

    def _bound_meetings(self, unmet: int) -> None:
        self.meetings = bounds.proved_meetings(self.model, self.solver, unmet)
        self.meetings_given = unmet

    @property
    def done(self) -> bool:
        """Whether both bounds are met."""
        unmet = self.limit is not None or self.best.unmet == self.unmet
        return (unmet and self.best.meetings == self.meetings) or self.watch.clock.calls_time()

    def _pursue(self) -> None:
        turns: dict[int, int] = {}
        for every in EVERY:
            if self.done:
                return
            turns[every] = turns.get(every, -1) + 1
            self.pool |= self._support(every, turns[every])
            self._solve(self.pool)
        for _ in range(SAMPLED_ROUNDS):
            if self.done:
                return
            new = np.flatnonzero(self.sessions.is_new)
            sample = np.zeros(len(self.sessions), dtype=np.bool_)
            sample[self.random.choice(new, min(SAMPLED, len(new)), replace=False)] = True
            self._solve(self.pool | sample)

    def _support(self, every: int, turn: int) -> Mask:
        """Sessions that the LP on one of every so many weeks holds."""
        week = (self.sessions.day - 1) // 7
        model = model_of(self.sessions, (week % every == turn % every) & self.sessions.is_new)
        cost = model.costs(unmet=UNIT * UNMET_WORTH, meeting=UNIT)
        cost[model.y_columns] -= self.random.integers(0, NOISE, len(model.y_session))
        method = "simplex" if len(model.x_entry) <= SMALL_ENTRIES else "barrier"
        found = self.solver.fractions(model.program.with_objective(cost), method)  # type: ignore[arg-type]
        support = np.zeros(len(self.sessions), dtype=np.bool_)
        if found is not None:
            support[model.y_session[found.x[model.y_columns] > NOTHING]] = True
        return support

    def _solve(self, pool: Mask) -> None:
        """Solve a part of the sessions in whole numbers, the best plan's among them; where the bounds are met, it ends."""
        chosen = pool.copy()
        chosen[self.best.held] = True
        model = model_of(self.sessions, chosen)
        unmet, meeting = (self.weight, 1) if self.limit is None else (1, 1 + self.limit)
        program = model.program.with_objective(model.costs(unmet=unmet, meeting=meeting))
        columns, weights = np.concatenate([model.y_columns, model.u_columns]), np.ones(len(model.y_columns), dtype=np.int64)
        rest = np.ones(len(model.u_columns), dtype=np.int64)
        least = self.weight * self.unmet + self.meetings if self.limit is None else meeting * self.meetings
        program = program.with_row(columns, np.concatenate([weights * meeting, rest * unmet]), least, UNBOUNDED)
        if self.limit is not None:
            program = program.with_row(model.u_columns, 1, 0, self.limit)
        found = self.solver.whole(program, model.vector(self.best), nodes=NODES)
        if found.x is not None:
            self._offer(model.draft(found.x))

    def _offer(self, draft: Draft) -> None:
        if self._value(draft) < self._value(self.best):
            self.best = draft
        self.watch.tell("unmet", self.best.unmet, self.unmet)
        self.watch.tell("meetings", self.best.meetings, self.meetings)

    def _value(self, draft: Draft) -> tuple[int, int]:
        if self.limit is None:
            return draft.unmet, draft.meetings
        return (draft.meetings, draft.unmet) if draft.unmet <= self.limit else (len(self.sessions), draft.unmet)


def _least(sessions: Sessions) -> int:
    least: Int = sessions.least[sessions.is_new]
    return int(least.min(initial=1))
