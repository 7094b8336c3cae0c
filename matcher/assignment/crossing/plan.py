"""The best plan where limits cross: no flow, and hard in general; searched between bounds that a flow gives.

Prices of the crossing limits leave a network, whose flow bounds every plan. Pairs that lose more than what lies between
this bound and a known plan are in no better one. What is left goes to a solver for linear programs in whole numbers: how
many pairs, then their total, then the tie rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from matcher.assignment.crossing.bound import Dual, dual_at
from matcher.assignment.crossing.multipliers import MATCH_IN_LARGEST, dual_for, first_dual
from matcher.assignment.crossing.question import CLASH, beside, open_pairs
from matcher.assignment.crossing.search import Search, best_plan, program_for
from matcher.assignment.crossing.start import first_plan
from matcher.assignment.crossing.ties import settle
from matcher.errors import InfeasibleError

if TYPE_CHECKING:
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.pairs import Int, Mask, ScoredPairs
    from matcher.assignment.prices import Prices
    from matcher.assignment.solvers.program import Found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crossed:
    """A plan under limits that cross, and what bounds it.

    Attributes
    ----------
    chosen, fixed : shape (pairs,); the plan's pairs, and those among them that were given.
    matched, total : number of pairs and sum of their points.
    bound : no plan with as many pairs has a higher total; equal to it where ``status`` is ``optimal``.
    status : ``optimal``: no plan is better, and the tie rule names this one; ``feasible``: time ran out before that was certain.
    prices : for every pair that some plan has, the sum of its prices is ``match_weight`` + points or more (where the left's
        capacity is above 1, the rest is the pair's own price); so they bound all plans' ``match_weight`` * pairs + points.
    dual : the finer bound behind the search, of what the fixed pairs leave.
    """

    chosen: Mask
    fixed: Mask
    matched: int
    total: int
    bound: int
    status: Literal["optimal", "feasible"]
    prices: Prices
    dual: Dual


def solve_crossing(
    pairs: ScoredPairs,
    order: Int | None,
    fixed: Mask,
    *,
    cardinality_first: bool = True,
    seconds: float | None = None,
    search: str = "mip",
) -> Crossed:
    """The best plan: most pairs, then the highest total (or the total alone), then the tie rule.

    Parameters
    ----------
    pairs : what may be paired, with ``crossing`` limits.
    order : a permutation of the lefts: who chooses first between equally good plans; None where any of them will do.
    fixed : shape (pairs,); in every plan.
    cardinality_first : whether the number of pairs comes before their total.
    seconds : limit for the search; then the best plan found so far is the answer.
    search : ``mip`` or ``cp_sat``.

    Raises
    ------
    InfeasibleError
        No plan keeps all capacities and limits (code ``limits_clash``).
    TimeLimitError
        Time ran out before any plan was found.
    """
    with Search(search, seconds) as solver:
        return crossed(pairs, order, fixed, solver, cardinality_first=cardinality_first)


def crossed(pairs: ScoredPairs, order: Int | None, fixed: Mask, search: Search, *, cardinality_first: bool = True) -> Crossed:
    """As ``solve_crossing``, with a search at hand."""
    whole = beside(pairs, fixed)
    question = whole.part(open_pairs(whole))
    first = search.waited(partial(first_dual, question, cardinality_first=cardinality_first))
    if first is None:
        dual = _quick_dual(question, cardinality_first=cardinality_first)
        plan, certain = _begun(question, dual, search), False
    else:
        dual, count = first
        plan, dual, certain = searched(question, dual, count, search)
    if certain and order is not None:
        plan, certain = settle(question, dual, plan, int(plan.sum()) if cardinality_first else None, order, search)
    chosen = fixed.copy()
    chosen[question.numbers[plan]] = True
    total = int(pairs.points[chosen].sum())
    bound = total if certain else _bound(question, dual, int(plan.sum())) + int(pairs.points[fixed].sum())
    return Crossed(
        chosen=chosen,
        fixed=fixed,
        matched=int(chosen.sum()),
        total=total,
        bound=bound,
        status="optimal" if certain else "feasible",
        prices=_prices(pairs, fixed, whole, dual),
        dual=dual,
    )


def searched(question: Question, dual: Dual, count: int | None, search: Search) -> tuple[Mask, Dual, bool]:
    """A best plan, the bound that it was found under, and whether it is certain to be best; ``count``: no plan has more pairs.

    Raises
    ------
    InfeasibleError, TimeLimitError
        As ``solve_crossing``.
    """
    plan, certain = best_plan(question, dual, count, _at_hand(question, dual, count), search)
    if plan is None and certain and count:
        most = _most_pairs(question, count - 1, search)
        plan, certain = most.x, False
        if most.status == "optimal" and most.value is not None:
            dual = dual_for(question, most.value)
            plan, certain = best_plan(question, dual, most.value, None, search)  # the plan of the most pairs has any points
            plan = most.x if plan is None else plan
    if plan is None and certain:
        raise InfeasibleError(CLASH)
    return (_begun(question, dual, search) if plan is None else plan), dual, certain


def _at_hand(question: Question, dual: Dual, count: int | None) -> Mask | None:
    """The flow's own plan, where it happens to keep all limits."""
    fits = question.holds(dual.chosen) and count in {None, int(dual.chosen.sum())}
    return dual.chosen if fits else None


def _most_pairs(question: Question, limit: int, search: Search) -> Found:
    """A plan of the most pairs, when none can have more than ``limit``; raises ``InfeasibleError`` where there is no plan."""
    every = np.arange(question.pairs.n_pairs)
    found = search.solve(program_for(question, None).with_objective(1).with_row(every, 1, 0, limit))
    if found.status == "infeasible":
        raise InfeasibleError(CLASH)
    return found


def _quick_dual(question: Question, *, cardinality_first: bool) -> Dual:
    """A bound without prices of the crossing limits: one flow, where time has run out."""
    largest = int(np.abs(question.pairs.points).max(initial=0)) + 1
    free = np.zeros(len(question.least), dtype=np.int64)
    return dual_at(question, MATCH_IN_LARGEST * largest if cardinality_first else 0, free, 1)


def _bound(question: Question, dual: Dual, matched: int) -> int:
    """No plan of so many pairs has a higher total: by the dual, or, far from the most pairs, whatever their number."""
    free = np.zeros(len(question.least), dtype=np.int64)
    return min(dual.total_bound(matched), dual_at(question, 0, free, 1).value)


def _begun(question: Question, dual: Dual, search: Search) -> Mask:
    """A plan, where the search has ended without one."""
    plan = first_plan(question, dual.chosen, dual.weight)
    if plan is None:
        raise search.ended_without_answer()
    return plan


def _prices(pairs: ScoredPairs, fixed: Mask, whole: Question, dual: Dual) -> Prices:
    """The bound's prices in whole points, for all pairs; a left with a fixed pair has what remains of that pair's weight."""
    multipliers = whole.signed(np.rint(dual.prices.crossing / dual.scale).astype(np.int64))
    top = 2 * (dual.weight + int(np.abs(pairs.points).max(initial=0))) + 1
    multipliers[whole.most == 0] = top + int(np.abs(multipliers).sum())
    prices = dual_at(whole, dual.weight, multipliers, 1).prices
    held = np.flatnonzero(fixed & (pairs.left_capacity <= 1)[pairs.left])
    left = prices.left.copy()
    left[pairs.left[held]] = 0
    left[pairs.left[held]] = -replace(prices, left=left).slack(pairs)[held]
    return replace(prices, left=left)
