"""A table of costs for the dense path: what the pairs are worth less than the best of their row.

``cost`` and ``potential`` are filled in; the potential of a column is its smallest cost where the table is a square, and
stays 0 where it is not. The answer is the range of the points, -1 where a cost would exceed ``span``.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.bids import UNMATCHED
from matcher.assignment.kernel.dense_rows import least
from matcher.compiling import compiled

# What a pair that is not there costs: so many times the range of the others, above the worst of them.
MISSING = 4


@compiled
def fill_complete(cost, potential, worth, span):  # type: ignore[no-untyped-def]
    """From what every cell is worth."""
    widest = 0
    for i in range(worth.shape[0]):
        row, line = worth[i], cost[i]
        low, high = row[0], row[0]
        for j in range(row.size):
            low, high = min(low, row[j]), max(high, row[j])
        widest = max(widest, high - low)
        if widest > span:
            return -1
        for j in range(row.size):
            line[j] = high - row[j]
        _lower(potential, line, cost.shape, i)
    return widest


@compiled
def fill_listed(cost, potential, rows, place_of_left, place_of_right, turned, span):  # type: ignore[no-untyped-def]
    """From the pairs whose left and right both have a place; a row is a right's if ``turned``. The others cost much more."""
    start, stop, right, points = rows
    low, high = points.min(), points.max()
    widest = high - low
    if widest > span // (MISSING + 2):
        return -1
    cost[:] = (MISSING + 1) * (widest + 1)
    for left in range(start.size):
        i = place_of_left[left]
        for pair in range(start[left], stop[left] if i >= 0 else start[left]):
            j = place_of_right[right[pair]]
            if j >= 0:
                if turned:
                    cost[j, i] = high - points[pair]
                else:
                    cost[i, j] = high - points[pair]
    for i in range(cost.shape[0]):
        line = cost[i]
        best = least(line)
        for j in range(line.size):
            line[j] -= best
        _lower(potential, line, cost.shape, i)
    return widest


@compiled
def _lower(potential, line, shape, i):  # type: ignore[no-untyped-def]
    """Lower the potentials of a square by its row ``i``."""
    if shape[0] == shape[1]:
        if not i:
            potential[:] = line
        for j in range(line.size):
            potential[j] = min(potential[j], line[j])


@compiled
def numbers_of(lefts, rights, rows):  # type: ignore[no-untyped-def]
    """The number of the pair of each left and right, UNMATCHED where there is none."""
    start, stop, right, _ = rows
    numbers = np.full(lefts.size, UNMATCHED, dtype=np.int64)
    for at in range(lefts.size):
        low, high = start[lefts[at]], stop[lefts[at]]
        wanted = np.uint32(rights[at])
        pair = low + np.int64(wanted)  # it is here if no pair before it is missing
        if pair >= high or right[pair] != wanted:
            pair = low + np.searchsorted(right[low:high], wanted)
        if pair < high and right[pair] == wanted:
            numbers[at] = pair
    return numbers
