"""Simulated friendships: drawn from a belief's hazards, watched for a while."""

from __future__ import annotations

import numpy as np

from matcher.duration.belief import Belief
from matcher.duration.hazard import DAYS_A_MONTH, Baseline, threshold
from matcher.duration.history import History

START = 735_000
GRID = np.arange(0.0, 1500.0, 0.1)


def lasted(belief: Belief, facts: np.ndarray, draws: np.random.Generator, parameters: np.ndarray | None = None) -> np.ndarray:
    """Months that friendships of such facts last, by the hazard of ``matcher.duration.hazard``."""
    chosen = belief.mean if parameters is None else parameters
    baseline = Baseline(months=belief.months, monthly=tuple(np.exp(chosen[: belief.pieces])))
    limit = threshold(draws.uniform(size=len(facts)), 0.0, belief.variance) / np.exp(facts @ chosen[belief.pieces :])
    return np.interp(limit, baseline.cumulative(GRID), GRID)


def watched(facts: np.ndarray, ends: np.ndarray, until: np.ndarray, begun: np.ndarray | None = None) -> History:
    """Friendships with their ends in months, each watched until an age; all seen from their start."""
    started = np.full(len(ends), START) if begun is None else begun
    return History(
        facts=facts,
        known=np.ones(len(ends), dtype=np.bool_),
        started=started,
        seen_from=started,
        stopped=started + np.floor(np.minimum(ends, until) * DAYS_A_MONTH).astype(np.int64),
        ended=ends <= until,
    )


def simulated(belief: Belief, number: int, seed: int, parameters: np.ndarray | None = None) -> History:
    """Friendships of various pairs, watched for up to five years."""
    draws = np.random.default_rng(seed)
    facts = draws.normal(0.0, 0.7, (number, len(belief.names)))
    return watched(facts, lasted(belief, facts, draws, parameters), draws.uniform(0.0, 60.0, number))
