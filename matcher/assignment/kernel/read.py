"""The door's arrays in one look, and as rows of whole points."""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled

SMALLEST = 2.0**-960
"""Below this a scaled score may itself have been rounded; what is lost is no more than this."""


@compiled
def survey(left, right, score):  # type: ignore[no-untyped-def]
    """Whether pairs rise by (left, right); the least and the largest left and right; scores: largest magnitude, finite, whole."""
    n_rising, n_finite, n_whole, largest = 0, 0, 0, 0.0
    least_left, least_right, most_left, most_right = 0, 0, -1, -1
    for k in range(left.size):
        i, j, value = left[k], right[k], score[k]
        n_finite += value - value == 0
        n_whole += value == np.floor(value)
        largest = max(largest, abs(value))
        least_left, least_right = min(least_left, i), min(least_right, j)
        most_left, most_right = max(most_left, i), max(most_right, j)
    for k in range(1, left.size):
        n_rising += (left[k] > left[k - 1]) | ((left[k] == left[k - 1]) & (right[k] > right[k - 1]))
    return n_rising >= left.size - 1, (least_left, most_left), (least_right, most_right), (largest, n_finite, n_whole)


@compiled
def in_order(left, right, score, n_left, n_right):  # type: ignore[no-untyped-def]
    """The pairs by (left, right), each once, at its best score: two counting sorts."""
    n = left.size
    free, start = np.zeros(n_right + 1, dtype=np.int64), np.zeros(n_left + 1, dtype=np.int64)
    for k in range(n):
        free[right[k] + 1] += 1
        start[left[k] + 1] += 1
    free, start = np.cumsum(free), np.cumsum(start)
    by_right = np.empty(n, dtype=np.int64)
    for k in range(n):
        by_right[free[right[k]]] = k
        free[right[k]] += 1
    to_left, to_right, to_score = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.float64)
    for k in by_right:
        at = start[left[k]]
        to_left[at], to_right[at], to_score[at] = left[k], right[k], score[k]
        start[left[k]] += 1
    size = min(n, 1)
    for k in range(1, n):
        last = size - 1
        if to_left[k] == to_left[last] and to_right[k] == to_right[last]:
            to_score[last] = max(to_score[last], to_score[k])
        else:
            to_left[size], to_right[size], to_score[size] = to_left[k], to_right[k], to_score[k]
            size += 1
    return to_left[:size], to_right[:size], to_score[:size]


@compiled
def as_rows(left, right, score, sizes, factor):  # type: ignore[no-untyped-def]
    """Rows as in lists.py of pairs that rise by (left, right); points are ``factor`` times the score, rounded.

    Beside them: how many pairs each right has, and the scaling's largest rounding down and up and sum of magnitudes.
    """
    n_left, n_right = sizes
    start, count = np.zeros(n_left + 1, dtype=np.int64), np.zeros(n_right, dtype=np.int64)
    ends, points = np.empty(left.size, dtype=np.uint32), np.empty(left.size, dtype=np.int64)
    row, n_exact, above, below, total = 0, 0, 0.0, 0.0, 0.0
    for k in range(left.size):
        while row < left[k]:
            row += 1
            start[row] = k
        exactly = score[k] * factor
        whole = np.rint(exactly)
        n_exact += (exactly == whole) & ((whole != 0) | (score[k] == 0))
        above, below, total = max(above, exactly - whole), max(below, whole - exactly), total + abs(exactly)
        ends[k], points[k] = right[k], np.int64(whole)
        count[right[k]] += 1
    start[row + 1 :] = left.size
    if n_exact < left.size:
        above, below = max(above, SMALLEST), max(below, SMALLEST)
    return (start[:-1], start[1:], ends, points), count, (above, below, total)
