"""The best plan of scored pairs, proved: flow or our own solver, prices, proof, tie rule, and the proof again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.flow import best_pairs
from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import certify, prices_of
from matcher.assignment.ties import settle_ties

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Index, Int, Mask, ScoredPairs
    from matcher.assignment.prices import Prices


FLOW_UP_TO = 1_000_000
"""Up to so many pairs the flow is as good: a second at most, and nothing to compile. Beyond it our own solver is faster."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """A plan that is proved best.

    Attributes
    ----------
    chosen, fixed : shape (pairs,); the plan's pairs, and those among them that were given.
    match : shape (lefts,); the right of every left, -1 for none (of several, the largest).
    matched, total : number of pairs and sum of their points.
    bound : proved upper bound on ``total``; equal to it.
    prices : the proof.
    """

    chosen: Mask
    fixed: Mask
    match: Index
    matched: int
    total: int
    bound: int
    prices: Prices


def solve(pairs: ScoredPairs, order: Int, *, fixed: Int | None = None, cardinality_first: bool = True) -> Solved:
    """The best plan: most pairs, then the highest total (or the total alone), then the tie rule.

    Parameters
    ----------
    pairs : what may be paired.
    order : a permutation of the lefts: who chooses first between equally good plans.
    fixed : pair numbers that are in every plan.
    cardinality_first : whether the number of pairs comes before their total.

    Raises
    ------
    InfeasibleError
        Capacities do not allow the fixed pairs (codes ``fixed_over_left_capacity``, ``fixed_over_right_capacity``,
        ``fixed_over_group_capacity``; facts: the index, how many are fixed there, the capacity).
    CertificateError
        The proof failed; nothing is answered.
    RuleError
        The points exceed what the arithmetic can hold.
    """
    held = np.zeros(pairs.n_pairs, dtype=np.bool_)
    held[fixed if fixed is not None else []] = True
    network = build(pairs, held, cardinality_first=cardinality_first)
    found, prices = _planned(pairs, held, network)
    chosen = settle_ties(pairs, network, plan_flow(pairs, found), prices, order) | held
    bound = certify(pairs, chosen, held, prices)
    match = np.full(pairs.n_left, -1, dtype=np.int32)
    match[pairs.left[chosen]] = pairs.right[chosen]
    return Solved(
        chosen=chosen,
        fixed=held,
        match=match,
        matched=int(chosen.sum()),
        total=int(pairs.points[chosen].sum()),
        bound=bound,
        prices=prices,
    )


def _planned(pairs: ScoredPairs, fixed: Mask, network: Network) -> tuple[Mask, Prices]:
    """A best plan beside the fixed pairs, and its prices, proved; both solvers give the same prices."""
    if pairs.n_pairs > FLOW_UP_TO:
        from matcher.assignment.kernel import kernel_plan  # noqa: PLC0415  its loops load only where they pay

        return kernel_plan(pairs, fixed, network)
    found = best_pairs(pairs, network)
    prices = prices_of(pairs, fixed, network, plan_flow(pairs, found))
    certify(pairs, found | fixed, fixed, prices)
    return found, prices
