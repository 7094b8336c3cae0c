"""How firmly a pair stands: whether it is in every, in some or in no plan that is nearly as good as the best.

Nearly as good: as many pairs, and a total at most ``SLACK`` of the best one's below it. Whether some such plan has the
pair is known from its cost. Whether some such plan is without a pair of the best plan is known from the shortest residual
way from its left to its right beside it, which is what all lose without the pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.changes import changes_of
from matcher.assignment.paths import FAR, grouped, reach_each

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.costs import PlanCosts
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

SLACK = 100
"""A plan is nearly as good while it gives up at most one part in so many of the best total."""
ALWAYS, SOMETIMES, NEVER, UNKNOWN = "always", "sometimes", "never", ""


def robustness(pairs: ScoredPairs, solved: Solved, wanted: Int, costs: PlanCosts) -> list[str]:
    """``always``, ``sometimes`` or ``never`` for each of the ``wanted`` pair numbers, whose costs are given; "" if unknown."""
    slack = solved.total // SLACK
    within = costs.allowed & (costs.lost == 0) & (costs.cost <= slack)
    word = np.where(within, np.where(costs.exact, SOMETIMES, UNKNOWN), NEVER)
    own = np.flatnonzero(solved.chosen[wanted])
    word[own] = UNKNOWN if pairs.crossing else np.where(_can_go(pairs, solved, wanted[own], slack), SOMETIMES, ALWAYS)
    word[solved.fixed[wanted]] = ALWAYS
    return [str(one) for one in word]


def _can_go(pairs: ScoredPairs, solved: Solved, wanted: Int, slack: int) -> Mask:
    """Whether all lose at most ``slack`` without each of these pairs of the plan."""
    changes = changes_of(pairs, solved)
    ways, n_nodes = changes.ways, changes.radius.size
    short = np.flatnonzero(ways.length <= slack)
    start, by_head = grouped(ways.head[short], n_nodes)
    arcs = short[by_head]
    roots = (pairs.right[wanted] + pairs.n_left).astype(np.int32)
    by_root = np.argsort(roots, kind="stable")
    graph = (start, ways.tail[arcs], ways.length[arcs])
    found = reach_each(roots[by_root], pairs.left[wanted][by_root], np.full(n_nodes, slack + 1), graph)
    answer = np.empty(wanted.size, dtype=np.bool_)
    answer[by_root] = found < FAR
    return answer
