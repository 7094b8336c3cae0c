"""The best plan again after people or scores have changed: from the plan and the prices that were, not from nothing.

The answer is ``solve``'s own: any best plan has the same canonical prices, and these and the tie rule leave one plan. What
was before is only a guess: everything it says that no longer holds is repaired by shortest augmenting paths
(state.py), and the answer is proved over all pairs. For one change after another on the same pairs: ``Live``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.best import Solved, solve
from matcher.assignment.kernel.prices import left_prices, settle_prices
from matcher.assignment.kernel.rows import row_starts
from matcher.assignment.network import build, match_weight, plan_flow
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.prices import Prices, certify
from matcher.assignment.ties import settle_ties
from matcher.assignment.warm.choose import lefts_choose, places_choose
from matcher.assignment.warm.live import Live
from matcher.assignment.warm.start import begin, empty_plan, in_weight, pair_columns, pairs_of, tight_pairs
from matcher.assignment.warm.state import SHUT, no_proof
from matcher.errors import CertificateError, RuleError

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.pairs import Index, Int, Mask

    Rows = tuple[Int, npt.NDArray[np.uint32], Int]

__all__ = ["Live", "Start", "resolve"]

MOST_BROKEN = 0.9
"""Where more of the lefts have to be matched anew, hardly anything is left to start from; with 0.84 it still pays (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """What is known from before, in the numbering of now.

    Attributes
    ----------
    right_of_left : int32, shape (lefts,); the right that each left had, -1 for none.
    right_price : int64, shape (rights,), >= 0; the price that each right had, 0 for new ones.
    match_weight : the weight of a match in those prices.
    """

    right_of_left: Index
    right_price: Int
    match_weight: int

    @classmethod
    def of(cls, solved: Solved, left_was: npt.ArrayLike, right_was: npt.ArrayLike) -> Start:
        """From an answer; ``left_was`` and ``right_was`` give the number that each left and right of now had, -1 for new ones."""
        lefts, rights = np.asarray(left_was, dtype=np.int64), np.asarray(right_was, dtype=np.int64)
        is_now = np.full(solved.prices.right.size + 1, -1, dtype=np.int32)
        is_now[rights[rights >= 0]] = np.flatnonzero(rights >= 0)
        return cls(
            right_of_left=is_now[np.append(solved.match, -1)[lefts]],
            right_price=np.append(solved.prices.right, 0)[rights],
            match_weight=solved.prices.match_weight,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Room:
    """Places beside the fixed pairs, none more than can matter; ``rights_open`` also counts the rights without pairs."""

    lefts: Mask
    rights: Int
    rights_open: Mask


def resolve(pairs: ScoredPairs, order: Int, before: Start, *, fixed: Int | None = None, cardinality_first: bool = True) -> Solved:
    """What ``solve`` answers to the same question, from what was before.

    Where lefts have several places, limits cross or bind, or ``before`` helps little, it is ``solve``'s work too.

    Parameters
    ----------
    pairs, order, fixed, cardinality_first : as for ``solve``.
    before : a guess of the plan and of the rights' prices; any is allowed, a good one is fast.

    Raises
    ------
    RuleError
        ``before`` is not of these lefts and rights; or as ``solve``.
    CertificateError, InfeasibleError
        As ``solve``.
    """
    if before.right_of_left.shape != (pairs.n_left,) or before.right_price.shape != (pairs.n_right,):
        raise RuleError("a start needs one right per left and one price per right")
    held = np.zeros(pairs.n_pairs, dtype=np.bool_)
    held[fixed if fixed is not None else []] = True
    start = row_starts(pairs.left, pairs.n_left)
    room = _room(pairs, held, start)
    solved = None
    if room is not None:
        weight = match_weight(pairs) if cardinality_first else 0
        rows = (start, pairs.right.view(np.uint32), pairs.points)
        repaired = _repaired(pairs, before, room, rows, weight)
        solved = _answer(pairs, order, held, room, rows, weight, *repaired) if repaired is not None else None
    return solved if solved is not None else solve(pairs, order, fixed=fixed, cardinality_first=cardinality_first)


def _room(pairs: ScoredPairs, fixed: Mask, start: Int) -> _Room | None:
    """Places beside the fixed pairs; None where this is no question for augmenting paths alone."""
    few = _part(pairs, np.flatnonzero(fixed), 0)
    lefts, rights, groups = few.counts(np.ones(few.n_pairs, dtype=np.bool_))
    more = (pairs.left_capacity > 1).any() or (lefts > pairs.left_capacity).any() or (rights > pairs.right_capacity).any()
    if more or pairs.crossing or pairs.group_least.any() or (pairs.group_limit <= groups).any():
        return None
    degree = np.bincount(pairs.right, minlength=pairs.n_right)
    free = pairs.right_capacity - rights
    return _Room(
        lefts=(pairs.left_capacity > lefts) & (start[1:] > start[:-1]),
        rights=np.where(degree > 0, np.minimum(free, degree + 1), 0),
        rights_open=free > 0,
    )


def _repaired(pairs: ScoredPairs, before: Start, room: _Room, rows: Rows, weight: int) -> tuple[Int, Int] | None:
    """The pair of each left, -1 for none, and optimal prices of the rights; None where nearly all would have to be repaired."""
    price = in_weight(before.right_price, before.match_weight, weight)
    plan = empty_plan(price, room.rights, room.rights, pairs.n_left)
    proof = no_proof(pairs.n_left, pairs.n_right)
    guess = pairs_of(before.right_of_left.astype(np.int64), rows[0], rows[1])
    broken = begin(guess, room.lefts, weight, rows, plan, proof)
    if broken.size > MOST_BROKEN * pairs.n_left:
        return None
    if lefts_choose(broken, weight, rows, plan):
        places_choose(weight, rows, pair_columns(pairs.left, pairs.right, pairs.points, pairs.n_right), plan)
    return plan[3], plan[1]


def _answer(
    pairs: ScoredPairs, order: Int, fixed: Mask, room: _Room, rows: Rows, weight: int, match: Int, price: Int
) -> Solved | None:
    """The canonical prices, the tie rule's plan and the proof; None where the plan exceeds a group's limit."""
    prices = _settled(pairs, fixed, room, rows, weight, match, price)
    closed = np.where(room.lefts, prices.left, SHUT), np.where(room.rights > 0, prices.right, SHUT)
    tight, feasible = tight_pairs(*closed, weight, rows)
    if not feasible:
        raise CertificateError(["a pair is worth more than its prices"])
    near = np.union1d(tight, np.flatnonzero(fixed))  # no best plan has another pair, so ties and sums are theirs alone
    some, weighed = _part(pairs, near, weight), Prices(left=prices.left, right=prices.right, group=prices.group, match_weight=0)
    free, held = np.zeros(pairs.n_pairs, dtype=np.bool_), fixed[near]
    free[match[match >= 0]] = True
    if (some.counts(free[near] | held)[2] > pairs.group_limit).any():
        return None
    network = build(some, held, cardinality_first=False)
    settled = settle_ties(some, network, plan_flow(some, free[near], network), weighed, order) | held
    worth = certify(some, settled, held, weighed)
    chosen = np.zeros(pairs.n_pairs, dtype=np.bool_)
    chosen[near[settled]] = True
    numbers = near[settled]
    right_of = np.full(pairs.n_left, -1, dtype=np.int32)
    right_of[pairs.left[numbers]] = pairs.right[numbers]
    return Solved(
        chosen=chosen,
        fixed=fixed,
        match=right_of,
        matched=numbers.size,
        total=int(pairs.points[numbers].sum()),
        bound=worth - numbers.size * weight,
        prices=prices,
    )


def _settled(pairs: ScoredPairs, fixed: Mask, room: _Room, rows: Rows, weight: int, match: Int, price: Int) -> Prices:
    """The canonical prices, as ``prices_of`` would say; no group has one, as none binds."""
    start, right, points = rows
    by_left = (start[:-1], start[1:], right, points)
    top = max(0, weight + int(points.max(initial=-weight)))
    used = np.bincount(pairs.right[match[match >= 0]], minlength=pairs.n_right)
    settled = np.where(room.rights > 0, price, np.where(room.rights_open, 0, top + 1))
    settle_prices(by_left, weight, settled, match, np.maximum(room.rights - used, 0))
    np.minimum(settled, top, out=settled)
    left = left_prices(by_left, weight, settled, np.zeros(pairs.n_left, dtype=np.int64), match)
    held = np.flatnonzero(fixed)
    left[pairs.left[held]] = points[held] + weight - settled[pairs.right[held]]
    return Prices(left=left, right=settled, group=np.zeros(pairs.n_groups, dtype=np.int64), match_weight=weight)


def _part(pairs: ScoredPairs, numbers: Int, weight: int) -> ScoredPairs:
    """The question of these pairs alone, each worth a match and its points."""
    return ScoredPairs(
        left=pairs.left[numbers],
        right=pairs.right[numbers],
        points=pairs.points[numbers] + weight,
        left_capacity=pairs.left_capacity,
        right_capacity=pairs.right_capacity,
        group=pairs.group,
        group_limit=pairs.group_limit,
        group_least=pairs.group_least,
        group_parent=pairs.group_parent,
    )
