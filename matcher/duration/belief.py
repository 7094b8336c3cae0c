"""What is believed of the hazard: a normal distribution of log hazards and log hazard ratios, before or after a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.hazard import Baseline, FloatArray, load_priors, survival

if TYPE_CHECKING:
    from matcher.duration.hazard import Priors

SURE = 1.959963984540054
"""Standard deviations either way of a 95 % band."""
LEVEL, EARLY, LATE, LATE_FROM = 0.4, 0.3, 0.9, 24.0
"""Standard deviation of the logarithm of all monthly hazards together, and of each before and after a month. Assumed [I]: the
published baselines A and B lie 0.6 apart in the first year, and 1.8 apart after the second, where B's hazard is free."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Belief:
    """Log hazards per month of each piece, then the log hazard ratios: normal, with this mean and covariance.

    ``months``: where the pieces begin. ``variance`` of the gamma frailty is taken as given: spells of which each child has
    one or two cannot tell it from a hazard that falls.
    """

    months: tuple[float, ...]
    names: tuple[str, ...]
    mean: FloatArray
    covariance: FloatArray
    variance: float

    @property
    def pieces(self) -> int:
        """How many of the parameters are log hazards of the baseline."""
        return len(self.months)

    @property
    def baseline(self) -> Baseline:
        """The likeliest baseline."""
        return Baseline(months=self.months, monthly=tuple(np.exp(self.mean[: self.pieces]).tolist()))

    @property
    def log_ratios(self) -> FloatArray:
        """The likeliest log hazard ratios, in the order of ``facts_of_pairs``."""
        return self.mean[self.pieces :]

    def ratio_bands(self) -> FloatArray:
        """Hazard ratios: value, low and high of the 95 % band; shape (ratios, 3)."""
        deviation = np.sqrt(np.diag(self.covariance)[self.pieces :])
        return np.asarray(np.exp(self.log_ratios[:, None] + SURE * deviation[:, None] * np.array([0.0, -1.0, 1.0])))

    def cumulative_gradient(self, months: float) -> FloatArray:
        """Of the logarithm of a typical pair's summed hazard after so many months, by each parameter."""
        widths = np.append(np.diff(self.months), np.inf)
        parts = np.clip(months - np.array(self.months), 0.0, widths) * np.exp(self.mean[: self.pieces])
        return np.append(parts / parts.sum(), np.zeros(len(self.names)))

    def level_variance(self, months: float) -> float:
        """Variance of the logarithm of a typical pair's summed hazard after so many months."""
        gradient = self.cumulative_gradient(months)
        return float(gradient @ self.covariance @ gradient)

    def share_band(self, months: float) -> tuple[float, float, float]:
        """Share of typical pairs still together after so many months: value, low and high of the 95 % band."""
        away = SURE * float(np.sqrt(self.level_variance(months)))
        value, low, high = survival(self.baseline.cumulative(months), np.array([0.0, away, -away]), self.variance)
        return float(value), float(low), float(high)


def believed(priors: Priors | None = None, baseline: str = "B") -> Belief:
    """What is believed before the association's own history is asked: ``priors.toml``, one of its calibrated baselines."""
    known = load_priors() if priors is None else priors
    chosen = known.baselines[baseline]
    own = np.where(np.array(chosen.months) < LATE_FROM, EARLY, LATE)
    pieces, ratios = len(own), list(known.ratios.values())
    covariance = np.zeros((pieces + len(ratios), pieces + len(ratios)))
    covariance[:pieces, :pieces] = LEVEL**2 + np.diag(own**2)
    covariance[pieces:, pieces:] = np.diag([row.log_sd**2 for row in ratios])
    return Belief(
        months=chosen.months,
        names=tuple(known.ratios),
        mean=np.concatenate([np.log(chosen.monthly), known.log_ratios]),
        covariance=covariance,
        variance=known.variance,
    )
