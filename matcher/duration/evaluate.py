"""What a fit is worth on friendships that it has not seen: learned from what was known on a day, judged by those begun later.

The facts of pairs are those of today on both sides of the day (``history``), which favours the fit a little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.belief import SURE
from matcher.duration.fit import FEWEST_ENDS, fitted
from matcher.duration.hazard import survival
from matcher.duration.history import months_lived, months_of_each
from matcher.duration.measures import brier_parts, concordance, lasting, lasting_band, ndcg

if TYPE_CHECKING:
    from datetime import date

    from matcher.duration.belief import Belief
    from matcher.duration.fit import Fit
    from matcher.duration.hazard import FloatArray
    from matcher.duration.history import History

HORIZONS = (12, 24)
GROUPS = 4
QUARTER = 91
"""Days of a list: friendships that began within a quarter of a year of each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brier:
    """IPCW Brier scores at a horizon in months, lower is better; ``nobody``: everyone the share of the years before.

    ``gain``: the prior's score minus the fit's, with its 95 % band. ``enough`` ends before the horizon, and friendships that
    reached it, to say anything: ten of each.
    """

    horizon: int
    ends: int
    reached: int
    fit: float
    prior: float
    nobody: float
    gain: tuple[float, float, float]

    @property
    def enough(self) -> bool:
        """Whether the figures say anything."""
        return min(self.ends, self.reached) >= FEWEST_ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """Friendships with similar predictions: the share predicted to last 12 months, the share that did, its band."""

    friendships: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """A fit up to a day, and how it did on the friendships begun since.

    ``ndcg`` of the later friendships, a list each quarter, sorted by the fit; ``chance`` is what no knowledge has. The gain is
    the months lived of the first 12; both over those begun at least 12 months ago, all others being too young to tell.
    """

    fit: Fit
    friendships: int
    brier: tuple[Brier, ...]
    calibration: tuple[Calibrated, ...]
    c_index: float
    ndcg: float
    chance: float


def evaluated(history: History, prior: Belief, day: date, today: date) -> Evaluation:
    """Fit on what was known on ``day``; judge by the friendships begun then or later, as they are seen ``today``."""
    before, later = history.seen_on(day), history.begun_since(day)
    fit = fitted(before, prior)
    risk = later.facts @ fit.posterior.log_ratios
    quality, chance = _ranking(later, -risk, today)
    return Evaluation(
        fit=fit,
        friendships=len(later),
        brier=tuple(_brier(before, later, fit, horizon) for horizon in HORIZONS),
        calibration=_calibration(later, predicted(fit.posterior, later.facts, HORIZONS[0])),
        c_index=concordance(risk, later.months, later.ended),
        ndcg=quality,
        chance=chance,
    )


def predicted(belief: Belief, facts: FloatArray, months: float) -> FloatArray:
    """Share of such pairs still together after so many months, shape (pairs,)."""
    return survival(belief.baseline.cumulative(months), facts @ belief.log_ratios, belief.variance)


def _brier(before: History, later: History, fit: Fit, horizon: int) -> Brier:
    months, ended = later.months, later.ended
    usual = lasting(before.months, before.ended, horizon)[0] if len(before) else fit.prior.share_band(horizon)[0]

    def parts(share: FloatArray) -> FloatArray:
        return brier_parts(share, months, ended, horizon)

    ours = parts(predicted(fit.posterior, later.facts, horizon))
    theirs = parts(predicted(fit.prior, later.facts, horizon))
    gains = theirs - ours
    gain = float(gains.mean()) if len(later) else float("nan")
    away = SURE * float(gains.std(ddof=1) / np.sqrt(len(gains))) if len(later) > 1 else float("nan")
    return Brier(
        horizon=horizon,
        ends=int((ended & (months < horizon)).sum()),
        reached=int((months >= horizon).sum()),
        fit=float(ours.mean()) if len(later) else float("nan"),
        prior=float(theirs.mean()) if len(later) else float("nan"),
        nobody=float(parts(np.full(len(later), usual)).mean()) if len(later) else float("nan"),
        gain=(gain, gain - away, gain + away),
    )


def _calibration(later: History, share: FloatArray) -> tuple[Calibrated, ...]:
    """As many groups of similar predictions as have ten friendships each, four at most."""
    groups = min(GROUPS, len(later) // FEWEST_ENDS)
    if not groups:
        return ()
    order = np.argsort(share, kind="stable")
    return tuple(_calibrated(later, share, some) for some in np.array_split(order, groups))


def _calibrated(later: History, share: FloatArray, some: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Calibrated:
    observed, low, high = lasting_band(later.months[some], later.ended[some], HORIZONS[0], SURE)
    return Calibrated(friendships=len(some), predicted=float(share[some].mean()), observed=observed, low=low, high=high)


def _ranking(later: History, score: FloatArray, today: date) -> tuple[float, float]:
    """NDCG of the friendships old enough to tell, and that of chance."""
    horizon = HORIZONS[0]
    old = months_of_each(months_lived, later.started, np.full_like(later.started, today.toordinal())) >= horizon
    told = old & (later.ended | (later.months >= horizon))
    gain = np.minimum(later.months[told], horizon).astype(np.float64)
    lists = (later.started[told] - later.started.min()) // QUARTER if told.any() else later.started[told]
    return ndcg(score[told], gain, lists), ndcg(np.zeros(len(gain)), gain, lists)
