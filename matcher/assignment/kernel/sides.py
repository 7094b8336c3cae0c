"""Lefts with one place each, matched from either side: the lefts choose among rights, or the rights' places among lefts.

An auction only guesses prices. The paths keep them feasible and the plan tight [1]_, so the end is optimal whatever the
guess was.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.7 and 12.4; R. Jonker and A. Volgenant, A shortest
   augmenting path algorithm for dense and sparse linear assignment problems, Computing 38, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from matcher.assignment.kernel.bids import UNMATCHED, bid, take
from matcher.assignment.kernel.last import places_choose_on
from matcher.assignment.kernel.lists import empty_lists
from matcher.assignment.kernel.paths import match_each, workspace
from matcher.assignment.kernel.views import empty_plan, places, plan_of, seen_from_lefts
from matcher.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.pairs import Index, Int, Mask

    Unsigned = npt.NDArray[np.uint32]
    Rows = tuple[Int, Int, Unsigned, Int]

# Measured: what makes a good start. Steps of the auction as shares of the range of points, where rows are short and long;
# so few lefts need none; rounds of row reduction, and its moves in a row; who would have to pay so many times the range does
# not bid on.
STEPS = (1 / 100, 1 / 2500)
LONG_STEPS = (1 / 50,)
SHORT_ROW = 40
FEW = 400
ROUNDS = 3
MOVES = 8
PATIENCE = 8


class Listed(Protocol):
    """Pairs by (left, right), each once."""

    @property
    def left(self) -> Index:
        """Shape (pairs,)."""

    @property
    def right(self) -> Index:
        """Shape (pairs,)."""

    @property
    def points(self) -> Int:
        """Shape (pairs,)."""

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""

    @property
    def n_left(self) -> int:
        """Number of lefts."""

    @property
    def n_right(self) -> int:
        """Number of rights."""


@dataclass(frozen=True, slots=True, eq=False)
class RowPairs:
    """The rows of lists.py, seen as pairs."""

    rows: Rows
    n_right: int

    @property
    def left(self) -> Index:
        """The left of each pair."""
        start, stop, _, _ = self.rows
        return np.repeat(np.arange(start.size, dtype=np.int32), stop - start)

    @property
    def right(self) -> Index:
        """The right of each pair."""
        return self.rows[2].view(np.int32)

    @property
    def points(self) -> Int:
        """The points of each pair."""
        return self.rows[3]

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return int(self.rows[2].size)

    @property
    def n_left(self) -> int:
        """Number of lefts."""
        return int(self.rows[0].size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Pairs with their weight of a match, the lefts that may be matched, the rights' places, and a price that closes a right."""

    pairs: Listed
    weight: int
    open: Mask
    rights: Int
    closed: int


def from_lefts(question: Question, rows: Rows) -> tuple[Int, Int]:
    """The pair of every left (below 0 for none) and optimal prices of the rights: lefts choose.

    Rights that end with room may still have a price: their places then choose on.
    """
    steps = _steps(question.pairs.n_pairs, question.open.size, question.rights.size)
    return cast("tuple[Int, Int]", _lefts_choose(rows, _sides(question), steps, ROUNDS, MOVES, PATIENCE))


def from_rights(question: Question, rows: Rows) -> tuple[Int, Int]:
    """The same, but the rights' places choose, and then the lefts that still have a price: best where places are fewer."""
    steps = _steps(question.pairs.n_pairs, int(question.rights.sum()), question.open.size)
    return cast("tuple[Int, Int]", _places_choose(rows, _sides(question), steps, ROUNDS, MOVES, PATIENCE))


def _sides(question: Question) -> tuple[Mask, Int, int, int]:
    return question.open, question.rights, question.weight, question.closed


def _steps(n_pairs: int, n_choosing: int, n_chosen: int) -> npt.NDArray[np.float64]:
    """The auction's steps, as shares of the range of points: none where row reduction is as good a start by itself."""
    length = n_pairs / max(1, n_choosing)
    if n_choosing < FEW or length > n_chosen / 2:
        return np.empty(0)
    return np.array(STEPS if length < SHORT_ROW else LONG_STEPS)


@compiled
def _lefts_choose(rows, sides, steps, rounds, moves, patience):  # type: ignore[no-untyped-def]
    open_, rights, weight, closed = sides
    plan = empty_plan(open_, rights)
    price = np.where(rights > 0, 0, closed)
    _fill(rows, weight, price, plan, steps, rounds, moves, patience)
    room = plan[4]
    for j in range(room.size):
        if room[j] > 0 and price[j] > 0:
            return places_choose_on(rows, sides, plan[0], price)
    return plan[0], price


@compiled
def _places_choose(rows, sides, steps, rounds, moves, patience):  # type: ignore[no-untyped-def]
    open_, rights, weight, closed = sides
    owner, place_rows = places(rows, rights)
    place_plan = empty_plan(np.ones(owner.size, dtype=np.bool_), open_.astype(np.int64))
    left_price = np.where(open_, 0, closed)
    _fill(place_rows, weight, left_price, place_plan, steps, rounds, moves, patience)
    match, price = seen_from_lefts(rows, place_rows, owner, sides, place_plan[0], left_price)
    waiting = np.flatnonzero((match == UNMATCHED) & (left_price > 0))
    if waiting.size:
        plan = plan_of(rows, sides, match)
        _match(rows, weight, price, plan, waiting)
        match = plan[0]
    return match, price


@compiled
def _fill(rows, weight, price, plan, steps, rounds, moves, patience):  # type: ignore[no-untyped-def]
    """Match in place; prices are optimal, but for those of rights that end with room."""
    waiting = np.flatnonzero(plan[0] == UNMATCHED).astype(np.int32)
    if not (waiting.size and rows[3].size):
        return
    lists = empty_lists(rows)
    if steps.size:
        low, high = rows[3].min(), rows[3].max()
        floor = max(0, weight + low - patience * (high - low))
        for share in steps:
            bid(rows, lists, weight, price, plan[3], waiting.copy(), max(1, int(share * (high - low))), floor)
    n_waiting = take(rows, lists, weight, price, plan, waiting, rounds, moves)
    space = workspace(plan[0].size, price.size, (rows[1] - rows[0]).sum())
    match_each(rows, lists, weight, price, plan, waiting[:n_waiting], space)


@compiled
def _match(rows, weight, price, plan, waiting):  # type: ignore[no-untyped-def]
    """Match who is ``waiting``, in place, under prices that are optimal but for them."""
    space = workspace(plan[0].size, price.size, (rows[1] - rows[0]).sum())
    match_each(rows, empty_lists(rows), weight, price, plan, waiting.astype(np.int32), space)
