"""The solver's door for programs: arrays in, a proved assignment out."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.best import solve
from matcher.assignment.exact import best_of_any_size
from matcher.assignment.kernel.arrays import as_capacity, listed
from matcher.assignment.kernel.direct import Found, best_directly
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.scaling import exact_exponent, scaled

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.kernel.arrays import Float, Listing
    from matcher.assignment.pairs import Int


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
    pair before none), so the order of the listed pairs changes nothing. (Scores so far apart in size that only exact
    fractions are precise enough get some best plan.)

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
    listing = listed(left, right, score)
    most = listing.left.size  # no place beyond this can be used, and sums of capacities stay small
    left_room = np.minimum(as_capacity("left_capacity", left_capacity, listing.lefts), most)
    right_room = np.minimum(as_capacity("right_capacity", right_capacity, listing.rights), most)
    if not cardinality_first:
        listing = listing.without_negative()
    single = left_room.max(initial=0) <= 1
    found = best_directly(listing, left_room, right_room, cardinality_first=cardinality_first) if single else None
    if found is None:
        found = _otherwise(listing, left_room, right_room, cardinality_first=cardinality_first)
    total = _total(listing.score[found.pairs])
    bound = total if found.bound is None else max(total, _as_float(found.bound))
    pairs = np.empty((found.pairs.size, 2), dtype=np.int64)
    pairs[:, 0] = listing.lefts.named(listing.left[found.pairs])
    pairs[:, 1] = listing.rights.named(listing.right[found.pairs])
    pairs.flags.writeable = False
    return AssignmentResult(pairs=pairs, total=total, bound=bound, status=Status.OPTIMAL)


def _otherwise(listing: Listing, left_room: Int, right_room: Int, *, cardinality_first: bool) -> Found:
    """The best plan for lefts with several places, by whole points where they are precise enough, or else in any size."""
    left_useful = np.minimum(left_room, np.bincount(listing.left, minlength=left_room.size) + 1)
    right_useful = np.minimum(right_room, np.bincount(listing.right, minlength=right_room.size) + 1)
    matches = int(min(left_useful.sum(), right_useful.sum()))
    whole = scaled(listing.score, n_nodes=left_room.size + right_room.size + 1, matches=matches)
    pairs = ScoredPairs.of(
        listing.left,
        listing.right,
        whole.points,
        n_left=left_room.size,
        n_right=right_room.size,
        left_capacity=left_room,
        right_capacity=right_room,
    )
    if whole.precise_for(matches):
        solved = solve(pairs, np.arange(pairs.n_left), cardinality_first=cardinality_first)
        rounding = Fraction(whole.above) * (solved.matched if cardinality_first else matches)
        return Found(pairs=np.flatnonzero(solved.chosen), bound=(solved.bound + rounding) / Fraction(2) ** whole.exponent)
    unit = Fraction(2) ** exact_exponent(listing.score)
    points = [int(Fraction(one) * unit) for one in listing.score.tolist()]
    chosen, total = best_of_any_size(pairs, points, cardinality_first=cardinality_first)
    return Found(pairs=np.flatnonzero(chosen), bound=total / unit)


def _total(score: Float) -> float:
    """The correctly rounded sum."""
    try:
        return math.fsum(score.tolist()) + 0.0
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
