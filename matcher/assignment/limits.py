"""Limits on how many pairs some lefts have together, and which of them nest: those are a tree, and a flow can hold it.

Two limits nest where one's lefts contain the other's, or they share none. Limits that nest pairwise form a forest of
groups [1]_. A limit that crosses one of these is kept beside the forest; together they are no network any more.

.. [1] A. Schrijver, Combinatorial Optimization, 2003, section 13.4 (laminar families).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.assignment.pairs import Index, Int

UNLIMITED = 2**31 - 1
"""Stands for no upper limit."""
OUTSIDE_ALL = -1
"""The group of a left that has none, and the parent of a group that is in no other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """The lefts in ``members`` (int32, rising, none twice) have ``least`` to ``most`` pairs together."""

    members: Index
    least: int = 0
    most: int = UNLIMITED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrangement:
    """Limits as a forest of groups, and those that cross it.

    Attributes
    ----------
    group : int32, shape (lefts,); the smallest group that a left is in, -1 for none.
    parent : int32, shape (groups,); the next larger group around each, a smaller number than its own; -1 for none.
    least, most : int64, shape (groups,).
    crossing : the limits that cross a group.
    home : shape (limits,); for each limit given, the number of its group, or ``-1 - c`` where it is ``crossing[c]``.
    """

    group: Index
    parent: Index
    least: Int
    most: Int
    crossing: tuple[Limit, ...]
    home: tuple[int, ...]


def arranged(limits: Sequence[Limit], n_left: int) -> Arrangement:
    """Put limits into a forest, in the order given among those of one size; those that do not nest with it stay beside it.

    Limits over the same lefts become one group, with the larger ``least`` and the smaller ``most``.
    """
    group = np.full(n_left, OUTSIDE_ALL, dtype=np.int32)
    size = np.zeros(0, dtype=np.int64)
    parent: list[int] = []
    least: list[int] = []
    most: list[int] = []
    crossing: list[Limit] = []
    home = [0] * len(limits)
    for at in sorted(range(len(limits)), key=lambda k: -len(limits[k].members)):
        limit = limits[at]
        around = np.unique(group[limit.members])
        if around.size > 1:  # the larger ones are in: whoever nests lies whole in one of them, or in none
            home[at] = -1 - len(crossing)
            crossing.append(limit)
            continue
        outer = int(around[0]) if around.size else OUTSIDE_ALL
        if outer >= 0 and size[outer] == len(limit.members):
            least[outer], most[outer] = max(least[outer], limit.least), min(most[outer], limit.most)
            home[at] = outer
            continue
        home[at] = len(parent)
        group[limit.members] = len(parent)
        size = np.append(size, len(limit.members))
        parent.append(outer)
        least.append(limit.least)
        most.append(limit.most)
    return Arrangement(
        group=group,
        parent=np.array(parent, dtype=np.int32),
        least=np.array(least, dtype=np.int64),
        most=np.array(most, dtype=np.int64),
        crossing=tuple(crossing),
        home=tuple(home),
    )
