"""The best plan of scored pairs, proved: flow or our own solver, prices, proof, tie rule, and the proof again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import certify, prices_of
from matcher.assignment.solvers import AUTO, best_plan, search_of
from matcher.assignment.ties import settle_ties
from matcher.errors import InfeasibleError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs
    from matcher.assignment.prices import Prices


FLOW_UP_TO = 1_000_000
"""Up to so many pairs the flow is as good: a second at most, and nothing to compile. Beyond it our own solver is faster."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """A plan that is proved best; or, where limits cross and time ran out, the best one found.

    Attributes
    ----------
    chosen, fixed : shape (pairs,); the plan's pairs, and those among them that were given.
    match : shape (lefts,); the right of every left, -1 for none (of several, the largest).
    matched, total : number of pairs and sum of their points.
    bound : proved upper bound on ``total`` of any plan with as many pairs.
    status : ``optimal``: no plan is better, and the tie rule names this one; ``feasible``: time ran out before that was
        certain (only where limits cross).
    prices : the proof; where limits cross, they prove a bound, and the search the rest.
    """

    chosen: Mask
    fixed: Mask
    match: Index
    matched: int
    total: int
    bound: int
    prices: Prices
    status: Literal["optimal", "feasible"] = "optimal"


def solve(
    pairs: ScoredPairs,
    order: Int,
    *,
    fixed: Int | None = None,
    cardinality_first: bool = True,
    solver: str = AUTO,
    seconds: float | None = None,
    ties: bool = True,
) -> Solved:
    """The best plan: most pairs, then the highest total (or the total alone), then the tie rule.

    Parameters
    ----------
    pairs : what may be paired.
    order : a permutation of the lefts: who chooses first between equally good plans.
    fixed : pair numbers that are in every plan.
    cardinality_first : whether the number of pairs comes before their total.
    solver : who looks for the plan: a name of ``solvers.NAMES``, or ``auto`` for what suits its structure and size.
    seconds : so long may a search take, where limits cross; None for as long as it takes.
    ties : False where any of the best plans will do.

    Raises
    ------
    InfeasibleError
        Capacities do not allow the fixed pairs (codes ``fixed_over_left_capacity``, ``fixed_over_right_capacity``,
        ``fixed_over_group_capacity``; facts: the index, how many are fixed there, the capacity), or no plan keeps all
        limits (``limits_clash``).
    CertificateError
        The proof failed; nothing is answered.
    RuleError
        The points exceed what the arithmetic can hold.
    UsageError
        There is no solver of that name, or it cannot hold the limits.
    TimeLimitError
        Limits cross, and time ran out before any plan was found.
    """
    held = np.zeros(pairs.n_pairs, dtype=np.bool_)
    held[fixed if fixed is not None else []] = True
    network = build(pairs, held, cardinality_first=cardinality_first)
    if pairs.crossing:
        return _searched(pairs, order if ties else None, held, solver, seconds, cardinality_first=cardinality_first)
    found, prices = _planned(pairs, held, network, solver)
    if ties:
        found = settle_ties(pairs, network, plan_flow(pairs, found, network), prices, order)
    chosen = found | held
    return _answer(pairs, chosen, held, prices, certify(pairs, chosen, held, prices))


def _planned(pairs: ScoredPairs, fixed: Mask, network: Network, solver: str) -> tuple[Mask, Prices]:
    """A best plan beside the fixed pairs, and its prices; every solver gives the same prices."""
    if solver == AUTO:
        solver = "kernel" if pairs.n_pairs > FLOW_UP_TO and not pairs.group_least.any() else "flow"
    found = best_plan(solver, pairs, fixed, network)
    if (pairs.counts(found | fixed)[2] < pairs.group_least).any():
        raise InfeasibleError([("limits_clash", {})])
    return found, prices_of(pairs, fixed, network, plan_flow(pairs, found, network))


def _searched(
    pairs: ScoredPairs, order: Int | None, fixed: Mask, solver: str, seconds: float | None, *, cardinality_first: bool
) -> Solved:
    """The plan under limits that cross: no network, so a search between bounds."""
    from matcher.assignment.crossing.plan import solve_crossing  # noqa: PLC0415  seldom needed, and slow to load

    search = search_of(solver)
    found = solve_crossing(pairs, order, fixed, cardinality_first=cardinality_first, seconds=seconds, search=search)
    return replace(_answer(pairs, found.chosen, fixed, found.prices, found.bound), status=found.status)


def _answer(pairs: ScoredPairs, chosen: Mask, fixed: Mask, prices: Prices, bound: int) -> Solved:
    match = np.full(pairs.n_left, -1, dtype=np.int32)
    match[pairs.left[chosen]] = pairs.right[chosen]
    return Solved(
        chosen=chosen,
        fixed=fixed,
        match=match,
        matched=int(chosen.sum()),
        total=int(pairs.points[chosen].sum()),
        bound=bound,
        prices=prices,
    )
