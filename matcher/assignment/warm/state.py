"""The state of a warm plan, and its proof; compiled loops.

It is a few tuples of arrays, changed in place. All prices and weights are whole; a pair weighs ``weight`` + points.

- ``graph``: (start, right, points); the pairs of left i are ``start[i]:start[i + 1]``, ``right`` is uint32.
- ``columns``: (slots, pair, left, points, at); those of right j lie at ``slots[j]:slots[j + 1]``, ``left`` is uint32. The points
  stand here a second time, those of pair p at ``at[p]``: a column's would else be all over the memory.
- ``plan``: (left_price, price, capacity, match, first, holder, slot, used). ``match`` is a left's pair or -1; the lefts of
  right j are ``holder[first[j]:first[j] + used[j]]``, and left i lies in ``slot[i]``. Who is closed has the price SHUT; so
  has who has no pairs. WAITING is the price of a left that has given up its place and is to be matched anew.
- ``work``: labels and lists of a search from a left, of one from a right, and the heap of both.
- ``proof``: (sums, row_list, row_noted, column_list, column_noted): running sums, and the rows and columns one of whose
  prices fell, so that their pairs must be looked at again.

Between two changes the prices are feasible (left + right >= weight of every pair, none below 0), a pair of the plan is
tight, and only matched lefts and full rights have a price; so the sum of all prices is the plan's value.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.paths import FAR
from matcher.compiling import compiled, light

SHUT = 2**61
WAITING = -1
NONE = -1
MATCHED, TOTAL, BOUND, LEFTS, PRICED, PLACES, OVERFULL, N_ROWS, N_COLUMNS = range(9)
"""The sums: pairs of the plan, their points, all prices, open lefts, those of them whose price is in the sum, all places,
rights with more lefts than places, and how many rows and columns are noted."""


@compiled
def workspace(n_left, n_right, n_pairs):  # type: ignore[no-untyped-def]
    """What the searches need; the heap's memory is touched only as far as a search goes."""
    from_left = (
        np.full(n_right, FAR, dtype=np.int64),
        np.empty(n_right, dtype=np.int64),
        np.empty(n_right, dtype=np.int32),
        np.empty(n_right, dtype=np.int32),
        np.empty(n_right, dtype=np.int32),
    )
    from_right = (
        np.full(n_left, FAR, dtype=np.int64),
        np.empty(n_left, dtype=np.int64),
        np.empty(n_left, dtype=np.int32),
        np.empty(n_left, dtype=np.int32),
        np.empty(n_left, dtype=np.int32),
        np.full(n_right, FAR, dtype=np.int64),
        np.empty(n_right, dtype=np.int32),
        np.empty(n_right, dtype=np.int32),
    )
    heap = (np.empty(n_pairs + 1, dtype=np.int64), np.empty(n_pairs + 1, dtype=np.int32))
    return from_left, from_right, heap


@compiled
def no_proof(n_left, n_right):  # type: ignore[no-untyped-def]
    """Sums of nothing, nothing noted."""
    return (
        np.zeros(9, dtype=np.int64),
        np.empty(n_left, dtype=np.int32),
        np.zeros(n_left, dtype=np.bool_),
        np.empty(n_right, dtype=np.int32),
        np.zeros(n_right, dtype=np.bool_),
    )


@light
def note_row(left, proof):  # type: ignore[no-untyped-def]
    """A left's price fell: its pairs must be looked at again."""
    sums, rows, noted = proof[0], proof[1], proof[2]
    if not noted[left]:
        noted[left], rows[sums[N_ROWS]] = True, left
        sums[N_ROWS] += 1


@light
def note_column(j, proof):  # type: ignore[no-untyped-def]
    """A right's price fell: its pairs must be looked at again."""
    sums, columns, noted = proof[0], proof[3], proof[4]
    if not noted[j]:
        noted[j], columns[sums[N_COLUMNS]] = True, j
        sums[N_COLUMNS] += 1


@light
def seat(left, pair, graph, plan, proof):  # type: ignore[no-untyped-def]
    """Give a left that has none a place with the right of ``pair``."""
    _, right, points = graph
    _, _, capacity, match, first, holder, slot, used = plan
    j, sums = right[pair], proof[0]
    place = first[j] + used[j]
    holder[place], slot[left], match[left] = left, place, pair
    used[j] += 1
    sums[OVERFULL] += used[j] > capacity[j]
    sums[MATCHED] += 1
    sums[TOTAL] += points[pair]


@light
def unseat(left, graph, plan, proof):  # type: ignore[no-untyped-def]
    """Take a left's place away; the answer is its right. Prices stay."""
    _, right, points = graph
    _, _, capacity, match, first, holder, slot, used = plan
    pair, sums = match[left], proof[0]
    j = right[pair]
    sums[OVERFULL] -= used[j] > capacity[j]
    used[j] -= 1
    moved = holder[first[j] + used[j]]
    holder[slot[left]], slot[moved] = moved, slot[left]
    match[left] = NONE
    sums[MATCHED] -= 1
    sums[TOTAL] -= points[pair]
    return np.int64(j)


@light
def move_prices(amount, plan, proof):  # type: ignore[no-untyped-def]
    """From all rights to all lefts (or back, where it is below 0): the sum of no pair changes.

    Where everybody on one side is matched, all prices of the other side may stand too high by as much as the lowest of them,
    and a search that has to end there would first have to look at everything that is nearer than that.
    """
    left_price, price, capacity = plan[0], plan[1], plan[2]
    if amount == 0:
        return
    for j in range(price.size):
        if capacity[j]:
            price[j] -= amount
            proof[0][BOUND] -= amount * capacity[j]
    for left in range(left_price.size):
        if WAITING < left_price[left] < SHUT:
            left_price[left] += amount
            proof[0][BOUND] += amount


@light
def lowest(price):  # type: ignore[no-untyped-def]
    """The lowest price of a side; who is closed or waiting does not count; 0 where nobody is left."""
    lowest = np.int64(SHUT)
    for of in price:
        if WAITING < of < lowest:
            lowest = of
            if lowest == 0:
                break
    return lowest if lowest < SHUT else np.int64(0)


@light
def proved(weight, graph, columns, plan, proof):  # type: ignore[no-untyped-def]
    """Whether the plan keeps the capacities, no left waits, no noted price is too low, and the bound is the plan's value."""
    start, right, points = graph
    slots, _, left_at, points_at, _ = columns
    left_price, price = plan[0], plan[1]
    sums, rows, row_noted, noted_columns, column_noted = proof
    least = np.int64(0)
    for left in rows[: sums[N_ROWS]]:
        row_noted[left] = False
        own = left_price[left]
        least = min(least, own)
        for pair in range(start[left], start[left + 1]):
            least = min(least, own + price[right[pair]] - points[pair] - weight)
    for j in noted_columns[: sums[N_COLUMNS]]:
        column_noted[j] = False
        own = price[j]
        least = min(least, own)
        for at in range(slots[j], slots[j + 1]):
            least = min(least, own + left_price[left_at[at]] - points_at[at] - weight)
    sums[N_ROWS], sums[N_COLUMNS] = 0, 0
    whole = sums[OVERFULL] == 0 and sums[PRICED] == sums[LEFTS]
    return whole and least == 0 and sums[MATCHED] * weight + sums[TOTAL] == sums[BOUND]
