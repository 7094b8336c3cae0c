"""Who belongs to which group: an assignment problem with at most so many members a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.errors import RuleError

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.calendar.year import Int


def best_homes(cost: npt.NDArray[np.int64], most: int) -> Int:
    """The cheapest group of each volunteer, shape (V,), no group above ``most``; of equal ones those with smaller numbers.

    ``cost`` has shape (V, G) with most * G >= V. Solved exactly, as a flow. Raises ``RuleError`` where they do not fit.
    """
    n_people, n_groups = cost.shape
    if not n_people:
        return np.zeros(0, dtype=np.int64)
    choice: Int = cost.argmin(axis=1).astype(np.int64)
    if np.bincount(choice, minlength=n_groups).max(initial=0) <= most:
        return choice
    return _by_flow(cost * (n_groups + 1) + np.arange(n_groups), most)


def _by_flow(cost: npt.NDArray[np.int64], most: int) -> Int:
    """The cheapest flow from people to groups."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415  only where a group is too full

    n_people, n_groups = cost.shape
    person, group = (one.ravel() for one in np.indices(cost.shape))
    network = min_cost_flow.SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        person, n_people + group, np.ones(cost.size, dtype=np.int64), cost.ravel()
    )
    sink = n_people + n_groups
    every = np.arange(n_groups)
    network.add_arcs_with_capacity_and_unit_cost(
        n_people + every, np.full(n_groups, sink), np.full(n_groups, most), np.zeros(n_groups, dtype=np.int64)
    )
    network.set_nodes_supplies(np.arange(n_people), np.ones(n_people, dtype=np.int64))
    network.set_node_supply(sink, -n_people)
    if network.solve() != network.OPTIMAL:
        raise RuleError(f"{n_people} volunteers do not fit into {n_groups} groups of {most}")
    taken = np.asarray(network.flows(arcs)) > 0
    home = np.zeros(n_people, dtype=np.int64)
    home[person[taken]] = group[taken]
    return home
