"""The pairs by their left and by their right: where each one's pairs lie."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def with_pairs(right, n_right):  # type: ignore[no-untyped-def]
    """Which rights have a pair."""
    has = np.zeros(n_right, dtype=np.bool_)
    for j in right:
        has[j] = True
    return has


@njit(cache=True, nogil=True)
def place_of(match, right, first):  # type: ignore[no-untyped-def]
    """A place of its right for every left that has a pair, -1 for the others."""
    place, taken = np.full(match.size, -1, dtype=np.int64), first[:-1].copy()
    for left in range(match.size):
        if match[left] >= 0:
            j = right[match[left]]
            place[left] = taken[j]
            taken[j] += 1
    return place


@njit(cache=True, nogil=True)
def found_at(lefts, rights, slots, by_right, left):  # type: ignore[no-untyped-def]
    """Where each pair (``lefts[k]``, ``rights[k]``) lies in ``by_right``; those of one right lie in the order of their lefts."""
    found = np.empty(lefts.size, dtype=np.int64)
    for k in range(lefts.size):
        low, high = slots[rights[k]], slots[rights[k] + 1]
        while low < high:
            middle = (low + high) // 2
            if left[by_right[middle]] < lefts[k]:
                low = middle + 1
            else:
                high = middle
        found[k] = low
    return found
