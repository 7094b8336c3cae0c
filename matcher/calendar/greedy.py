"""A complete plan at once: always an answer. The session that meets most needs is held next, until none meets any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.limits import Limit, possible

if TYPE_CHECKING:
    from matcher.calendar.sessions import Sessions
    from matcher.calendar.year import Int, Mask


def greedy_draft(sessions: Sessions) -> Draft:
    """A plan that keeps every hard rule."""
    return _Greedy(sessions).draft()


class _Greedy:
    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.year = sessions, sessions.year
        self.need, self.room = self.year.need.copy(), self.year.room.copy()
        self.open_entry: Mask = np.ones(len(sessions.who), dtype=np.bool_)
        self.open_session: Mask = sessions.most > 0
        self.matcher_open = sessions.matcher_open.copy()
        self.led: list[tuple[int, int]] = []
        self.entries: list[int] = []
        self.entries_of = [np.flatnonzero(sessions.who == v) for v in range(len(self.year.volunteers))]
        self.entry_day, self.entry_slot = sessions.day[sessions.session_of], sessions.slot[sessions.session_of]
        self.days_of: list[list[tuple[int, int]]] = [
            [(one.day, one.slot) for one in self.year.fixed if v in one.listed] for v in range(len(self.year.volunteers))
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
        sessions = self.sessions
        coming = np.bincount(sessions.session_of[self.open_entry], minlength=len(sessions))
        needy = self.open_entry & (self.need[sessions.who] > 0)
        wanted = np.bincount(sessions.session_of[needy], minlength=len(sessions))
        choices = np.bincount(sessions.who[needy], minlength=len(self.need))
        scarce = np.bincount(sessions.session_of[needy], 1.0 / choices[sessions.who[needy]], minlength=len(sessions))
        usable = self.open_session & (coming >= sessions.least) & (wanted > 0)
        if not usable.any():
            return None
        score = np.where(usable, np.minimum(wanted, sessions.most) + np.minimum(scarce, 0.999), -1.0)
        score[usable & ~sessions.is_new] += len(self.need)  # to join a pinned meeting costs none
        return int(score.argmax())

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
        choices = np.array([self.open_entry[self.entries_of[v]].sum() for v in people])
        order = np.lexsort((choices, -self.need[people]))
        wanted = min(int(sessions.most[s]), max(int(sessions.least[s]), int((self.need[people] > 0).sum())))
        self.open_session[s] = False
        for e in entries[order[:wanted]].tolist():
            self._attend(e)
        if new:
            self._lead(s, matcher)

    def _attend(self, e: int) -> None:
        sessions, v = self.sessions, int(self.sessions.who[e])
        self.entries.append(e)
        self.need[v] = max(0, self.need[v] - 1)
        self.days_of[v].append((int(self.entry_day[e]), int(self.entry_slot[e])))
        mine = self.entries_of[v]
        self.open_entry[mine] &= _beside(
            sessions.volunteer_limits[v], self.days_of[v], self.entry_day[mine], self.entry_slot[mine]
        )
        self.open_entry[e] = False

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
