"""The changes of one plan, kept: what questions about a few pairs at a time would otherwise work out each time from all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.changes import changes_of
from matcher.assignment.paths import FAR, breadth_first, grouped, reach_each

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.changes import Changes, Graph
    from matcher.assignment.pairs import Index, Int, ScoredPairs

MANY = 8
"""With so many wanted pairs a node, several searches in rising parts of the network beat one in all of it."""


@dataclass(frozen=True, eq=False)
class KnownChanges:
    """A proved plan with its changes and their networks, each made when first needed; for plans whose limits nest.

    Where a part is first asked for, ``CertificateError`` if the prices of ``solved`` do not prove its plan for ``pairs``.
    """

    pairs: ScoredPairs
    solved: Solved

    @cached_property
    def changes(self) -> Changes:
        """All single changes."""
        return changes_of(self.pairs, self.solved)

    @cached_property
    def slack(self) -> Int:
        """Each pair's prices over its worth, shape (pairs,)."""
        return self.solved.prices.slack(self.pairs)

    @cached_property
    def beside(self) -> Graph:
        """The changes that a cheapest way beside the outside may have, by their head."""
        return self.changes.ways_to(FAR)

    @cached_property
    def by_head(self) -> Graph:
        """All changes by their head."""
        ways = self.changes.ways
        start, arcs = grouped(ways.head, self.changes.radius.size)
        return start, ways.tail[arcs], ways.length[arcs]

    @cached_property
    def to_outside(self) -> Index:
        """The node after each node on a way to the outside on which nothing is lost; -1 where there is none."""
        ways, n_nodes = self.changes.ways, self.changes.radius.size
        free = ways.length == 0
        parent: Index = breadth_first(ways.head[free], ways.tail[free], n_nodes, self.changes.outside)
        return parent

    @cached_property
    def from_outside(self) -> Index:
        """The node before each node on a cheapest way from the outside; -1 where there is none."""
        ways, n_nodes = self.changes.ways, self.changes.radius.size
        radius = np.minimum(self.changes.radius, FAR // 2)
        kept = radius[ways.tail] + ways.length == radius[ways.head]
        parent: Index = breadth_first(ways.tail[kept], ways.head[kept], n_nodes, self.changes.outside)
        return parent

    def distances(self, rights: Index, lefts: Index) -> Int:
        """Length of the shortest way from each node of ``rights`` to the node of ``lefts`` beside it; ``lefts`` are sorted."""
        radius = self.changes.radius
        if rights.size > MANY * radius.size:
            return self.changes.distances(rights, lefts)
        found: Int = np.minimum(reach_each(lefts, rights, radius, self.beside), radius[lefts])
        return found
