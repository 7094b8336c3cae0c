"""The few best pairs of a left, kept while prices rise: most of a long row then needs no second look.

``rows`` is (start, stop, right, points): the pairs of left i are ``start[i]:stop[i]``; ``right`` is uint32, as an index
that cannot be negative is cheaper. ``lists`` is (pair, right, points,
limit): up to KEPT pairs of each left, copied, and what the margin (``weight`` + points - price) of the others cannot exceed
any more, ever, as long as no price falls; UNKNOWN where nothing is kept yet.
"""

from __future__ import annotations

import numpy as np

from matcher.compiling import compiled, light

KEPT = 12
LONG_ROW = 300
UNKNOWN = 2**62
LOWEST = -(2**62)


@compiled
def empty_lists(rows):  # type: ignore[no-untyped-def]
    """Nothing kept yet; no room for lists where no row is long."""
    start, stop, _, _ = rows
    return tables(start.size if (stop - start).max() > LONG_ROW else 0)


@compiled
def tables(n_left):  # type: ignore[no-untyped-def]
    """Room for the lists of so many lefts."""
    pair, right = np.empty((n_left, KEPT), dtype=np.int64), np.empty((n_left, KEPT), dtype=np.uint32)
    points, limit = np.empty((n_left, KEPT), dtype=np.int64), np.full(n_left, UNKNOWN, dtype=np.int64)
    return pair, right, points, limit


@light
def renew(left, rows, lists, weight, price):  # type: ignore[no-untyped-def]
    """Keep the pairs of a long row that are best under the prices of now."""
    start, stop, right, points = rows
    kept_pair, kept_right, kept_points, limit = lists
    pairs, margins = kept_pair[left], kept_points[left]  # margins first; points are written last
    first = start[left]
    least, most_left_out = 0, LOWEST
    for at in range(KEPT):
        pairs[at], margins[at] = first + at, points[first + at] - price[right[first + at]]
        if margins[at] < margins[least]:
            least = at
    for pair in range(first + KEPT, stop[left]):
        margin = points[pair] - price[right[pair]]
        if margin > margins[least]:
            most_left_out = max(most_left_out, margins[least])
            pairs[least], margins[least] = pair, margin
            for at in range(KEPT):
                if margins[at] < margins[least]:
                    least = at
        elif margin > most_left_out:
            most_left_out = margin
    for at in range(KEPT):
        kept_right[left, at], kept_points[left, at] = right[pairs[at]], points[pairs[at]]
    limit[left] = most_left_out + weight


@light
def best_two(points, right, price, low, high, floor):  # type: ignore[no-untyped-def]
    """The best and the second best of points - price in ``low:high``, at least ``floor``; where the best is, -1 for the floor.

    Without branches: they could not be foreseen. Without slices: to make one costs as much as a few pairs. Unsigned: an index
    that could be negative is dearer.
    """
    best, second, one = floor, floor, -1
    for at in range(low, high):
        here = np.uint64(at)
        margin = points[here] - price[right[here]]
        second = max(second, min(best, margin))
        one = at if margin > best else one
        best = max(best, margin)
    return best, second, one


@light
def up_to_date(left, rows, lists, weight, price, floor):  # type: ignore[no-untyped-def]
    """``best_two`` of a left with a long row, by its list, which is renewed if it does not hold them for certain."""
    _, kept_right, kept_points, limit = lists
    if limit[left] == UNKNOWN:
        renew(left, rows, lists, weight, price)
    found = best_two(kept_points[left], kept_right[left], price, 0, KEPT, floor - weight)
    if limit[left] - weight > found[1]:
        renew(left, rows, lists, weight, price)
        found = best_two(kept_points[left], kept_right[left], price, 0, KEPT, floor - weight)
    return found


@light
def as_good(points, right, price, room, low, high, one):  # type: ignore[no-untyped-def]
    """Where in ``low:high`` a pair with points - price as high as at ``one`` has room; ``one`` if there is none."""
    best = points[one] - price[right[one]]
    for at in range(low, high):
        if points[at] - price[right[at]] == best and room[right[at]]:
            return at
    return one
