"""Homes that are chosen together with attendances: of volunteers who come to no meeting outside the neighbourhood.

For each of them a column says which group is her home, and two for each session she may come to pay a change: where its group
is not her home, and where its matcher is not her home group's. The rows are weak as fractions, so this is for small programs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.meetings.rows import Rows

if TYPE_CHECKING:
    from matcher.assignment.solvers.program import Program
    from matcher.calendar.groups.grouping import Groups
    from matcher.calendar.year import Int, Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Homes:
    """Columns after those of a program: a home (volunteer, group) each, then two changes for each of some entries.

    Attributes
    ----------
    volunteer, group : of the home columns.
    entry_column : columns x of the entries of loose volunteers; ``who``, ``of_group``, ``of_matcher``: of each of them.
    places : how many more home members each group may have, by group.
    first : number of the first new column.
    """

    volunteer: Int
    group: Int
    entry_column: Int
    who: Int
    of_group: Int
    of_matcher: Int
    group_matcher: Int
    places: Int
    first: int

    @classmethod
    def of(cls, loose: Mask, groups: Groups, most: int, first: int, entries: tuple[Int, Int, Int, Int], attends: Mask) -> Homes:
        """Homes of the loose volunteers among the groups that sessions here have.

        ``entries`` : column, volunteer, group and matcher of each entry; ``attends``: who comes to any meeting at all.
        """
        column, who, group, matcher = entries
        mine = loose[who]
        people, known = np.unique(who[mine]), np.unique(group)
        staying = np.bincount(groups.home[~loose & attends], minlength=len(groups.matcher))
        return cls(
            volunteer=np.repeat(people, len(known)),
            group=np.tile(known, len(people)),
            entry_column=column[mine],
            who=who[mine],
            of_group=group[mine],
            of_matcher=matcher[mine],
            group_matcher=groups.matcher,
            places=np.maximum(most - staying, 0),
            first=first,
        )

    @property
    def n_homes(self) -> int:
        """Number of home columns."""
        return len(self.volunteer)

    @property
    def n_columns(self) -> int:
        """Number of new columns."""
        return self.n_homes + 2 * len(self.entry_column)

    def extended(self, program: Program, change: int) -> Program:
        """The program with these columns and their rows; each change costs ``change``."""
        rows = Rows()
        home = self.first + np.arange(self.n_homes)
        people, row = np.unique(self.volunteer, return_inverse=True)
        rows.block([(row, home, 1)], len(people), upper=1)
        known, row = np.unique(self.group, return_inverse=True)
        rows.block([(row, home, 1)], len(known), upper=self.places[known])
        many = len(self.entry_column)
        outside = self.first + self.n_homes + np.arange(many)
        for paid, fits in ((outside, self._is_group), (outside + many, self._is_matcher)):
            e, h = np.nonzero(fits & (self.who[:, None] == self.volunteer[None, :]))
            every = np.arange(many)
            rows.block([(every, paid, 1), (every, self.entry_column, -1), (e, home[h], 1)], many, lower=0)
        costs = np.zeros(self.n_columns, dtype=np.int64)
        costs[self.n_homes :] = -change
        objective = np.concatenate([program.objective, costs])
        more = rows.program(objective)
        return replace(
            program,
            objective=objective,
            row_start=np.concatenate([program.row_start, program.row_start[-1] + more.row_start[1:]]),
            column=np.concatenate([program.column, more.column]),
            coefficient=np.concatenate([program.coefficient, more.coefficient]),
            lower=np.concatenate([program.lower, more.lower]),
            upper=np.concatenate([program.upper, more.upper]),
        )

    @property
    def _is_group(self) -> Mask:
        fits: Mask = self.of_group[:, None] == self.group[None, :]
        return fits

    @property
    def _is_matcher(self) -> Mask:
        fits: Mask = self.of_matcher[:, None] == self.group_matcher[self.group][None, :]
        return fits

    def vector(self, x: Mask, home: Int) -> Mask:
        """A solution of the program with the homes as they are."""
        at_home = self.group == home[self.volunteer]
        comes = x[self.entry_column]
        same = self.who[:, None] == self.volunteer[None, :]
        own_group = (same & self._is_group & at_home).any(axis=1)
        own_matcher = (same & self._is_matcher & at_home).any(axis=1)
        return np.concatenate([x, at_home, comes & ~own_group, comes & ~own_matcher])
