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

from matcher.assignment.kernel_bids import CLOSED, UNMATCHED, bid, take
from matcher.assignment.kernel_lists import empty_lists
from matcher.assignment.kernel_paths import match_each, workspace
from matcher.assignment.kernel_rows import pair_of, turned
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
    """The rows of kernel_lists.py, seen as pairs."""

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
    plan = _empty_plan(open_, rights)
    price = np.where(rights > 0, 0, closed)
    _fill(rows, weight, price, plan, steps, rounds, moves, patience)
    room = plan[4]
    for j in range(room.size):
        if room[j] > 0 and price[j] > 0:
            return _places_choose_on(rows, sides, plan[0], price)
    return plan[0], price


@compiled
def _places_choose_on(rows, sides, match, price):  # type: ignore[no-untyped-def]
    """The places that are empty though they have a price choose among the lefts."""
    weight = sides[2]
    owner, place_rows = _places(rows, sides[1])
    left_price, plan = _seen_from_places(rows, place_rows, owner, sides, match, price)
    waiting = np.flatnonzero((plan[0] < 0) & (price[owner] > 0))
    _match(place_rows, weight, left_price, plan, waiting)
    return _seen_from_lefts(rows, place_rows, owner, sides, plan[0], left_price)


@compiled
def _places_choose(rows, sides, steps, rounds, moves, patience):  # type: ignore[no-untyped-def]
    open_, rights, weight, closed = sides
    owner, place_rows = _places(rows, rights)
    place_plan = _empty_plan(np.ones(owner.size, dtype=np.bool_), open_.astype(np.int64))
    left_price = np.where(open_, 0, closed)
    _fill(place_rows, weight, left_price, place_plan, steps, rounds, moves, patience)
    match, price = _seen_from_lefts(rows, place_rows, owner, sides, place_plan[0], left_price)
    waiting = np.flatnonzero((match == UNMATCHED) & (left_price > 0))
    if waiting.size:
        plan = _plan_of(rows, sides, match)
        _match(rows, weight, price, plan, waiting)
        match = plan[0]
    return match, price


@compiled
def _places(rows, rights):  # type: ignore[no-untyped-def]
    """The right of each place, and the places' rows.

    Those of one right share their pairs: as lefts have one place, none is taken twice.
    """
    slots, lefts, points = turned(rows, rights.size)
    owner = np.repeat(np.arange(rights.size), rights)
    return owner, (slots[owner], slots[owner + 1], lefts, points)


@compiled
def _plan_of(rows, sides, match):  # type: ignore[no-untyped-def]
    """The plan of lefts whose pairs are ``match``."""
    plan = _empty_plan(sides[0], sides[1])
    in_plan, slot, holder, first, room = plan
    for left in range(match.size):
        if match[left] >= 0:
            j = rows[2][match[left]]
            room[j] -= 1
            place = first[j] + room[j]
            in_plan[left], slot[left], holder[place] = match[left], place, left
    return plan


@compiled
def _seen_from_places(rows, place_rows, owner, sides, match, price):  # type: ignore[no-untyped-def]
    """The prices of the lefts, and the plan of the places, from those of the lefts."""
    open_, rights, weight, closed = sides
    plan = _empty_plan(np.ones(owner.size, dtype=np.bool_), open_.astype(np.int64))
    place_match, slot, holder, first, room = plan
    left_price = np.where(open_, 0, closed)
    next_place = np.cumsum(rights) - rights
    for left in range(match.size):
        if match[left] >= 0:
            j = rows[2][match[left]]
            place = next_place[j]
            next_place[j] += 1
            place_match[place] = pair_of(left, place_rows[0][place], place_rows[1][place], place_rows[2])
            slot[place], holder[first[left]], room[left] = first[left], place, 0
            left_price[left] = rows[3][match[left]] + weight - price[j]
    return left_price, plan


@compiled
def _seen_from_lefts(rows, place_rows, owner, sides, place_match, left_price):  # type: ignore[no-untyped-def]
    """The pair of every left and the prices of the rights, from those of the places and of the lefts."""
    open_, rights, weight, closed = sides
    match = np.where(open_, UNMATCHED, CLOSED)
    price = np.where(rights > 0, 0, closed)
    for place in range(owner.size):
        if place_match[place] >= 0:
            left, j = place_rows[2][place_match[place]], owner[place]
            match[left] = pair_of(j, rows[0][left], rows[1][left], rows[2])
            price[j] = rows[3][match[left]] + weight - left_price[left]
    for place in range(owner.size):
        if place_match[place] < 0:
            price[owner[place]] = 0
    return match, price


@compiled
def _empty_plan(open_, rights):  # type: ignore[no-untyped-def]
    """Nobody matched: match, slot, holder, first, room."""
    first = np.zeros(rights.size + 1, dtype=np.int64)
    for j in range(rights.size):
        first[j + 1] = first[j] + rights[j]
    match = np.where(open_, UNMATCHED, CLOSED)
    return match, np.full(open_.size, -1, dtype=np.int64), np.full(first[-1], -1, dtype=np.int32), first, rights.copy()


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
