"""Fewest unmet, then fewest changed promises, then fewest meetings, each beside a bound that holds.

What the repair leaves is mostly next to the best: the sessions of the promises, with those that a linear program on every
fourth week adds, make a small program in whole numbers. The bounds are those of the whole linear program; where they are not
met, more weeks join the small program, and at last all sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.lp_bound import safe_bound
from matcher.assignment.solvers.program import UNBOUNDED
from matcher.calendar.meetings import bounds
from matcher.calendar.meetings.model import Model, model_of

if TYPE_CHECKING:
    from matcher.assignment.solvers.program import Program
    from matcher.calendar.anew.promises import Promised
    from matcher.calendar.draft import Draft
    from matcher.calendar.running.solver import Method, Solver
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Int, Mask

EVERY = ((4, 0), (4, 1), (4, 2), (4, 3), (2, 0), (2, 1))
"""Which weeks each round's linear program knows beside the promised sessions: one of so many, and which one."""
UNIT, UNMET_WORTH, NOISE = 1000, 20, 50
SMALL_ENTRIES = 12_000
"""Up to so many entries the simplex is faster than the barrier method and its crossover."""
NODES, LAST_NODES = 500, 2000
WHOLE_ENTRIES = 40_000
"""Up to so many entries the program of all sessions is solved at last: it takes long, and less so from a good plan."""
NOTHING = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reached:
    """The best draft of the first three levels and their bounds, and the sessions it was found among; only new meetings count."""

    draft: Draft
    unmet_bound: int
    changed_bound: int
    meetings_bound: int
    pool: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is minimised: so much for each obligation unmet, promise changed and new meeting; and what stays within limits."""

    unmet: int = 0
    changed: int = 0
    meetings: int = 0
    most_unmet: int = UNBOUNDED
    most_changed: int = UNBOUNDED


def kept_columns(promised: Promised, model: Model) -> Int:
    """Columns of a program whose attendances keep a promise."""
    columns: Int = model.x_columns[promised.of_entry[model.x_entry] >= 0]
    return columns


def fewest_changed(promised: Promised, start: Draft, solver: Solver, watch: Watch, slack: int) -> Reached:
    """Improve a draft on the first three levels until their bounds are met.

    ``slack`` : unmet obligations that may be given up for what comes after them.
    """
    return _Search(promised, start, solver, watch, slack).reached()


class _Search:
    def __init__(self, promised: Promised, start: Draft, solver: Solver, watch: Watch, slack: int) -> None:
        self.promised, self.sessions, self.solver, self.watch, self.slack = promised, promised.sessions, solver, watch, slack
        self.best = start
        self.random = np.random.default_rng(solver.seed)
        self.promised_sessions: Mask = np.zeros(len(self.sessions), dtype=np.bool_)
        self.promised_sessions[self.sessions.session_of[promised.entries]] = True
        self.pool = self.promised_sessions.copy()
        self.unmet, self.changed, self.meetings = bounds.alone_unmet(self.sessions), promised.forced, 0

    @cached_property
    def whole(self) -> Model:
        """The model of all sessions."""
        return model_of(self.sessions)

    def reached(self) -> Reached:
        self._levels()
        return Reached(
            draft=self.best,
            unmet_bound=self.unmet,
            changed_bound=self.changed,
            meetings_bound=max(self.meetings, bounds.fewest_meetings(self.sessions, self.best.unmet)),
            pool=self.pool,
        )

    def _levels(self) -> None:
        weight = self.promised.free + 1
        first = Goal(unmet=weight, changed=1)
        self._tell()
        self._round(first, *EVERY[0])
        if self.best.unmet > self.unmet and not self.watch.clock.calls_time():
            self.unmet = max(self.unmet, bounds.proved_unmet(self.whole, self.solver))
            self._tell()
        self._bound_changed(self.best.unmet)
        unmet = self.best.unmet
        self._pursue(first)
        if self.best.unmet < unmet:
            self._bound_changed(self.best.unmet)
        limit = self.best.unmet + self.slack
        if self.slack:
            self.changed = self.promised.forced
            self._bound_changed(limit)
            self._pursue(Goal(unmet=1, changed=1 + limit, most_unmet=limit))
        fewest = Goal(meetings=1, most_unmet=limit, most_changed=self._changed_of(self.best))
        self._bound_meetings(fewest)
        self._pursue(fewest)

    def _changed_of(self, draft: Draft) -> int:
        """Changed promises that are a choice."""
        return self.promised.free - self.promised.kept(draft)

    def _bound_changed(self, most_unmet: int) -> None:
        """No plan that leaves so many unmet changes fewer promises."""
        if self._changed_of(self.best) + self.promised.forced > self.changed and not self.watch.clock.calls_time():
            model = self.whole
            worth = np.zeros(model.program.n_columns, dtype=np.int64)
            worth[kept_columns(self.promised, model)] = 1
            asked = model.program.with_row(model.u_columns, 1, 0, most_unmet).with_objective(worth)
            found = self.solver.fractions(asked, "pdlp")
            most = self.promised.free if found is None else min(self.promised.free, safe_bound(asked, found.prices))
            self.changed = max(self.changed, self.promised.forced + self.promised.free - most)
            self._tell()

    def _bound_meetings(self, goal: Goal) -> None:
        if self.watch.clock.calls_time():
            return
        model = replace(self.whole, program=self._limited(self.whole, goal))
        self.meetings = bounds.proved_meetings(model, self.solver, goal.most_unmet)
        self._tell()

    def _limited(self, model: Model, goal: Goal) -> Program:
        """The program with the goal's limits as rows."""
        program = model.program
        if goal.most_unmet < UNBOUNDED:
            program = program.with_row(model.u_columns, 1, 0, goal.most_unmet)
        if goal.most_changed < UNBOUNDED:
            program = program.with_row(kept_columns(self.promised, model), 1, self.promised.free - goal.most_changed, UNBOUNDED)
        return program

    def _least(self, goal: Goal) -> int:
        """What the goal is proved to cost at least."""
        return goal.unmet * self.unmet + goal.changed * (self.changed - self.promised.forced) + goal.meetings * self.meetings

    def _cost(self, goal: Goal, draft: Draft) -> int:
        return goal.unmet * draft.unmet + goal.changed * self._changed_of(draft) + goal.meetings * draft.meetings

    def _done(self, goal: Goal) -> bool:
        return self._cost(goal, self.best) == self._least(goal) or self.watch.clock.calls_time()

    def _pursue(self, goal: Goal) -> None:
        for every, turn in EVERY:
            self._round(goal, every, turn)
        if len(self.sessions.who) <= WHOLE_ENTRIES and not self._done(goal):
            self._solve(goal, np.ones(len(self.sessions), dtype=np.bool_), LAST_NODES)

    def _round(self, goal: Goal, every: int, turn: int) -> None:
        if not self._done(goal):
            self.pool |= self._support(goal, every, turn)
            self._solve(goal, self.pool, NODES)

    def _costs(self, model: Model, goal: Goal) -> Int:
        costs = model.costs(unmet=goal.unmet, meeting=goal.meetings)
        costs[kept_columns(self.promised, model)] += goal.changed
        return costs

    def _support(self, goal: Goal, every: int, turn: int) -> Mask:
        """Sessions that the linear program on one of every so many weeks, and the promised sessions, holds."""
        week = (self.sessions.day - 1) // 7
        model = model_of(self.sessions, ((week % every == turn % every) | self.promised_sessions) & self.sessions.is_new)
        unit = replace(
            goal, unmet=UNIT * min(goal.unmet, UNMET_WORTH), changed=UNIT * goal.changed, meetings=UNIT * goal.meetings
        )
        cost = self._costs(model, unit)
        cost[model.y_columns] -= self.random.integers(0, NOISE, len(model.y_session))
        method: Method = "simplex" if len(model.x_entry) <= SMALL_ENTRIES else "barrier"
        found = self.solver.fractions(self._limited(model, goal).with_objective(cost), method)
        support = np.zeros(len(self.sessions), dtype=np.bool_)
        if found is not None:
            support[model.y_session[found.x[model.y_columns] > NOTHING]] = True
        return support

    def _solve(self, goal: Goal, pool: Mask, nodes: int) -> None:
        """Solve a part of the sessions in whole numbers, the best draft's among them; where the bound is met, it ends."""
        chosen = pool.copy()
        chosen[self.best.held] = True
        model = model_of(self.sessions, chosen)
        costs = self._costs(model, goal)
        most = goal.changed * self.promised.free - self._least(goal)
        columns = np.flatnonzero(costs)
        program = self._limited(model, goal).with_objective(costs).with_row(columns, costs[columns], -UNBOUNDED, most)
        found = self.solver.whole(program, model.vector(self.best), nodes=nodes)
        if found.x is not None:
            draft = model.draft(found.x)
            if self._cost(goal, draft) < self._cost(goal, self.best):
                self.best = draft
        if chosen.all() and found.bound is not None:
            self._prove(goal, goal.changed * self.promised.free - found.bound)
        self._tell()

    def _prove(self, goal: Goal, least: int) -> None:
        """What a least cost over all sessions says of each level."""
        forced = self.promised.forced
        if goal.meetings:
            self.meetings = max(self.meetings, least)
        elif goal.most_unmet == UNBOUNDED:
            self.unmet = max(self.unmet, -((self.promised.free - least) // goal.unmet))
            self.changed = max(self.changed, forced + least - goal.unmet * self.best.unmet)
        else:
            self.changed = max(self.changed, forced - ((goal.most_unmet * goal.unmet - least) // goal.changed))

    def _tell(self) -> None:
        self.watch.tell("unmet", self.best.unmet, self.unmet)
        self.watch.tell("changed_promises", self._changed_of(self.best) + self.promised.forced, self.changed)
        if self.meetings:
            self.watch.tell("meetings", self.best.meetings, self.meetings)
