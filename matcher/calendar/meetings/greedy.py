"""A complete plan at once: always an answer. The session that meets most needs is held next, until none meets any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.limits import Limit, possible

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.year import Int, Mask

    Float = npt.NDArray[np.float64]

ROUNDING = 1e-9
"""More than running sums of fractions lose to rounding in a year; scores are below ten thousand."""


def greedy_draft(sessions: Sessions) -> Draft:
    """A plan that keeps every hard rule."""
    return _Greedy(sessions).draft()


class _Greedy:
    """The plan so far, with counts that each attendance and closed entry changes.

    An entry is open while she could still come. ``coming``, ``wanted``, ``scarce``, shape (S,): open entries of a session, those
    of people who still need one, and the sum over these of one part in so many as she has open entries, ``choices``.
    """

    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.year = sessions, sessions.year
        self.need = self.year.need.copy()
        self.open_entry: Mask = np.ones(len(sessions.who), dtype=np.bool_)
        self.open_session: Mask = sessions.most > 0
        self.matcher_open = sessions.matcher_open.copy()
        self.led: list[tuple[int, int]] = []
        self.entries: list[int] = []
        n_volunteers, n_sessions = len(self.year.volunteers), len(sessions)
        self.choices = np.bincount(sessions.who, minlength=n_volunteers)
        self.entries_of = np.split(np.argsort(sessions.who, kind="stable"), np.cumsum(self.choices)[:-1])
        needy = sessions.session_of[self.need[sessions.who] > 0]
        self.coming, self.wanted = np.diff(sessions.start), np.bincount(needy, minlength=n_sessions)
        self.scarce = self._scarce(np.arange(n_sessions))
        self.days_of: list[list[tuple[int, int]]] = [
            [(one.day, one.slot) for one in self.year.fixed if v in one.listed] for v in range(n_volunteers)
        ]
        self.led_of: list[list[tuple[int, int]]] = [
            [(one.day, one.slot) for one in self.year.fixed if one.meeting.matcher_id == name] for name in self.year.matchers
        ]

    def draft(self) -> Draft:
        while (session := self._best()) is not None:
            self._hold(session)
        return draft_of(self.sessions, self.led, self.entries)

    def _best(self) -> int | None:
        """The session for most who need one; of equal ones, where those are who have fewest other choices; then the first."""
        usable = self.open_session & (self.coming >= self.sessions.least) & (self.wanted > 0)
        some = np.flatnonzero(usable)
        if not some.size:
            return None
        scores = self._scores(some, self.scarce[some])
        some = some[scores >= scores.max() - ROUNDING]  # running sums tell which could be the best; equal ones must be equal
        return int(some[self._scores(some, self._scarce(some)).argmax()])

    def _scores(self, some: Int, scarce: Float) -> Float:
        score: Float = np.minimum(self.wanted[some], self.sessions.most[some]) + np.minimum(scarce, 0.999)
        score[~self.sessions.is_new[some]] += len(self.need)  # to join a pinned meeting costs none
        return score

    def _scarce(self, some: Int) -> Float:
        """The sums of ``scarce`` for some sessions, made anew."""
        start, size = self.sessions.start[some], np.diff(self.sessions.start)[some]
        row = np.repeat(np.arange(len(some)), size)
        entries = np.arange(len(row)) + np.repeat(start - (np.cumsum(size) - size), size)
        people = self.sessions.who[entries]
        needy = self.open_entry[entries] & (self.need[people] > 0)
        return np.bincount(row[needy], 1.0 / self.choices[people[needy]], minlength=len(some)).astype(np.float64)

    def _hold(self, s: int) -> None:
        sessions = self.sessions
        new = bool(sessions.is_new[s])
        matcher = self._matcher(s) if new else -1
        if new and matcher < 0:
            self.open_session[s] = False
            return
        entries = np.arange(sessions.start[s], sessions.start[s + 1])
        entries = entries[self.open_entry[entries]]
        people = sessions.who[entries]
        order = np.lexsort((self.choices[people], -self.need[people]))
        wanted = min(int(sessions.most[s]), max(int(sessions.least[s]), int((self.need[people] > 0).sum())))
        self.open_session[s] = False
        for e in entries[order[:wanted]].tolist():
            self._attend(e)
        if new:
            self._lead(s, matcher)

    def _attend(self, e: int) -> None:
        sessions, v = self.sessions, int(self.sessions.who[e])
        self.entries.append(e)
        self.days_of[v].append((int(sessions.day[sessions.session_of[e]]), int(sessions.slot[sessions.session_of[e]])))
        mine = self.entries_of[v][self.open_entry[self.entries_of[v]]]
        at = sessions.session_of[mine]
        still = _beside(sessions.volunteer_limits[v], self.days_of[v], sessions.day[at], sessions.slot[at]) & (mine != e)
        self._count(v, at, -1)
        self.coming[at[~still]] -= 1
        self.open_entry[mine[~still]] = False
        self.need[v] = max(0, self.need[v] - 1)
        self.choices[v] = int(still.sum())
        self._count(v, at[still], 1)

    def _count(self, v: int, at: Int, sign: int) -> None:
        """Count her open entries, those at these sessions, in or out among the wanted."""
        if self.need[v] > 0 and at.size:
            self.wanted[at] += sign
            self.scarce[at] += sign / len(at)

    def _matcher(self, s: int) -> int:
        """The matcher who may lead it and has led fewest; -1 for none."""
        sessions = self.sessions
        could = self.matcher_open[:, sessions.time[s]] & self.year.leads[:, sessions.of_set[s]]
        return min(np.flatnonzero(could).tolist(), key=lambda m: (len(self.led_of[m]), m), default=-1)

    def _lead(self, s: int, matcher: int) -> None:
        sessions = self.sessions
        self.led.append((s, matcher))
        self.led_of[matcher].append((int(sessions.day[s]), int(sessions.slot[s])))
        self.matcher_open[matcher] &= _beside(
            sessions.matcher_limits[matcher], self.led_of[matcher], self.year.day, self.year.slot
        )
        same = (sessions.time == sessions.time[s]) & (sessions.venue == sessions.venue[s])
        self.open_session[same] = False


def _beside(limits: tuple[Limit, ...], items: list[tuple[int, int]], day: Int, slot: Int) -> Mask:
    days, slots = np.array(items, dtype=np.int64).reshape(-1, 2).T
    return possible(limits, day, slot, days, slots)
