"""The calendar as one CP-SAT model, as its author would write it: all levels in it, minimised one after another.

Whole numbers only: who is at which session, who leads it, its group, everybody's home. A level gets half the time that is
left, then holds at its value; the greedy plan is the hint of the first, each level's plan that of the next. What only later
levels need (leaders by name, groups) joins the model when they come, as it would do nothing but slow the first two.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.peers.calendar_answer import Few, Grouped, able_to_lead, in_minutes
from matcher.calendar.draft import draft_of
from matcher.calendar.finish import group_most
from matcher.calendar.limits import rows
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.calendar.meetings.sessions import sessions_of
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    from benchmarks.peers.calendar_answer import Tell
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Year

WORKERS = 2
SHARE = 0.5
"""Of the time left, a level's; the last gets all."""


def planned(year: Year, *, seconds: float, seed: int, tell: Tell) -> tuple[YearPlan, tuple[float | None, ...]]:
    """The best plan found, and each level's bound given the earlier ones (None: not reached)."""
    ends = time.monotonic() + seconds
    model = _OneModel(sessions_of(year))
    bounds: list[float | None] = []
    for k, level in enumerate(LEVELS):
        left = ends - time.monotonic()
        budget = left if k == len(LEVELS) - 1 else SHARE * left
        bounds.append(model.minimised(level, budget, seed, tell) if budget > 0 else None)
    return model.best.plan(model.sessions), tuple(bounds)


class _OneModel:
    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.year = sessions, sessions.year
        self.few = Few.of(sessions, group_most(self.year))
        self.model = cp_model.CpModel()
        self.best = Grouped.of(greedy_draft(sessions))
        self.able = able_to_lead(sessions)
        self.y = [self.model.new_bool_var("") for _ in range(len(sessions))]
        self.x = [self.model.new_bool_var("") for _ in range(len(sessions.who))]
        self.u = [self.model.new_int_var(0, int(need), "") for need in self.year.need]
        self.lead = [{m: self.model.new_bool_var("") for m in able} for able in self.able]
        self.days: list[dict[int, cp_model.IntVar]] = []
        self.grouped = False
        self._attendance()
        self._volunteers()
        self._places_and_matchers()

    def _attendance(self) -> None:
        """Nobody comes to what is not held; its size; one matcher."""
        start = self.sessions.start.tolist()
        for s, held in enumerate(self.y):
            coming = self.x[start[s] : start[s + 1]]
            for one in coming:
                self.model.add_implication(one, held)
            self.model.add(sum(coming) <= int(self.sessions.most[s]) * held)
            self.model.add(sum(coming) >= int(self.sessions.least[s]) * held)
            self.model.add(sum(self.lead[s].values()) == held)

    def _volunteers(self) -> None:
        """What she lacks, and at most so many; whether she meets on a day, and at most one of the days of a window."""
        sessions = self.sessions
        day = sessions.day[sessions.session_of]
        for v, need in enumerate(self.year.need.tolist()):
            mine = np.flatnonzero(sessions.who == v)
            days, at = np.unique(day[mine], return_inverse=True)
            meets = [self._any_of([self.x[e] for e in mine[at == k].tolist()]) for k in range(len(days))]
            self.days.append(dict(zip(days.tolist(), meets, strict=True)))
            self.model.add(sum(meets) + self.u[v] >= need)
            none = np.zeros(len(days), dtype=np.int64)
            for limit in sessions.volunteer_limits[v]:
                for some, most in rows(limit, days, none, none.astype(np.bool_)):
                    self._at_most([meets[k] for k in some.tolist()], most)

    def _any_of(self, some: list[cp_model.IntVar]) -> cp_model.IntVar:
        """One of them at most, and whether any."""
        if len(some) == 1:
            return some[0]
        found = self.model.new_bool_var("")
        self.model.add(sum(some) == found)
        return found

    def _places_and_matchers(self) -> None:
        """A venue holds one meeting in a slot; a matcher leads one a day and so many a month."""
        sessions = self.sessions
        at: dict[tuple[int, int], list[int]] = defaultdict(list)
        for s, key in enumerate(zip(sessions.time.tolist(), sessions.venue.tolist(), strict=True)):
            at[key].append(s)
        for same in at.values():
            self._at_most([self.y[s] for s in same], 1)
        for m, limits in enumerate(sessions.matcher_limits):
            mine = np.array([s for s, able in enumerate(self.able) if m in able], dtype=np.int64)
            for limit in limits:
                for some, most in rows(limit, sessions.day[mine], sessions.slot[mine], np.zeros(len(mine), dtype=np.bool_)):
                    self._at_most([self.lead[s][m] for s in mine[some].tolist()], most)

    def _at_most(self, some: list[cp_model.IntVar], most: int) -> None:
        if most == 1:
            self.model.add_at_most_one(some)
        else:
            self.model.add(sum(some) <= most)

    def _groups(self) -> None:
        """Groups of meetings and homes, and changes: an attendance at another group's meeting, or under another matcher."""
        year, model, most = self.year, self.model, self.few.members
        n_groups = max(len(self.best.matcher), -(-len(year.volunteers) // most))
        last = max(0, n_groups - 1), max(0, len(year.matchers) - 1)
        self.label = [model.new_int_var(0, last[0], "") for _ in self.y]
        self.member = [[model.new_bool_var("") for _ in range(n_groups)] for _ in year.volunteers]
        self.home = [model.new_int_var(0, last[0], "") for _ in year.volunteers]
        self.of_group = [model.new_int_var(0, last[1], "") for _ in range(n_groups)]
        of_home = [model.new_int_var(0, last[1], "") for _ in year.volunteers]
        leader = [model.new_int_var(0, last[1], "") for _ in self.y]
        for v, row in enumerate(self.member):
            model.add_exactly_one(row)
            model.add(sum(g * one for g, one in enumerate(row)) == self.home[v])
            model.add_element(self.home[v], self.of_group, of_home[v])
        for g in range(n_groups):
            model.add(sum(row[g] for row in self.member) <= most)
        for s, held in enumerate(self.y):
            model.add(leader[s] == sum(m * one for m, one in self.lead[s].items())).only_enforce_if(held)
        self.outside = [model.new_bool_var("") for _ in self.x]
        self.other = [model.new_bool_var("") for _ in self.x]
        pairs = zip(self.sessions.session_of.tolist(), self.sessions.who.tolist(), strict=True)
        for e, (s, v) in enumerate(pairs):
            model.add(self.label[s] == self.home[v]).only_enforce_if(self.x[e], ~self.outside[e])
            model.add(leader[s] == of_home[v]).only_enforce_if(self.x[e], ~self.other[e])
        self.leader, self.of_home, self.grouped = leader, of_home, True

    def _cost(self, level: str) -> cp_model.LinearExprT:
        """What a level counts, in whole numbers."""
        if level == "unmet":
            return sum(self.u)
        if level == "meetings":
            return sum(self.y)
        if level == "changes":
            self._groups()
            return sum(self.outside) + sum(self.other)
        if level == "travel_minutes":
            return cp_model.LinearExpr.weighted_sum(self.x, self.sessions.entry_minutes.tolist())
        most, fewest = (self.model.new_int_var(0, len(self.y), "") for _ in range(2))
        for m in self.few.able:
            load = sum(lead[m] for lead in self.lead if m in lead)
            self.model.add(load <= most)
            self.model.add(load >= fewest)
        return most - fewest

    def minimised(self, level: str, seconds: float, seed: int, tell: Tell) -> float | None:
        """Minimise a level, hold it at its value, and return its bound; None where the time ended without any."""
        cost, ends = self._cost(level), time.monotonic() + seconds
        self.model.minimize(cost)
        self._hint()
        solver, scale = cp_model.CpSolver(), in_minutes if level == "travel_minutes" else float
        solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, seed
        solver.parameters.max_presolve_iterations, solver.parameters.cp_model_probing_level = 1, 0  # three times as fast at 267
        solver.parameters.max_time_in_seconds = max(0.0, ends - time.monotonic())
        status = solver.solve(self.model, _Telling(level, scale, tell))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        self._take(solver)
        self.model.add(cost <= round(solver.objective_value))
        bound = scale(max(0, int(np.ceil(solver.best_objective_bound - 1e-6))))
        tell(level, scale(solver.objective_value), bound)
        return bound

    def _take(self, solver: cp_model.CpSolver) -> None:
        led = tuple((s, m) for s, some in enumerate(self.lead) for m, one in some.items() if solver.boolean_value(one))
        entries = tuple(e for e, one in enumerate(self.x) if solver.boolean_value(one))
        if not self.grouped:
            self.best = Grouped.of(draft_of(self.sessions, list(led), list(entries)))
            return
        self.best = Grouped(
            led=led,
            entries=entries,
            label={s: solver.value(self.label[s]) for s, _ in led},
            home=tuple(solver.value(one) for one in self.home),
            matcher=tuple(solver.value(one) for one in self.of_group),
        )

    def _hint(self) -> None:
        """The best plan so far, every variable of it."""
        model, best, sessions = self.model, self.best, self.sessions
        model.clear_hints()  # type: ignore[no-untyped-call]
        led, comes, entered = dict(best.led), set(best.entries), {one.index for one in self.x}
        for s, held in enumerate(self.y):
            model.add_hint(held, s in led)
            for m, one in self.lead[s].items():
                model.add_hint(one, led.get(s) == m)
        for e, one in enumerate(self.x):
            model.add_hint(one, e in comes)
        who = sessions.who[list(best.entries)]
        met, days = np.bincount(who, minlength=len(self.u)), sessions.day[sessions.session_of[list(best.entries)]]
        on = set(zip(who.tolist(), days.tolist(), strict=True))
        for v, one in enumerate(self.u):
            model.add_hint(one, max(0, int(self.year.need[v] - met[v])))
            for day, meets in self.days[v].items():
                if meets.index not in entered:
                    model.add_hint(meets, (v, day) in on)
        if self.grouped:
            self._hint_groups(led, comes)

    def _hint_groups(self, led: dict[int, int], comes: set[int]) -> None:
        model, best, sessions = self.model, self.best, self.sessions
        for v, g in enumerate(best.home):
            model.add_hint(self.home[v], g)
            model.add_hint(self.of_home[v], best.matcher[g])
            for k, one in enumerate(self.member[v]):
                model.add_hint(one, k == g)
        for one, m in zip(self.of_group, best.matcher, strict=False):
            model.add_hint(one, m)
        for s in range(len(self.y)):
            model.add_hint(self.label[s], best.label.get(s, 0))
            model.add_hint(self.leader[s], led.get(s, 0))
        for e, (s, v) in enumerate(zip(sessions.session_of.tolist(), sessions.who.tolist(), strict=True)):
            model.add_hint(self.outside[e], e in comes and best.label[s] != best.home[v])
            model.add_hint(self.other[e], e in comes and led[s] != best.matcher[best.home[v]])


class _Telling(cp_model.CpSolverSolutionCallback):
    def __init__(self, level: str, scale: type[float] | object, tell: Tell) -> None:
        super().__init__()
        self._level, self._scale, self._tell = level, scale, tell

    def on_solution_callback(self) -> None:
        self._tell(self._level, self._scale(self.objective_value), self._scale(max(0.0, self.best_objective_bound)))  # type: ignore[operator]
