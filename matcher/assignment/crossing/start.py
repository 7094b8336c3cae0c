"""A plan to begin with where limits cross: the flow's plan, mended move by move until it keeps every limit.

By how much limits are exceeded, or are short of their least, is added up, a match short as two too many. Each move (a pair
out, a pair in, or one for another) makes that sum smaller, so the moves come to an end: at a plan, or where no move helps.
Whoever then fits beside the others joins them, the most points first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

SHORT = 2
"""A match short counts as much as so many too many."""
NOBODY = -1
CELLS = 4_000_000
"""So many exchanges are weighed against each other at once, those with the most points."""


def first_plan(question: Question, flow: Mask, weight: int) -> Mask | None:
    """A plan near ``flow``, which keeps all capacities; None where the moves end before all limits are kept.

    A match counts ``weight`` beside its points.
    """
    room = _Room.of(question)
    plan = flow.copy()
    while room.excess(plan).any() or room.lack(plan).any():
        out, into, change = min(_moves(question, room, plan), key=lambda move: move[2])
        if change >= 0:
            out, into, change = _exchange(question, room, plan)
        if change >= 0:
            return None
        _turn(plan, out, into)
    _fill(question, room, plan, weight)
    return plan if question.holds(plan) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Room:
    """All limits alike, groups and crossing ones; ``entry``, shape (limits, pairs): which pairs count for each."""

    entry: Mask
    least: Int
    most: Int

    @classmethod
    def of(cls, question: Question) -> _Room:
        pairs = question.pairs
        member = np.concatenate([_groups(pairs), question.member])
        return cls(
            entry=member[:, pairs.left],
            least=np.concatenate([pairs.group_least, question.least]),
            most=np.concatenate([pairs.group_limit, question.most]),
        )

    def counts(self, plan: Mask) -> Int:
        """Pairs of the plan under each limit."""
        counted: Int = self.entry[:, plan].sum(1, dtype=np.int64)
        return counted

    def excess(self, plan: Mask) -> Int:
        """By how much each limit is exceeded."""
        above: Int = np.maximum(self.counts(plan) - self.most, 0)
        return above

    def lack(self, plan: Mask) -> Int:
        """How much each limit is short of its least."""
        below: Int = np.maximum(self.least - self.counts(plan), 0)
        return below

    def rise(self, plan: Mask) -> tuple[Int, Int]:
        """By how much the sum of faults grows with one pair more, and with one less, under each limit."""
        counts = self.counts(plan)
        more = (counts >= self.most).astype(np.int64) - SHORT * (counts < self.least)
        less = SHORT * (counts <= self.least) - (counts > self.most).astype(np.int64)
        return more, less.astype(np.int64)


def _groups(pairs: ScoredPairs) -> Mask:
    """Which lefts each group holds, those of the groups inside it too."""
    member = np.zeros((pairs.n_groups, pairs.n_left), dtype=np.bool_)
    group = pairs.group
    while (group >= 0).any():
        lefts = np.flatnonzero(group >= 0)
        member[group[lefts], lefts] = True
        group = np.append(pairs.group_parent, NOBODY)[group]
    return member


def _moves(question: Question, room: _Room, plan: Mask) -> list[tuple[int, int, float]]:
    """The best move of each kind, as (pair out, pair in, change); among equal ones the change of points decides."""
    pairs, inside = question.pairs, np.flatnonzero(plan)
    more, less = room.rise(plan)
    points = pairs.points / (2.0 * (np.abs(pairs.points).max(initial=0) + 1))
    out = less @ room.entry[:, inside] + points[inside] / 2
    moves = [(NOBODY, NOBODY, 0.0)]
    if inside.size:
        moves.append((int(inside[out.argmin()]), NOBODY, float(out.min())))
    lefts, rights, _ = pairs.counts(plan)
    short = room.entry[room.lack(plan) > 0].any(0)
    able = np.flatnonzero(short & ~plan & (lefts < pairs.left_capacity)[pairs.left])
    holder = np.full(pairs.n_right, NOBODY)
    cheapest_last = inside[np.argsort(-out, kind="stable")]
    holder[pairs.right[cheapest_last]] = cheapest_last
    free = (rights < pairs.right_capacity)[pairs.right[able]]
    into, swap = able[free], able[~free]
    if into.size:
        worth = more @ room.entry[:, into] - points[into] / 2
        moves.append((NOBODY, int(into[worth.argmin()]), float(worth.min())))
    swap = swap[holder[pairs.right[swap]] != NOBODY]
    if swap.size:
        had = holder[pairs.right[swap]]
        enters, leaves = room.entry[:, swap] & ~room.entry[:, had], room.entry[:, had] & ~room.entry[:, swap]
        worth = more @ enters + less @ leaves + (points[had] - points[swap]) / 2
        moves.append((int(had[worth.argmin()]), int(swap[worth.argmin()]), float(worth.min())))
    return [(left_out, joins, change if round(change) < 0 else 0.0) for left_out, joins, change in moves]


def _exchange(question: Question, room: _Room, plan: Mask) -> tuple[int, int, float]:
    """The best move of a pair out for one elsewhere, where it takes both to mend a limit without breaking another."""
    pairs = question.pairs
    more, less = room.rise(plan)
    lefts, rights, _ = pairs.counts(plan)
    into = np.flatnonzero(~plan & (lefts < pairs.left_capacity)[pairs.left])
    into = into[np.argsort(-pairs.points[into], kind="stable")]
    excess, lack = room.excess(plan) > 0, room.lack(plan) > 0
    out = np.flatnonzero(plan & (room.entry[excess].any(0) | lack.any()))
    into = into[: CELLS // max(out.size, 1)]
    if not out.size or not into.size:
        return NOBODY, NOBODY, 0.0
    leaves, joins = room.entry[:, out].astype(np.float64), room.entry[:, into].astype(np.float64)
    change = (less @ leaves)[:, None] + (more @ joins)[None, :] - (leaves * (less + more)[:, None]).T @ joins
    free = (rights < pairs.right_capacity)[pairs.right[into]][None, :] | (pairs.right[out][:, None] == pairs.right[into][None, :])
    change[~free] = 0.0
    at = np.unravel_index(int(change.argmin()), change.shape)
    return int(out[at[0]]), int(into[at[1]]), float(change[at])


def _turn(plan: Mask, out: int, into: int) -> None:
    if out != NOBODY:
        plan[out] = False
    if into != NOBODY:
        plan[into] = True


def _fill(question: Question, room: _Room, plan: Mask, weight: int) -> None:
    """Let whoever fits and gains something join, the most points first."""
    pairs = question.pairs
    lefts, rights, _ = pairs.counts(plan)
    counts = room.counts(plan)
    fits = ~plan & (lefts < pairs.left_capacity)[pairs.left] & (rights < pairs.right_capacity)[pairs.right]
    fits &= ~room.entry[counts >= room.most].any(0) & (pairs.points + weight > 0)
    able = np.flatnonzero(fits)
    for pair in able[np.argsort(-pairs.points[able], kind="stable")].tolist():
        left, right = pairs.left[pair], pairs.right[pair]
        places = lefts[left] < pairs.left_capacity[left] and rights[right] < pairs.right_capacity[right]
        if places and (counts + room.entry[:, pair] <= room.most).all():
            plan[pair] = True
            lefts[left] += 1
            rights[right] += 1
            counts += room.entry[:, pair]
