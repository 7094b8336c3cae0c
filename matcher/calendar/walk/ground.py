"""From a draft with its groups to the arrays of a walk, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.finish import fixed_of_year, group_most, met_of
from matcher.calendar.groups.grouping import Groups, replace_homes, settled
from matcher.calendar.limits import limits_of, span_keys
from matcher.calendar.plan import MINUTE
from matcher.calendar.walk.state import DAYS, HOME, LABEL, LEADER, LISTED, MATCHER, NONE, SESSION, SIZE, Ground, Walk

if TYPE_CHECKING:
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.rules import Span
    from matcher.calendar.walk.state import Int
    from matcher.calendar.year import Year

KINDS: tuple[Span, ...] = ("slot", "date", "month", "year")
MIX, SHIFT = 0x9E3779B97F4A7C15, 0x2545F4914F6CDD1D


def ground_of(sessions: Sessions, n_held: int) -> Ground:
    """What stands, for a plan with so many new meetings."""
    year = sessions.year
    moment = _moments(sessions)
    could = np.zeros((len(year.volunteers), len(moment)), dtype=np.uint8)
    could[sessions.who, sessions.session_of] = 1
    order = np.lexsort((sessions.session_of, sessions.who))
    order = order[sessions.is_new[sessions.session_of[order]]]
    new = sessions.is_new
    leads = np.zeros((len(year.matchers), len(sessions)), dtype=np.uint8)
    leads[:, new] = sessions.matcher_open[:, sessions.time[new]] & year.leads[:, sessions.of_set[new]]
    return Ground(
        could=could,
        start=sessions.start.astype(np.int64),
        who=sessions.who.astype(np.int64),
        her_start=np.searchsorted(sessions.who[order], np.arange(len(year.volunteers) + 1)).astype(np.int64),
        hers=sessions.session_of[order].astype(np.int64),
        moment=moment,
        way=(year.minutes / MINUTE).reshape(len(year.volunteers), len(year.venues)),
        open=leads,
        limit=_limits(sessions),
        need=year.need.astype(np.int64),
        standing=_standing(year, n_held),
        most_members=group_most(year),
    )


def _moments(sessions: Sessions) -> Int:
    """Sessions, then the fixed meetings: nobody else may come to these, unless they are sessions too."""
    fixed = sessions.year.fixed
    day = np.concatenate([sessions.day, np.array([one.day for one in fixed], dtype=np.int64)])
    slot = np.concatenate([sessions.slot, np.array([one.slot for one in fixed], dtype=np.int64)])
    none = np.zeros(len(fixed), dtype=np.int64)
    venue, least = np.concatenate([sessions.venue, none + NONE]), np.concatenate([sessions.least, none])
    joined = [len(fixed[k].listed) if k >= 0 else 0 for k in sessions.fixed.tolist()]
    most = np.concatenate([sessions.most + np.array(joined, dtype=np.int64), none])
    return np.column_stack([day, venue, least, most, *(span_keys(kind, day, slot) for kind in KINDS)]).astype(np.int64)


def _limits(sessions: Sessions) -> Int:
    year = sessions.year
    venues = [limits_of(year.book, "venue", facts) for facts in year.facts_of_venues]
    every = [*sessions.volunteer_limits, *sessions.matcher_limits, *venues]
    table = np.full((len(every), 1 + max((len(one) for one in every), default=0), 3), NONE, dtype=np.int64)
    for body, limits in enumerate(every):
        for k, one in enumerate(limits):
            table[body, k] = (DAYS if one.span == "days" else KINDS.index(one.span), one.days, one.most)
    return table


def _standing(year: Year, n_held: int) -> Int:
    fixed = fixed_of_year(year)
    rows = [(1, int(one.is_fact and bool(one.meeting.group)), len(one.listed)) for one in fixed]
    return np.array([*rows, *([(0, 0, 0)] * n_held)], dtype=np.int64).reshape(-1, 3)


def walk_of(draft: Draft, groups: Groups, seed: int) -> Walk:
    """The plan as a walk begins with it."""
    sessions, year = draft.sessions, draft.sessions.year
    met = met_of(draft)
    session = _session_of_meetings(draft)
    people, most = [np.flatnonzero(row).tolist() for row in met.comes], int(sessions.most.max(initial=0))
    for k, one in enumerate(fixed_of_year(year)):  # those listed first
        people[k] = [*one.listed, *(v for v in people[k] if v not in one.listed)]
    width = 1 + most + max((len(one) for one in people), default=0)
    count = met.comes.sum(axis=0).astype(np.int64)
    n_groups = max(len(groups.matcher), len(session) + -(-len(year.volunteers) // max(1, met.most)))
    home = np.where(count > 0, groups.home, NONE)
    matcher = np.concatenate([groups.matcher, np.zeros(n_groups - len(groups.matcher), dtype=np.int64)])
    size = np.array([len(one) for one in people], dtype=np.int64)
    n_fixed = len(session) - len(draft.held)
    few = int(np.maximum(sessions.least[draft.held] - size[n_fixed:], 0).sum())
    at = np.full(len(sessions), NONE, dtype=np.int64)
    at[session[session < len(sessions)]] = np.flatnonzero(session < len(sessions))
    moments = _moments_taken(draft)
    return Walk(
        moments=_table(moments, max((len(one) for one in moments), default=0) + len(session) + 1),
        taken=np.array([len(one) for one in moments], dtype=np.int64),
        meeting=np.column_stack([session, met.leader, groups.label, size, met.leader]).astype(np.int64),
        people=_table(people, width),
        at=at,
        meetings=_table([np.flatnonzero(met.comes[:, v]).tolist() for v in range(len(year.volunteers))], len(session) + 1),
        person=np.column_stack([count, draft.comes, home]).astype(np.int64),
        group=np.column_stack([matcher, np.bincount(home[home >= 0], minlength=n_groups)]).astype(np.int64),
        log=np.zeros((4 * width + 16, 4), dtype=np.int64),
        tally=np.array([0, draft.unmet, few], dtype=np.int64),
        chance=np.array([(seed * MIX + SHIFT) % 2**64 or 1], dtype=np.uint64),
    )


def _session_of_meetings(draft: Draft) -> Int:
    """The moment of each meeting: a session, also of a pinned meeting that may be joined, else a fixed one's."""
    sessions, year = draft.sessions, draft.sessions.year
    joinable = {int(sessions.fixed[s]): int(s) for s in np.flatnonzero(~sessions.is_new)}
    fixed = [joinable.get(k, len(sessions) + k) for k, one in enumerate(year.fixed) if one.in_year]
    return np.array([*fixed, *draft.held.tolist()], dtype=np.int64)


def _moments_taken(draft: Draft) -> list[list[int]]:
    """When each body is taken: fixed meetings near the year too."""
    sessions, year = draft.sessions, draft.sessions.year
    n_volunteers, first_venue = len(year.volunteers), len(year.volunteers) + len(year.matchers)
    found: list[list[int]] = [[] for _ in range(first_venue + len(year.venues))]
    for k, one in enumerate(year.fixed, start=len(sessions)):
        bodies = list(one.listed)
        matcher, venue = year.matcher_index.get(one.meeting.matcher_id), year.venue_index.get(one.meeting.venue_id)
        bodies += [] if matcher is None else [n_volunteers + matcher]
        bodies += [] if venue is None else [first_venue + venue]
        for body in bodies:
            found[body].append(k)
    for s, m in zip(draft.held.tolist(), draft.matcher.tolist(), strict=True):
        found[n_volunteers + m].append(s)
        found[first_venue + int(sessions.venue[s])].append(s)
    for s, v in zip(sessions.session_of[draft.entries].tolist(), sessions.who[draft.entries].tolist(), strict=True):
        found[v].append(s)
    return found


def _table(rows: list[list[int]], width: int) -> Int:
    table = np.zeros((len(rows), width), dtype=np.int64)
    for k, row in enumerate(rows):
        table[k, : len(row)] = row
    return table


def plan_of(sessions: Sessions, ground: Ground, meeting: Int, people: Int, person: Int, group: Int) -> tuple[Draft, Groups]:
    """A walk's plan as a draft with its groups; whoever has no home gets one, and the groups are settled."""
    new = ground.standing[:, 0] == 0
    order = np.argsort(meeting[new, SESSION], kind="stable")
    entries = []
    for k, (session, size) in enumerate(meeting[:, [SESSION, SIZE]].tolist()):
        listed = int(ground.standing[k, LISTED])
        entries += [sessions.entry(session, v) for v in people[k, listed:size].tolist()]
    led = list(zip(meeting[new, SESSION].tolist(), meeting[new, LEADER].tolist(), strict=True))
    draft = draft_of(sessions, led, entries)
    label = np.concatenate([meeting[~new, LABEL], meeting[new, LABEL][order]])
    met, groups = met_of(draft), Groups(label=label, home=person[:, HOME], matcher=group[:, MATCHER])
    return draft, settled(met, replace_homes(met, groups))
