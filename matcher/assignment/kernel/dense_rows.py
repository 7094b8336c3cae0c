"""Passes over one row of a dense table, without branches: the compiler makes them vector instructions.

Whole numbers are 32 or 64 bits wide, as the arrays are; what a loop compares has been stored in one or cut to its width, so
that it is not widened on the way. Blocks have a fixed length, as loops of an unknown one are slow to begin.
"""

from __future__ import annotations

import numpy as np

from matcher.compiling import light

BLOCK = 64


@light
def least(values):  # type: ignore[no-untyped-def]
    """The smallest value."""
    low = values[0]
    for j in range(values.size):
        low = min(low, values[j])
    return low


@light
def reduce_into(reduced, row, potential):  # type: ignore[no-untyped-def]
    """Write the reduced costs of a row; the answer is the smallest."""
    for j in range(reduced.size):
        reduced[j] = row[j] - potential[j]
    return least(reduced)


@light
def where(values, value):  # type: ignore[no-untyped-def]
    """The first column with this value, -1 if there is none."""
    base = 0
    while base + BLOCK <= values.size:
        hits = np.int8(0)
        for j in range(base, base + BLOCK):
            hits = np.int8(hits | (values[j] == value))
        if hits:
            for j in range(base, base + BLOCK):
                if values[j] == value:
                    return j
        base += BLOCK
    for j in range(base, values.size):
        if values[j] == value:
            return j
    return -1


@light
def where_equal(values, others):  # type: ignore[no-untyped-def]
    """The first column where both are the same, -1 if there is none."""
    base = 0
    while base + BLOCK <= values.size:
        hits = np.int8(0)
        for j in range(base, base + BLOCK):
            hits = np.int8(hits | (values[j] == others[j]))
        if hits:
            for j in range(base, base + BLOCK):
                if values[j] == others[j]:
                    return j
        base += BLOCK
    for j in range(base, values.size):
        if values[j] == others[j]:
            return j
    return -1


@light
def append_at(distance, level, queue, size):  # type: ignore[no-untyped-def]
    """Append to ``queue``, of ``size`` entries, the columns whose distance is ``level``; the answer is the new size."""
    base = 0
    while base + BLOCK <= distance.size:
        hits = np.int8(0)
        for j in range(base, base + BLOCK):
            hits = np.int8(hits | (distance[j] == level))
        if hits:
            for j in range(base, base + BLOCK):
                if distance[j] == level:
                    queue[size] = j
                    size += 1
        base += BLOCK
    for j in range(base, distance.size):
        if distance[j] == level:
            queue[size] = j
            size += 1
    return size


@light
def relax(distance, reached_by, row, potential, base, left):  # type: ignore[no-untyped-def]
    """Shorten distances by way of a left at distance ``base`` to its columns; the answer is the smallest distance."""
    low = distance[0]
    for j in range(distance.size):
        reach = distance.dtype.type(base + row[j] - potential[j])
        before, by = distance[j], reached_by[j]
        nearer = reach < before
        reached_by[j] = left if nearer else by
        now = reach if nearer else before
        distance[j] = now
        low = min(low, now)
    return low
