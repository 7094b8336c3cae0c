"""Our own solver for lefts with one place each: an auction for a start, then shortest augmenting paths; with prices.

The auction only guesses prices. The paths keep them feasible and the plan tight [1]_, so the end is optimal whatever the
guess was; the proof is made all the same before anything is returned.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.7 and 12.4; R. Jonker and A. Volgenant, A shortest
   augmenting path algorithm for dense and sparse linear assignment problems, Computing 38, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.flow import best_pairs
from matcher.assignment.kernel_bids import CLOSED, UNMATCHED, bid, take
from matcher.assignment.kernel_lists import empty_lists
from matcher.assignment.kernel_paths import match_each, workspace
from matcher.assignment.kernel_prices import left_prices, settle_prices
from matcher.assignment.kernel_rows import found_at, place_of, row_starts, with_pairs
from matcher.assignment.network import plan_flow
from matcher.assignment.paths import grouped
from matcher.assignment.prices import Prices, certify, prices_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs

    Unsigned = npt.NDArray[np.uint32]
    Rows = tuple[Int, Int, Unsigned, Int]
    Plan = tuple[Int, Int, Index, Int, Int]

# Measured: what makes a good start. Steps of the auction as shares of the range of points, where rows are short and long;
# so few lefts need none; rounds of row reduction; who would have to pay so many times the range does not bid on.
STEPS = (1 / 100, 1 / 2500)
LONG_STEPS = (1 / 100,)
SHORT_ROW = 40
FEW = 400
ROUNDS = 3
PATIENCE = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Pairs with their weight of a match, the lefts that may be matched, the rights' places, and a price that closes a right."""

    pairs: ScoredPairs
    weight: int
    open: Mask
    rights: Int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """The other side: the places of rights choose among the lefts.

    Places of one right share their pairs; as each left has one place, none is taken twice.

    Attributes
    ----------
    owner : the right of each place.
    slots, by_right : those of right j are the pairs ``by_right[slots[j]:slots[j + 1]]``.
    rows : the pairs of each place, as in kernel_lists.py.
    """

    owner: Int
    slots: Int
    by_right: Int
    rows: Rows


def kernel_plan(pairs: ScoredPairs, fixed: Mask, network: Network) -> tuple[Mask, Prices]:
    """A best plan beside the ``fixed`` pairs, as a mask like ``flow.best_pairs``'s, and the prices like ``prices_of``'s.

    Where a left has several places, or a group's limit binds, the answer is the flow's.

    Raises
    ------
    CertificateError
        The proof failed; nothing is answered.
    RuleError
        The points exceed what the flow can hold.
    """
    answer = _by_paths(pairs, fixed, network) if (pairs.left_capacity <= 1).all() else None
    if answer is None:
        found = best_pairs(pairs, network)
        answer = found, prices_of(pairs, fixed, network, plan_flow(pairs, found))
    certify(pairs, answer[0] | fixed, fixed, answer[1])
    return answer


def _by_paths(pairs: ScoredPairs, fixed: Mask, network: Network) -> tuple[Mask, Prices] | None:
    """The best plan without regard to groups that have room, or None where it exceeds their limits."""
    lefts, rights, groups = np.split(network.capacity[pairs.n_pairs :], [pairs.n_left, pairs.n_left + pairs.n_right])
    weight = network.match_weight
    top = int(max(0, network.gain.max(initial=0)))
    group_price = np.where(groups == 0, top, 0)
    above = np.append(group_price, 0)[pairs.group]
    open_ = (lefts > 0) & (above == 0)
    start = row_starts(pairs.left, pairs.n_left)
    rows = (start[:-1], start[1:], pairs.right.view(np.uint32), pairs.points)
    question = Question(pairs=pairs, weight=weight, open=open_, rights=rights, closed=top + 1)
    useful = np.where(with_pairs(pairs.right, pairs.n_right), rights, 0)
    match, price = (
        _from_rights(question, rows) if (open_ & (rows[0] < rows[1])).sum() > useful.sum() else _from_lefts(question, rows)
    )
    chosen = np.zeros(pairs.n_pairs, dtype=np.bool_)
    chosen[match[match >= 0]] = True
    used = pairs.counts(chosen)
    if (used[2] > groups).any():
        return None
    settle_prices(rows, weight, price, match, np.maximum(useful - used[1], 0))
    np.minimum(price, top, out=price)
    left = left_prices(rows, weight, price, above, match)
    held = np.flatnonzero(fixed)
    left[pairs.left[held]] = pairs.points[held] + weight - price[pairs.right[held]] - above[pairs.left[held]]
    return chosen, Prices(left=left, right=price, group=group_price, match_weight=weight)


def _from_lefts(question: Question, rows: Rows) -> tuple[Int, Int]:
    """The pair of every left (below 0 for none) and optimal prices of the rights: lefts choose.

    Rights that end with room may still have a price: their places then choose on.
    """
    plan = _empty_plan(question.open, question.rights)
    price = np.where(question.rights > 0, 0, question.closed)
    _fill(rows, question.weight, price, plan)
    if not ((plan[4] > 0) & (price > 0)).any():
        return plan[0], price
    places = _places(question)
    left_price, place_plan = _seen_from_places(question, places, plan[0], price)
    waiting = np.flatnonzero((place_plan[0] < 0) & (price[places.owner] > 0))
    _match(places.rows, question.weight, left_price, place_plan, waiting)
    return _seen_from_lefts(question, places, place_plan[0], left_price)


def _from_rights(question: Question, rows: Rows) -> tuple[Int, Int]:
    """The same, but the rights' places choose, and then the lefts that still have a price: best where places are fewer."""
    places = _places(question)
    place_plan = _empty_plan(np.ones(places.owner.size, dtype=np.bool_), question.open.astype(np.int64))
    left_price = np.where(question.open, 0, question.closed)
    _fill(places.rows, question.weight, left_price, place_plan)
    match, price = _seen_from_lefts(question, places, place_plan[0], left_price)
    waiting = np.flatnonzero((match == UNMATCHED) & question.open & (left_price > 0))
    if waiting.size:
        plan = _plan_of(question, match)
        _match(rows, question.weight, price, plan, waiting)
        match = plan[0]
    return match, price


def _places(question: Question) -> Places:
    pairs, rights = question.pairs, question.rights
    slots, by_right = grouped(pairs.right, pairs.n_right)
    owner = np.repeat(np.arange(pairs.n_right), rights)
    rows = (slots[owner], slots[owner + 1], pairs.left[by_right].view(np.uint32), pairs.points[by_right])
    return Places(owner=owner, slots=slots, by_right=by_right, rows=rows)


def _plan_of(question: Question, match: Int) -> Plan:
    """The plan of lefts whose pairs are ``match``."""
    plan = _empty_plan(question.open, question.rights)
    _, slot, holder, first, room = plan
    plan[0][match >= 0] = match[match >= 0]
    used = np.flatnonzero(match >= 0)
    right = question.pairs.right[match[used]]
    by_right = np.argsort(right, kind="stable")
    counted = np.bincount(right, minlength=room.size)
    room -= counted
    rank = np.arange(used.size) - np.repeat(np.cumsum(counted) - counted, counted)
    taken = (first[:-1] + room)[right[by_right]] + rank
    holder[taken], slot[used[by_right]] = used[by_right], taken
    return plan


def _seen_from_places(question: Question, places: Places, match: Int, price: Int) -> tuple[Int, Plan]:
    """The prices of the lefts, and the plan of the places, from those of the lefts."""
    pairs = question.pairs
    plan = _empty_plan(np.ones(places.owner.size, dtype=np.bool_), question.open.astype(np.int64))
    place_match, slot, holder, first_of_left, room = plan
    first = np.zeros(pairs.n_right + 1, dtype=np.int64)
    np.cumsum(question.rights, out=first[1:])
    place = place_of(match, pairs.right, first)
    used = np.flatnonzero(place >= 0)
    place_match[place[used]] = found_at(used, pairs.right[match[used]], places.slots, places.by_right, pairs.left)
    slot[place[used]], holder[first_of_left[used]], room[used] = first_of_left[used], place[used], 0
    left_price = np.where(question.open, 0, question.closed)
    left_price[used] = pairs.points[match[used]] + question.weight - price[pairs.right[match[used]]]
    return left_price, plan


def _seen_from_lefts(question: Question, places: Places, place_match: Int, left_price: Int) -> tuple[Int, Int]:
    """The pair of every left and the prices of the rights, from those of the places and of the lefts."""
    pairs = question.pairs
    match = np.where(question.open, UNMATCHED, CLOSED)
    price = np.where(question.rights > 0, 0, question.closed)
    used = np.flatnonzero(place_match >= 0)
    pair = places.by_right[place_match[used]]
    match[pairs.left[pair]] = pair
    price[places.owner[used]] = pairs.points[pair] + question.weight - left_price[pairs.left[pair]]
    price[places.owner[place_match < 0]] = 0
    return match, price


def _empty_plan(open_: Mask, rights: Int) -> Plan:
    """Nobody matched: match, slot, holder, first, room."""
    first = np.zeros(rights.size + 1, dtype=np.int64)
    np.cumsum(rights, out=first[1:])
    match = np.where(open_, UNMATCHED, CLOSED)
    return match, np.full(open_.size, -1, dtype=np.int64), np.full(first[-1], -1, dtype=np.int32), first, rights.copy()


def _fill(rows: Rows, weight: int, price: Int, plan: Plan) -> None:
    """Match in place; prices are optimal, but for those of rights that end with room."""
    waiting = np.flatnonzero(plan[0] == UNMATCHED).astype(np.int32)
    if not (waiting.size and rows[3].size):
        return
    lists = empty_lists(rows)
    steps = _steps(rows, price.size)
    if steps:
        low, high = int(rows[3].min()), int(rows[3].max())
        floor = max(0, weight + low - PATIENCE * (high - low))
    for share in steps:
        bid(rows, lists, weight, price, plan[3], waiting.copy(), max(1, int(share * (high - low))), floor)
    n_waiting = take(rows, lists, weight, price, plan, waiting, ROUNDS)
    space = workspace(plan[0].size, price.size, _pairs_in(rows))
    match_each(rows, lists, weight, price, plan, waiting[:n_waiting], space)


def _match(rows: Rows, weight: int, price: Int, plan: Plan, waiting: Int) -> None:
    """Match who is ``waiting``, in place, under prices that are optimal but for them."""
    space = workspace(plan[0].size, price.size, _pairs_in(rows))
    match_each(rows, empty_lists(rows), weight, price, plan, waiting.astype(np.int32), space)


def _pairs_in(rows: Rows) -> int:
    return int((rows[1] - rows[0]).sum())


def _steps(rows: Rows, n_right: int) -> tuple[float, ...]:
    """The auction's steps, as shares of the range of points: none where row reduction is as good a start by itself."""
    length = _pairs_in(rows) / rows[0].size
    if rows[0].size < FEW or length > n_right / 2:
        return ()
    return STEPS if length < SHORT_ROW else LONG_STEPS
