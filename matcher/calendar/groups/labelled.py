"""Some meetings planned anew, all else fixed: sessions that carry a group and a matcher, so that changes are linear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import Draft
from matcher.calendar.finish import fixed_of_year, group_most, met_of
from matcher.calendar.groups.loose import Homes
from matcher.calendar.meetings.model import model_of
from matcher.calendar.meetings.rest import as_fact, key, keys, places
from matcher.calendar.meetings.sessions import Sessions, sessions_of
from matcher.calendar.plan import MINUTE

if TYPE_CHECKING:
    from matcher.calendar.groups.grouping import Groups
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.year import Int, Mask, Year

SAMPLED, FEW = 110, 50
"""Labelled sessions that a neighbourhood knows beside those that are held; few where homes are chosen too."""
WELCOME, NOISE = 0.1, 1.5
"""What anybody who could come adds to a session's promise, beside its group's members, and what chance does."""
TENTH = 10
CHANGE = 100_000
"""What a change costs in tenths of a minute: more than all travel of a neighbourhood."""
SMALL, NEAR, NODES = 400, 20, 60
"""Programs of more columns end within NEAR tenths of a minute of their best: the last ones take longest."""
GROUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much worse earlier levels may get; with ``changes`` (else None) travel alone is sought. ``homes`` may move too.

    ``wander``: how far somebody travels is weighed by chance.
    """

    unmet: int = 0
    meetings: int = 0
    changes: int | None = None
    homes: bool = False
    wander: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Labelled:
    """The group of each held session of a draft, shape (K,)."""

    of_held: Int


def replanned(
    draft: Draft, groups: Groups, free: Int, room: Room, solver: Solver, random: np.random.Generator
) -> tuple[Draft, Labelled] | None:
    """The best way found of holding the ``free`` meetings (places among the held) anew; None where the solver had no time."""
    return _Neighbourhood(draft, groups, free, random, FEW if room.homes else SAMPLED).solved(solver, room)


class _Neighbourhood:
    def __init__(self, draft: Draft, groups: Groups, free: Int, random: np.random.Generator, sampled: int) -> None:
        self.draft, self.groups, self.free, self.random, self.sampled = draft, groups, free, random, sampled
        self.met = met_of(draft)
        self.labels = groups.label[len(groups.label) - len(draft.held) :]
        self.stays = np.setdiff1d(np.arange(len(draft.held)), free)
        session = draft.sessions.session_of[draft.entries]
        self.is_free = np.isin(session, draft.held[free]) | ~draft.sessions.is_new[session]
        self.people = np.unique(draft.sessions.who[draft.entries[self.is_free]])
        self.sub = sessions_of(self._rest())

    def _rest(self) -> Year:
        """The year in which all other new meetings are facts; whoever joins a pinned one is free to choose again."""
        sessions, year = self.draft.sessions, self.draft.sessions.year
        session = sessions.session_of[self.draft.entries]
        joined: dict[int, list[int]] = {}
        for s, v in zip(session[~self.is_free].tolist(), sessions.who[self.draft.entries[~self.is_free]].tolist(), strict=True):
            joined.setdefault(s, []).append(v)
        fixed = list(year.fixed)
        for k in self.stays.tolist():
            s = int(self.draft.held[k])
            fixed.append(as_fact(sessions, s, int(self.draft.matcher[k]), tuple(joined.get(s, ()))))
        return replace(year, fixed=tuple(fixed))

    def solved(self, solver: Solver, room: Room) -> tuple[Draft, Labelled] | None:
        """Solve the small program, starting from what there is."""
        base, group, matcher = self._candidates()
        sessions, changes = self._labelled(base, group, matcher)
        model = model_of(sessions, leader=matcher)
        now = self._now(sessions, matcher)
        program = model.program.with_row(model.u_columns, 1, 0, now.unmet + room.unmet)
        program = program.with_row(model.y_columns, 1, 0, len(self.free) + room.meetings)
        if room.changes is not None:
            most = int(changes[now.entries].sum()) + room.changes
            program = program.with_row(model.x_columns, changes[model.x_entry], 0, most)
        worth = CHANGE if room.changes is None else 0
        tenths = np.rint(TENTH * sessions.entry_minutes / MINUTE).astype(np.int64)
        if room.wander:
            tenths = np.rint(tenths * 2 * self.random.random(len(tenths))).astype(np.int64)
        loose = self._loose() if room.homes else np.zeros(len(self.groups.home), dtype=np.bool_)
        paid = np.where(loose[sessions.who], 0, changes)
        program = program.with_objective(model.costs(entry=worth * paid + tenths))
        start = model.vector(now)
        if loose.any():
            session, who = sessions.session_of[model.x_entry], sessions.who[model.x_entry]
            of_entries = (model.x_columns, who, group[session], matcher[session])
            attends = self.met.comes.sum(axis=0) > 0
            homes = Homes.of(loose, self.groups, group_most(self.sub.year), program.n_columns, of_entries, attends)
            program, start = homes.extended(program, worth), homes.vector(start, self.groups.home)
        gap = 0 if program.n_columns <= SMALL else NEAR
        found = solver.whole(program, start, nodes=NODES, gap=gap)
        if found.x is None:
            return None
        held = np.flatnonzero(found.x[model.y_columns])
        entries = model.x_entry[found.x[model.x_columns]]
        return self._merged(sessions, base[held], group[held], matcher[held], entries, base)

    def _loose(self) -> Mask:
        """Volunteers who come to no meeting outside the neighbourhood, shape (V,)."""
        fixed = len(self.met.label) - len(self.draft.held)
        loose: Mask = self.met.comes[fixed + self.stays].sum(axis=0) == 0
        for one in fixed_of_year(self.sub.year)[:fixed]:
            loose[list(one.listed)] = False
        return loose

    def _candidates(self) -> tuple[Int, Int, Int]:
        """Session of the rest, group and matcher of each labelled session: those held now, and the most promising others."""
        sub, groups = self.sub, self.groups
        place = places(sub)
        held = [place[key(self.draft.sessions, int(s))] for s in self.draft.held[self.free]]
        triples = list(zip(held, self.labels[self.free].tolist(), self.draft.matcher[self.free].tolist(), strict=True))
        homes, counts = np.unique(groups.home[self.people], return_counts=True)
        near = homes[np.argsort(-counts, kind="stable")][:GROUPS]
        wanted = list(dict.fromkeys([*self.labels[self.free].tolist(), *near.tolist()]))
        scored = [row for g in wanted for row in self._scored(g)]
        known = set(triples)
        chosen = [(s, g, m) for _, s, g, m in sorted(scored) if (s, g, m) not in known][: self.sampled]
        base, group, matcher = np.array([*triples, *chosen, *self._pinned()], dtype=np.int64).reshape(-1, 3).T
        return base, group, matcher

    def _pinned(self) -> list[tuple[int, int, int]]:
        """Pinned meetings that may be joined, with the group and the matcher that they have."""
        fixed = fixed_of_year(self.sub.year)
        at = {one.meeting.meeting_id: k for k, one in enumerate(fixed)}
        found = []
        for s in np.flatnonzero(~self.sub.is_new).tolist():
            k = at[self.sub.year.fixed[self.sub.fixed[s]].meeting.meeting_id]
            found.append((s, int(self.groups.label[k]), int(self.met.leader[k])))
        return found

    def _scored(self, g: int) -> list[tuple[float, int, int, int]]:
        """Sessions that a group could hold, under its own matcher or, where that one cannot, another; the best come least."""
        sub, groups, own = self.sub, self.groups, int(self.groups.matcher[g])
        member = (groups.home == g) & (sub.year.need > 0)
        inside = np.bincount(sub.session_of[member[sub.who]], minlength=len(sub))
        anybody = np.diff(sub.start)
        leads = sub.matcher_open[:, sub.time] & sub.year.leads[:, sub.of_set] & sub.is_new
        score = inside + WELCOME * np.minimum(anybody, sub.most) + NOISE * self.random.random(len(sub))
        found = [(-float(score[s]), s, g, own) for s in np.flatnonzero(leads[own]).tolist()]
        for m in range(len(leads)):
            if m != own:
                found += [(-float(score[s]) / 2, s, g, m) for s in np.flatnonzero(leads[m] & ~leads[own]).tolist()]
        return found

    def _labelled(self, base: Int, group: Int, matcher: Int) -> tuple[Sessions, Int]:
        """Those sessions, each with whoever may come of those concerned, and the changes of each entry."""
        sub, groups = self.sub, self.groups
        concerned = sub.year.need > 0
        concerned[self.people] = True
        concerned |= np.isin(groups.home, group) & (sub.year.room > 0)
        parts = [np.arange(sub.start[s], sub.start[s + 1]) for s in base]
        parts = [part[concerned[sub.who[part]]] for part in parts]
        who = np.concatenate([sub.who[part] for part in parts])
        label = np.repeat(np.arange(len(base)), [part.size for part in parts])
        home = groups.home[who]
        changes = (group[label] != home).astype(np.int64) + (matcher[label] != groups.matcher[home])
        sessions = replace(
            sub,
            time=sub.time[base],
            fixed=sub.fixed[base],
            day=sub.day[base],
            slot=sub.slot[base],
            venue=sub.venue[base],
            of_set=sub.of_set[base],
            least=sub.least[base],
            most=sub.most[base],
            start=np.concatenate([[0], np.cumsum([part.size for part in parts])]).astype(np.int64),
            who=who,
        )
        return sessions, changes

    def _now(self, sessions: Sessions, matcher: Int) -> Draft:
        """What there is, in the labelled sessions: they come first."""
        held = np.arange(len(self.free))
        old = self.draft.sessions
        place = {name: k for k, name in reversed(list(enumerate(keys(sessions))))}
        entries = []
        for e in self.draft.entries[self.is_free].tolist():
            k = place[key(old, int(old.session_of[e]))]
            entries.append(sessions.entry(k, int(old.who[e])))
        return Draft(sessions=sessions, held=held, matcher=matcher[held], entries=np.array(sorted(entries), dtype=np.int64))

    def _merged(
        self, sessions: Sessions, base: Int, group: Int, matcher: Int, entries: Int, all_base: Int
    ) -> tuple[Draft, Labelled]:
        """The whole plan with the new meetings in it."""
        old, place = self.draft.sessions, places(self.draft.sessions)
        kept = self.draft.entries[~self.is_free].tolist()
        for e in entries.tolist():
            s = place[key(self.sub, int(all_base[sessions.session_of[e]]))]
            kept.append(old.entry(s, int(sessions.who[e])))
        new = [place[key(self.sub, int(s))] for s in base]
        rows = sorted(
            [*zip(new, matcher.tolist(), group.tolist(), strict=True)]
            + [(int(self.draft.held[k]), int(self.draft.matcher[k]), int(self.labels[k])) for k in self.stays]
        )
        held, led, label = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        draft = Draft(sessions=old, held=held, matcher=led, entries=np.array(sorted(kept), dtype=np.int64))
        return draft, Labelled(of_held=label)
