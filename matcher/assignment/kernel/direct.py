"""From the door's arrays straight to our own solver and its proof: for lefts with one place each, and whole points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.kernel.parts import matched_by_parts
from matcher.assignment.kernel.proof import HALF, settled
from matcher.assignment.kernel.read import as_rows
from matcher.assignment.kernel.sides import Question, RowPairs
from matcher.assignment.network import LABEL_RANGE
from matcher.assignment.scaling import TOLERANCE
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from matcher.assignment.kernel.arrays import Listing
    from matcher.assignment.kernel.sides import Rows
    from matcher.assignment.pairs import Int

LARGEST_SHIFT = 1000
"""Beyond this a power of two is near the end of the floats, and a product with it could lose more than its rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A proved plan: positions of its ``pairs``, rising, and an upper bound on the total; None if that is the total."""

    pairs: Int
    bound: Fraction | None


def best_directly(listing: Listing, left_room: Int, right_room: Int, *, cardinality_first: bool) -> Found | None:
    """The best plan by the tie rule; None where whole points cannot hold the scores to the promised precision.

    ``left_room`` is 0 or 1 for every left.

    Raises
    ------
    CertificateError
        The proof failed; nothing is answered.
    """
    most = max(1, min(int(left_room.sum()), int(right_room.sum())))
    exponent = _exponent(listing, most)
    if abs(exponent) > LARGEST_SHIFT:
        return None
    sizes = (left_room.size, right_room.size)
    rows, count, (above, below, size) = as_rows(listing.left, listing.right, listing.score, sizes, 2.0**exponent)
    if most * (above + below) > TOLERANCE * size:
        return None
    largest = math.ceil(math.ldexp(listing.largest, exponent))
    weight = 4 * most * largest + 1 if cardinality_first else 0
    question = Question(
        pairs=RowPairs(rows, right_room.size),
        weight=weight,
        open=left_room > 0,
        rights=np.minimum(right_room, count),
        closed=weight + largest + 1,
    )
    match, bound, n = _proved(question, rows)
    chosen = match[match >= 0]
    if not above and not below:
        return Found(pairs=chosen, bound=None)
    rounding = Fraction(above) * (n if cardinality_first else most)
    return Found(pairs=chosen, bound=(bound + rounding) / Fraction(2) ** exponent)


def _exponent(listing: Listing, most: int) -> int:
    """The power of two that makes points of scores: so large that sums along paths stay within the labels' range."""
    room = (LABEL_RANGE // 12 - 1) // (4 * most)
    if listing.whole and listing.largest <= room:
        return 0
    return room.bit_length() - 1 - math.frexp(listing.largest)[1]


def _proved(question: Question, rows: Rows) -> tuple[Int, int, int]:
    """The pair of each left under the tie rule, the plan's points, which no plan exceeds, and its number of pairs."""
    sides = (question.open, question.rights, question.weight, question.closed)
    match, price = matched_by_parts(question, rows)
    bound, in_range, n, points, is_plan = settled(rows, sides, price, match)
    least = (bound[0] << HALF) + bound[1] - n * question.weight
    total = (points[0] << HALF) + points[1]
    if not in_range:
        raise CertificateError(["a price is out of range"])
    if not is_plan:
        raise CertificateError(["the plan exceeds a capacity"])
    if least != total:
        raise CertificateError([f"the bound {least} is not the plan's value {total}"])
    return match, least, n
