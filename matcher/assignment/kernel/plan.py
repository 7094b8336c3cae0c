"""Our own solver for lefts with one place each: an auction for a start, then shortest augmenting paths; with prices.

The auction only guesses prices. The paths keep them feasible and the plan tight [1]_, so the end is optimal whatever the
guess was; the proof is made all the same before anything is returned.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.7 and 12.4; R. Jonker and A. Volgenant, A shortest
   augmenting path algorithm for dense and sparse linear assignment problems, Computing 38, 1987.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.kernel.choice import matched
from matcher.assignment.kernel.prices import left_prices, settle_prices
from matcher.assignment.kernel.rows import row_starts, with_pairs
from matcher.assignment.kernel.sides import Question
from matcher.assignment.network import plan_flow
from matcher.assignment.prices import Prices, certify, prices_of
from matcher.assignment.solvers.flow import best_pairs

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Mask, ScoredPairs


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
    match, price = matched(question, rows)
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
