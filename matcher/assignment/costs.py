"""What choosing a pair costs everybody else: exact, for every pair, without solving again.

A plan with pair (i, j) changes the best plan along a cycle through i -> j; the cheapest is the pair's slack under the
prices plus the shortest residual way from j back to i [1]_.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.2 and 9.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.known_changes import KnownChanges

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.pairs import Int, Mask, ScoredPairs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanCosts:
    """The best plan minus the best plan with each wanted pair, in points (``cost``) and in matches (``lost``).

    ``cost`` is >= 0 where no match is lost. Where no plan has the pair, ``allowed`` is False and the others are 0. Where
    ``exact`` is False (limits cross, and time ran out) they are the least that the pair can cost.
    """

    cost: Int
    lost: Int
    allowed: Mask
    exact: Mask

    def of(self, chosen: Int | list[int]) -> PlanCosts:
        """The costs at some places."""
        return PlanCosts(cost=self.cost[chosen], lost=self.lost[chosen], allowed=self.allowed[chosen], exact=self.exact[chosen])


def plan_costs(
    pairs: ScoredPairs,
    solved: Solved,
    wanted: Int | None = None,
    *,
    seconds: float | None = None,
    known: KnownChanges | None = None,
) -> PlanCosts:
    """Cost of every pair, or of the ``wanted`` pair numbers in their order; one Dijkstra a left, within what can matter.

    ``solved`` is the answer of ``solve`` for the same pairs with ``cardinality_first``. Where limits cross, each wanted pair
    is searched for anew, for ``seconds`` in all. ``known``: the plan's changes, where more is asked about it.

    Raises
    ------
    CertificateError
        The prices of ``solved`` do not prove its plan for these pairs.
    """
    asked = np.arange(pairs.n_pairs) if wanted is None else np.asarray(wanted, dtype=np.int64)
    if pairs.crossing:
        from matcher.assignment.crossing.costs import crossing_costs  # noqa: PLC0415  seldom needed, slow to load

        return crossing_costs(pairs, solved, asked, seconds=seconds)
    known = known or KnownChanges(pairs, solved)
    allowed = known.changes.allowed[asked]
    priced = np.flatnonzero(allowed & ~solved.chosen[asked])
    priced = priced[np.argsort(pairs.left[asked[priced]], kind="stable")]
    lefts, rights = pairs.left[asked[priced]], (pairs.right[asked[priced]] + pairs.n_left).astype(np.int32)
    loss = known.slack[asked[priced]] + known.distances(rights, lefts)
    allowed[priced[known.changes.breaks_a_least(loss)]] = False
    loss = np.where(allowed[priced], loss, 0)
    weight = solved.prices.match_weight
    cost, lost = np.zeros(asked.size, dtype=np.int64), np.zeros(asked.size, dtype=np.int64)
    lost[priced] = (loss + weight // 2) // weight
    cost[priced] = loss - lost[priced] * weight
    return PlanCosts(cost=cost, lost=lost, allowed=allowed, exact=np.ones(asked.size, dtype=np.bool_))
