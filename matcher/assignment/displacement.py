"""Who moves if a pair is chosen: the cheapest change of the best plan that brings it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.known_changes import KnownChanges
from matcher.assignment.paths import FAR, reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matcher.assignment.best import Solved
    from matcher.assignment.pairs import Index, ScoredPairs


@dataclass(frozen=True, slots=True)
class Step:
    """One left's part in a change: the right it gives up and the right it gets, None for none."""

    left: int
    gives_up: int | None
    gets: int | None


def displacement(pairs: ScoredPairs, solved: Solved, pair: int) -> tuple[Step, ...] | None:
    """Steps that turn the best plan into a best plan with pair number ``pair``; see ``displacements``."""
    return displacements(pairs, solved, [pair])[0]


def displacements(
    pairs: ScoredPairs, solved: Solved, wanted: Iterable[int], known: KnownChanges | None = None
) -> list[tuple[Step, ...] | None]:
    """For each wanted pair number the steps that turn the best plan into a best plan with that pair.

    The pair's own left comes first; after a left comes the one who loses the right it gets, if somebody must. Where a free
    place is used instead, the lefts follow to whom the change goes on, such as those who gain from what became free. Every
    left has one step at most. The plan after the steps is allowed, and its points and matches fall by exactly the pair's
    cost. Empty for a pair of the plan; None where no plan has the pair. The same plan gives the same steps. ``known``: the
    plan's changes, where more is asked about it.

    Raises
    ------
    CertificateError
        The prices of ``solved`` do not prove its plan for these pairs.
    """
    known = known or KnownChanges(pairs, solved)
    ways_back = _WaysBack(known)
    answer: list[tuple[Step, ...] | None] = []
    for pair in wanted:
        left, right = int(pairs.left[pair]), int(pairs.right[pair])
        if solved.chosen[pair]:
            answer.append(())
        elif not ways_back.changes.allowed[pair]:
            answer.append(None)
        else:
            way, length = ways_back.nodes(pairs.n_left + right, left)
            broken = ways_back.changes.breaks_a_least(known.slack[pair] + length)
            answer.append(None if broken else _steps(pairs, left, way))
    return answer


class _WaysBack:
    """Cheapest ways from a right to a left: beside the outside where that is cheaper, else through it."""

    def __init__(self, known: KnownChanges) -> None:
        self.changes = known.changes
        self._known = known

    def nodes(self, right: int, left: int) -> tuple[list[int], int]:
        """The nodes on a cheapest way from node ``right`` to node ``left``, both included, and what is lost on it."""
        n_nodes = self.changes.radius.size
        label, came_from = np.full(n_nodes, FAR, dtype=np.int64), np.zeros(n_nodes, dtype=np.int32)
        work = (np.zeros(n_nodes, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32))
        pending = np.zeros(n_nodes, dtype=np.bool_)
        pending[right] = True
        reach(left, self.changes.radius[left], self._known.beside, pending, 1, label, came_from, work)
        if label[right] < FAR:
            return _follow(came_from, right, left), int(label[right])
        out = _follow(self._known.to_outside, right, self.changes.outside)
        back = _follow(self._known.from_outside, left, self.changes.outside)[::-1]
        meeting = next(node for node in out if node in set(back))
        return out[: out.index(meeting)] + back[back.index(meeting) :], int(self.changes.radius[left])


def _follow(parent: Index, node: int, root: int) -> list[int]:
    """Nodes from ``node`` to ``root``."""
    nodes = [node]
    while nodes[-1] != root:
        nodes.append(int(parent[nodes[-1]]))
    return nodes


def _steps(pairs: ScoredPairs, left: int, way: list[int]) -> tuple[Step, ...]:
    """Read the cycle left -> way[0] -> ... -> left: before a left stands what it gives up, after it what it gets."""

    def right_of(node: int) -> int | None:
        return node - pairs.n_left if pairs.n_left <= node < pairs.n_left + pairs.n_right else None

    cycle = [way[-2], left, *way]
    places = range(1, len(cycle) - 1)
    return tuple(Step(cycle[i], right_of(cycle[i - 1]), right_of(cycle[i + 1])) for i in places if cycle[i] < pairs.n_left)
