"""Months of friendship to be expected of a pair within a horizon, until it breaks or the child is 18, with a band.

The restricted mean of the survival curve [1], under a belief's likeliest hazards; the band by the delta method, on the scale of
the logarithm of the share of the months that are possible against those that are lost, so that it stays between them.

.. [1] P. Royston and M. Parmar, Restricted mean survival time, BMC Medical Research Methodology 13, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from matcher.dates import add_months
from matcher.duration.belief import SURE
from matcher.duration.hazard import DAYS_A_MONTH, GROWN, FloatArray, facts_of_pairs
from matcher.duration.history import months_in_pieces

if TYPE_CHECKING:
    from matcher.ask import IndexArray
    from matcher.duration.belief import Belief
    from matcher.table import People

HORIZON = 60
"""Months that are counted: a friendship of five years is as good as a longer one."""
BLOCK = 10_000
"""Pairs that are worked out at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """Months of friendship of each pair, and the 95 % band of that mean; shape (pairs,)."""

    months: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def points(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The months as whole thousandths, as a plan counts them in the place of scores."""
        return np.floor(self.months * 1000.0 + 0.5).astype(np.int64)


def expected_of_pairs(
    people: People, belief: Belief, child: IndexArray, volunteer: IndexArray, horizon: int = HORIZON
) -> Expected:
    """Months of friendship of pairs by index, in the order of ids, were they to begin on the people's day."""
    today = people.facts.planning_date
    left = np.array([months_to_18(one.birth_date, today) for one in people.children], dtype=np.float64)
    return expected_months_of(belief, facts_of_pairs(people, child, volunteer), left[child], horizon)


def months_to_18(born: date, day: date) -> float:
    """Months from a day until a child is 18, at least 0."""
    return max(0.0, (add_months(born, 12 * GROWN) - day).days / DAYS_A_MONTH)


def expected_months_of(belief: Belief, facts: FloatArray, months_left: FloatArray, horizon: int = HORIZON) -> Expected:
    """Months of friendship by the facts of pairs, shape (pairs, ratios), and the months until each child is 18."""
    blocks = range(0, max(1, len(facts)), BLOCK)
    parts = [_block(belief, facts[at : at + BLOCK], months_left[at : at + BLOCK], horizon) for at in blocks]
    months, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Expected(months=months, low=low, high=high)


def _block(belief: Belief, facts: FloatArray, months_left: FloatArray, horizon: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    ages = np.arange(horizon + 1, dtype=np.float64)
    counted = np.clip(months_left[:, None] - ages[:-1], 0.0, 1.0)
    weight = 0.5 * (np.pad(counted, ((0, 0), (0, 1))) + np.pad(counted, ((0, 0), (1, 0))))
    spent = months_in_pieces(ages, belief.months) * np.exp(belief.mean[: belief.pieces])
    ratio = np.exp(facts @ belief.log_ratios)
    risk = spent.sum(axis=1) * ratio[:, None]
    variance = belief.variance
    share = np.exp(-risk) if variance == 0.0 else np.power(1.0 + variance * risk, -1.0 / variance)
    falls = -weight * share / (1.0 + variance * risk)
    by_piece = (falls @ spent) * ratio[:, None]
    gradient = np.hstack([by_piece, by_piece.sum(axis=1)[:, None] * facts])
    months, most = (weight * share).sum(axis=1), counted.sum(axis=1)
    deviation = np.sqrt(np.einsum("ij,jk,ik->i", gradient, belief.covariance, gradient))
    return months, *_band(months, most, deviation)


def _band(months: FloatArray, most: FloatArray, deviation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Low and high, between 0 and the most that is possible."""
    inside = (months > 0.0) & (months < most)
    value, top = np.where(inside, months, 1.0), np.where(inside, most, 2.0)
    odds = value / (top - value)
    away = np.exp(SURE * deviation * top / (value * (top - value)))
    low, high = top * odds / (away + odds), top * odds * away / (1.0 + odds * away)
    return np.where(inside, low, months), np.where(inside, high, months)
