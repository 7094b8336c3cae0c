"""What one more volunteer would add to the best plan, from the plan itself.

A newcomer with one place takes one child, so all gain what the pair is worth over what the others lose when that child is taken
from them. This price of a child is the length of the shortest residual way to it [1]_, so one plan answers for every newcomer.

.. [1] Ahuja, Magnanti, Orlin, Network Flows, 1993, sections 9.2 and 9.7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.best import solve
from matcher.assignment.known_changes import KnownChanges
from matcher.planlimits import plan_limits
from matcher.question import Question

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int, Mask, ScoredPairs
    from matcher.candidates import Candidates
    from matcher.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChildPrices:
    """What all others lose when a child is taken from them, in the order in which a match weighs ``weight`` and its points.

    ``child`` has the shape (children,). ``exact``: no limits cross; where they do, a newcomer's gain is an estimate.
    """

    child: Int
    weight: int
    exact: bool

    @classmethod
    def of(cls, engine: Engine, reached: Mask, points: int) -> ChildPrices:
        """The prices of a plan.

        Parameters
        ----------
        reached
            The children that some newcomer could take, shape (children,): with them, more limits can bind.
        points
            The most that a pair of a newcomer has.

        Raises
        ------
        InfeasibleError
            The locks and limits cannot all hold.
        """
        children = engine.people.children
        limits = plan_limits(engine.case, children, reached | (np.diff(engine.candidates.starts) > 0))
        question = Question(candidates=engine.candidates, limits=limits, locked=engine.question.locked)
        pairs = _weighing(question.pairs, points)
        solved = solve(pairs, question.order, fixed=question.locked, seconds=engine.planning.seconds, ties=False)
        price = -solved.prices.potentials(pairs)[: pairs.n_left]
        if not pairs.crossing:
            price = price + KnownChanges(pairs, solved).changes.radius[: pairs.n_left]
        return cls(child=price, weight=solved.prices.match_weight, exact=not pairs.crossing)

    def gains(self, newcomers: Candidates) -> tuple[Int, Mask]:
        """What each newcomer adds by itself.

        Parameters
        ----------
        newcomers
            The pairs of the same children with newcomers who have one place each.

        Returns
        -------
        gains : matches and points, shape (newcomers, 2).
        helps : the pairs that add something, shape (pairs,).
        """
        over = newcomers.points + self.weight - self.child[newcomers.child]
        most = np.zeros(len(newcomers.people.volunteers), dtype=np.int64)
        np.maximum.at(most, newcomers.volunteer, over)
        matches = (most > self.weight // 2).astype(np.int64)
        return np.stack([matches, most - matches * self.weight], axis=1), over > 0


def _weighing(pairs: ScoredPairs, points: int) -> ScoredPairs:
    """The question with a pair of so many points that nobody can have: then a match weighs more than any newcomer moves."""
    if not pairs.n_left:
        return pairs
    return replace(
        pairs,
        left=np.append(pairs.left, np.int32(pairs.n_left - 1)),
        right=np.append(pairs.right, np.int32(pairs.n_right)),
        points=np.append(pairs.points, np.int64(points)),
        right_capacity=np.append(pairs.right_capacity, np.int64(0)),
    )
