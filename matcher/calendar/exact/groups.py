"""The whole year with everybody's home matcher, then with home groups too: every level is a cost of one exact model.

A group is named by its first member, so that no two solutions differ in names alone; groups that facts have named come
before them. A year needs no more groups than that: a group without members is nobody's home, and a meeting under it is as well
under the home of anybody who comes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from matcher.calendar.exact.model import CHANGES, MEETINGS, SPREAD, TRAVEL, UNMET, Led
from matcher.calendar.finish import fixed_of_year, given_groups, group_most, met_of
from matcher.calendar.groups.grouping import Groups
from matcher.calendar.groups.improve import Improved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.calendar.exact.prices import Settled
    from matcher.calendar.meetings.model import Model
    from matcher.calendar.year import Int

Come = tuple[int, cp_model.IntVar | None, int]
"""A meeting (fixed ones first, then sessions), whether she comes (None: she does), the volunteer."""


class Under(Led):
    """With everybody's home matcher: of changes only those of the matcher are known, so what is proved of them is true.

    Meetings are the fixed ones of the year, then all new sessions.
    """

    levels: tuple[int, ...] = (UNMET, MEETINGS, CHANGES, TRAVEL, SPREAD)

    def __init__(self, sitting: Model, known: Settled) -> None:
        super().__init__(sitting, known)
        self.fixed = fixed_of_year(self.year)
        self.n_fixed, self.n_people = len(self.fixed), len(self.year.volunteers)
        self.n_meetings = self.n_fixed + len(self.sitting.y_session)
        self.comes = list(self._comes())
        self.under = [self._bools(len(self.year.matchers)) for _ in range(self.n_people)]
        self.other = self._bools(len(self.comes))
        self._matchers()

    def _bools(self, number: int) -> list[cp_model.IntVar]:
        return [self.model.new_bool_var("") for _ in range(number)]

    def _comes(self) -> Iterator[Come]:
        for k, one in enumerate(self.fixed):
            for v in one.listed:
                yield k, None, v
        sessions = self.sessions
        place = {j: k for k, j in enumerate(j for j, one in enumerate(self.year.fixed) if one.in_year)}
        for e, (s, v) in enumerate(zip(sessions.session_of.tolist(), sessions.who.tolist(), strict=True)):
            k = self.n_fixed + s if sessions.is_new[s] else place[int(sessions.fixed[s])]
            if not self.known.never[self.sitting.x_columns[e]]:
                yield k, self.x(e), v

    def _matchers(self) -> None:
        """One home matcher each; a change where she comes and another leads."""
        for row in self.under:
            self.model.add_exactly_one(row)
        led: dict[int, list[tuple[int, cp_model.IntVar]]] = {}
        for one, s, m in zip(self.z, self.z_session.tolist(), self.z_matcher.tolist(), strict=True):
            led.setdefault(self.n_fixed + s, []).append((m, one))
        for (k, comes, v), other in zip(self.comes, self.other, strict=True):
            absent = [] if comes is None else [~comes]
            if k < self.n_fixed:
                m = self.year.matcher_index.get(self.fixed[k].meeting.matcher_id, -1)
                self.model.add_bool_or([*absent, *([self.under[v][m]] if m >= 0 else []), other])
            for m, leads in led.get(k, []):
                self.model.add_bool_or([*absent, ~leads, self.under[v][m], other])

    def cost(self, level: int) -> cp_model.LinearExprT:
        """As before; changes too."""
        return cp_model.LinearExpr.sum(self.other) if level == CHANGES else super().cost(level)

    def values(self, state: Improved) -> Int:
        """A plan as a solution."""
        before, groups = super().values(state), state.groups
        matcher = groups.matcher[groups.home]
        leader = self.of_meetings(state, met_of(state.draft).leader)
        under = matcher[:, None] == np.arange(len(self.year.matchers))
        other = [came and leader[k] != matcher[v] for came, k, v in self.came(before)]
        return np.concatenate([before, under.ravel(), np.array(other, dtype=np.int64)]).astype(np.int64)

    def of_meetings(self, state: Improved, of_held: Int) -> Int:
        """What is known of the fixed and held meetings, for all meetings; -1 elsewhere."""
        answer = np.full(self.n_meetings, -1)
        answer[np.concatenate([np.arange(self.n_fixed), self.n_fixed + state.draft.held])] = of_held
        return answer

    def came(self, x: Int) -> Iterator[tuple[bool, int, int]]:
        """Whether she comes, the meeting and the volunteer."""
        return ((comes is None or bool(x[comes.index]), k, v) for k, comes, v in self.comes)


class Grouped(Under):
    """With homes and the meetings' groups: all that a plan is."""

    def __init__(self, sitting: Model, known: Settled) -> None:
        super().__init__(sitting, known)
        self.n_given = len(given_groups(self.year))
        self.n_groups = self.n_given + self.n_people
        self.given_under = [self._bools(len(self.year.matchers)) for _ in range(self.n_given)]
        homes = [(v, g) for v in range(self.n_people) for g in range(self.n_given + v + 1)]
        labels = [(k, g) for k in range(self.n_meetings) for g in self._labels(k)]
        self.home = dict(zip(homes, self._bools(len(homes)), strict=True))
        self.label = dict(zip(labels, self._bools(len(labels)), strict=True))
        self.outside = self._bools(len(self.comes))
        self._homes()
        self._changes()

    def _labels(self, k: int) -> list[int]:
        """Groups that a meeting may have: facts keep theirs."""
        row = self.fixed[k].meeting if k < self.n_fixed and self.fixed[k].is_fact else None
        if row is not None and row.group:
            return [given_groups(self.year).index(row.group)]
        return [] if k >= self.n_fixed and self.known.never[k - self.n_fixed] else list(range(self.n_groups))

    def _homes(self) -> None:
        """One home each, so many members at most; a member's matcher is her group's."""
        model, most = self.model, group_most(self.year)
        for v in range(self.n_people):
            model.add_exactly_one([self.home[v, g] for g in range(self.n_given + v + 1)])
        for row in self.given_under:
            model.add_exactly_one(row)
        for g, of_group in enumerate([*self.given_under, *self.under]):
            first = g - self.n_given
            model.add(cp_model.LinearExpr.sum([self.home[v, g] for v in range(max(0, first), self.n_people)]) <= most)
            for v in range(first + 1 if first >= 0 else 0, self.n_people):
                if first >= 0:
                    model.add_implication(self.home[v, g], self.home[first, g])
                for one, hers in zip(of_group, self.under[v], strict=True):
                    model.add_bool_or([~self.home[v, g], ~one, hers])

    def _changes(self) -> None:
        """A change where she comes and the meeting's group is not her home."""
        model = self.model
        for k in range(self.n_meetings):
            idle = [] if k < self.n_fixed else [~self.column[k - self.n_fixed]]
            model.add_exactly_one([*(self.label[k, g] for g in self._labels(k)), *idle])
            for g in self._labels(k):
                if g >= self.n_given:
                    model.add_implication(self.label[k, g], self.home[g - self.n_given, g])
        for (k, comes, v), outside in zip(self.comes, self.outside, strict=True):
            absent = [] if comes is None else [~comes]
            for g in self._labels(k):
                at_home = [self.home[v, g]] if (v, g) in self.home else []
                model.add_bool_or([*absent, ~self.label[k, g], *at_home, outside])

    def cost(self, level: int) -> cp_model.LinearExprT:
        """As before; all changes."""
        return cp_model.LinearExpr.sum([*self.outside, *self.other]) if level == CHANGES else super().cost(level)

    def values(self, state: Improved) -> Int:
        """A plan as a solution."""
        before, groups = super().values(state), state.groups
        first = np.full(len(groups.matcher), -1)
        for v in reversed(range(self.n_people)):
            first[groups.home[v]] = self.n_given + v
        first[: self.n_given] = np.arange(self.n_given)
        home, label = first[groups.home], first[groups.label]
        label = self.of_meetings(state, np.where(label >= 0, label, home[0]))  # nobody's home: all are outside anyway
        given = groups.matcher[: self.n_given, None] == np.arange(len(self.year.matchers))
        found = [
            *given.ravel(),
            *(home[v] == g for v, g in self.home),
            *(label[k] == g for k, g in self.label),
            *(came and label[k] != home[v] for came, k, v in self.came(before)),
        ]
        return np.concatenate([before, np.array(found, dtype=np.int64)])

    def state(self, x: Int) -> Improved:
        """A solution as a plan with its groups."""
        draft, leader = self.draft(x), self.leader(x)
        home = np.array([g for (_, g), one in self.home.items() if x[one.index]], dtype=np.int64)
        label = np.zeros(self.n_meetings, dtype=np.int64)
        for (k, g), one in self.label.items():
            label[k] = g if x[one.index] else label[k]
        label = np.concatenate([label[: self.n_fixed], label[self.n_fixed + draft.held]])
        every = [*self.given_under, *self.under]
        matcher = np.array([np.argmax([x[one.index] for one in row]) for row in every], dtype=np.int64)
        used = np.unique(np.concatenate([np.arange(self.n_given), home, label]))
        groups = Groups(label=np.searchsorted(used, label), home=np.searchsorted(used, home), matcher=matcher[used])
        return Improved(draft=replace(draft, matcher=leader[draft.held]), groups=groups)
