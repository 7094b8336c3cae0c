"""What choosing a pair costs where limits cross: searched anew with the pair held, under the prices that are known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.costs import PlanCosts
from matcher.assignment.crossing.bound import dual_at
from matcher.assignment.crossing.plan import searched
from matcher.assignment.crossing.question import beside, open_pairs
from matcher.assignment.crossing.search import Search, best_within
from matcher.errors import InfeasibleError, TimeLimitError

NEAR = (60, 15)
"""Plans are looked for so near the bound: first by a sixtieth of the largest points, then by a fifteenth."""

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.crossing.bound import Dual
    from matcher.assignment.crossing.plan import Crossed
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

UNREACHED = 2**62
"""The loss where no plan is as large."""


def crossing_costs(
    pairs: ScoredPairs,
    solved: Solved | Crossed,
    wanted: Int,
    *,
    cardinality_first: bool = True,
    seconds: float | None = None,
    search: str = "mip",
) -> PlanCosts:
    """The best plan minus the best plan with each wanted pair, in points and in matches.

    Parameters
    ----------
    pairs, solved : the question and its best plan.
    wanted : pair numbers.
    cardinality_first : as ``solved`` was asked.
    seconds : limit for all together. Whatever it leaves open is not ``exact``: there, the pair costs ``cost`` points at
        least, if it costs no match.
    search : ``mip`` or ``cp_sat``.
    """
    asked = np.asarray(wanted, dtype=np.int64)
    costs = _at_least(pairs, solved, asked)
    if solved.status != "optimal":  # nobody knows what the best plan has, so nobody knows what it gives up
        return costs
    count = solved.matched if cardinality_first else None
    with Search(search, seconds) as solver:
        for at in np.flatnonzero(~costs.exact):
            if solver.left() == 0:
                break
            _search_one(pairs, solved, int(asked[at]), int(at), count, costs, solver)
    return costs


def _at_least(pairs: ScoredPairs, solved: Solved | Crossed, asked: Int) -> PlanCosts:
    """What the plan's bound says: exact for the best plan's own pairs and those that no plan has room for."""
    question, dual = _dual_beside(pairs, solved, solved.fixed)
    place = np.full(pairs.n_pairs, -1, dtype=np.int64)
    place[question.numbers] = np.arange(question.pairs.n_pairs)
    known = place[asked] >= 0
    own = solved.chosen[asked]
    fixed = solved.fixed
    gap = dual.below(solved.matched - int(fixed.sum()), solved.total - int(pairs.points[fixed].sum()))
    loss = np.zeros(asked.size, dtype=np.int64)
    loss[known] = np.maximum(dual.losses(question, place[asked[known]]) - gap, 0)
    exact = (own & (solved.status == "optimal")) | ~(own | known)
    lost = np.zeros(asked.size, dtype=np.int64)
    return PlanCosts(cost=np.where(own, 0, loss), lost=lost, allowed=own | known, exact=exact)


def _dual_beside(pairs: ScoredPairs, solved: Solved | Crossed, held: Mask) -> tuple[Question, Dual]:
    """What is left beside the ``held`` pairs, and its bound under the plan's own prices of crossing limits."""
    whole = beside(pairs, held)
    question = whole.part(open_pairs(whole))
    return question, dual_at(question, solved.prices.match_weight, question.signed(solved.prices.crossing), 1)


def _search_one(
    pairs: ScoredPairs, solved: Solved | Crossed, pair: int, at: int, count: int | None, costs: PlanCosts, search: Search
) -> None:
    """Set the exact cost of one pair, or leave the bound where time runs out."""
    held = solved.fixed.copy()
    held[pair] = True
    try:
        question, dual = _dual_beside(pairs, solved, held)
        count = None if count is None else max(count - int(held.sum()), 0)
        plan, certain = _near_or_far(question, dual, count, search)
    except InfeasibleError:
        costs.allowed[at], costs.exact[at], costs.cost[at] = False, True, 0
        return
    except (TimeLimitError, KeyboardInterrupt):
        return
    if certain:
        total = int(question.pairs.points[plan].sum()) + int(pairs.points[held].sum())
        costs.cost[at], costs.exact[at] = solved.total - total, True
        costs.lost[at] = solved.matched - int(held.sum()) - int(plan.sum())


def _near_or_far(question: Question, dual: Dual, count: int | None, search: Search) -> tuple[Mask, bool]:
    """A best plan, looked for near the bound first, where programs are small; and whether it is certain to be best."""
    largest = int(np.abs(question.pairs.points).max(initial=0))
    for part in NEAR if question.pairs.n_pairs else ():
        found = best_within(question, dual, largest // part, count, search)
        if found.x is not None and found.status == "optimal":
            return found.x, True
        if found.status != "infeasible":
            break
    plan, _, certain = searched(question, dual, count, search)
    return plan, certain


def losses_without(pairs: ScoredPairs, solved: Solved, own: Int, *, seconds: float | None, search: str = "mip") -> Int:
    """What all lose without each of these pairs of the best plan, with as many pairs; -1 where time ran out.

    ``UNREACHED`` where no plan with as many pairs does without it.
    """
    lost = np.full(own.size, -1, dtype=np.int64)
    whole = beside(pairs, solved.fixed)
    kept = open_pairs(whole)
    count = solved.matched - int(solved.fixed.sum())
    with Search(search, seconds) as solver:
        for at, pair in enumerate(own.tolist()):
            question = whole.part(kept & (whole.numbers != pair))
            dual = dual_at(question, solved.prices.match_weight, question.signed(solved.prices.crossing), 1)
            try:
                plan, certain = _near_or_far(question, dual, count, solver)
            except InfeasibleError:
                lost[at] = UNREACHED
                continue
            except (TimeLimitError, KeyboardInterrupt):
                break
            if certain:
                total = int(question.pairs.points[plan].sum() + pairs.points[solved.fixed].sum())
                lost[at] = solved.total - total if int(plan.sum()) == count else UNREACHED
    return lost
