"""What of an earlier plan can stand, at once: always an answer. Promises are kept where the rules allow it, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.anew.frozen import Frozen
from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.limits import Limit, possible
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.records import SLOTS

if TYPE_CHECKING:
    from matcher.calendar.anew.promises import Earlier, Promised

Times = list[tuple[int, int]]
"""Day and slot of each of somebody's meetings."""


def repaired(promised: Promised, earlier: Earlier) -> Draft:
    """A plan that keeps every hard rule and most promises.

    Meetings stand under the matcher they had, or another; those with too few are filled with whoever can come, or dropped;
    then sessions are added for needs that are left.
    """
    draft = _Repair(promised, earlier).draft()
    frozen = Frozen.of(draft, np.ones(len(draft.held), dtype=np.bool_), np.ones(len(draft.entries), dtype=np.bool_))
    return frozen.thawed(greedy_draft(frozen.sessions))


class _Repair:
    def __init__(self, promised: Promised, earlier: Earlier) -> None:
        self.promised, self.sessions, year = promised, promised.sessions, promised.sessions.year
        self.year = year
        self.times_of: list[Times] = [
            [(one.day, one.slot) for one in year.fixed if v in one.listed] for v in range(len(year.volunteers))
        ]
        self.led_of: list[Times] = [
            [(one.day, one.slot) for one in year.fixed if one.meeting.matcher_id == name] for name in year.matchers
        ]
        self.room, self.need = year.room.copy(), year.need.copy()
        self.leader = {(one.date.toordinal(), SLOTS.index(one.slot), one.venue_id): one.matcher_id for one in earlier.meetings}
        self.led: dict[int, int] = {}
        self.comes: dict[int, list[int]] = {}

    def draft(self) -> Draft:
        """What stands."""
        touched = np.unique(self.sessions.session_of[self.promised.entries]).tolist()
        held = [s for s in touched if self.sessions.is_new[s]]
        for own in (True, False):
            for s in held:
                self._lead(s, own=own)
        for s in touched:
            if s in self.led or not self.sessions.is_new[s]:
                self._attend(s, [e for e in self._entries(s) if self.promised.of_entry[e] >= 0], int(self.sessions.most[s]))
        for s in sorted(self.led, key=lambda s: (-len(self.comes[s]), s)):
            self._fill(s)
        return draft_of(self.sessions, list(self.led.items()), [e for some in self.comes.values() for e in some])

    def _entries(self, s: int) -> list[int]:
        return list(range(int(self.sessions.start[s]), int(self.sessions.start[s + 1])))

    def _when(self, s: int) -> tuple[int, int]:
        return int(self.sessions.day[s]), int(self.sessions.slot[s])

    def _lead(self, s: int, *, own: bool) -> None:
        """Under its own matcher, else under the one who leads fewest; one meeting in a venue at a time."""
        sessions, year = self.sessions, self.year
        same = (sessions.time == sessions.time[s]) & (sessions.venue == sessions.venue[s])
        if any(other in self.led for other in np.flatnonzero(same).tolist()):
            return
        name = self.leader.get((*self._when(s), year.venues[int(sessions.venue[s])]), "")
        could = np.flatnonzero(sessions.matcher_open[:, sessions.time[s]] & year.leads[:, sessions.of_set[s]]).tolist()
        could = [m for m in could if (year.matchers[m] == name or not own) and self._fits(m, s)]
        if could:
            self.led[s] = min(could, key=lambda m: (len(self.led_of[m]), m))
            self.led_of[self.led[s]].append(self._when(s))

    def _fits(self, m: int, s: int) -> bool:
        return _beside(self.sessions.matcher_limits[m], self._when(s), self.led_of[m])

    def _attend(self, s: int, entries: list[int], most: int) -> None:
        """Whoever of these still can, up to so many; those first who need it most."""
        mine = self.comes.setdefault(s, [])
        for e in sorted(entries, key=lambda e: (-int(self.need[self.sessions.who[e]]), e)):
            v = int(self.sessions.who[e])
            limits = self.sessions.volunteer_limits[v]
            if len(mine) < most and self.room[v] > 0 and _beside(limits, self._when(s), self.times_of[v]):
                mine.append(e)
                self.times_of[v].append(self._when(s))
                self.room[v] -= 1
                self.need[v] -= 1

    def _fill(self, s: int) -> None:
        """A meeting with too few takes others; where that is not enough it is dropped."""
        least = int(self.sessions.least[s])
        if len(self.comes[s]) < least:
            self._attend(s, [e for e in self._entries(s) if e not in self.comes[s]], least)
        if len(self.comes[s]) < max(1, least):
            for e in self.comes.pop(s):
                v = int(self.sessions.who[e])
                self.times_of[v].remove(self._when(s))
                self.room[v] += 1
                self.need[v] += 1
            self.led_of[self.led.pop(s)].remove(self._when(s))


def _beside(limits: tuple[Limit, ...], when: tuple[int, int], others: Times) -> bool:
    day, slot = (np.array([one]) for one in when)
    days, slots = np.array(others, dtype=np.int64).reshape(-1, 2).T
    return bool(possible(limits, day, slot, days, slots)[0])
