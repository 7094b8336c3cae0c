"""What a division of the meetings into groups would cost, kept up while meetings go from group to group.

Each volunteer is taken to have her best home. A move changes two groups, so all that is asked of a volunteer about the others is
her best three.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matcher.calendar.groups.grouping import Met
    from matcher.calendar.year import Int, Mask

LOW = 32
"""Bits for the number of a group below those for what it spares, so that the greatest key is the best group, and the first."""
LAST = (1 << LOW) - 1
NEVER = -(1 << 62)


class Part(NamedTuple):
    """Meetings of a group, or T parts of groups at once: shapes (V,), (M + 1,), () or (T, V), (T, M + 1), (T,).

    came : attendances of each volunteer; ``led``: attendances under each matcher, an unknown one last; ``held``: meetings.
    """

    came: Int
    led: Int
    held: Int

    def of(self, groups: Int) -> Part:
        """Some rows."""
        return Part(self.came[groups], self.led[groups], self.held[groups])

    def less(self, other: Part) -> Part:
        """Without another part."""
        return Part(self.came - other.came, self.led - other.led, self.held - other.held)

    def plus(self, other: Part) -> Part:
        """With another part."""
        return Part(self.came + other.came, self.led + other.led, self.held + other.held)


class Estimate:
    """Changes if each volunteer had her best home, and twice for each member too many; G groups, some of them empty.

    ``label``, shape (K,): the group of each meeting; ``whole``: each group's meetings.
    """

    def __init__(self, met: Met, label: Int) -> None:
        self.label, self.most = label.copy(), met.most
        comes = met.comes.astype(np.int64)
        led = np.zeros((len(label), met.n_matchers + 1), dtype=np.int64)
        led[np.arange(len(label)), met.leader] = comes.sum(axis=1)
        self.meetings = Part(comes, led, np.ones(len(label), dtype=np.int64))
        self.under = met.counts(met.leader % (met.n_matchers + 1), met.n_matchers + 1)  # -1, unknown, is the last
        self.known = max(1, met.n_matchers)
        self.worst = 2 * int(comes.sum())
        self.whole = self.gathered(np.ones(len(label), dtype=np.bool_))
        self.keys = self._keys(np.arange(len(self.whole.held)), self.whole)

    def gathered(self, some: Mask) -> Part:
        """Some meetings, put together by group."""
        groups, size = self.label[some], int(self.label.max()) + 1
        meetings = self.meetings.of(np.flatnonzero(some))
        sums = [np.zeros((size, *one.shape[1:]), dtype=np.int64) for one in meetings]
        for found, one in zip(sums, meetings, strict=True):
            np.add.at(found, groups, one)
        return Part(*sums)

    @property
    def cost(self) -> int:
        """With the groups as they are."""
        return int(self._costs(self._best_three[0][None, :])[0])

    def after(self, source: Int, goal: Int, moved: Part) -> Int:
        """The estimate after each of T moves from one group to another one, shape (T,); ``moved`` has T rows, or one for all."""
        left, joined = self._keys(source, self.whole.of(source).less(moved)), self._keys(goal, self.whole.of(goal).plus(moved))
        first, second, third = self._best_three
        groups = [LAST - (one & LAST) for one in (first, second)]
        gone = [(one == source[:, None]) | (one == goal[:, None]) for one in groups]
        other = np.where(gone[0], np.where(gone[1], third, second), first)
        return self._costs(np.maximum(np.maximum(left, joined), other))

    def move(self, meetings: Int, source: int, goal: int) -> None:
        """Meetings go from one group to another one."""
        for groups, one in zip(self.whole, self.meetings, strict=True):
            moved = one[meetings].sum(axis=0)
            groups[source] -= moved
            groups[goal] += moved
        touched = np.array([source, goal])
        self.keys[touched] = self._keys(touched, self.whole.of(touched))
        self.label[meetings] = goal
        self.__dict__.pop("_best_three", None)

    def _keys(self, groups: Int, part: Part) -> Int:
        """What each group spares each volunteer above its number turned round, shape (T, V); an empty one less than nothing."""
        matcher = part.led[:, : self.known].argmax(axis=1)
        spared = np.where(part.held[:, None] > 0, part.came + self.under[matcher], -1)
        keys: Int = (spared << LOW) | (LAST - groups[:, None])
        return keys

    @cached_property
    def _best_three(self) -> tuple[Int, Int, Int]:
        """The three greatest keys of each volunteer."""
        keys, people = self.keys.copy(), np.arange(self.keys.shape[1])
        found = []
        for _ in range(3):
            best = keys.max(axis=0)
            keys[np.minimum(LAST - (best & LAST), len(keys) - 1), people] = NEVER
            found.append(best)
        return found[0], found[1], found[2]

    def _costs(self, best: Int) -> Int:
        n_cases, n_groups = len(best), len(self.keys)
        home = LAST - (best & LAST) + np.arange(n_cases)[:, None] * n_groups
        members = np.bincount(home.ravel(), minlength=n_cases * n_groups).reshape(n_cases, n_groups)
        crowd = np.maximum(members - self.most, 0).sum(axis=1)
        costs: Int = self.worst - (best >> LOW).sum(axis=1) + 2 * crowd
        return costs
