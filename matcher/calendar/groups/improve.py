"""Fewer changes, then less travel, with levels 1 and 2 kept: a few groups' meetings are planned anew, again and again.

A neighbourhood takes the meetings of some groups out of the plan. With homes and groups' matchers as they are, the cost of
each attendance at a session that a group holds under a matcher is a number, so the best way of putting them back is a small
program. After it homes, labels and matchers are settled anew. The number of neighbourhoods is fixed, the choices are drawn by
the seed, and nothing but the clock's outer guard asks for the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.finish import fixed_of_year, met_of
from matcher.calendar.groups.grouping import Groups, grouped, settled
from matcher.calendar.groups.labelled import Labelled, Room, replanned
from matcher.calendar.plan import MINUTE
from matcher.calendar.walk.cooling import cooled

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.groups.grouping import Met
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Int

REGROUPED = 10
"""After so many neighbourhoods the groups are made from nothing too; the better of the two stay."""
STRAYS = (1, 5, 50)
"""How far, by chance, the meetings taken out may be from having people in common."""
WANDERS = 10
"""All but one in so many neighbourhoods wander: a plan with as many changes is taken whatever its travel, by chance. The best is
kept aside, and the last quarter of all improve it alone."""
SIZES, FEW_TAKEN, ALL_TAKEN = (6, 8, 10, 12, 14), 4, 7
"""How many meetings a neighbourhood takes out, by chance; few where homes are chosen too, but all where there are so few."""
HOMES_EVERY = 6
"""One in so many neighbourhoods chooses homes too: it takes five times as long."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Improved:
    """A draft with its groups; ``groups.label`` has the year's fixed meetings first.

    ``spare``: changes that may still be given up for the levels after them.
    """

    draft: Draft
    groups: Groups
    spare: int = 0

    @property
    def changes(self) -> int:
        """Level 3."""
        return met_of(self.draft).changes(self.groups)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The first four levels, fixed attendances' travel aside."""
        return self.draft.unmet, self.draft.meetings, self.changes, self.draft.travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far levels may go that are done: the best value of each, and its slack. ``changes`` is None while it is sought."""

    unmet: int
    meetings: int
    changes: int | None = None

    def rank(self, state: Improved) -> tuple[int, int, int, int]:
        """What is compared: within the limits, the next levels alone."""
        unmet, meetings, changes, travel = state.rank
        within = changes if self.changes is None else max(changes, self.changes)
        return max(unmet, self.unmet), max(meetings, self.meetings), within, travel

    def room(self, state: Improved) -> Room:
        """What is left of the slack."""
        unmet, meetings, changes, _ = state.rank
        more = None if self.changes is None else max(0, self.changes - changes)
        return Room(unmet=max(0, self.unmet - unmet), meetings=max(0, self.meetings - meetings), changes=more)


def improved(
    draft: Draft,
    solver: Solver,
    watch: Watch,
    neighbourhoods: int,
    travel_bound: int,
    slack: tuple[int, int],
    walks: tuple[int, int] = (0, 0),
) -> Improved:
    """The best plan found from this one: changes first, then travel.

    ``slack`` : how many meetings, and how many changes, may be given up for the levels after them. ``walks``: rounds of walks
    before the neighbourhoods, and the steps of a walk for each unit of need.
    """
    best = Improved(draft=draft, groups=grouped(met_of(draft)))
    limits = Limits(unmet=draft.unmet, meetings=draft.meetings + slack[0])
    random = np.random.default_rng(solver.seed)
    for turn in range(walks[0]):
        best = _walked(best, limits, solver, watch, turn, walks[1], travel_bound)
    best = _rounds(best, limits, solver, watch, random, neighbourhoods, travel_bound)
    if slack[1]:
        limits = replace(limits, changes=best.changes + slack[1])
        best = _rounds(best, limits, solver, watch, random, neighbourhoods, travel_bound)
    watch.tell("changes", best.changes, 0)
    return replace(best, spare=max(0, (limits.changes or 0) - best.changes))


def _walked(best: Improved, limits: Limits, solver: Solver, watch: Watch, turn: int, steps: int, travel_bound: int) -> Improved:
    """The best plan of a round of walks, or this one."""
    steps *= max(1, int(best.draft.sessions.year.need.sum()))
    watch.tell("changes", best.changes, 0)
    if watch.clock.calls_time() or (best.changes == 0 and best.draft.travel <= travel_bound):
        return best
    found = cooled(best.draft, best.groups, limits.unmet, solver.seed, turn, steps, watch)
    return min([best, *(Improved(draft=draft, groups=groups) for draft, groups in found)], key=limits.rank)


def _rounds(
    best: Improved,
    limits: Limits,
    solver: Solver,
    watch: Watch,
    random: np.random.Generator,
    neighbourhoods: int,
    travel_bound: int,
) -> Improved:
    state = best
    for turn in range(neighbourhoods):
        watch.tell("changes", best.changes, 0)
        watch.tell("travel_minutes", best.draft.travel / MINUTE, travel_bound / MINUTE)
        if watch.clock.calls_time() or not len(best.draft.entries) or (best.changes == 0 and best.draft.travel <= travel_bound):
            break
        wander = turn % WANDERS != 0 and turn < neighbourhoods * 3 // 4 and limits.changes is None
        state = state if wander else best
        state = _step(state, limits, solver, random, homes=turn % HOMES_EVERY == HOMES_EVERY // 2, wander=wander)
        if turn % REGROUPED == REGROUPED - 1:
            state = min(state, replace(state, groups=grouped(met_of(state.draft))), key=limits.rank)
        best = min(best, state, key=limits.rank)
    return best


def _step(state: Improved, limits: Limits, solver: Solver, random: np.random.Generator, *, homes: bool, wander: bool) -> Improved:
    """One neighbourhood; the state itself where nothing better comes of it."""
    met = met_of(state.draft)
    few = homes and len(state.draft.held) > ALL_TAKEN
    size = int(random.choice(SIZES))
    free = _taken(state, met, random, FEW_TAKEN if few else max(size, ALL_TAKEN) if homes else size)
    found = replanned(
        state.draft, state.groups, free, replace(limits.room(state), homes=homes and limits.changes is None), solver, random
    )
    if found is None:
        return state
    draft, labels = found
    other = _settled(state, draft, labels)
    if wander:
        return other if limits.rank(other)[:3] <= limits.rank(state)[:3] else state
    return min(state, other, key=limits.rank)


def _settled(state: Improved, draft: Draft, labels: Labelled) -> Improved:
    """Groups for the new draft: the labels that it was planned with, then homes, matchers and labels in turn."""
    fixed = len(fixed_of_year(draft.sessions.year))
    label: Int = np.concatenate([state.groups.label[:fixed], labels.of_held])
    return Improved(draft=draft, groups=settled(met_of(draft), replace(state.groups, label=label)))


def _taken(state: Improved, met: Met, random: np.random.Generator, most: int) -> Int:
    """Places among the held of meetings to be planned anew: of a group with changes, and of groups that it shares people with."""
    fixed = len(met.label) - len(state.draft.held)
    groups, held = state.groups, np.arange(len(state.draft.held))
    outside = met.comes & (groups.label[:, None] != groups.home[None, :])
    other = met.comes & (met.leader[:, None] != groups.matcher[groups.home][None, :])
    cost = (outside.astype(np.int64) + other).sum(axis=1)[fixed:]
    if not len(held):
        return held
    first = int(random.choice(len(held), p=(cost + 0.2) / (cost + 0.2).sum()))
    near = _nearness(met, groups)[fixed + first, fixed:] + float(random.choice(STRAYS)) * random.random(len(held))
    order = np.argsort(-near, kind="stable")
    return np.sort(order[:most])


def _nearness(met: Met, groups: Groups) -> Int:
    """How much two meetings have to do with each other: shared people, and homes of one's people that the other's are of."""
    comes = met.comes.astype(np.int64)
    homes = np.zeros((len(comes), len(groups.matcher)), dtype=np.int64)
    k, v = np.nonzero(met.comes)
    np.add.at(homes, (k, groups.home[v]), 1)
    return comes @ comes.T + homes @ homes.T
