"""The session model: which sessions are held and who comes, as a 0/1 program; also of a part of the sessions alone.

Columns: y (a session is held), x (a volunteer comes to it), w (she meets on a day), u (a unit that she lacks), z (a matcher
leads a meeting of a set at a time). Attendance is bounded by session, its limits in time are put on w, which every window of
days then names once; a session at a time needs a matcher at that time. Every row is a count rule's, or ties columns together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.limits import limits_of, rows
from matcher.calendar.meetings.rows import Rows

if TYPE_CHECKING:
    from matcher.assignment.solvers.program import Program
    from matcher.calendar.fixed import Fixed
    from matcher.calendar.limits import Limit
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.year import Int, Mask


NOBODY = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A program of some sessions, and what its columns are.

    Attributes
    ----------
    y_session : sessions of the columns y, first in the program; pinned meetings have none.
    x_entry : entries of the columns x, after them.
    u_volunteer : the volunteer of each unit u, after w.
    z_matcher, z_time, z_set : of the columns z, last.
    first_u, first_z : where they begin.
    """

    sessions: Sessions
    program: Program
    y_session: Int
    x_entry: Int
    u_volunteer: Int
    z_matcher: Int
    z_time: Int
    z_set: Int
    w_volunteer: Int
    w_day: Int
    first_w: int
    first_u: int
    first_z: int

    @property
    def u_columns(self) -> Int:
        """Columns of what is lacked."""
        return np.arange(self.first_u, self.first_z)

    @cached_property
    def x_columns(self) -> Int:
        """Columns of attendances."""
        return np.arange(len(self.x_entry)) + len(self.y_session)

    @property
    def y_columns(self) -> Int:
        """Columns of new sessions."""
        return np.arange(len(self.y_session))

    def costs(self, *, unmet: int = 0, meeting: int = 0, entry: Int | None = None) -> Int:
        """An objective to maximise: minus so much a unit lacked, a meeting, and each entry (shape (E,))."""
        objective = np.zeros(self.program.n_columns, dtype=np.int64)
        objective[self.u_columns] = -unmet
        objective[self.y_columns] = -meeting
        if entry is not None:
            objective[self.x_columns] = -entry[self.x_entry]
        return objective

    def vector(self, draft: Draft) -> Mask:
        """A draft whose sessions are all here as a solution."""
        x = np.zeros(self.program.n_columns, dtype=np.bool_)
        x[np.searchsorted(self.y_session, draft.held)] = True
        x[len(self.y_session) + np.searchsorted(self.x_entry, draft.entries)] = True
        who, day = self.sessions.who[draft.entries], self.sessions.day[self.sessions.session_of[draft.entries]]
        met = set(zip(who.tolist(), day.tolist(), strict=True))
        pairs = zip(self.w_volunteer.tolist(), self.w_day.tolist(), strict=True)
        x[self.first_w : self.first_u] = [pair in met for pair in pairs]
        place = np.arange(len(self.u_volunteer)) - np.searchsorted(self.u_volunteer, self.u_volunteer)
        x[self.u_columns] = place < draft.missing[self.u_volunteer]
        led = {
            (m, int(self.sessions.time[s]), int(self.sessions.of_set[s])) for s, m in zip(draft.held, draft.matcher, strict=True)
        }
        zs = zip(self.z_matcher.tolist(), self.z_time.tolist(), self.z_set.tolist(), strict=True)
        x[self.first_z :] = [one in led for one in zs]
        return x

    def draft(self, x: Mask) -> Draft:
        """A solution as a draft: at each time the matchers who lead are shared out in order."""
        held = self.y_session[x[self.y_columns]]
        leading: dict[tuple[int, int], list[int]] = {}
        for k in np.flatnonzero(x[self.first_z :])[::-1].tolist():
            leading.setdefault((int(self.z_time[k]), int(self.z_set[k])), []).append(int(self.z_matcher[k]))
        time, of_set = self.sessions.time, self.sessions.of_set
        led = [(s, leading[int(time[s]), int(of_set[s])].pop()) for s in held.tolist()]
        return draft_of(self.sessions, led, self.x_entry[x[self.x_columns]].tolist())


def model_of(sessions: Sessions, chosen: Mask | None = None, leader: Int | None = None, *, anybody_leads: bool = False) -> Model:
    """The model of the chosen sessions (all if None) and all joinable pinned meetings; its objective is zero.

    Where ``leader``, shape (S,), says who leads each session, there are no columns z, and each matcher's limits are on y.
    ``anybody_leads``: nothing more is asked of matchers. Where ``sessions`` has all that somebody could lead, its bounds hold
    whoever leads.
    """
    kept = np.ones(len(sessions), dtype=np.bool_) if chosen is None else chosen | ~sessions.is_new
    return _Building(sessions, kept, np.full(len(sessions), NOBODY) if anybody_leads else leader).model()


class _Building:
    def __init__(self, sessions: Sessions, kept: Mask, leader: Int | None) -> None:
        self.sessions, self.year, self.leader = sessions, sessions.year, leader
        self.rows = Rows()
        self.y_session = np.flatnonzero(kept & sessions.is_new)
        self.x_entry = np.flatnonzero(kept[sessions.session_of])
        self.n_y, self.n_x = len(self.y_session), len(self.x_entry)
        self.x = self.n_y + np.arange(self.n_x)
        self.x_session, self.x_who = sessions.session_of[self.x_entry], sessions.who[self.x_entry]

    def model(self) -> Model:
        self._attendance()
        first_w = self.n_y + self.n_x
        w_volunteer, w_day = self._days(first_w)
        first_u = first_w + len(w_volunteer)
        u_volunteer = np.repeat(np.arange(len(self.year.need)), self.year.need)
        first_z = first_u + len(u_volunteer)
        self._needs(u_volunteer, first_u)
        z = self._matchers(first_z)
        self._venues()
        return Model(
            sessions=self.sessions,
            program=self.rows.program(np.zeros(first_z + len(z[0]), dtype=np.int64)),
            y_session=self.y_session,
            x_entry=self.x_entry,
            u_volunteer=u_volunteer,
            z_matcher=z[0],
            z_time=z[1],
            z_set=z[2],
            w_volunteer=w_volunteer,
            w_day=w_day,
            first_w=first_w,
            first_u=first_u,
            first_z=first_z,
        )

    def _attendance(self) -> None:
        """Whoever comes, comes to a meeting that is held; its size."""
        sessions, held = self.sessions, self.sessions.is_new[self.x_session]
        y = np.searchsorted(self.y_session, self.x_session)
        count = int(held.sum())
        self.rows.block([(np.arange(count), self.x[held], 1), (np.arange(count), y[held], -1)], count, upper=0)
        every = np.arange(self.n_y)
        most, least = sessions.most[self.y_session], sessions.least[self.y_session]
        self.rows.block([(y[held], self.x[held], 1), (every, every, -most)], self.n_y, upper=0)
        self.rows.block([(y[held], self.x[held], 1), (every, every, -least)], self.n_y, lower=0)
        pinned = np.unique(self.x_session[~held])
        self.rows.sums([(self.x[self.x_session == s], int(sessions.most[s])) for s in pinned.tolist()])

    def _days(self, first_w: int) -> tuple[Int, Int]:
        """Columns w, and each volunteer's limits in time on them (a day with one session needs no column of its own)."""
        sessions = self.sessions
        day = sessions.day[self.x_session]
        keys, at, count = np.unique(self.x_who * 10**7 + day, return_inverse=True, return_counts=True)
        shared = np.flatnonzero(count > 1)
        column = np.empty(len(keys), dtype=np.int64)
        column[at] = self.x
        column[shared] = first_w + np.arange(len(shared))
        of_shared = count[at] > 1
        place = np.searchsorted(shared, at[of_shared])
        every = np.arange(len(shared))
        self.rows.block([(place, self.x[of_shared], 1), (every, first_w + every, -1)], len(shared), lower=0, upper=0)
        self.key_who, self.key_column = keys // 10**7, column
        edges = np.searchsorted(self.key_who, np.arange(len(self.year.volunteers) + 1))
        for v, limits in enumerate(sessions.volunteer_limits):
            mine = np.arange(edges[v], edges[v + 1])
            fixed = [one for one in self.year.fixed if v in one.listed]
            when = keys[mine] % 10**7, np.zeros(len(mine), dtype=np.int64)  # never two a day, so limits on slots follow
            self._limit(limits, column[mine], when, fixed)
        return keys[shared] // 10**7, keys[shared] % 10**7

    def _needs(self, u_volunteer: Int, first_u: int) -> None:
        need = self.year.need
        wanting = np.flatnonzero(need > 0)
        met = need[self.key_who] > 0
        row = np.searchsorted(wanting, self.key_who[met])
        of_u = np.searchsorted(wanting, u_volunteer)
        u = first_u + np.arange(len(u_volunteer))
        self.rows.block([(row, self.key_column[met], 1), (of_u, u, 1)], len(wanting), lower=need[wanting])

    def _matchers(self, first_z: int) -> tuple[Int, Int, Int]:
        """Columns z where a matcher could lead, each matcher's limits, and a matcher for every session at a time."""
        sessions, n_sets = self.sessions, max(1, len(self.year.sets))
        time, of_set = sessions.time[self.y_session], sessions.of_set[self.y_session]
        if self.leader is not None:
            self._leading(self.leader[self.y_session], np.arange(self.n_y), time)
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        keys, row = np.unique(time * n_sets + of_set, return_inverse=True)
        time, of_set = keys // n_sets, keys % n_sets
        z_matcher, z_key = np.nonzero(sessions.matcher_open[:, time] & self.year.leads[:, of_set])
        z = first_z + np.arange(len(z_matcher))
        self.rows.block([(row, np.arange(self.n_y), 1), (z_key, z, -1)], len(keys), upper=0)
        self._leading(z_matcher, z, time[z_key])
        return z_matcher, time[z_key], of_set[z_key]

    def _leading(self, matcher: Int, column: Int, time: Int) -> None:
        """Each matcher's limits on columns that say when he leads."""
        year = self.year
        for m, limits in enumerate(self.sessions.matcher_limits):
            mine = np.flatnonzero(matcher == m)
            fixed = [one for one in year.fixed if one.meeting.matcher_id == year.matchers[m]]
            self._limit(limits, column[mine], (year.day[time[mine]], year.slot[time[mine]]), fixed)

    def _limit(self, limits: tuple[Limit, ...], column: Int, when: tuple[Int, Int], fixed: list[Fixed]) -> None:
        """Limits in time on columns, beside what is fixed."""
        if not len(column):
            return
        day = np.concatenate([when[0], np.array([one.day for one in fixed], dtype=np.int64)])
        slot = np.concatenate([when[1], np.array([one.slot for one in fixed], dtype=np.int64)])
        is_fixed = np.arange(len(day)) >= len(column)
        self.rows.sums([(column[free], left) for limit in limits for free, left in rows(limit, day, slot, is_fixed)])

    def _venues(self) -> None:
        """Limits on what a venue holds; with one set a session is a venue's whole slot already."""
        sessions, year = self.sessions, self.year
        for place, facts in enumerate(year.facts_of_venues):
            mine = np.flatnonzero(sessions.venue[self.y_session] == place)
            fixed = [one for one in year.fixed if one.meeting.venue_id == year.venues[place]]
            of_mine = self.y_session[mine]
            self._limit(limits_of(year.book, "venue", facts), mine, (sessions.day[of_mine], sessions.slot[of_mine]), fixed)
