"""How likely a history is under the monthly hazard: its logarithm, gradient and curvature.

A friendship is watched from the age e, and lives m whole months; one that ended did so in the month that then began. With S
the share still together (``hazard.survival``, the frailty summed over) its probability is S(m) / S(e), or
(S(m) - S(m + 1)) / S(e). Without frailty this is the grouped proportional hazards model [1], with it that of Meyer [2].

.. [1] R. Prentice and L. Gloeckler, Regression analysis of grouped survival data, Biometrics 34, 1978.
.. [2] B. Meyer, Unemployment insurance and unemployment spells, Econometrica 58, 1990.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.history import months_in_pieces

if TYPE_CHECKING:
    from matcher.duration.belief import Belief
    from matcher.duration.hazard import FloatArray
    from matcher.duration.history import History


@dataclass(frozen=True, slots=True, eq=False)
class _Age:
    """All friendships at an age: the log share still together and its derivatives by the risk, and the risk's gradient."""

    log_share: FloatArray
    first: FloatArray
    second: FloatArray
    pieces: FloatArray
    gradient: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """A history under a baseline's pieces and a frailty; the parameters are those of ``Belief``."""

    facts: FloatArray
    ended: FloatArray
    spent: tuple[FloatArray, FloatArray, FloatArray]
    variance: float

    @classmethod
    def of(cls, history: History, belief: Belief) -> Likelihood:
        """Take a history apart: months spent in each piece at entry, at the last whole month, and one month later."""
        ages = (history.entry, history.months, history.months + 1)
        entry, last, after = (months_in_pieces(age.astype(np.float64), belief.months) for age in ages)
        return cls(history.facts, history.ended.astype(np.float64), (entry, last, after), belief.variance)

    def value(self, parameters: FloatArray) -> float:
        """The logarithm of the likelihood."""
        entry, last, after = (self._at(parameters, age).log_share for age in self.spent)
        gone = np.log(-np.expm1(np.minimum(after - last, -1e-300)))
        return float((last - entry + np.where(self.ended > 0.0, gone, 0.0)).sum())

    def expected_ends(self, parameters: FloatArray) -> float:
        """How many friendships would have ended in the months that they were watched, on average."""
        entry, last, after = (self._at(parameters, age).log_share for age in self.spent)
        return float((entry - np.where(self.ended > 0.0, after, last)).sum())

    def curve(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Gradient and Hessian of the logarithm."""
        entry, last, after = (self._at(parameters, age) for age in self.spent)
        step = np.minimum(after.log_share - last.log_share, -1e-300)
        gone = -np.expm1(step)
        slope = -self.ended * np.exp(step) / gone
        bend = -self.ended * np.exp(step) / gone**2
        change = after.first[:, None] * after.gradient - last.first[:, None] * last.gradient
        gradient, hessian = np.zeros(len(parameters)), change.T @ (bend[:, None] * change)
        for age, weight in ((entry, -np.ones(len(slope))), (last, 1.0 - slope), (after, slope)):
            gradient += age.gradient.T @ (weight * age.first)
            hessian += age.gradient.T @ ((weight * age.second)[:, None] * age.gradient)
            hessian += self._risk_hessian(age, weight * age.first)
        return gradient, hessian

    def _at(self, parameters: FloatArray, spent: FloatArray) -> _Age:
        pieces = spent.shape[1]
        ratio = np.exp(self.facts @ parameters[pieces:])
        parts = spent * np.exp(parameters[:pieces]) * ratio[:, None]
        risk = parts.sum(axis=1)
        gradient = np.hstack([parts, risk[:, None] * self.facts])
        if self.variance == 0.0:
            return _Age(-risk, -np.ones(len(risk)), np.zeros(len(risk)), parts, gradient)
        reach = 1.0 + self.variance * risk
        return _Age(-np.log(reach) / self.variance, -1.0 / reach, self.variance / reach**2, parts, gradient)

    def _risk_hessian(self, age: _Age, weight: FloatArray) -> FloatArray:
        """The weighted sum of the risks' Hessians."""
        weighed = weight[:, None] * age.pieces
        mixed = weighed.T @ self.facts
        both = self.facts.T @ (weighed.sum(axis=1)[:, None] * self.facts)
        return np.block([[np.diag(weighed.sum(axis=0)), mixed], [mixed.T, both]])
