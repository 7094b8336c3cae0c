"""Scores as whole numbers: a power of two times each score, rounded; every sum of plans stays within the solver's range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import points_room
from matcher.assignment.solvers.flow import cost_room

if TYPE_CHECKING:
    from matcher.assignment.kernel.arrays import Float
    from matcher.assignment.pairs import Int

TOLERANCE = 1e-9
# Below this a scaled score may itself have been rounded, and is taken to be as large as this.
SMALLEST = 2.0**-960


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaled:
    """Scores times 2**``exponent``, rounded to ``points``; ``above`` and ``below`` are the largest roundings down and up."""

    points: Int
    exponent: int
    above: float
    below: float
    size: float

    def precise_for(self, matches: int) -> bool:
        """Whether a plan of so many pairs that is best in points is best in scores, to the promised precision."""
        return matches * (self.above + self.below) <= TOLERANCE * self.size


def scaled(score: Float, n_nodes: int, matches: int) -> Scaled:
    """The finest scale that the range allows in a network of ``n_nodes`` with so many matches, or a coarser one that is exact.

    The solver's costs must fit, and sums of the combined order's weights (see ``network.match_weight``).
    """
    room = min(cost_room(n_nodes), points_room(matches)).bit_length() - 1
    largest = math.frexp(float(np.abs(score).max(initial=0.0)))[1]
    exponent = min(room - largest, exact_exponent(score))
    exactly = np.ldexp(score, exponent)
    points = np.rint(exactly)
    lost = (score != 0) & (np.abs(exactly) < SMALLEST)
    rounding = np.where(lost, np.copysign(SMALLEST, score), exactly - points)
    return Scaled(
        points=points.astype(np.int64),
        exponent=exponent,
        above=float(rounding.max(initial=0.0)),
        below=float(-rounding.min(initial=0.0)),
        size=float(np.abs(exactly).sum()),
    )


def exact_exponent(score: Float) -> int:
    """The least exponent with which every score becomes a whole number; 0 where all are 0."""
    if not score.any():
        return 0
    mantissa, exponent = np.frexp(score[score != 0])
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    trailing = np.frexp((whole & -whole).astype(np.float64))[1] - 1
    return int((53 - exponent - trailing).max())
