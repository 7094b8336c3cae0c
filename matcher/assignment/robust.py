"""How firmly a pair stands: whether it is in every, in some or in no plan that is nearly as good as the best.

Nearly as good: as many pairs, and a total at most ``SLACK`` of the best one's below it. Whether some such plan has the
pair is known from its cost. Whether some such plan is without a pair of the best plan is known from the shortest residual
way from its left to its right beside it, which is what all lose without the pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.known_changes import KnownChanges
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.paths import FAR, reach_each

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.costs import PlanCosts
    from matcher.assignment.pairs import Int, Mask

SLACK = 100
"""A plan is nearly as good while it gives up at most one part in so many of the best total."""
ALWAYS, SOMETIMES, NEVER, UNKNOWN = "always", "sometimes", "never", ""


def robustness(
    pairs: ScoredPairs,
    solved: Solved,
    wanted: Int,
    costs: PlanCosts,
    known: KnownChanges | None = None,
    *,
    seconds: float | None = None,
) -> list[str]:
    """``always``, ``sometimes`` or ``never`` for each of the ``wanted`` pair numbers, whose costs are given; "" if unknown.

    ``known``: the plan's changes, where more is asked about it. ``seconds``: for a search, where limits cross.
    """
    slack = solved.total // SLACK
    within = costs.allowed & (costs.lost == 0) & (costs.cost <= slack)
    word = np.where(within, np.where(costs.exact, SOMETIMES, UNKNOWN), NEVER)
    own = np.flatnonzero(solved.chosen[wanted])
    if own.size and not pairs.crossing:
        can_go = _can_go(known or KnownChanges(pairs, solved), wanted[own], slack)
        word[own] = np.where(can_go, SOMETIMES, ALWAYS)
    elif own.size:
        word[own] = _by_search(pairs, solved, wanted[own], slack, seconds) if solved.status == "optimal" else UNKNOWN
    word[solved.fixed[wanted]] = ALWAYS
    return [str(one) for one in word]


def _by_search(pairs: ScoredPairs, solved: Solved, own: Int, slack: int, seconds: float | None) -> list[str]:
    """The words for pairs of a plan whose limits cross.

    As long as the same lefts are matched, every limit holds: there, a network tells. For the rest, other lefts are looked for.
    """
    from matcher.assignment.best import solve  # noqa: PLC0415  it asks this file's neighbours in turn
    from matcher.assignment.crossing.costs import losses_without  # noqa: PLC0415  seldom needed, slow to load

    lefts = np.bincount(pairs.left[solved.chosen], minlength=pairs.n_left)
    kept = np.flatnonzero(lefts[pairs.left] > 0)
    same = ScoredPairs.of(
        pairs.left[kept],
        pairs.right[kept],
        pairs.points[kept],
        n_left=pairs.n_left,
        n_right=pairs.n_right,
        left_capacity=lefts,
        right_capacity=pairs.right_capacity,
    )
    beside = solve(same, np.arange(pairs.n_left), fixed=np.flatnonzero(solved.fixed[kept]), ties=False)
    at = np.searchsorted(kept, own)
    free = ~beside.chosen[at]  # a plan as good as the best is without it
    held = np.flatnonzero(~free & ~beside.fixed[at])
    free[held] = _can_go(KnownChanges(same, beside), at[held], slack)
    words = np.where(free, SOMETIMES, UNKNOWN)
    open_ = np.flatnonzero(~free)
    if open_.size:
        lost = losses_without(pairs, solved, own[open_], seconds=seconds)
        words[open_] = np.where(lost < 0, UNKNOWN, np.where(lost <= slack, SOMETIMES, ALWAYS))
    return [str(word) for word in words]


def _can_go(known: KnownChanges, wanted: Int, slack: int) -> Mask:
    """Whether all lose at most ``slack`` without each of these pairs of the plan."""
    pairs = known.pairs
    answer = np.array([_surely_can_go(known, int(pair), slack) for pair in wanted], dtype=np.bool_)
    open_ = np.flatnonzero(~answer)
    if open_.size:
        open_ = open_[np.argsort(pairs.right[wanted[open_]], kind="stable")]
        roots = (pairs.right[wanted[open_]] + pairs.n_left).astype(np.int32)
        within = np.full(known.changes.radius.size, slack + 1)
        answer[open_] = reach_each(roots, pairs.left[wanted[open_]], within, known.by_head) < FAR
    return answer


def _surely_can_go(known: KnownChanges, pair: int, slack: int) -> bool:
    """Whether so little is lost where the left takes another right, and that goes on to the outside: seen without a search."""
    pairs, changes = known.pairs, known.changes
    left = pairs.left[pair]
    own = slice(*np.searchsorted(pairs.left, np.array([left, left + 1], dtype=pairs.left.dtype)))
    others = changes.allowed[own] & ~known.solved.chosen[own]
    others &= known.to_outside[pairs.right[own] + pairs.n_left] >= 0
    least = int(known.slack[own].min(where=others, initial=FAR))
    return least + int(changes.radius[pairs.right[pair] + pairs.n_left]) <= slack
