"""How long friendships last, learned from the association's own history: the prior's ratios and hazards, moved by what was seen.

The likeliest parameters are found by Newton's method; the normal distribution with their curvature (Laplace's approximation)
is the belief afterwards [1]. The prior's normal distributions act as ridge penalties towards the published figures.

.. [1] A. Gelman et al., Bayesian Data Analysis, 3rd edition, 2013, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.likelihood import Likelihood

if TYPE_CHECKING:
    from matcher.duration.belief import Belief
    from matcher.duration.hazard import FloatArray
    from matcher.duration.history import History

FEWEST_ENDS = 10
HALF = 0.5
YEAR = 12.0
STEPS, SMALL = 200, 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A belief before and after a history of so many friendships, ended ones and months watched.

    ``told``: the share of each parameter's prior variance that the history has taken away; at one half it says as much as the
    prior does. ``level_told``: the same for the summed hazard of a typical pair's first year. ``expected_ends``: how many the
    prior would have in the months watched; far fewer ``ends`` mean that ended friendships are missing from the list.
    """

    prior: Belief
    posterior: Belief
    friendships: int
    ends: int
    expected_ends: float
    months: int

    @property
    def told(self) -> FloatArray:
        """Shape (parameters,), 0 to 1."""
        return 1.0 - np.diag(self.posterior.covariance) / np.diag(self.prior.covariance)

    @property
    def level_told(self) -> float:
        """0 to 1."""
        return 1.0 - self.posterior.level_variance(YEAR) / self.prior.level_variance(YEAR)

    @property
    def enough(self) -> bool:
        """Whether the history says at least as much of the first year as the prior, by ten ends or more; else too little data."""
        return self.ends >= FEWEST_ENDS and self.level_told >= HALF

    @property
    def ends_missing(self) -> bool:
        """Whether so few ended that the list seems to leave some out: under half of ten or more that were to be expected."""
        return self.expected_ends >= FEWEST_ENDS and self.ends < HALF * self.expected_ends

    @property
    def belief(self) -> Belief:
        """What to go by: the posterior, but the prior where there is too little data or ended friendships seem to be missing."""
        return self.posterior if self.enough and not self.ends_missing else self.prior

    @property
    def ratios_enough(self) -> tuple[bool, ...]:
        """The same for each hazard ratio."""
        return tuple(self.ends >= FEWEST_ENDS and share >= HALF for share in self.told[self.prior.pieces :].tolist())


def fitted(history: History, prior: Belief) -> Fit:
    """Learn from a history; without any friendship the belief stays exactly what it was.

    Raises
    ------
    ArithmeticError
        The search for the likeliest parameters does not end.
    """
    likelihood = Likelihood.of(history, prior)
    posterior = _laplace(likelihood, prior) if len(history) else prior
    return Fit(
        prior=prior,
        posterior=posterior,
        friendships=len(history),
        ends=int(history.ended.sum()),
        expected_ends=likelihood.expected_ends(prior.mean),
        months=int((history.months - history.entry).sum()),
    )


def _laplace(likelihood: Likelihood, prior: Belief) -> Belief:
    precision: FloatArray = np.linalg.inv(prior.covariance).astype(np.float64)

    def worth(parameters: FloatArray) -> float:
        away = parameters - prior.mean
        return likelihood.value(parameters) - 0.5 * float(away @ precision @ away)

    here, height = prior.mean, worth(prior.mean)
    for _ in range(STEPS):
        gradient, hessian = likelihood.curve(here)
        gradient = gradient - precision @ (here - prior.mean)
        curvature = precision - hessian
        step = np.linalg.solve(_raised(curvature, precision), gradient)
        gain = float(gradient @ step)
        if gain < SMALL:
            return replace(prior, mean=here, covariance=np.linalg.inv(curvature).astype(np.float64))
        size = 1.0
        while not worth(here + size * step) >= height + 1e-4 * size * gain - SMALL:
            size *= 0.5
        here = here + size * step
        height = worth(here)
    raise ArithmeticError("the likeliest hazards were not found")


def _raised(curvature: FloatArray, precision: FloatArray) -> FloatArray:
    """The curvature, with so much of the prior's added that it bends one way only (frailty can bend it the other)."""
    raised, more = curvature, 1.0
    while np.linalg.eigvalsh(raised)[0] <= 0.0:
        raised, more = curvature + more * precision, 2.0 * more
    return raised
