"""Home groups of an earlier plan under new meetings: each stays in her group, under its matcher, where that costs nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.finish import fixed_of_year, given_groups, met_of
from matcher.calendar.groups.exchange import best_homes
from matcher.calendar.groups.grouping import FREE, Groups
from matcher.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.calendar.anew.promises import Earlier
    from matcher.calendar.draft import Draft
    from matcher.calendar.groups.grouping import Met
    from matcher.calendar.year import Int, Year

ROUNDS = 30
AWAY = 10_000
"""What it costs to leave a group at first, where it is not for room."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Former:
    """The earlier groups by number: ``names`` (those of facts first), ``home`` shape (V,), ``matcher`` shape (G,); -1 unknown.

    ``group`` and ``leader`` : of earlier meetings, by day, slot and venue.
    """

    names: tuple[str, ...]
    home: Int
    matcher: Int
    group: Mapping[tuple[int, int, str], int]
    leader: Mapping[tuple[int, int, str], int]

    @classmethod
    def of(cls, year: Year, earlier: Earlier) -> Former:
        """Number the groups of an earlier plan."""
        given = given_groups(year)
        others = {*earlier.home.values(), *(one.group for one in earlier.meetings if one.group)} - set(given)
        names = (*given, *sorted(others))
        number = {name: g for g, name in enumerate(names)}
        leads = year.matcher_index
        when = [(one, (one.date.toordinal(), SLOTS.index(one.slot), one.venue_id)) for one in earlier.meetings]
        return cls(
            names=names,
            home=np.array([number.get(earlier.home.get(v, ""), FREE) for v in year.volunteers], dtype=np.int64),
            matcher=np.array([leads.get(earlier.group_matcher.get(name, ""), -1) for name in names], dtype=np.int64),
            group={at: number.get(one.group, FREE) for one, at in when},
            leader={at: leads.get(one.matcher_id, -1) for one, at in when},
        )

    def at_held(self, draft: Draft, found: Mapping[tuple[int, int, str], int]) -> Int:
        """``group`` or ``leader`` of each held session, shape (K,), -1 where there was no meeting."""
        sessions, venues = draft.sessions, draft.sessions.year.venues
        held = [(int(sessions.day[s]), int(sessions.slot[s]), venues[int(sessions.venue[s])]) for s in draft.held.tolist()]
        return np.array([found.get(at, -1) for at in held], dtype=np.int64)

    def called(self, groups: Groups, n_given: int) -> dict[int, str]:
        """Names for groups made from nothing: each takes that of the earlier group with which it shares most members."""
        names = dict(enumerate(self.names[:n_given]))
        used = np.unique(groups.home)
        shared = [(int(((groups.home == g) & (self.home == h)).sum()), int(g), h) for g in used for h in range(len(self.names))]
        for count, g, h in sorted(shared, key=lambda one: (-one[0], *one[1:])):
            if count and g not in names and self.names[h] not in names.values():
                names[g] = self.names[h]
        return names


def kept_groups(draft: Draft, former: Former) -> Groups:
    """The earlier groups under a draft's meetings, improved where that makes fewer changes."""
    met, year = met_of(draft), draft.sessions.year
    n_groups = max(len(former.names), -(-len(year.volunteers) // max(1, met.most)), 1)
    matcher = np.concatenate([former.matcher, np.full(n_groups - len(former.names), -1)]).astype(np.int64)
    fixed = [(one.day, one.slot, one.meeting.venue_id) for one in fixed_of_year(year)]
    label = np.concatenate([[former.group.get(at, FREE) for at in fixed], former.at_held(draft, former.group)]).astype(np.int64)
    label = np.where(met.label >= 0, met.label, label)
    start = Groups(label=label, home=former.home, matcher=matcher)
    start = replace(start, matcher=_matchers(met, start))
    start = replace(start, label=_labels(met, start))
    known = former.home >= 0
    away = AWAY * (known[:, None] & (np.arange(n_groups)[None, :] != former.home[:, None]))
    start = replace(start, home=best_homes(_home_costs(met, start) + away, met.most))
    return _housed(met, steady(met, replace(start, label=_labels(met, start))))


def steady(met: Met, groups: Groups) -> Groups:
    """Improve homes, matchers and labels in turn while that makes fewer changes; what is as good as it is stays."""
    best = groups
    for _ in range(ROUNDS):
        other = replace(best, matcher=_matchers(met, best))
        other = replace(other, label=_labels(met, other))
        moved = np.arange(len(best.matcher))[None, :] != best.home[:, None]
        other = replace(other, home=best_homes(2 * _home_costs(met, other) + moved, met.most))
        if met.changes(other) >= met.changes(best):
            break
        best = other
    return best


def _housed(met: Met, groups: Groups) -> Groups:
    """No meeting keeps the name of a group that is nobody's home."""
    homeless = ~np.isin(groups.label, groups.home)
    label = np.where(homeless, FREE, groups.label)
    return replace(groups, label=np.where(homeless, _labels(met, replace(groups, label=label)), groups.label))


def _home_costs(met: Met, groups: Groups) -> Int:
    """Changes of each volunteer, were each group her home, shape (V, G)."""
    costs = [
        (met.comes & (groups.label != g)[:, None]).sum(axis=0) + (met.comes & (met.leader != m)[:, None]).sum(axis=0)
        for g, m in enumerate(groups.matcher.tolist())
    ]
    return np.array(costs, dtype=np.int64).reshape(len(costs), met.comes.shape[1]).T


def _matchers(met: Met, groups: Groups) -> Int:
    """The matcher whom a group's members meet most; its present one where that is as good, the first where nothing is known."""
    votes = np.zeros((len(groups.matcher), max(1, met.n_matchers)), dtype=np.int64)
    k, v = met.pairs
    counted = (groups.home[v] >= 0) & (met.leader[k] >= 0)
    np.add.at(votes, (groups.home[v[counted]], met.leader[k[counted]]), 2)
    known = np.flatnonzero(groups.matcher >= 0)
    votes[known, groups.matcher[known]] += 1
    chosen: Int = votes.argmax(axis=1).astype(np.int64)
    return chosen


def _labels(met: Met, groups: Groups) -> Int:
    """For each meeting the group that most of its people have as home; its present one where that is as good."""
    votes = np.zeros((len(groups.label), len(groups.matcher)), dtype=np.int64)
    k, v = met.pairs
    housed = groups.home[v] >= 0
    np.add.at(votes, (k[housed], groups.home[v[housed]]), 2)
    known = np.flatnonzero(groups.label >= 0)
    votes[known, groups.label[known]] += 1
    chosen: Int = np.where(met.label >= 0, met.label, votes.argmax(axis=1))
    return chosen
