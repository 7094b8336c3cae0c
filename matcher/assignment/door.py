"""The solver's door for programs: arrays in, a proved assignment out."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.arrays import as_capacity, as_index, as_scores
from matcher.assignment.best import solve
from matcher.assignment.exact import best_of_any_size
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.scaling import exact_exponent, scaled

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.arrays import Float
    from matcher.assignment.pairs import Int, Mask


class Status(StrEnum):
    """How sure the answer is: every answer of the door is proved."""

    OPTIMAL = "optimal"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssignmentResult:
    """A proved assignment.

    Attributes
    ----------
    pairs : int64 array, shape (k, 2), read-only; the chosen (left, right) indices, sorted.
    total : sum of the chosen pairs' scores, correctly rounded.
    bound : upper bound on the total of every plan (with cardinality first: of every plan with k pairs), >= ``total``;
        equal to it where the scores fit the solver's whole numbers, else above it by at most 1e-9 of the sum of all
        absolute scores.
    status : equal to the text ``optimal``.
    """

    pairs: npt.NDArray[np.int64]
    total: float
    bound: float
    status: Status


def solve_assignment(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    score: npt.ArrayLike,
    left_capacity: npt.ArrayLike = 1,
    right_capacity: npt.ArrayLike = 1,
    *,
    cardinality_first: bool = True,
) -> AssignmentResult:
    """The best assignment of listed pairs: as many pairs as possible, then the highest total; proved.

    Exact to 1e-9 of the sum of the scores' absolute values, at any sign and magnitude. Between equally good plans each
    left, from the smallest index, takes the smallest right that some best plan allows beside the choices already made (a
    pair before none), so the order of the listed pairs changes nothing.

    Parameters
    ----------
    left, right : whole numbers >= 0, shape (n,); gaps are allowed. A pair that is listed twice counts once, at its best score.
    score : finite numbers, shape (n,).
    left_capacity, right_capacity : how many pairs a left or right may have: a number, or an array with an entry per index.
    cardinality_first : False for the highest total alone: then pairs with a negative score are never chosen; one with
        the score 0 is where the rule for ties says so.

    Raises
    ------
    ValueError
        An array is not what it should be: shape, dtype, NaN or infinity, a negative or broken index or capacity, unequal
        lengths, a capacity array too short, or scores whose total no float can hold. The message names the array.
    """
    lefts, rights, scores = as_index("left", left), as_index("right", right), as_scores("score", score)
    if not lefts.size == rights.size == scores.size:
        raise ValueError(f"left, right and score have different lengths: {lefts.size}, {rights.size} and {scores.size}")
    left_ids, one = np.unique(lefts, return_inverse=True)
    right_ids, two = np.unique(rights, return_inverse=True)
    left_room = np.minimum(as_capacity("left_capacity", left_capacity, left_ids), lefts.size)
    right_room = np.minimum(as_capacity("right_capacity", right_capacity, right_ids), lefts.size)
    best = _best_of_repeats(one, two, scores, keep_negative=cardinality_first)
    one, two, scores = one[best], two[best], scores[best]
    sizes = {"left_capacity": left_room, "right_capacity": right_room}
    chosen, bound = _proved(one, two, scores, sizes, cardinality_first=cardinality_first)
    total = _total(scores[chosen])
    pairs = np.column_stack([left_ids[one[chosen]], right_ids[two[chosen]]]).astype(np.int64)
    pairs.flags.writeable = False
    return AssignmentResult(pairs=pairs, total=total, bound=max(total, _as_float(bound)), status=Status.OPTIMAL)


def _best_of_repeats(left: Int, right: Int, score: Float, *, keep_negative: bool) -> Int:
    """Positions of the listed pairs by (left, right), each pair once, at its best score."""
    order = np.lexsort((-score, right, left))
    new = np.ones(order.size, dtype=np.bool_)
    new[1:] = (np.diff(left[order]) != 0) | (np.diff(right[order]) != 0)
    once = order[new]
    return once if keep_negative else once[score[once] >= 0]


def _proved(left: Int, right: Int, score: Float, sizes: dict[str, Int], *, cardinality_first: bool) -> tuple[Mask, Fraction]:
    """The chosen pairs, and an upper bound on the total: through whole points where they are precise enough."""
    matches = int(min(sizes["left_capacity"].sum(), sizes["right_capacity"].sum()))
    n_left, n_right = sizes["left_capacity"].size, sizes["right_capacity"].size
    whole = scaled(score, n_nodes=n_left + n_right + 1)
    pairs = ScoredPairs.of(left, right, whole.points, n_left=n_left, n_right=n_right, **sizes)
    if whole.precise_for(matches):
        solved = solve(pairs, np.arange(n_left), cardinality_first=cardinality_first)
        rounding = Fraction(whole.above) * (solved.matched if cardinality_first else matches)
        return solved.chosen, (solved.bound + rounding) / Fraction(2) ** whole.exponent
    unit = Fraction(2) ** exact_exponent(score)
    points = [int(Fraction(one) * unit) for one in score.tolist()]
    chosen, total = best_of_any_size(pairs, points, cardinality_first=cardinality_first)
    return chosen, total / unit


def _total(score: Float) -> float:
    """The correctly rounded sum."""
    try:
        return math.fsum(score)
    except OverflowError:
        pass
    try:
        return float(sum(map(Fraction, score.tolist())))
    except OverflowError as error:
        raise ValueError("score: the total exceeds the range of floats") from error


def _as_float(bound: Fraction) -> float:
    """The nearest float; the largest one for a bound that lies above all totals that a float can hold."""
    try:
        return float(bound)
    except OverflowError:
        return sys.float_info.max
