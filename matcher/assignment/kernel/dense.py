"""The dense path of our own solver: a plan in which the shorter side is matched, by Jonker and Volgenant's method [1]_.

For questions in which many pairs may be made. A table of costs stands for the pairs, 32 bits wide where they suffice, and
its rows are looked through as a whole, many columns at a time.

.. [1] R. Jonker and A. Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems,
   Computing 38, 1987; the auction: D. P. Bertsekas, Auction algorithms for network flow problems: a tutorial introduction,
   Computational Optimization and Applications 1, 1992.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.assignment.kernel.bids import CLOSED, UNMATCHED
from matcher.assignment.kernel.dense_paths import bid, match_each, match_tight, take
from matcher.assignment.kernel.dense_table import fill_complete, fill_listed, numbers_of

if TYPE_CHECKING:
    from matcher.assignment.kernel.sides import Question, Rows
    from matcher.assignment.pairs import Index, Int

    Sides = tuple[Int, Int]

Whole = npt.NDArray[np.signedinteger[Any]]

# Sizes that the arithmetic of a width allows: 16 times as much, and some more, fits.
SPANS: tuple[tuple[type[np.signedinteger[Any]], int], ...] = ((np.int32, 2**26), (np.int64, 2**58))
# Measured: an auction pays for so many lefts; its step is this share of the range of points by the number of lefts.
FEW = 500
STEP = 1 / 2
ROUNDS = 3


def perfect_plan(question: Question, rows: Rows, sides: Sides) -> tuple[Int, Int] | None:
    """The pair of every left (below 0 for none) and optimal prices of the rights, if a best plan matches one side whole.

    ``sides`` are the lefts and the rights that may be matched, at least one each; a right has at most one place. None where
    no such plan is found: there may be one all the same, if numbers grew too large.
    """
    turned = sides[0].size > sides[1].size
    found = _solved(question, rows, sides, turned=turned)
    if found is None:
        return None
    column, column_price = found
    row = np.arange(column.size)
    lefts, rights = (sides[0][column], sides[1][row]) if turned else (sides[0][row], sides[1][column])
    pair = numbers_of(lefts, rights, rows)
    row_price = question.pairs.points[pair] + question.weight - column_price[column]
    if pair.min() < 0 or row_price.min() < 0:
        return None
    match = np.where(question.open, UNMATCHED, CLOSED)
    match[lefts] = pair
    price = np.where(question.rights > 0, 0, question.closed)
    price[sides[1]] = row_price if turned else column_price
    return match, price


def _solved(question: Question, rows: Rows, sides: Sides, *, turned: bool) -> tuple[Index, Int] | None:
    """The column of every row, and prices of the columns, >= 0, and 0 where a column is free; None if a pair is missing."""
    shape = sides[1 if turned else 0].size, sides[0 if turned else 1].size
    for width, span in SPANS:
        cost, potential = np.empty(shape, dtype=width), np.zeros(shape[1], dtype=width)
        match = np.full(shape[0], -1, dtype=np.int32)
        widest = _filled(cost, potential, question, rows, sides, span, turned=turned)
        left_over = _match(cost, potential, match, widest, span) if widest >= 0 else -1
        if left_over >= 0:
            return None if left_over else (match, int(potential.max()) - potential.astype(np.int64))
    return None


def _filled(cost: Whole, potential: Whole, question: Question, rows: Rows, sides: Sides, span: int, *, turned: bool) -> int:
    """Fill in the costs, and the first potentials, as in dense_table.py: the answer is the range of points, or -1."""
    pairs = question.pairs
    if pairs.n_pairs == pairs.n_left * pairs.n_right == cost.size:
        worth = pairs.points.reshape(pairs.n_left, pairs.n_right)
        return int(fill_complete(cost, potential, np.ascontiguousarray(worth.T) if turned else worth, span))
    place = [np.full(size, -1, dtype=np.int32) for size in (pairs.n_left, pairs.n_right)]
    for where, side in zip(place, sides, strict=True):
        where[side] = np.arange(side.size)
    return int(fill_listed(cost, potential, rows, place[0], place[1], turned, span))


def _match(cost: Whole, potential: Whole, match: Index, widest: int, span: int) -> int:
    """Find the best column of every row, in place; the answer is how many rows are left over, -1 if numbers leave the ``span``.

    Rows are left over where a path would need a cell that costs more than ``widest``.
    """
    owner = np.full(potential.size, -1, dtype=np.int32)
    waiting = np.arange(match.size, dtype=np.int32)
    size = int(match_tight(cost, potential, match, owner, waiting))
    step = int(widest * STEP / match.size)
    if size and step and match.size == owner.size >= FEW:
        size = int(bid(cost, potential, match, owner, waiting[:size], step, span))
        waiting = np.arange(match.size, dtype=np.int32)
    if size > 0:
        size = int(take(cost, potential, match, owner, waiting[:size], ROUNDS, span))
    if size > 0:
        size = int(match_each(cost, potential, match, owner, waiting[:size], widest, span))
    return size
