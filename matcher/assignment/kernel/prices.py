"""From any optimal prices to those that ``Prices`` promises: a right's price is what all lose with one of its places.

That is the shortest way from the right to the outside in the residual network; under the kernel's prices no length on it
is negative, so one Dijkstra from the outside backwards finds them all, over the few pairs that can lie on a way.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.heap import drop_top, push
from matcher.assignment.kernel.lists import KEPT, renew, tables
from matcher.assignment.paths import FAR, grouped
from matcher.compiling import compiled

NEAR_ROW = 120


@compiled
def settle_prices(rows, weight, price, match, room):  # type: ignore[no-untyped-def]
    """Raise ``price`` in place to what all would lose with one place of each right.

    Of long rows the best pairs alone are looked at first; they tell how near the others would have to be.
    """
    right, points = rows[2], rows[3]
    lists = tables(match.size)
    way = np.where(room > 0, 0, FAR)
    nearest = FAR
    for left in range(match.size):
        if match[left] >= 0:
            own = right[match[left]]
            way[own] = min(way[own], points[match[left]] + weight - price[own])
            nearest = min(nearest, way[own])
    nearest = 0 if room.any() else nearest
    ways = _near_ways(rows, lists, weight, price, match, way, nearest)
    _spread(ways, way)
    further = _further_ways(rows, lists, weight, price, match, way, nearest)
    if further[0].size:
        _spread((np.append(ways[0], further[0]), np.append(ways[1], further[1]), np.append(ways[2], further[2])), way)
    for j in range(way.size):
        if way[j] < FAR:
            price[j] += way[j]


@compiled
def _near_ways(rows, lists, weight, price, match, way, nearest):  # type: ignore[no-untyped-def]
    """Pairs by which a right could be left: to which right, from which right, and what that itself loses."""
    start, stop, right, points = rows
    found, n = _ways(match.size * KEPT), 0
    for left in range(match.size):
        if match[left] < 0:
            continue
        own = right[match[left]]
        margin, limit = points[match[left]] - price[own], way[own] - nearest
        low, high = start[left], stop[left]
        if high - low > NEAR_ROW:
            renew(left, rows, lists, weight, price)
            row_right, row_points = lists[1][left], lists[2][left]
        else:
            row_right, row_points = right[low:high], points[low:high]
        found = _grown(found, n + row_right.size)
        n = _collect(found, n, own, margin, limit, row_right, row_points, price)
    return found[0][:n], found[1][:n], found[2][:n]


@compiled
def _further_ways(rows, lists, weight, price, match, way, nearest):  # type: ignore[no-untyped-def]
    """The same of the rows whose other pairs could still lose less than what is known."""
    start, stop, right, points = rows
    found, n = _ways(match.size), 0
    for left in range(match.size):
        low, high = start[left], stop[left]
        if match[left] < 0 or high - low <= NEAR_ROW:
            continue
        own = right[match[left]]
        margin, limit = points[match[left]] - price[own], way[own] - nearest
        if margin + weight - lists[3][left] < limit:
            found = _grown(found, n + high - low)
            n = _collect(found, n, own, margin, limit, right[low:high], points[low:high], price)
    return found[0][:n], found[1][:n], found[2][:n]


@compiled
def _collect(found, n, own, margin, limit, row_right, row_points, price):  # type: ignore[no-untyped-def]
    """Add the pairs that lose less than ``limit``; the answer is how many there are now."""
    ends, sources, lengths = found
    for at in range(row_right.size):
        j = row_right[at]
        length = margin - row_points[at] + price[j]
        if length < limit and j != own:
            ends[n], sources[n], lengths[n] = j, own, length
            n += 1
    return n


@compiled
def _ways(size):  # type: ignore[no-untyped-def]
    return np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int64)


@compiled
def _grown(found, size):  # type: ignore[no-untyped-def]
    """The same arrays with room for ``size``."""
    if size <= found[0].size:
        return found
    more = _ways(2 * size)
    for column in range(found[0].size):
        more[0][column], more[1][column], more[2][column] = found[0][column], found[1][column], found[2][column]
    return more


@compiled
def _spread(ways, way):  # type: ignore[no-untyped-def]
    """Dijkstra: shorten ``way`` in place by the ``ways``; every right is a source at what it has already."""
    ends, sources, lengths = ways
    slots, order = grouped(ends, way.size)
    most = way.size + lengths.size
    heap, size = (np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)), 0
    for j in range(way.size):
        if slots[j + 1] > slots[j] and way[j] < FAR:
            push(heap, size, way[j], j)
            size += 1
    while size:
        key, j = heap[0][0], heap[1][0]
        size -= 1
        drop_top(heap, size)
        if way[j] < key:
            continue
        for at in order[slots[j] : slots[j + 1]]:
            reach, other = key + lengths[at], sources[at]
            if reach < way[other]:
                way[other] = reach
                push(heap, size, reach, other)
                size += 1


@compiled
def left_prices(rows, weight, price, above, match):  # type: ignore[no-untyped-def]
    """What each left's best pair leaves it under the prices of the rights and, ``above``, of its group; never below 0."""
    start, stop, right, points = rows
    left_price = np.zeros(match.size, dtype=np.int64)
    for left in range(match.size):
        own = match[left]
        if own >= 0:
            left_price[left] = points[own] + weight - price[right[own]]
        else:
            for pair in range(start[left], stop[left]):
                left_price[left] = max(left_price[left], points[pair] + weight - price[right[pair]] - above[left])
    return left_price
