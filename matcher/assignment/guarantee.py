"""Longest waiting first: who is matched when the lefts are guaranteed a match one by one, in a given order.

Each left is guaranteed one that some plan with the most matches holds together with all those already guaranteed. Such
a plan is changed along a cycle that runs through the left's own place and takes away no guaranteed left's; where none
does, the nodes that were reached lead to no other node, now or later, and are never searched from outside again.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.network import build, plan_flow
from matcher.errors import RuleError

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Int, ScoredPairs


def guaranteed(pairs: ScoredPairs, solved: Solved, order: Int) -> tuple[int, ...]:
    """The lefts that are guaranteed a match, in their order; as many as the plan has pairs.

    Parameters
    ----------
    pairs : lefts have one place each at most; limits that cross are not looked at.
    solved : a plan with the most matches.
    order : a permutation of the lefts, the first to be guaranteed first.

    Raises
    ------
    RuleError
        A left has several places.
    """
    if (pairs.left_capacity > 1).any():
        raise RuleError("guaranteed: a left has several places")
    network = build(pairs, solved.fixed)
    walk = _Walk(pairs, network, plan_flow(pairs, solved.chosen & ~solved.fixed, network))
    held = set(pairs.left[solved.fixed].tolist())
    return tuple(int(left) for left in order if left in held or walk.can_have(int(left)))


class _Walk:
    """A plan that changes while lefts are guaranteed a match."""

    def __init__(self, pairs: ScoredPairs, network: Network, flow: Int) -> None:
        self._place = pairs.n_pairs  # the arc of left i's place is this plus i
        self._flow, self._capacity = flow, network.capacity
        self._floor = np.zeros(flow.size, dtype=np.int64)  # flow that must stay
        if network.owed.size:
            self._floor[flow.size - network.owed.size :] = flow[flow.size - network.owed.size :]
        self._tail, self._head = network.tail, network.head.copy()
        n_nodes = network.n_nodes + 1  # rights lead to a node of their own: a way through the outside would change how many
        self._head[pairs.n_pairs + pairs.n_left :][: pairs.n_right] = network.n_nodes
        ends = np.concatenate([self._tail, self._head])
        self._arcs = np.argsort(ends, kind="stable")
        self._start = np.searchsorted(ends[self._arcs], np.arange(n_nodes + 1))
        self._component = np.zeros(n_nodes, dtype=np.int64)
        self._components = 1

    def can_have(self, left: int) -> bool:
        """Guarantee the left a match, changing the plan where that is needed and possible."""
        place = self._place + left
        if not self._capacity[place]:
            return False
        if not self._flow[place]:
            way = self._way(left, int(self._tail[place]))
            if way is None:
                return False
            for arc, step in [(place, 1), *way]:
                self._flow[arc] += step
        self._floor[place] = 1
        return True

    def _way(self, source: int, target: int) -> list[tuple[int, int]] | None:
        """Arcs by which a unit goes from ``source`` to ``target``, each with +1 or -1; None where there is no way."""
        if self._component[source] != self._component[target]:
            return None
        came: dict[int, tuple[int, int, int]] = {source: (source, -1, 0)}
        queue = deque([source])
        while queue:
            node = queue.popleft()
            for end, arc, step in self._leaving(node):
                if end in came or self._component[end] != self._component[target]:
                    continue
                came[end] = (node, arc, step)
                if end == target:
                    return _steps(came, source, target)
                queue.append(end)
        self._component[list(came)] = self._components
        self._components += 1
        return None

    def _leaving(self, node: int) -> list[tuple[int, int, int]]:
        """Where a unit can go from a node: the next node, the arc, and +1 along it or -1 against it."""
        n_arcs = self._flow.size
        slots = self._arcs[self._start[node] : self._start[node + 1]]
        ahead = slots[slots < n_arcs]
        ahead = ahead[self._flow[ahead] < self._capacity[ahead]]
        back = slots[slots >= n_arcs] - n_arcs
        back = back[self._flow[back] > self._floor[back]]
        found = [(end, arc, 1) for end, arc in zip(self._head[ahead].tolist(), ahead.tolist(), strict=True)]
        return found + [(end, arc, -1) for end, arc in zip(self._tail[back].tolist(), back.tolist(), strict=True)]


def _steps(came: dict[int, tuple[int, int, int]], source: int, target: int) -> list[tuple[int, int]]:
    steps, node = [], target
    while node != source:
        node, arc, step = came[node]
        steps.append((arc, step))
    return steps
