"""A whole year as one model in whole numbers: the session model's rows, and who leads each session by name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from matcher.assignment.solvers.program import UNBOUNDED
from matcher.calendar.finish import fixed_of_year, met_of
from matcher.calendar.groups.grouping import grouped
from matcher.calendar.groups.improve import Improved
from matcher.calendar.measure import leaders

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.exact.prices import Settled
    from matcher.calendar.meetings.model import Model
    from matcher.calendar.year import Int

UNMET, MEETINGS, CHANGES, TRAVEL, SPREAD = range(5)
"""Places of the levels."""


class Exact:
    """The session model; the first levels and travel are its costs."""

    levels: tuple[int, ...] = (UNMET, MEETINGS, TRAVEL)

    def __init__(self, sitting: Model, known: Settled) -> None:
        self.sitting, self.sessions, self.year, self.known = sitting, sitting.sessions, sitting.sessions.year, known
        self.model = cp_model.CpModel()
        self.column = [self.model.new_bool_var("") for _ in range(sitting.program.n_columns)]
        self._rows()
        for j in np.flatnonzero(known.never | known.always).tolist():
            self.model.add(self.column[j] == int(known.always[j]))

    def _rows(self) -> None:
        program = self.sitting.program
        start, column, weight = program.row_start.tolist(), program.column.tolist(), program.coefficient.tolist()
        for k, (lower, upper) in enumerate(zip(program.lower.tolist(), program.upper.tolist(), strict=True)):
            inside = slice(start[k], start[k + 1])
            terms, weights = [self.column[j] for j in column[inside]], weight[inside]
            if lower == -UNBOUNDED and upper == 1 and all(one == 1 for one in weights):
                self.model.add_at_most_one(terms)
                continue
            least = lower if lower > -UNBOUNDED else cp_model.INT_MIN
            most = upper if upper < UNBOUNDED else cp_model.INT_MAX
            self.model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(terms, weights), least, most)

    def x(self, entry: int) -> cp_model.IntVar:
        """Whether somebody comes to a session."""
        return self.column[int(self.sitting.x_columns[entry])]

    def cost(self, level: int) -> cp_model.LinearExprT:
        """What a level counts; fixed meetings and attendances aside."""
        sitting = self.sitting
        if level == UNMET:
            return cp_model.LinearExpr.sum([self.column[j] for j in sitting.u_columns.tolist()])
        if level == MEETINGS:
            return cp_model.LinearExpr.sum([self.column[j] for j in sitting.y_columns.tolist()])
        columns = [self.column[j] for j in sitting.x_columns.tolist()]
        return cp_model.LinearExpr.weighted_sum(columns, self.sessions.entry_minutes[sitting.x_entry].tolist())

    def limit(self, level: int, least: int, most: int) -> None:
        """Hold a level between what is proved of it and what is reported."""
        self.model.add_linear_constraint(self.cost(level), least, most)

    def values(self, state: Improved) -> Int:
        """A plan as a solution."""
        return self.sitting.vector(state.draft).astype(np.int64)

    def hinted(self, level: int, state: Improved) -> cp_model.CpModel:
        """The model of a level, with the plan that is known."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for k, value in enumerate(self.values(state).tolist()):
            self.model.add_hint(self.model.get_int_var_from_proto_index(k), value)
        self.model.minimize(self.cost(level))
        return self.model

    def state(self, x: Int) -> Improved:
        """A solution as a plan, with groups made from nothing."""
        draft = self.draft(x)
        return Improved(draft=draft, groups=grouped(met_of(draft)))

    def draft(self, x: Int) -> Draft:
        """A solution as a draft."""
        return self.sitting.draft(x[: len(self.column)].astype(np.bool_))


class Led(Exact):
    """With who leads each session, so that the last level is a cost too."""

    levels: tuple[int, ...] = (UNMET, MEETINGS, TRAVEL, SPREAD)

    def __init__(self, sitting: Model, known: Settled) -> None:
        super().__init__(sitting, known)
        sessions, y = self.sessions, sitting.y_session
        could = sessions.matcher_open[:, sessions.time[y]] & self.year.leads[:, sessions.of_set[y]]
        could &= ~known.never[sitting.y_columns]
        place, self.z_matcher = np.nonzero(could.T)
        self.z_session = y[place]
        self.z = [self.model.new_bool_var("") for _ in place]
        for k in range(len(y)):
            mine = np.flatnonzero(place == k).tolist()
            self.model.add(cp_model.LinearExpr.sum([self.z[j] for j in mine]) == self.column[k])
        self._named()
        self._loads()

    def _named(self) -> None:
        """A matcher leads one of the sessions for which the session model has him lead at a time."""
        sessions, sitting = self.sessions, self.sitting
        at: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
        for one, s, m in zip(self.z, self.z_session.tolist(), self.z_matcher.tolist(), strict=True):
            at.setdefault((m, int(sessions.time[s]), int(sessions.of_set[s])), []).append(one)
        keys = zip(sitting.z_matcher.tolist(), sitting.z_time.tolist(), sitting.z_set.tolist(), strict=True)
        for k, key in enumerate(keys):
            self.model.add(cp_model.LinearExpr.sum(at.get(key, [])) == self.column[sitting.first_z + k])

    @cached_property
    def able(self) -> list[int]:
        """Matchers over whom the load is spread."""
        return [self.year.matcher_index[name] for name in leaders(self.year)]

    def loads(self, matcher: Int) -> list[int]:
        """How many meetings each of the able leads, with these leaders of the new ones."""
        led = [one.meeting.matcher_id for one in fixed_of_year(self.year)]
        return [led.count(self.year.matchers[m]) + int((matcher == m).sum()) for m in self.able]

    def _loads(self) -> None:
        fixed = self.loads(np.zeros(0, dtype=np.int64))
        most = max(fixed, default=0) + len(self.sitting.y_session)
        self.high, self.low = (self.model.new_int_var(0, most, "") for _ in range(2))
        for m, begun in zip(self.able, fixed, strict=True):
            load = cp_model.LinearExpr.sum([self.z[j] for j in np.flatnonzero(self.z_matcher == m).tolist()]) + begun
            self.model.add(load <= self.high)
            self.model.add(load >= self.low)

    def cost(self, level: int) -> cp_model.LinearExprT:
        """As before; the last level too."""
        return self.high - self.low if level == SPREAD else super().cost(level)

    def values(self, state: Improved) -> Int:
        """A plan as a solution."""
        leader = np.full(len(self.sessions), -1)
        leader[state.draft.held] = state.draft.matcher
        z = leader[self.z_session] == self.z_matcher
        loads = self.loads(state.draft.matcher)
        return np.concatenate([super().values(state), z, [max(loads, default=0), min(loads, default=0)]]).astype(np.int64)

    def leader(self, x: Int) -> Int:
        """Who leads each session in a solution, -1 where it is not held, shape (S,)."""
        leader = np.full(len(self.sessions), -1)
        first = len(self.column)
        taken = np.flatnonzero(x[first : first + len(self.z)])
        leader[self.z_session[taken]] = self.z_matcher[taken]
        return leader
