"""The steps of the dense method of Jonker and Volgenant: a greedy start, an auction, row reduction, shortest paths.

``cost`` has a row per left and a column per right, no fewer columns than rows, none below 0; ``potential`` is per column:
cost - potential is smallest in a row where the left is matched, and a column nobody holds has kept its first potential.
``match`` is the column of each left, ``owner`` the left of each column, -1 for none. ``span`` is the largest size that
numbers may have: 16 times as much must fit. A step that comes to a larger one answers -1 and leaves everything unfinished.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.dense_rows import append_at, least, reduce_into, relax, where, where_equal
from matcher.compiling import compiled, light

PATIENCE = 20


@compiled
def match_tight(cost, potential, match, owner, waiting):  # type: ignore[no-untyped-def]
    """Match each left to a free column without reduced cost, if there is one; the others go to ``waiting``.

    Potentials are the columns' smallest costs, or 0. The answer is how many wait.
    """
    tight, size = potential.copy(), 0
    for i in range(match.size):
        at = where_equal(cost[i], tight)
        if at >= 0:
            match[i], owner[at], tight[at] = at, i, -1
        else:
            waiting[size] = i
            size += 1
    return size


@compiled
def bid(cost, potential, match, owner, waiting, step, span):  # type: ignore[no-untyped-def]
    """Lower potentials by an auction among the ``waiting``: only these are kept, the plan is forgotten.

    Each left pays for its best column what it is worth more than its second best, and ``step``; it ends after so many bids
    a left. The answer is the number of lefts: all wait now.
    """
    reduced, queue = np.empty_like(potential), np.empty(match.size, dtype=np.int32)
    queue[: waiting.size] = waiting
    head, size, patience = 0, waiting.size, PATIENCE * match.size
    while size and patience:
        patience -= 1
        i = queue[head]
        head, size = head + 1 if head + 1 < queue.size else 0, size - 1
        best = reduce_into(reduced, cost[i], potential)
        at = where(reduced, best)
        reduced[at] = 8 * span
        potential[at] -= least(reduced) - best + step
        if potential[at] < -span:
            return -1
        outbid, owner[at] = owner[at], i
        if outbid >= 0:
            tail = head + size
            queue[tail if tail < queue.size else tail - queue.size] = outbid
            size += 1
    match[:], owner[:] = -1, -1
    return match.size


@compiled
def take(cost, potential, match, owner, waiting, rounds, span):  # type: ignore[no-untyped-def]
    """Match lefts to their best column, which falls to where the second best is as good (augmenting row reduction).

    Who is left over comes first in ``waiting``; their number is the answer.
    """
    reduced = np.empty_like(potential)
    size = waiting.size
    for _ in range(rounds):
        left_over, moves = 0, match.size
        for turn in range(size):
            i = waiting[turn]
            while i >= 0:
                best = reduce_into(reduced, cost[i], potential)
                at = where(reduced, best)
                reduced[at] = 8 * span
                margin = least(reduced) - best
                if not margin:
                    at = _free_one(reduced, best, owner, at, 8 * span)
                potential[at] -= margin
                if potential[at] < -span:
                    return -1
                loser, owner[at], match[i] = owner[at], i, at
                if loser >= 0:
                    match[loser] = -1
                    if not (margin and moves):
                        waiting[left_over] = loser
                        left_over, loser = left_over + 1, -1
                moves -= moves > 0
                i = loser
        size = left_over
    return size


@light
def _free_one(reduced, best, owner, at, far):  # type: ignore[no-untyped-def]
    """A column without owner that is as good as ``at``, else the last one that is as good."""
    while owner[at] >= 0:
        other = where(reduced, best)
        if other < 0:
            break
        reduced[other], at = far, other
    return at


@compiled
def match_each(cost, potential, match, owner, waiting, most, span):  # type: ignore[no-untyped-def]
    """Match every ``waiting`` left along a shortest augmenting path; the answer is how many wait still.

    It ends before a path that needs a cell that costs more than ``most``.
    """
    n_right = potential.size
    open_potential, distance, settled_at = potential.copy(), np.empty_like(potential), np.empty_like(potential)
    space = (open_potential, distance, settled_at, np.empty(n_right, dtype=np.int32), np.empty(n_right, dtype=np.int32))
    for turn in range(waiting.size):
        root = waiting[turn]
        end, level, n_before, n_queue = _search_from(root, cost, potential, owner, space, span)
        for j in space[4][:n_before]:
            potential[j] += settled_at[j] - level
            if potential[j] < -span:
                return -1
        for j in space[4][:n_queue]:
            open_potential[j] = potential[j]
        i = -1
        while i != root:
            i = space[3][end]
            if cost[i, end] > most:
                return waiting.size - turn
            owner[end] = i
            match[i], end = end, match[i]
    return 0


@light
def _search_from(root, cost, potential, owner, space, span):  # type: ignore[no-untyped-def]
    """Dijkstra under reduced costs to the nearest column without owner; columns at the same distance at once.

    A settled column lies ``far`` from then on, and its open potential keeps it there. The answer is the column, its
    distance, and the number of columns in the queue nearer than that, and of all in the queue.
    """
    open_potential, distance, settled_at, reached_by, queue = space
    for j in range(reached_by.size):
        reached_by[j] = root
    level = reduce_into(distance, cost[root], open_potential)
    at, size = 0, 0
    while True:
        before, size = size, append_at(distance, level, queue, size)
        for j in queue[before:size]:
            if owner[j] < 0:
                return j, level, before, size
            settled_at[j], distance[j], open_potential[j] = level, 8 * span, -16 * span
        low = level
        while at < size:
            j = queue[at]
            at += 1
            i = owner[j]
            low = relax(distance, reached_by, cost[i], open_potential, level - cost[i, j] + potential[j], i)
            if low == level:
                break
        level = low
