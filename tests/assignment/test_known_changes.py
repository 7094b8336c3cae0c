"""Answers about a few pairs from kept changes, against the same from nothing and for all pairs at once."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.assignment import ScoredPairs, displacements, plan_costs, solve
from matcher.assignment.known_changes import KnownChanges
from matcher.assignment.paths import FAR, grouped, reach_each
from matcher.assignment.robust import ALWAYS, NEVER, SLACK, SOMETIMES, robustness


def market(seed: int, n_left: int = 12, n_right: int = 10) -> ScoredPairs:
    """Random pairs with close points, so that plans compete."""
    rng = np.random.default_rng(seed)
    left, right = np.nonzero(rng.random((n_left, n_right)) < 0.4)
    points = rng.integers(900, 1_000, left.size)
    places = rng.integers(1, 3, n_right)
    return ScoredPairs.of(left, right, points, n_left=n_left, n_right=n_right, right_capacity=places)


@pytest.mark.parametrize("seed", range(12))
def test_kept_changes_answer_as_new_ones(seed: int) -> None:
    pairs = market(seed)
    solved = solve(pairs, np.arange(pairs.n_left))
    known, all_at_once = KnownChanges(pairs, solved), plan_costs(pairs, solved)
    for pair in np.random.default_rng(seed).permutation(pairs.n_pairs).tolist():
        wanted = np.array([pair])
        costs = plan_costs(pairs, solved, wanted, known=known)
        assert (costs.cost[0], costs.lost[0], costs.allowed[0]) == (
            all_at_once.cost[pair],
            all_at_once.lost[pair],
            all_at_once.allowed[pair],
        )
        assert displacements(pairs, solved, [pair], known) == displacements(pairs, solved, [pair])
        assert robustness(pairs, solved, wanted, costs, known) == [searched(known, pair, costs.lost[0], costs.cost[0])]


def searched(known: KnownChanges, pair: int, lost: int, cost: int) -> str:
    """``robust`` of a pair by a search through the whole network alone."""
    pairs, slack = known.pairs, known.solved.total // SLACK
    if not known.solved.chosen[pair]:
        return SOMETIMES if lost == 0 and cost <= slack else NEVER
    ways, n_nodes = known.changes.ways, known.changes.radius.size
    start, arcs = grouped(ways.head, n_nodes)
    root = np.array([pairs.right[pair] + pairs.n_left], dtype=np.int32)
    graph = (start, ways.tail[arcs], ways.length[arcs])
    far = reach_each(root, pairs.left[[pair]], np.full(n_nodes, slack + 1), graph)
    return SOMETIMES if far[0] < FAR else ALWAYS
