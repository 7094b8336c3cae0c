"""The pairs by their left and by their right: where each one's pairs lie."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light


@compiled
def row_starts(left, n_left):  # type: ignore[no-untyped-def]
    """Where each left's pairs start, and the end; ``left`` is sorted, and searched in steps that double."""
    start = np.zeros(n_left + 1, dtype=np.int64)
    at = 0
    for i in range(n_left):
        start[i], step = at, 1
        while at + step <= left.size and left[at + step - 1] == i:
            at += step
            step *= 2
        while step > 1:
            step //= 2
            if at + step <= left.size and left[at + step - 1] == i:
                at += step
    start[n_left] = left.size
    return start


@compiled
def with_pairs(right, n_right):  # type: ignore[no-untyped-def]
    """Which rights have a pair."""
    has = np.zeros(n_right, dtype=np.bool_)
    for j in right:
        has[j] = True
    return has


@compiled
def useful(rows, open_, rights):  # type: ignore[no-untyped-def]
    """The open lefts and the rights with places that have a pair, how many places these are, and the most that one has."""
    start, stop, right, _ = rows
    has = with_pairs(right, rights.size) if right.size < open_.size * rights.size else np.ones(rights.size, dtype=np.bool_)
    used = np.where(has, rights, 0)
    return np.flatnonzero(open_ & (start < stop)), np.flatnonzero(used), used.sum(), used.max() if used.size else 0


@compiled
def turned(rows, n_right):  # type: ignore[no-untyped-def]
    """The pairs by right: those of right j are ``slots[j]:slots[j + 1]`` of the lefts (rising) and of the points."""
    start, stop, right, points = rows
    slots = np.zeros(n_right + 1, dtype=np.int64)
    for j in right:
        slots[j + 1] += 1
    for j in range(n_right):
        slots[j + 1] += slots[j]
    free = slots[:-1].copy()
    by_lefts, by_points = np.empty(right.size, dtype=np.uint32), np.empty(right.size, dtype=np.int64)
    for left in range(start.size):
        for pair in range(start[left], stop[left]):
            j = right[pair]
            by_lefts[free[j]], by_points[free[j]] = left, points[pair]
            free[j] += 1
    return slots, by_lefts, by_points


@light
def pair_of(wanted, low, high, ends):  # type: ignore[no-untyped-def]
    """The pair in ``low:high`` whose end is ``wanted``; ends rise."""
    while low < high:
        middle = (low + high) // 2
        if ends[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
