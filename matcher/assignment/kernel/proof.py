"""The proof, in two looks at the pairs: what every plan's value cannot exceed under given prices, and what a plan's value is.

Whatever the prices are, as long as none is negative, the sum of all places' prices and of what each left's best pair would
leave it is an upper bound for every plan [1]_; a plan that reaches it is best. Nothing here trusts how prices or plan were
found. Sums are in two halves, as they can exceed 64 bits: the value is ``(high << 31) + low``.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.2-9.4.
"""

from __future__ import annotations

import numpy as np

from matcher.assignment.kernel.lists import best_two
from matcher.assignment.kernel.ties import settle
from matcher.compiling import compiled

HALF = 31
LOW = 2**HALF - 1
HIGHEST = 2**61
"""No price may be higher: differences of points and prices then stay within 64 bits."""


@compiled
def settled(rows, sides, price, match):  # type: ignore[no-untyped-def]
    """Change ``match`` in place into the plan of the tie rule: ``bound_of``'s first two answers, then ``value_of``'s."""
    bound, in_range, left_price, tied = bound_of(rows, sides, price)
    n, points, is_plan = value_of(rows, sides, match)
    if in_range and is_plan and tied.size:
        settle(rows, sides, price, match, left_price, tied)
        n, points, is_plan = value_of(rows, sides, match)
    return bound, in_range, n, points, is_plan


@compiled
def bound_of(rows, sides, price):  # type: ignore[no-untyped-def]
    """The bound; what each left's best pair leaves it; the lefts with a second pair as good as the best, or none as good.

    ``sides`` is (open lefts, places of rights, weight of a match, unused). The second answer is False where a price is out
    of range.
    """
    start, stop, right, points = rows
    open_, rights, weight, _ = sides
    high, low, sound = 0, 0, True
    for j in range(price.size):
        sound &= (price[j] >= 0) & (price[j] <= HIGHEST)
        high += (price[j] >> HALF) * rights[j]
        low += (price[j] & LOW) * rights[j]
    left_price, tied, n_tied = np.zeros(open_.size, dtype=np.int64), np.empty(open_.size, dtype=np.int64), 0
    for left in range(open_.size):
        if open_[left] and start[left] < stop[left]:
            best, second, _ = best_two(points, right, price, start[left], stop[left], -weight)
            left_price[left] = best + weight
            high += left_price[left] >> HALF
            low += left_price[left] & LOW
            tied[n_tied] = left
            n_tied += best == second
    return (high, low), sound, left_price, tied[:n_tied]


@compiled
def value_of(rows, sides, match):  # type: ignore[no-untyped-def]
    """The number of pairs and the halves of the points' sum; the last answer is False where the plan is none.

    It is none where a left that is closed has a pair, one has a pair that is not its own, or a right more than its places.
    """
    start, stop, right, points = rows
    open_, rights, _, _ = sides
    room = rights.copy()
    n, high, low, sound = 0, 0, 0, True
    for left in range(match.size):
        pair = match[left]
        if pair < 0:
            continue
        if not (open_[left] and start[left] <= pair < stop[left]):
            return n, (high, low), False
        room[right[pair]] -= 1
        sound &= room[right[pair]] >= 0
        n += 1
        high += points[pair] >> HALF
        low += points[pair] & LOW
    return n, (high, low), sound
