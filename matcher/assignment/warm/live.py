"""A best plan that is kept best while people come and go and points change, each answer proved at once.

The one place of the assignment where a state is changed in place: a volunteer who leaves is answered in microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from matcher.assignment.kernel.rows import row_starts
from matcher.assignment.warm.moves import repair, set_left, set_points, set_right
from matcher.assignment.warm.start import begin, empty_plan, in_weight, pair_columns
from matcher.assignment.warm.state import BOUND, MATCHED, SHUT, TOTAL, no_proof, workspace
from matcher.errors import CertificateError, RuleError

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.best import Solved
    from matcher.assignment.pairs import Index, Int, ScoredPairs

SUM_RANGE = 2**62
"""All sums of prices stay below it, and no price reaches that of somebody who is closed."""
PRICE_SHARE = 12
"""No sum of prices along a search exceeds so many matches' weights."""


class Live:
    """A best plan (most pairs, then the highest total; or the total alone), changed in place.

    Which of equally good plans it holds is not said: the tie rule is ``solve``'s. Each change repairs plan and prices by
    shortest augmenting paths [1]_ and proves the answer before it returns: the pairs of everybody whose price fell are
    looked at again, and the prices' sum must be the plan's value in whole numbers. Not to be used by two threads at once.

    Parameters
    ----------
    pairs : what may be paired; no left has more than one place, nothing is limited together. It is not changed.
    solved : the best plan of ``pairs`` with its prices, nothing fixed.

    Raises
    ------
    CertificateError
        By every change whose answer is not proved, and by every use after that.
    RuleError
        The question is none of these, or its points exceed what the sums can hold.

    .. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.7 and 12.4.
    """

    def __init__(self, pairs: ScoredPairs, solved: Solved) -> None:
        if (pairs.left_capacity > 1).any() or pairs.n_groups or pairs.crossing or solved.fixed.any():
            raise RuleError("a live plan: lefts with one place each, no limits and no fixed pairs")
        self._pairs = pairs
        self._points = pairs.points.copy()
        self._lefts, self._refused = pairs.left, False
        self._columns = pair_columns(pairs.left, pairs.right, pairs.points, pairs.n_right)
        self._work = workspace(pairs.n_left, pairs.n_right, pairs.n_pairs)
        self._graph = (row_starts(pairs.left, pairs.n_left), pairs.right.view(np.uint32), self._points)
        self._weight, self._largest = solved.prices.match_weight, -1
        guess = np.full(pairs.n_left, -1, dtype=np.int64)
        guess[pairs.left[solved.chosen]] = np.flatnonzero(solved.chosen)
        capacity = np.minimum(pairs.right_capacity, self._room())
        self._begin(guess, solved.prices.right, pairs.left_capacity > 0, capacity, self._weight_of(self._points))

    @property
    def matched(self) -> int:
        """Number of pairs of the plan."""
        return int(self._sums()[MATCHED])

    @property
    def total(self) -> int:
        """Points of the plan."""
        return int(self._sums()[TOTAL])

    @property
    def bound(self) -> int:
        """Proved upper bound on the total of every plan with as many pairs (of every plan, where the total alone counts)."""
        return int(self._sums()[BOUND]) - self.matched * self._weight

    @property
    def match(self) -> Index:
        """The right of every left, -1 for none: a fresh array."""
        self._sums()
        pair = self._live[2][3]
        return np.where(pair >= 0, self._pairs.right[pair], -1).astype(np.int32) if self._lefts.size else pair.astype(np.int32)

    def close_right(self, right: int) -> None:
        """A right leaves."""
        self._set_right(right, 0)

    def open_right(self, right: int, capacity: int = 1) -> None:
        """A right comes (back), or has now ``capacity`` places, more or fewer than before."""
        self._set_right(right, capacity)

    def close_left(self, left: int) -> None:
        """A left leaves."""
        self._set_left(left, opened=False)

    def open_left(self, left: int) -> None:
        """A left comes (back), with one place."""
        self._set_left(left, opened=True)

    def change_points(self, pair_numbers: npt.ArrayLike, points: npt.ArrayLike) -> None:
        """Give pairs other points; of a pair that is listed twice, the last count."""
        numbers, values = np.asarray(pair_numbers, dtype=np.int64), np.asarray(points, dtype=np.int64)
        if numbers.shape != values.shape or numbers.ndim != 1:
            raise RuleError(f"a live plan: {numbers.shape} pairs, but {values.shape} points")
        if not numbers.size:
            return
        if numbers.min() < 0 or numbers.max() >= self._lefts.size:
            raise RuleError("a live plan: a pair number that is none")
        self._sums()
        if _magnitude(values) > self._largest:
            self._begin_again(numbers, values)
        else:
            self._proved(set_points(numbers, values, self._lefts, self._weight, self._live))

    def _set_left(self, left: int, *, opened: bool) -> None:
        if not 0 <= left < self._pairs.n_left:
            raise RuleError(f"a live plan: there is no left {left}")
        self._sums()
        self._proved(set_left(int(left), opened, self._weight, self._live))

    def _set_right(self, right: int, places: int) -> None:
        if not 0 <= right < self._pairs.n_right or places < 0:
            raise RuleError(f"a live plan: no right {right} can have {places} places")
        self._sums()
        self._proved(set_right(int(right), int(places), self._weight, self._live))

    def _begin_again(self, numbers: Int, values: Int) -> None:
        """Points are larger than before: a match must weigh more, and all prices are carried over."""
        changed = self._points.copy()
        changed[numbers] = values
        weight = self._weight_of(changed)
        self._points[:] = changed
        self._columns = pair_columns(self._lefts, self._pairs.right, changed, self._pairs.n_right)
        left_price, price, capacity, match = self._live[2][:4]
        self._begin(match, np.where(capacity > 0, price, 0), left_price < SHUT, capacity, weight)

    def _begin(self, guess: Int, price: Int, open_: npt.NDArray[np.bool_], capacity: Int, weight: int) -> None:
        """Repair from a plan and prices that are as good as right, and prove it over all pairs."""
        n_left, n_right = self._pairs.n_left, self._pairs.n_right
        plan = empty_plan(in_weight(price, self._weight, weight), capacity, self._room(), n_left)
        self._live = (self._graph, self._columns, plan, self._work, no_proof(n_left, n_right))
        self._weight, self._largest = weight, _magnitude(self._points)
        broken = begin(guess, open_, weight, self._graph, plan, self._live[4])
        self._proved(repair(broken, weight, self._live))

    def _weight_of(self, points: Int) -> int:
        """The weight of a match: more than two plans' totals can differ by, twice over; 0 where the total alone counts."""
        largest, n_left = _magnitude(points), self._pairs.n_left
        weight = 4 * n_left * largest + 1 if self._weight else 0
        if max(PRICE_SHARE * weight, (weight + largest) * int(n_left + self._room().sum())) >= SUM_RANGE // 2:
            raise RuleError(f"points up to {largest} exceed the range of a live plan's sums")
        return weight

    def _room(self) -> Int:
        """How many places of each right can matter: one more than it has pairs, if it has any."""
        degree = np.diff(self._columns[0])
        return np.where(degree > 0, degree + 1, 0)

    def _sums(self) -> Int:
        """The running sums of a plan that is proved."""
        self._proved(not self._refused)
        return cast("Int", self._live[4][0])

    def _proved(self, holds: bool) -> None:
        if not holds:
            self._refused = True
            raise CertificateError(["the repaired plan is not proved best"])


def _magnitude(points: Int) -> int:
    return max(abs(int(points.max())), abs(int(points.min()))) if points.size else 0
