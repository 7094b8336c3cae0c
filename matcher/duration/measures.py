"""How good a prediction of durations was, where some friendships are still going on: standard measures, weighted for censoring.

A friendship is given by the whole months it lived and whether it then ended (``History``); whoever is censored in a month was
not watched through it.

.. [1] E. Graf et al., Assessment and comparison of prognostic classification schemes for survival data, Statistics in Medicine
   18, 1999: the Brier score, weighted by the inverse probability of censoring (IPCW).
.. [2] F. Harrell et al., Evaluating the yield of medical tests, JAMA 247, 1982: the concordance index.
.. [3] K. Järvelin and J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20, 2002: NDCG; with ties as in
   F. McSherry and M. Najork, Computing information retrieval performance measures efficiently in the presence of tied scores,
   ECIR 2008.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matcher.duration.hazard import FloatArray
    from matcher.duration.history import IntArray, Mask


def kept_watched(months: IntArray, ended: Mask, horizon: int) -> FloatArray:
    """Kaplan-Meier share not censored before month 0, 1, ... ``horizon``, shape (horizon + 1,)."""
    ages = np.arange(horizon)
    at_risk = (months[:, None] >= ages).sum(axis=0)
    censored = ((months[:, None] == ages) & ~ended[:, None]).sum(axis=0)
    return np.concatenate([[1.0], np.cumprod(1.0 - censored / np.maximum(at_risk, 1))])


def censoring_weights(months: IntArray, ended: Mask, horizon: int) -> FloatArray:
    """Weight of each friendship of which it is known whether it lasted so many months; 0 where it is not known."""
    watched = kept_watched(months, ended, horizon)
    until = np.where(months >= horizon, horizon, np.minimum(months + 1, horizon))
    known = (months >= horizon) | ended
    return np.where(known, 1.0 / np.maximum(watched[until], 1e-12), 0.0)


def brier_parts(share: FloatArray, months: IntArray, ended: Mask, horizon: int) -> FloatArray:
    """Each friendship's part of the IPCW Brier score [1]_; their mean is the score. ``share``: predicted to last ``horizon``."""
    lasted = (months >= horizon).astype(np.float64)
    return np.asarray(censoring_weights(months, ended, horizon) * (lasted - share) ** 2)


def lasting(months: IntArray, ended: Mask, horizon: int) -> tuple[float, float]:
    """Kaplan-Meier share that lasts ``horizon`` months, and Greenwood's variance of its logarithm."""
    ages = np.arange(horizon)
    gone = ((months[:, None] == ages) & ended[:, None]).sum(axis=0)
    at_risk = gone + (months[:, None] > ages).sum(axis=0)
    share = np.prod(1.0 - gone / np.maximum(at_risk, 1))
    left = at_risk - gone
    return float(share), float((gone / np.maximum(at_risk * left, 1)).sum())


def lasting_band(months: IntArray, ended: Mask, horizon: int, sure: float) -> tuple[float, float, float]:
    """The share that lasts, and its band on the scale of log(-log); the whole of 0 to 1 where all or none ended."""
    share, variance = lasting(months, ended, horizon)
    if not 0.0 < share < 1.0:
        return share, 0.0, 1.0
    away = sure * float(np.sqrt(variance)) / -float(np.log(share))
    return share, float(share ** np.exp(away)), float(share ** np.exp(-away))


def mean_within(months: IntArray, ended: Mask, horizon: int) -> tuple[float, float]:
    """Kaplan-Meier mean of the months lived within ``horizon``, and its variance (Greenwood)."""
    ages = np.arange(horizon)
    gone = ((months[:, None] == ages) & ended[:, None]).sum(axis=0)
    at_risk = gone + (months[:, None] > ages).sum(axis=0)
    alive = np.concatenate([[1.0], np.cumprod(1.0 - gone / np.maximum(at_risk, 1))])
    steps = 0.5 * (alive[1:] + alive[:-1])
    beyond = np.cumsum(steps[::-1])[::-1] - 0.5 * alive[:-1]
    variance = (beyond**2 * gone / np.maximum(at_risk * (at_risk - gone), 1)).sum()
    return float(steps.sum()), float(variance)


def concordance(risk: FloatArray, months: IntArray, ended: Mask) -> float:
    """The C-index [2]_: of pairs where it is known who ended first, the share in which that one had the higher risk."""
    first = ended[:, None] & (months[:, None] < months[None, :])
    pairs = int(first.sum())
    higher = (risk[:, None] > risk[None, :]) + 0.5 * (risk[:, None] == risk[None, :])
    return float((higher * first).sum() / pairs) if pairs else float("nan")


def ndcg(score: FloatArray, gain: FloatArray, lists: IntArray) -> float:
    """Normalised discounted cumulative gain [3]_ of lists sorted by score, their mean; NaN where no list can be sorted wrongly.

    Tied scores give each of their places the mean gain, so a constant score has exactly what chance has on average.
    """
    found = []
    for one in np.unique(lists):
        here = lists == one
        gains = gain[here]
        if gains.max() == gains.min():
            continue
        discount = 1.0 / np.log2(np.arange(2, len(gains) + 2))
        _, level, size = np.unique(-score[here], return_inverse=True, return_counts=True)
        means = np.bincount(level, weights=gains) / size
        ranked = np.repeat(means, size)
        found.append(float(ranked @ discount / (np.sort(gains)[::-1] @ discount)))
    return float(np.mean(found)) if found else float("nan")
