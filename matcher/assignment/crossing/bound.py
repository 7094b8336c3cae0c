"""Bounds where limits cross: each such limit gets a price, what is left is a network, and its flow is solved exactly.

For any prices the value of that flow, and the prices times what the limits allow, is no less than the value of any plan
(Lagrangian duality [1]_). All is whole numbers, in units of 1 / ``scale`` points, so no bound rests on a rounding.

.. [1] M. L. Fisher, The Lagrangian relaxation method for solving integer programming problems, Management Science, 1981.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.best import Solved
from matcher.assignment.changes import changes_of
from matcher.assignment.network import build, plan_flow
from matcher.assignment.prices import prices_of
from matcher.assignment.solvers.flow import best_pairs, cost_room
from matcher.errors import InfeasibleError

if TYPE_CHECKING:
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.pairs import Int, Mask, ScoredPairs
    from matcher.assignment.prices import Prices

FINEST = 10
"""A point is divided into at most 2**FINEST units: rounded prices then lose less than a point on a few hundred limits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dual:
    """Prices of everything and the bound that they prove.

    Attributes
    ----------
    prices : in units; their ``match_weight`` is in units too, ``crossing`` has a price for each crossing limit.
    weight : what a match counts beside its points, in points.
    scale : units in a point.
    value : no plan has a larger ``scale`` * (``weight`` * pairs + points).
    slack : shape (pairs,); a plan with a pair stays below ``value`` by its slack at least, one without by minus its slack.
    chosen : the flow's pairs; they may break crossing limits.
    """

    prices: Prices
    weight: int
    scale: int
    value: int
    slack: Int
    chosen: Mask

    def below(self, matched: int, total: int) -> int:
        """How many units a plan stays below ``value``."""
        return self.value - self.scale * (self.weight * matched + total)

    def losses(self, question: Question, asked: Int) -> Int:
        """How many units, at least, every plan with one of the ``asked`` pairs stays below ``value``: slack and way back."""
        pairs = question.pairs
        loss = self.slack[asked].copy()
        gain = self.scale * (pairs.points + self.weight) - question.on_lefts(self.prices.crossing)[pairs.left]
        other = np.flatnonzero(~self.chosen[asked])
        other = other[np.argsort(pairs.left[asked[other]], kind="stable")]
        changes = changes_of(replace(pairs, points=gain), self._flow(pairs))
        rights = (pairs.right[asked[other]] + pairs.n_left).astype(np.int32)
        loss[other] += changes.distances(rights, pairs.left[asked[other]])
        return np.maximum(loss, 0)

    def _flow(self, pairs: ScoredPairs) -> Solved:
        prices = replace(self.prices, crossing=np.zeros(0, dtype=np.int64), match_weight=0)
        none = np.zeros(pairs.n_pairs, dtype=np.bool_)
        return Solved(chosen=self.chosen, fixed=none, match=pairs.left, matched=0, total=0, bound=0, prices=prices)

    def total_bound(self, matched: int) -> int:
        """No plan with so many pairs has a higher total."""
        return self.value // self.scale - self.weight * matched


def finest_scale(question: Question, weight: int) -> int:
    """Units a point: the more, the closer the bound; within what flows and prices can hold."""
    pairs = question.pairs
    largest = 2 * (weight + int(np.abs(pairs.points).max(initial=0))) + 1
    nodes = pairs.n_left + pairs.n_right + pairs.n_groups
    room = cost_room(nodes) // (16 * largest * (pairs.n_groups + 3))
    return 1 << max(0, min(FINEST, room.bit_length() - 1))


def dual_at(question: Question, weight: int, multipliers: Int, scale: int) -> Dual:
    """The bound at these multipliers of the crossing limits (in units; signed as ``Question.signed`` says).

    Raises
    ------
    InfeasibleError
        The groups alone allow no plan.
    """
    pairs = question.pairs
    gain = scale * (pairs.points + weight) - question.on_lefts(multipliers)[pairs.left]
    priced = replace(pairs, points=gain)
    none = np.zeros(pairs.n_pairs, dtype=np.bool_)
    network = build(priced, none, cardinality_first=False)
    chosen = best_pairs(priced, network)
    if (pairs.counts(chosen)[2] < pairs.group_least).any():
        raise InfeasibleError([("limits_clash", {})])
    prices = prices_of(priced, none, network, plan_flow(priced, chosen, network))
    slack = prices.slack(priced)
    prices = replace(prices, crossing=multipliers, match_weight=scale * weight)
    value = dual_value(question, prices, slack)
    return Dual(prices=prices, weight=weight, scale=scale, value=value, slack=slack, chosen=chosen)


def dual_value(question: Question, prices: Prices, slack: Int) -> int:
    """The bound that prices prove, whatever they are: lefts' and rights' are >= 0, and what a pair is worth beyond is added."""
    value = int(np.maximum(-slack, 0).sum())
    return value + int((row_prices(prices) * row_places(question, prices)).sum())


def row_prices(prices: Prices) -> Int:
    """Prices of the lefts, rights, groups and crossing limits, one after another."""
    return np.concatenate([prices.left, prices.right, prices.group, prices.crossing])


def row_places(question: Question, prices: Prices) -> Int:
    """What each of ``row_prices`` is paid for: all places where it is above 0, those that must be used where it is below."""
    lefts, rights, groups = question.pairs.useful_capacities()
    group_places = np.where(prices.group > 0, groups, question.pairs.group_least)
    crossing_places = np.where(prices.crossing > 0, question.most, question.least)
    return np.concatenate([lefts, rights, group_places, crossing_places])


def coarser(question: Question, dual: Dual) -> Dual:
    """The bound in whole points."""
    multipliers = question.signed(np.rint(dual.prices.crossing / dual.scale).astype(np.int64))
    return dual if dual.scale == 1 else dual_at(question, dual.weight, multipliers, 1)
