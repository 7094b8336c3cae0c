"""From numbers to records: ids of meetings, names of groups, and the plan with its levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.groups.grouping import FREE, Groups, Met
from matcher.calendar.measure import levels_of, unmet_of
from matcher.calendar.plan import Levels, PlannedMeeting, YearPlan
from matcher.records import SLOTS

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.fixed import Fixed
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.year import Int, Mask, Year

Place = tuple[date, str, str]
"""Date, slot and venue of a meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Names of an earlier plan: ids of meetings by when and where they are, and names of groups by number."""

    meetings: Mapping[Place, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)


def fixed_of_year(year: Year) -> tuple[Fixed, ...]:
    """Facts and pinned meetings of the year itself."""
    return tuple(one for one in year.fixed if one.in_year)


def given_groups(year: Year) -> tuple[str, ...]:
    """Names of groups that facts have."""
    return tuple(sorted({one.meeting.group for one in fixed_of_year(year) if one.is_fact and one.meeting.group}))


def met_of(draft: Draft) -> Met:
    """Who meets: the fixed meetings of the year first, then the held sessions."""
    sessions, year = draft.sessions, draft.sessions.year
    fixed, names = fixed_of_year(year), given_groups(year)
    comes: Mask = np.zeros((len(fixed) + len(draft.held), len(year.volunteers)), dtype=np.bool_)
    place = {one.meeting.meeting_id: k for k, one in enumerate(fixed)}
    for k, one in enumerate(fixed):
        comes[k, list(one.listed)] = True
    at = {int(s): len(fixed) + k for k, s in enumerate(draft.held)}
    for e in draft.entries.tolist():
        s = int(sessions.session_of[e])
        k = at[s] if sessions.is_new[s] else place[year.fixed[sessions.fixed[s]].meeting.meeting_id]
        comes[k, sessions.who[e]] = True
    leader = [year.matcher_index.get(one.meeting.matcher_id, -1) for one in fixed] + draft.matcher.tolist()
    label = [names.index(one.meeting.group) if one.is_fact and one.meeting.group else FREE for one in fixed]
    return Met(
        comes=comes,
        leader=np.array(leader, dtype=np.int64),
        label=np.array(label + [FREE] * len(draft.held), dtype=np.int64),
        n_matchers=len(year.matchers),
        most=group_most(year),
    )


def group_most(year: Year) -> int:
    """Home members that a group may have."""
    counts = [year.book.answer(rule, {}).most for rule in year.book.counts_of("group")]
    return min((most for most in counts if most is not None), default=10**6)


def year_plan(
    draft: Draft,
    groups: Groups,
    bound: Levels | None = None,
    *,
    cut: bool = False,
    data_hash: str = "",
    called: Called | None = None,
) -> YearPlan:
    """The plan as records; without bounds nothing is called proved. ``called``: names that an earlier plan has given."""
    year, known = draft.sessions.year, called or Called()
    met = met_of(draft)
    names = _names(year, groups, known.groups)
    fixed = fixed_of_year(year)
    meetings = [_fixed_meeting(year, one, met.comes[k], names[int(groups.label[k])]) for k, one in enumerate(fixed)]
    ids = _Ids(year, known.meetings)
    for k, (s, m) in enumerate(zip(draft.held.tolist(), draft.matcher.tolist(), strict=True), start=len(fixed)):
        meetings.append(_new_meeting(draft.sessions, s, m, met.comes[k], names[int(groups.label[k])], ids))
    meetings.sort(key=lambda row: (row.date, SLOTS.index(row.slot), row.meeting_id))
    home = {name: names[int(g)] for name, g in zip(year.volunteers, groups.home, strict=True)}
    matcher = {names[int(g)]: _name(year.matchers, int(groups.matcher[g])) for g in np.unique(groups.home)}
    objective = levels_of(year, meetings, home, matcher)
    proved = bound or Levels(unmet=0, meetings=0, changes=0, travel_minutes=0.0, load_spread=0)
    return YearPlan(
        year=year.year,
        planning_date=year.planning_date,
        meetings=tuple(meetings),
        home=home,
        group_matcher=dict(sorted(matcher.items())),
        unmet=unmet_of(year, meetings),
        objective=objective,
        bound=proved,
        status="optimal" if bound is not None and within_slack(year, objective, proved) else "feasible",
        cut=cut,
        data_hash=data_hash,
    )


def within_slack(year: Year, objective: Levels, bound: Levels) -> bool:
    """Whether every level is proved: no further from its bound than its slack."""
    slacks = [float(year.book[f"calendar.slack.{level}"]) for level in ("unmet", "meetings", "changes", "travel_minutes")]
    pairs = zip(objective.values(), bound.values(), [*slacks, 0.0], strict=True)
    return all(value <= least + slack for value, least, slack in pairs)


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if 0 <= index < len(names) else ""


def _fixed_meeting(year: Year, one: Fixed, comes: Mask, group: str) -> PlannedMeeting:
    row = one.meeting
    people = {*row.volunteers, *(year.volunteers[v] for v in np.flatnonzero(comes))}
    return PlannedMeeting(
        meeting_id=row.meeting_id,
        date=row.date,
        slot=row.slot,
        venue_id=row.venue_id,
        matcher_id=row.matcher_id,
        programme=row.programme,
        group=group,
        volunteers=tuple(sorted(people)),
        pinned=True,
    )


def _new_meeting(sessions: Sessions, s: int, m: int, comes: Mask, group: str, ids: _Ids) -> PlannedMeeting:
    year = sessions.year
    day, slot, venue = date.fromordinal(int(sessions.day[s])), SLOTS[int(sessions.slot[s])], year.venues[int(sessions.venue[s])]
    return PlannedMeeting(
        meeting_id=ids.of(day, slot, venue),
        date=day,
        slot=slot,
        venue_id=venue,
        matcher_id=year.matchers[m],
        programme=year.sets[int(sessions.of_set[s])],
        group=group,
        volunteers=tuple(year.volunteers[v] for v in np.flatnonzero(comes)),
        pinned=False,
    )


class _Ids:
    """The id of a meeting: the one it had in an earlier plan, else when and where it is, so that the next plan can keep it."""

    def __init__(self, year: Year, earlier: Mapping[Place, str]) -> None:
        fixed = {one.meeting.meeting_id for one in year.fixed}
        self._earlier = {place: name for place, name in earlier.items() if name not in fixed}
        self._taken = {row.meeting_id for row in year.case.meetings} | fixed | set(self._earlier.values())

    def of(self, day: date, slot: str, venue: str) -> str:
        """The id, each once."""
        if (day, slot, venue) in self._earlier:
            return self._earlier.pop((day, slot, venue))
        name = f"{day:%Y%m%d}-{slot.partition('_')[2]}-{venue}"
        while name in self._taken:
            name += "x"
        self._taken.add(name)
        return name


def _names(year: Year, groups: Groups, earlier: Mapping[int, str]) -> Mapping[int, str]:
    """Given names stay; the others are numbered by their first meeting, then by their first member."""
    names = {**earlier, **dict(enumerate(given_groups(year)))}
    order: Int = np.concatenate([groups.label, groups.home])
    used = set(names.values())
    free = iter(name for k in range(1, 10**6) if (name := f"G{k:02d}") not in used)
    for g in order.tolist():
        if g not in names:
            names[g] = next(free)
    return names
