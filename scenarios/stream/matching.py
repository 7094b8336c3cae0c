"""The best pairs of those who wait today: a plan of the greatest total gain, by shortest augmenting paths [1]_.

.. [1] R. Jonker and A. Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems,
   Computing 38, 1987.
"""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled


@compiled
def best_pairs(gain):  # type: ignore[no-untyped-def]
    """The column of each row, -1 for none, in a plan of the greatest total; only gains above 0 are pairs."""
    rows, columns = np.nonzero(gain > 0.0)
    used_row, used_column = np.zeros(gain.shape[0], np.int64), np.zeros(gain.shape[1], np.int64)
    for k in range(rows.size):
        used_row[rows[k]] = 1
        used_column[columns[k]] = 1
    row, column = np.flatnonzero(used_row), np.flatnonzero(used_column)
    match = np.full(gain.shape[0], -1, np.int64)
    turned = row.size > column.size
    small, large = (column, row) if turned else (row, column)
    cost = np.zeros((small.size, large.size))
    for i in range(small.size):
        for j in range(large.size):
            worth = gain[large[j], small[i]] if turned else gain[small[i], large[j]]
            cost[i, j] = -worth if worth > 0.0 else 0.0
    owner = _owners(cost)
    for j in range(large.size):
        i = owner[j]
        if i >= 0 and cost[i, j] < 0.0:
            if turned:
                match[large[j]] = small[i]
            else:
                match[small[i]] = large[j]
    return match


@compiled
def _owners(cost):  # type: ignore[no-untyped-def]
    """The row of each column, -1 for none, at the least total cost; a row may also stay alone, at cost 0."""
    n, m = cost.shape
    price, potential = np.zeros(m + n), np.zeros(n)
    owner = np.full(m + n, -1, np.int64)
    distance, before, settled = np.empty(m + n), np.empty(m + n, np.int64), np.empty(m + n, np.bool_)
    for start in range(n):
        distance[:], before[:], settled[:] = np.inf, -1, False
        row, column, reached = start, -1, 0.0
        while True:
            nearest, at = np.inf, -1
            for j in range(m + n):
                if settled[j] or (j >= m and j != m + row and owner[j] < 0):
                    continue
                if j < m or j == m + row:
                    length = reached + (cost[row, j] if j < m else 0.0) - potential[row] - price[j]
                    if length < distance[j]:
                        distance[j], before[j] = length, column
                if distance[j] < nearest:
                    nearest, at = distance[j], j
            settled[at], column, reached = True, at, nearest
            if owner[at] < 0:
                break
            row = owner[at]
        _shift(start, column, reached, price, potential, owner, distance, before, settled)
    return owner[:m]


@compiled
def _shift(start, column, reached, price, potential, owner, distance, before, settled):  # type: ignore[no-untyped-def]
    """Move prices so that the path found is tight, and the rows along it to their new columns."""
    potential[start] += reached
    for j in range(price.size):
        if settled[j] and owner[j] >= 0:
            potential[owner[j]] += reached - distance[j]
            price[j] += distance[j] - reached
    while before[column] >= 0:
        owner[column] = owner[before[column]]
        column = before[column]
    owner[column] = start
