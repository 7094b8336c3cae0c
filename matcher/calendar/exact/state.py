"""A plan's records back in numbers, so that a search can go on from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import draft_of
from matcher.calendar.finish import fixed_of_year, given_groups
from matcher.calendar.groups.grouping import Groups
from matcher.calendar.groups.improve import Improved
from matcher.records import SLOTS

if TYPE_CHECKING:
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import YearPlan

Key = tuple[int, int, int, int]
"""Day, slot, venue and set of a new session."""


def state_of(sessions: Sessions, plan: YearPlan) -> Improved:
    """The sessions held, who leads and who comes, and the groups; those that facts have named come first."""
    year, fixed = sessions.year, {one.meeting.meeting_id: one for one in fixed_of_year(sessions.year)}
    number = {name: g for g, name in enumerate(given_groups(year))}
    for name in [*(row.group for row in plan.meetings), *plan.home.values()]:
        number.setdefault(name, len(number))
    new, pinned = _sessions_by_place(sessions)
    led, entries, label = [], [], {}
    for row in plan.meetings:
        one = fixed.get(row.meeting_id)
        listed = () if one is None else one.meeting.volunteers
        if one is None:
            s = new[row.date.toordinal(), SLOTS.index(row.slot), year.venue_index[row.venue_id], year.sets.index(row.programme)]
            led.append((s, year.matcher_index[row.matcher_id]))
            label[s] = number[row.group]
        elif row.meeting_id in pinned:
            s = pinned[row.meeting_id]
        entries += [sessions.entry(s, year.volunteer_index[name]) for name in row.volunteers if name not in listed]
    draft = draft_of(sessions, led, entries)
    of_fixed = {row.meeting_id: number[row.group] for row in plan.meetings if row.meeting_id in fixed}
    groups = Groups(
        label=np.array([*(of_fixed[name] for name in fixed), *(label[s] for s in draft.held.tolist())], dtype=np.int64),
        home=np.array([number[plan.home[name]] for name in year.volunteers], dtype=np.int64),
        matcher=np.array([year.matcher_index.get(plan.group_matcher.get(name, ""), 0) for name in number], dtype=np.int64),
    )
    return Improved(draft=draft, groups=groups)


def _sessions_by_place(sessions: Sessions) -> tuple[dict[Key, int], dict[str, int]]:
    """New sessions by when and where they are, and the joinable pinned ones by id."""
    fixed = sessions.year.fixed
    keys = zip(sessions.day.tolist(), sessions.slot.tolist(), sessions.venue.tolist(), sessions.of_set.tolist(), strict=True)
    new = {key: s for s, key in enumerate(keys) if sessions.is_new[s]}
    pinned = {fixed[j].meeting.meeting_id: s for s, j in enumerate(sessions.fixed.tolist()) if j >= 0}
    return new, pinned
