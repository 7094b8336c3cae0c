"""Calibration of a baseline: the population's friendships, after ratios and frailty, have the survival and number aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.hazard import Baseline, FloatArray, survival

if TYPE_CHECKING:
    from collections.abc import Callable

YEAR = 12.0
STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Friendships that begin: log hazard ratio, and months until the child is 18; shape (friendships,) each."""

    log_ratio: FloatArray
    months_left: FloatArray


def share_after(baseline: Baseline, population: Population, variance: float, months: float) -> float:
    """Share of the population's friendships that are not broken after so many months (18th birthdays apart)."""
    return float(survival(baseline.cumulative(months), population.log_ratio, variance).mean())


def mean_months(baseline: Baseline, population: Population, variance: float) -> float:
    """Months that the population's friendships last, until they break or the child is 18."""
    ages = np.arange(int(population.months_left.max()) + 2, dtype=np.float64)
    alive = survival(baseline.cumulative(ages), population.log_ratio[:, None], variance)
    weight = np.clip(population.months_left[:, None] - ages[:-1], 0.0, 1.0)
    return float((0.5 * (alive[:, 1:] + alive[:, :-1]) * weight).sum(axis=1).mean())


def active_friendships(baseline: Baseline, population: Population, variance: float, new_per_year: float) -> float:
    """How many are active once as many begin as end (Little's law)."""
    return new_per_year / YEAR * mean_months(baseline, population, variance)


def calibrated(
    published: Baseline, population: Population, variance: float, s12: float, active: tuple[float, float] | None = None
) -> tuple[float, float]:
    """The factors of the hazards before and after month 24 with which the population has the share ``s12`` after a year.

    ``active``: friendships active in the long run, and new ones a year; without it all hazards get one factor.

    Raises
    ------
    ValueError
        No factor between 0.001 and 1,000 reaches the target.
    """
    early = _solved(lambda f: share_after(published.scaled(f, f), population, variance, YEAR) - s12)
    if active is None:
        return early, early
    target, new = active
    late = _solved(lambda f: active_friendships(published.scaled(early, f), population, variance, new) - target)
    return early, late


def _solved(excess: Callable[[float], float]) -> float:
    """The factor at which a falling function of it is zero, by halving on the logarithm."""
    low, high = -np.log(1000.0), np.log(1000.0)
    if excess(float(np.exp(low))) < 0.0 or excess(float(np.exp(high))) > 0.0:
        raise ValueError("no factor of the hazard reaches the target")
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(float(np.exp(middle))) > 0.0 else (low, middle)
    return float(np.exp(0.5 * (low + high)))
