"""The best plan in whole numbers of any size: for the few questions whose scores exceed the solver's range.

Plans of one pair more, one after another, along the shortest residual paths [1]_; Python's integers. Slow and exact. The
result does not depend on the order in which pairs are listed, but ties fall by this search, not by the tie rule.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, section 9.7.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.assignment.pairs import Mask, ScoredPairs


def best_of_any_size(pairs: ScoredPairs, points: list[int], *, cardinality_first: bool) -> tuple[Mask, int]:
    """The chosen pairs and the total of the best plan; groups are not regarded.

    Parameters
    ----------
    pairs : the pairs; their own points are not regarded.
    points : whole points of every pair, of any size.
    cardinality_first : whether more pairs come before a higher total.
    """
    search = _Search(pairs, points)
    total = 0
    while (gain := search.next_gain()) is not None and (cardinality_first or gain >= 0):
        search.augment()
        total += gain
    return np.array(search.chosen, dtype=np.bool_), total


class _Search:
    """A plan that is best among those of as many pairs. Nodes: lefts, rights, then source and sink.

    Under the potentials no residual arc is shorter than 0.
    """

    def __init__(self, pairs: ScoredPairs, points: list[int]) -> None:
        self._points = points
        self._ends = list(zip(pairs.left.tolist(), (pairs.right + pairs.n_left).tolist(), strict=True))
        self._room = pairs.left_capacity.tolist() + pairs.right_capacity.tolist()
        self._n_left, self._source, self._sink = pairs.n_left, len(self._room), len(self._room) + 1
        self._pairs_of: list[list[int]] = [[] for _ in self._room]
        self._potential = [0] * (len(self._room) + 2)
        self._came_by: dict[int, tuple[int, int]] = {}
        self.chosen = [False] * len(points)
        for pair, (left, right) in enumerate(self._ends):
            self._pairs_of[left].append(pair)
            self._pairs_of[right].append(pair)
            self._potential[right] = min(self._potential[right], -points[pair])
        self._potential[self._sink] = min(self._potential)

    def next_gain(self) -> int | None:
        """What the best plan of one pair more gains; None where no plan has more pairs."""
        reached = {self._source: 0}
        settled: set[int] = set()
        heap = [(0, self._source)]
        while heap:
            distance, node = heappop(heap)
            if node in settled:
                continue
            settled.add(node)
            if node == self._sink:
                self._lower(reached, settled)
                return self._potential[self._source] - self._potential[self._sink]
            for end, length, pair in self._arcs(node):
                further = distance + length + self._potential[node] - self._potential[end]
                if end not in reached or further < reached[end]:
                    reached[end], self._came_by[end] = further, (node, pair)
                    heappush(heap, (further, end))
        return None

    def augment(self) -> None:
        """Change the plan along the path that ``next_gain`` found."""
        node = self._came_by[self._sink][0]
        self._room[node] -= 1
        while True:
            before, pair = self._came_by[node]
            if before == self._source:
                break
            self.chosen[pair] = not self.chosen[pair]
            node = before
        self._room[node] -= 1

    def _lower(self, reached: dict[int, int], settled: set[int]) -> None:
        """Make the shortest path to the sink one of arcs without length."""
        whole = reached[self._sink]
        for node in settled:
            self._potential[node] += reached[node] - whole

    def _arcs(self, node: int) -> Iterator[tuple[int, int, int]]:
        """Residual arcs of a node: end, length, pair (-1 for none)."""
        if node == self._source:
            yield from ((left, 0, -1) for left in range(self._n_left) if self._room[left])
            return
        at_right = node >= self._n_left
        if at_right and self._room[node]:
            yield self._sink, 0, -1
        for pair in self._pairs_of[node]:
            if self.chosen[pair] == at_right:
                yield self._ends[pair][1 - at_right], (self._points[pair] if at_right else -self._points[pair]), pair
