"""The last level: most minus fewest meetings of the matchers, with meetings and attendances as they are, and no change more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.finish import met_of
from matcher.calendar.limits import limits_of, rows
from matcher.calendar.measure import leaders
from matcher.calendar.meetings.rows import Rows

if TYPE_CHECKING:
    from matcher.calendar.groups.grouping import Groups, Met
    from matcher.calendar.groups.improve import Improved
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.year import Int, Mask

NODES = 2000


def even_loads(state: Improved, solver: Solver, slack: int = 0) -> Improved:
    """The same meetings and attendances under the matchers that share them most evenly; a small 0/1 program.

    ``slack``: changes that may be more than now.
    """
    if not len(state.draft.held) or solver.clock.calls_time():
        return state
    return _Evening(state, slack).solved(solver)


class _Evening:
    """Columns: a meeting's matcher, a group's matcher, whether a group's people meet another, and high and low in unary."""

    def __init__(self, state: Improved, slack: int) -> None:
        self.state, self.sessions, self.slack = state, state.draft.sessions, slack
        self.year = self.sessions.year
        self.met: Met = met_of(state.draft)
        self.n_fixed = len(self.met.label) - len(state.draft.held)
        held = state.draft.held
        could = self.sessions.matcher_open[:, self.sessions.time[held]] & self.year.leads[:, self.sessions.of_set[held]]
        self.z_meeting, self.z_matcher = np.nonzero(could.T)
        self.groups = np.unique(state.groups.home)
        n_matchers = len(self.year.matchers)
        self.first_g = len(self.z_meeting)
        self.first_d = self.first_g + len(self.groups) * n_matchers
        count = np.zeros((len(self.met.label), len(state.groups.matcher)), dtype=np.int64)
        k, v = np.nonzero(self.met.comes)
        np.add.at(count, (k, state.groups.home[v]), 1)
        self.d_meeting, self.d_group = np.nonzero(count)
        self.d_weight = count[self.d_meeting, self.d_group]
        self.first_high = self.first_d + len(self.d_weight)
        self.most = len(self.met.label)
        self.able = [self.year.matcher_index[name] for name in leaders(self.year) if name in self.year.matcher_index]

    def solved(self, solver: Solver) -> Improved:
        rows_, n_matchers = Rows(), len(self.year.matchers)
        n_held = len(self.state.draft.held)
        z = np.arange(self.first_g)
        g = self.first_g + np.arange(len(self.groups) * n_matchers)
        rows_.block([(self.z_meeting, z, 1)], n_held, lower=1, upper=1)
        rows_.block([(np.repeat(np.arange(len(self.groups)), n_matchers), g, 1)], len(self.groups), lower=1, upper=1)
        self._changes(rows_)
        self._limits(rows_)
        self._loads(rows_)
        high, low = (self.first_high + k * self.most + np.arange(self.most) for k in (0, 1))
        objective = np.zeros(self.first_high + 2 * self.most, dtype=np.int64)
        objective[high], objective[low] = -1, 1
        found = solver.whole(rows_.program(objective), self._now(), nodes=NODES)
        return self.state if found.x is None else self._better(found.x)

    def _changes(self, rows_: Rows) -> None:
        """D is 1 where a meeting's matcher is not the group's; together they may not be more than now."""
        n_matchers = len(self.year.matchers)
        of_group = np.searchsorted(self.groups, self.d_group)
        parts = []
        for k, (meeting, group) in enumerate(zip(self.d_meeting.tolist(), of_group.tolist(), strict=True)):
            base = self.first_g + group * n_matchers
            if meeting < self.n_fixed:
                m = int(self.met.leader[meeting])
                parts.append(([self.first_d + k, *([base + m] if m >= 0 else [])], [1, *([1] if m >= 0 else [])], 1))
                continue
            mine = np.flatnonzero(self.z_meeting == meeting - self.n_fixed).tolist()
            parts += [([self.first_d + k, base + int(self.z_matcher[z]), z], [1, 1, -1], 0) for z in mine]
        row = np.repeat(np.arange(len(parts)), [len(columns) for columns, _, _ in parts])
        columns = np.concatenate([np.array(one, dtype=np.int64) for one, _, _ in parts])
        weights = np.concatenate([np.array(one, dtype=np.int64) for _, one, _ in parts])
        rows_.block([(row, columns, weights)], len(parts), lower=[least for _, _, least in parts])
        d = self.first_d + np.arange(len(self.d_weight))
        rows_.block([(np.zeros(len(d), dtype=np.int64), d, self.d_weight)], 1, upper=self._other(self.state.groups) + self.slack)

    def _other(self, groups: Groups) -> int:
        """Attendances now under another matcher than the home group's."""
        other = self.met.leader[:, None] != groups.matcher[groups.home][None, :]
        return int((self.met.comes & other).sum())

    def _limits(self, rows_: Rows) -> None:
        sessions, held = self.sessions, self.state.draft.held
        for m, facts in enumerate(self.year.facts_of_matchers):
            mine = np.flatnonzero(self.z_matcher == m)
            fixed = [one for one in self.year.fixed if one.meeting.matcher_id == self.year.matchers[m]]
            of_mine = held[self.z_meeting[mine]]
            day = np.concatenate([sessions.day[of_mine], np.array([one.day for one in fixed], dtype=np.int64)])
            slot = np.concatenate([sessions.slot[of_mine], np.array([one.slot for one in fixed], dtype=np.int64)])
            is_fixed = np.arange(len(day)) >= len(mine)
            for limit in limits_of(self.year.book, "matcher", facts) if len(mine) else ():
                rows_.sums([(mine[free], left) for free, left in rows(limit, day, slot, is_fixed)])

    def _loads(self, rows_: Rows) -> None:
        """Every matcher who could lead any has at most ``high`` and at least ``low`` meetings."""
        every = np.zeros(self.most, dtype=np.int64)
        high, low = (self.first_high + k * self.most + np.arange(self.most) for k in (0, 1))
        for m in self.able:
            mine = np.flatnonzero(self.z_matcher == m)
            led = int((self.met.leader[: self.n_fixed] == m).sum())
            zero = np.zeros(len(mine), dtype=np.int64)
            rows_.block([(zero, mine, 1), (every, high, -1)], 1, upper=-led)
            rows_.block([(zero, mine, 1), (every, low, -1)], 1, lower=-led)

    def _now(self) -> Mask:
        """What there is as a solution."""
        groups, x = self.state.groups, np.zeros(self.first_high + 2 * self.most, dtype=np.bool_)
        n_matchers = len(self.year.matchers)
        x[: self.first_g] = self.state.draft.matcher[self.z_meeting] == self.z_matcher
        x[self.first_g + np.arange(len(self.groups)) * n_matchers + groups.matcher[self.groups]] = True
        x[self.first_d : self.first_high] = self.met.leader[self.d_meeting] != groups.matcher[self.d_group]
        loads = [int((self.met.leader == m).sum()) for m in self.able]
        x[self.first_high : self.first_high + max(loads)] = True
        x[self.first_high + self.most : self.first_high + self.most + min(loads)] = True
        return x

    def _better(self, x: Mask) -> Improved:
        matcher: Int = np.zeros(len(self.state.draft.held), dtype=np.int64)
        taken = np.flatnonzero(x[: self.first_g])
        matcher[self.z_meeting[taken]] = self.z_matcher[taken]
        of_groups = self.state.groups.matcher.copy()
        of_groups[self.groups] = x[self.first_g : self.first_d].reshape(len(self.groups), -1).argmax(axis=1)
        draft = replace(self.state.draft, matcher=matcher)
        return replace(self.state, draft=draft, groups=replace(self.state.groups, matcher=of_groups))


def most_led(sessions: Sessions, matcher: int) -> int:
    """New meetings that a matcher could lead at most, by each limit alone."""
    year = sessions.year
    fixed = [one for one in year.fixed if one.meeting.matcher_id == year.matchers[matcher]]
    times = np.flatnonzero(sessions.matcher_open[matcher])
    day = np.concatenate([year.day[times], np.array([one.day for one in fixed], dtype=np.int64)])
    slot = np.concatenate([year.slot[times], np.array([one.slot for one in fixed], dtype=np.int64)])
    is_fixed = np.arange(len(day)) >= len(times)
    most = len(times)
    for limit in sessions.matcher_limits[matcher]:
        if limit.span != "days":
            most = min(most, len(times) - sum(free.size - left for free, left in rows(limit, day, slot, is_fixed)))
    return most
