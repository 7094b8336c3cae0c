"""The best plan by OR-Tools' linear sum assignment: the only file that knows that solver and its statuses.

That solver wants as many lefts as rights and everybody matched. So the pairs are doubled: a second copy, turned round, at
no cost, and an arc from everybody to its own copy. Whoever stays alone takes its copy; where two are paired, so are their
copies. A right with several places is there once a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

from matcher.errors import RuleError, UsageError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, Mask, ScoredPairs

NEAREST = "flow"
"""The solver that can what this one cannot."""


def linear_sum_pairs(pairs: ScoredPairs, network: Network) -> Mask:
    """A best plan beside the fixed pairs, like ``flow.best_pairs``.

    Raises
    ------
    UsageError
        ``solver_cannot``: a left has several places that it could use, or a group's limit binds.
    RuleError
        The solver refuses the points as too large for its arithmetic.
    """
    lefts, rights, beyond, owed = network.places(pairs)
    open_ = np.flatnonzero(network.capacity[: pairs.n_pairs] > 0)
    per_left = np.bincount(pairs.left[open_], minlength=pairs.n_left)
    chosen = np.zeros(pairs.n_pairs, dtype=np.bool_)
    if (np.minimum(lefts, per_left) > 1).any():
        raise UsageError("solver_cannot", solver="linear_sum", nearest=NEAREST)
    if open_.size:
        chosen[_matched(pairs, open_, network.gain[open_], rights)] = True
    used = pairs.counts(chosen)[2]
    must = np.zeros(pairs.n_groups, dtype=np.int64)
    must[network.owed] = owed
    if ((used < must) | (used > beyond + must)).any():
        raise UsageError("solver_cannot", solver="linear_sum", nearest=NEAREST)
    return chosen


def _matched(pairs: ScoredPairs, open_: Int, gain: Int, rights: Int) -> Int:
    """The open pairs of a best plan without regard to groups."""
    places = np.minimum(rights, np.bincount(pairs.right[open_], minlength=pairs.n_right))
    copies = places[pairs.right[open_]]
    arc = np.repeat(np.arange(open_.size), copies)
    nth = np.arange(arc.size) - np.repeat(np.cumsum(copies) - copies, copies)
    left = pairs.left[open_][arc].astype(np.int64)
    place = (np.cumsum(places) - places)[pairs.right[open_]][arc] + nth
    n_left, n_place = pairs.n_left, int(places.sum())
    own_left, own_place = np.arange(n_left), np.arange(n_place)
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        np.concatenate([left, n_left + place, own_left, n_left + own_place]).astype(np.int32),
        np.concatenate([place, n_place + left, n_place + own_left, own_place]).astype(np.int32),
        np.concatenate([-gain[arc], np.zeros(arc.size + n_left + n_place, dtype=np.int64)]),
    )
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuleError(f"linear sum assignment: {status.name}")
    mate = np.array([solver.right_mate(i) for i in range(n_left)], dtype=np.int64)
    best: Int = open_[np.unique(arc[mate[left] == place])]
    return best
