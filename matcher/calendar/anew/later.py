"""The levels after meetings, among plans that change no promise more: changes, travel, and spread of load.

Promises that are kept stay kept as they are. What is free beside them is who takes whose place, the new meetings, the matchers
and the groups; so nothing is proved here but what the bounds say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.solvers.program import UNBOUNDED
from matcher.calendar.anew.frozen import Frozen
from matcher.calendar.anew.groups import Former, kept_groups, steady
from matcher.calendar.anew.leaders import well_led
from matcher.calendar.anew.search import Reached, kept_columns
from matcher.calendar.finish import given_groups, met_of
from matcher.calendar.groups.grouping import Groups
from matcher.calendar.groups.improve import Improved, improved
from matcher.calendar.groups.spread import even_loads
from matcher.calendar.measure import leaders
from matcher.calendar.meetings.model import model_of
from matcher.calendar.plan import MINUTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.calendar.anew.promises import Promised
    from matcher.calendar.draft import Draft
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Int

TENTH, CHANGE = 10, 100_000
"""Travel is weighed in tenths of a minute, beside which a change weighs more than all of it."""
NODES, NEAR = 100, 20
TURNS = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Later:
    """A draft with its groups, and the names of the groups by number."""

    state: Improved
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How many neighbourhoods are tried, travel's bound, and how many meetings and changes may be given up for what is later."""

    neighbourhoods: int
    travel: int = 0
    meetings: int = 0
    changes: int = 0


def later_levels(promised: Promised, reached: Reached, former: Former, solver: Solver, watch: Watch, rest: Rest) -> Later:
    """The best found of changes, travel and spread."""
    return _Search(promised, reached, former, solver, watch, rest).later()


class _Search:
    def __init__(self, promised: Promised, reached: Reached, former: Former, solver: Solver, watch: Watch, rest: Rest) -> None:
        self.promised, self.reached, self.former, self.rest = promised, reached, former, rest
        self.solver, self.watch = solver, watch
        self.own_names = dict(enumerate(former.names))
        self.best = self._in_former_groups(reached.draft)

    def later(self) -> Later:
        self._improve()
        self.watch.tell("changes", self.best.state.changes, 0)
        return self.best

    def _improve(self) -> None:
        self.best = self._led(self._in_former_groups(self._led_before(self._well_placed())))
        most = self.best.state.changes
        if (self.promised.of_entry[self.best.state.draft.entries] < 0).any() and not self.watch.clock.calls_time():
            found = self._neighbourhoods()
            most = min([most, *(one.state.changes for one in found)])
            limit = most + self.rest.changes
            self.best = min([self.best, *found], key=lambda one: (max(one.state.changes, limit), one.state.draft.travel))
        even = even_loads(self.best.state, self.solver, max(0, most + self.rest.changes - self.best.state.changes))
        if _spread(even) < _spread(self.best.state):
            self.best = replace(self.best, state=even)

    def _in_former_groups(self, draft: Draft) -> Later:
        return Later(state=Improved(draft=draft, groups=kept_groups(draft, self.former)), names=self.own_names)

    def _had(self, draft: Draft) -> Int:
        return self.former.at_held(draft, self.former.leader)

    def _led_before(self, draft: Draft) -> Draft:
        """Under the matchers that the earlier homes ask for, as far as they can."""
        groups = Groups(label=np.zeros(0, dtype=np.int64), home=self.former.home, matcher=self.former.matcher)
        return well_led(draft, groups, self._had(draft), self.solver)

    def _led(self, one: Later) -> Later:
        """Matchers, then groups, in turn, while that makes fewer changes."""
        best = one
        for _ in range(TURNS):
            draft = well_led(best.state.draft, best.state.groups, self._had(best.state.draft), self.solver)
            other = Improved(draft=draft, groups=steady(met_of(draft), best.state.groups))
            if other.changes >= best.state.changes:
                break
            best = replace(best, state=other)
        return best

    def _well_placed(self) -> Draft:
        """The same first levels with fewer changes and less travel, as far as the earlier homes and groups tell."""
        promised, draft = self.promised, self.reached.draft
        if (promised.of_entry[draft.entries] >= 0).all():
            return draft
        chosen = self.reached.pool.copy()
        chosen[draft.held] = True
        model = model_of(draft.sessions, chosen)
        program = model.program.with_row(model.u_columns, 1, 0, draft.unmet).with_row(model.y_columns, 1, 0, draft.meetings)
        program = program.with_row(kept_columns(promised, model), 1, promised.kept(draft), UNBOUNDED)
        tenths = np.rint(TENTH * draft.sessions.entry_minutes / MINUTE).astype(np.int64)
        program = program.with_objective(model.costs(entry=CHANGE * self._changes(draft) + tenths))
        found = self.solver.whole(program, model.vector(draft), nodes=NODES, gap=NEAR)
        return draft if found.x is None else model.draft(found.x)

    def _changes(self, draft: Draft) -> Int:
        """What each entry would count as changes, as far as is known before groups are made, shape (E,)."""
        sessions, former = draft.sessions, self.former
        every = replace(draft, held=np.flatnonzero(sessions.is_new))
        group, leader = (np.full(len(sessions), -1) for _ in range(2))
        group[every.held], leader[every.held] = former.at_held(every, former.group), former.at_held(every, former.leader)
        home, s = former.home[sessions.who], sessions.session_of
        changes: Int = (group[s] != home).astype(np.int64) + (leader[s] != np.append(former.matcher, -1)[home])
        return changes

    def _neighbourhoods(self) -> list[Later]:
        """What is free beside the promises planned anew: in groups made from nothing, and in the earlier ones."""
        frozen, rest = self._frozen(self.best.state.draft), self.rest
        other = improved(frozen.rest(), self.solver, self.watch, rest.neighbourhoods, rest.travel, (rest.meetings, rest.changes))
        draft = frozen.thawed(other.draft)
        state = Improved(draft=draft, groups=replace(other.groups, label=frozen.labels(other.draft, other.groups.label)))
        names = self.former.called(state.groups, len(given_groups(draft.sessions.year)))
        return [self._led(self._in_former_groups(draft)), self._led(Later(state=state, names=names))]

    def _frozen(self, draft: Draft) -> Frozen:
        """Meetings that keep promises stand, with those to whom they keep them, and others where these are too few."""
        sessions = draft.sessions
        of_entry = sessions.session_of[draft.entries]
        keeps = self.promised.of_entry[draft.entries] >= 0
        stays = np.isin(draft.held, of_entry[keeps])
        for s in draft.held[stays].tolist():
            here = np.flatnonzero(of_entry == s)
            order = here[np.lexsort((sessions.entry_minutes[draft.entries[here]], ~keeps[here]))]
            keeps[order[: int(sessions.least[s])]] = True
        return Frozen.of(draft, stays, keeps)


def _spread(state: Improved) -> int:
    year = state.draft.sessions.year
    able = [year.matcher_index[name] for name in leaders(year)]
    loads = np.bincount(met_of(state.draft).leader + 1, minlength=len(year.matchers) + 1)[1:][able]
    return int(loads.max() - loads.min()) if len(loads) else 0
