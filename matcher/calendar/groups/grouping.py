"""Home groups, their matchers and the meetings' groups, for meetings and attendances that stand: fewest changes by exchange.

The three are improved in turn: homes by one flow (at most so many members a group), a group's matcher and a
meeting's group by what most of its people have. Meetings are first put together by shared people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.groups.estimate import Estimate
from matcher.calendar.groups.exchange import best_homes

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.calendar.year import Int, Mask

ROUNDS = 30
TRIED = 40
FREE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Groups:
    """K meetings, V volunteers, G groups.

    ``label``, shape (K,): the group of each meeting; ``home``, shape (V,): of each volunteer; ``matcher``, shape (G,): of each
    group (a place among the matchers).
    """

    label: Int
    home: Int
    matcher: Int


@dataclass(frozen=True, kw_only=True, eq=False)
class Met:
    """Who meets: ``comes`` shape (K, V); ``leader`` shape (K,), -1 unknown; ``label``: given groups of facts, else ``FREE``."""

    comes: Mask
    leader: Int
    label: Int
    n_matchers: int
    most: int

    @cached_property
    def pairs(self) -> tuple[Int, Int]:
        """Meeting and volunteer of each attendance."""
        meeting, volunteer = np.nonzero(self.comes)
        return meeting, volunteer

    def counts(self, of_meeting: Int, size: int) -> Int:
        """How many attendances each volunteer has at meetings of each kind, shape (size, V)."""
        k, v = self.pairs
        n_volunteers = self.comes.shape[1]
        return np.bincount(of_meeting[k] * n_volunteers + v, minlength=size * n_volunteers).reshape(size, n_volunteers)

    def changes(self, groups: Groups) -> int:
        """Attendances outside the home group, and under another matcher than its own."""
        outside = groups.label[:, None] != groups.home[None, :]
        other = self.leader[:, None] != groups.matcher[groups.home][None, :]
        return int((self.comes & outside).sum() + (self.comes & other).sum())


def grouped(met: Met) -> Groups:
    """Groups from nothing: meetings that share people are put together, then moved one by one, while that helps."""
    if not met.comes.size:
        home = np.arange(met.comes.shape[1]) // met.most
        matcher = np.zeros(int(home.max(initial=0)) + 1, dtype=np.int64)
        return Groups(label=np.zeros(len(met.label), dtype=np.int64), home=home, matcher=matcher)
    n_given = int(met.label.max(initial=-1)) + 1
    label: Int = np.where(met.label >= 0, met.label, n_given + np.arange(len(met.label)))
    label = _moved(met, _merged(met, label))
    used = np.unique(np.concatenate([np.arange(n_given), label]))
    return settled(met, _fitted(met, np.searchsorted(used, label)))


def _merged(met: Met, label: Int) -> Int:
    """Two groups become one, those that gain most first."""
    estimate = Estimate(met, label)
    given = estimate.gathered(met.label != FREE)
    people = (estimate.whole.came > 0).astype(np.float32)
    shared = np.triu(people @ people.T, 1)
    while True:
        one, other = _pairs_by_overlap(shared)
        costs = estimate.after(other, one, estimate.whole.of(other).less(given.of(other)))
        if not costs.size or costs.min() >= estimate.cost:
            return estimate.label
        goal, source = int(one[costs.argmin()]), int(other[costs.argmin()])
        estimate.move(np.flatnonzero((estimate.label == source) & (met.label == FREE)), source, goal)
        people[[goal, source]] = estimate.whole.came[[goal, source]] > 0
        for group, row in zip((goal, source), people[[goal, source]] @ people.T, strict=True):
            shared[group, group + 1 :], shared[:group, group] = row[group + 1 :], row[:group]


def _moved(met: Met, label: Int) -> Int:
    """One meeting goes to another group."""
    estimate = Estimate(met, label)
    for k in np.flatnonzero(met.label == FREE).tolist():
        here = int(estimate.label[k])
        others = np.setdiff1d(estimate.label, [here])
        costs = estimate.after(np.array([here]), others, estimate.meetings.of(np.array([k])))
        if costs.size and costs.min() < estimate.cost:
            estimate.move(np.array([k]), here, int(others[costs.argmin()]))
    return estimate.label


def _pairs_by_overlap(shared: npt.NDArray[np.float32]) -> tuple[Int, Int]:
    """Pairs of groups, the first before the second, those that share most people first; ``shared`` is 0 but for such pairs."""
    flat = shared.ravel()
    found = np.flatnonzero(flat)
    if found.size > TRIED:  # those that share as many as the last one tried
        found = found[flat[found] >= np.partition(flat[found], -TRIED)[-TRIED]]
    found = found[np.argsort(-flat[found], kind="stable")][:TRIED]
    one, other = np.unravel_index(found, shared.shape)
    return one, other


def _fitted(met: Met, label: Int) -> Groups:
    """Homes and matchers for these meetings' groups, and groups enough for everybody."""
    n_volunteers = met.comes.shape[1]
    wanted = max(int(label.max(initial=-1)) + 1, -(-n_volunteers // max(1, met.most)) + len(np.unique(label)))
    matcher = _matchers(met, label, np.full(n_volunteers, FREE), wanted)
    return replace_homes(met, Groups(label=label, home=np.zeros(n_volunteers, dtype=np.int64), matcher=matcher))


def replace_homes(met: Met, groups: Groups) -> Groups:
    """The best homes for these labels and matchers."""
    return replace(groups, home=best_homes(_home_costs(met, groups.label, groups.matcher), met.most))


def _home_costs(met: Met, label: Int, matcher: Int) -> Int:
    """What each volunteer's attendances cost in each group, shape (V, G)."""
    in_group = met.counts(label, len(matcher))
    by_matcher = met.counts(met.leader % (met.n_matchers + 1), met.n_matchers + 1)[matcher]  # -1, unknown, is the last
    cost: Int = (2 * met.comes.sum(axis=0) - in_group - by_matcher).T
    return cost


def settled(met: Met, groups: Groups) -> Groups:
    """Improve homes, matchers and labels in turn until nothing gets better."""
    best = groups
    for _ in range(ROUNDS):
        matcher = _matchers(met, best.label, best.home, len(best.matcher))
        label = _labels(met, best.home, best.label)
        candidate = replace_homes(met, Groups(label=label, home=best.home, matcher=matcher))
        if met.changes(candidate) >= met.changes(best):
            break
        best = candidate
    homeless = ~np.isin(best.label, best.home)
    return replace(best, label=np.where(homeless, _labels(met, best.home, best.label), best.label))


def _matchers(met: Met, label: Int, home: Int, n_groups: int) -> Int:
    """For each group the matcher whom its members meet most; before there are members, who leads its meetings."""
    led = np.zeros((n_groups, met.n_matchers + 1), dtype=np.int64)
    if (home == FREE).all():
        np.add.at(led, (label, met.leader), met.comes.sum(axis=1))
    else:
        k, v = met.pairs
        np.add.at(led, (home[v], met.leader[k]), 1)
    chosen: Int = led[:, : max(1, met.n_matchers)].argmax(axis=1).astype(np.int64)
    return chosen


def _labels(met: Met, home: Int, label: Int) -> Int:
    """For each meeting the group that most of its people have as home; its present one where that is as good."""
    n_groups = max(int(home.max(initial=0)), int(label.max(initial=0))) + 1
    votes = np.zeros((len(label), n_groups), dtype=np.int64)
    k, v = met.pairs
    np.add.at(votes, (k, home[v]), 2)
    votes[np.arange(len(label)), label] += 1
    chosen: Int = np.where(met.label >= 0, met.label, votes.argmax(axis=1))
    return chosen
