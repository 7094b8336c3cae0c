"""Who leads meetings whose attendances stand: as many as can under their people's home matcher, else under the one they had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.finish import met_of
from matcher.calendar.limits import rows
from matcher.calendar.meetings.rows import Rows

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.groups.grouping import Groups
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.year import Int

NODES = 500


def well_led(draft: Draft, groups: Groups, had: Int, solver: Solver) -> Draft:
    """The draft under the matchers that make fewest changes for these homes; ``had``, shape (K,), breaks ties (-1: nobody)."""
    sessions, year, held = draft.sessions, draft.sessions.year, draft.held
    if not len(held):
        return draft
    could = (sessions.matcher_open[:, sessions.time[held]] & year.leads[:, sessions.of_set[held]]).T
    meeting, matcher = np.nonzero(could)
    met = met_of(draft)
    comes = met.comes[len(met.label) - len(held) :]
    of_home = np.append(groups.matcher, -1)[groups.home]  # -1, not known, is the last
    cost = 2 * (comes[meeting] & (of_home[None, :] != matcher[:, None])).sum(axis=1) + (matcher != had[meeting])
    now = draft.matcher[meeting] == matcher
    fewest = np.full(len(held), 2 * comes.shape[1] + 1)
    np.minimum.at(fewest, meeting, cost)
    if int(cost[now].sum()) == int(fewest.sum()):
        return draft
    found_rows = Rows()
    found_rows.block([(meeting, np.arange(len(meeting)), 1)], len(held), lower=1, upper=1)
    for m, limits in enumerate(sessions.matcher_limits):
        mine = np.flatnonzero(matcher == m)
        fixed = [one for one in year.fixed if one.meeting.matcher_id == year.matchers[m]]
        day = np.concatenate([sessions.day[held[meeting[mine]]], np.array([one.day for one in fixed], dtype=np.int64)])
        slot = np.concatenate([sessions.slot[held[meeting[mine]]], np.array([one.slot for one in fixed], dtype=np.int64)])
        is_fixed = np.arange(len(day)) >= len(mine)
        for limit in limits if len(mine) else ():
            found_rows.sums([(mine[free], left) for free, left in rows(limit, day, slot, is_fixed)])
    found = solver.whole(found_rows.program(-cost.astype(np.int64)), now, nodes=NODES)
    return draft if found.x is None else replace(draft, matcher=_chosen(meeting, matcher, found.x, len(held)))


def _chosen(meeting: Int, matcher: Int, taken: np.ndarray[tuple[int], np.dtype[np.bool_]], count: int) -> Int:
    chosen = np.zeros(count, dtype=np.int64)
    chosen[meeting[taken]] = matcher[taken]
    return chosen
