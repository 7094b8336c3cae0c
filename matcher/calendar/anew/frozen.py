"""A year in which some meetings of a draft stand with whoever comes to them: others may join them, or meet elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from matcher.calendar.draft import Draft, draft_of
from matcher.calendar.meetings.rest import as_fact, key, places
from matcher.calendar.meetings.sessions import Sessions, sessions_of

if TYPE_CHECKING:
    from matcher.calendar.fixed import Fixed
    from matcher.calendar.year import Int, Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Frozen:
    """The draft, which of its held meetings stand (``stays``, places), with which entries, and the sessions of that year."""

    draft: Draft
    stays: Int
    entries: Int
    sessions: Sessions

    @classmethod
    def of(cls, draft: Draft, stays: Mask, entries: Mask) -> Self:
        """``stays``, shape (K,), are the held meetings that stand, ``entries``, shape (A,), the attendances there that do."""
        old, year = draft.sessions, draft.sessions.year
        listed: dict[int, list[int]] = {}
        for e in draft.entries[entries].tolist():
            listed.setdefault(int(old.session_of[e]), []).append(int(old.who[e]))
        joined = {int(old.fixed[s]): people for s, people in listed.items() if not old.is_new[s]}
        fixed = [_joined_by(one, joined.get(k, [])) for k, one in enumerate(year.fixed)]
        places_of = np.flatnonzero(stays)
        for k in places_of.tolist():
            s = int(draft.held[k])
            fixed.append(_standing(old, s, int(draft.matcher[k]), tuple(listed.get(s, ()))))
        sessions = sessions_of(replace(year, fixed=tuple(fixed)))
        return cls(draft=draft, stays=places_of, entries=draft.entries[entries], sessions=sessions)

    def rest(self) -> Draft:
        """What of the draft does not stand, in the new sessions."""
        place, old = places(self.sessions), self.draft.sessions
        names = {int(s): self._name(int(s)) for s in np.unique(old.session_of[self.draft.entries])}
        moving = np.setdiff1d(np.arange(len(self.draft.held)), self.stays)
        led = [(place[key(old, int(self.draft.held[k]))], int(self.draft.matcher[k])) for k in moving.tolist()]
        free = np.setdiff1d(self.draft.entries, self.entries)
        entries = [self.sessions.entry(place[names[int(old.session_of[e])]], int(old.who[e])) for e in free.tolist()]
        return draft_of(self.sessions, led, entries)

    def thawed(self, rest: Draft) -> Draft:
        """The whole draft with another rest, in the old sessions."""
        old, place = self.draft.sessions, {self._name(s): s for s in self._old_sessions()}
        led = [(int(self.draft.held[k]), int(self.draft.matcher[k])) for k in self.stays.tolist()]
        led += [
            (place[key(self.sessions, int(s))], int(m)) for s, m in zip(rest.held.tolist(), rest.matcher.tolist(), strict=True)
        ]
        entries = self.entries.tolist()
        for e in rest.entries.tolist():
            s = place[key(self.sessions, int(self.sessions.session_of[e]))]
            entries.append(old.entry(s, int(self.sessions.who[e])))
        return draft_of(old, led, entries)

    def labels(self, rest: Draft, label: Int) -> Int:
        """Groups of the meetings in the order of the whole draft, from those in the order of the new year."""
        fixed = sum(one.in_year for one in self.draft.sessions.year.fixed)
        place = {self._name(s): s for s in self._old_sessions()}
        held = [int(s) for s in self.draft.held[self.stays]] + [place[key(self.sessions, int(s))] for s in rest.held.tolist()]
        return np.concatenate([label[:fixed], label[fixed:][np.argsort(np.array(held, dtype=np.int64))]])

    def _old_sessions(self) -> range:
        return range(len(self.draft.sessions))

    def _name(self, s: int) -> tuple[int, int, int, int]:
        """What an old session is called in the new year: one that stands is a fixed meeting there."""
        place = self._places.get(s)
        return key(self.draft.sessions, s) if place is None else (place, -1, int(self.draft.sessions.venue[s]), -1)

    @cached_property
    def _places(self) -> dict[int, int]:
        first = len(self.draft.sessions.year.fixed)
        return {int(s): first + k for k, s in enumerate(self.draft.held[self.stays].tolist())}


def _joined_by(one: Fixed, people: list[int]) -> Fixed:
    listed = tuple(sorted({*one.listed, *people}))
    return replace(one, listed=listed, people=one.people + len(listed) - len(one.listed))


def _standing(sessions: Sessions, s: int, matcher: int, people: tuple[int, ...]) -> Fixed:
    """A held session as somebody's decision: it stays, and others may join it."""
    fact = as_fact(sessions, s, matcher, people)
    programme = sessions.year.sets[int(sessions.of_set[s])]
    return replace(fact, is_fact=False, meeting=fact.meeting.model_copy(update={"programme": programme}))
