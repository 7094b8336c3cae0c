"""Means over replications with honest bands, and paired differences between two worlds under the same draws.

A band is Student's where enough replications say something of their own. Where nearly all give one value, what is rare has been
met too seldom for that, and the band has room for as many more as Poisson's law allows [1]_, each as far off as any value was.
Corrections for skewness (Johnson 1978; Hall 1992) were tried and hold less often.

.. [1] F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28, 1936.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Key: TypeAlias = tuple[str, str]
Rows: TypeAlias = Sequence[Mapping[Key, float]]
LEVEL = 0.95
STEPS = 2000
SAID = 0.8
"""A mean is given where at least this share of the replications define it."""
RARE = (3.69, 5.57, 7.22, 8.77, 10.24, 11.67, 13.06, 14.42, 15.76, 17.08)
"""How often something may happen in as many replications (97.5 %) that has happened 0, 1, 2 … times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A mean over replications and its interval; ``nan`` where they say too little. ``replications``: those that define it."""

    value: float
    low: float
    high: float
    replications: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A measure in two worlds: all three over the same replications where there is a difference, so that they add up."""

    value: Band
    baseline: Band
    difference: Band

    @property
    def bands(self) -> tuple[Band, Band, Band]:
        """All three."""
        return self.value, self.baseline, self.difference


def summarised(rows: Rows) -> dict[Key, Band]:
    """The mean of each measure with its interval, over the replications in which it is defined."""
    keys = sorted({key for row in rows for key in row})
    return {key: careful([row.get(key, math.nan) for row in rows]) for key in keys}


def halves(rows: Rows) -> list[dict[Key, float]]:
    """The means of each replication and its antithetic one, which follow each other: these are independent, the rows are not."""
    return [{key: 0.5 * (one[key] + other[key]) for key in one} for one, other in zip(rows[::2], rows[1::2], strict=True)]


def paired(rows: Rows, baseline: Rows) -> dict[Key, Paired]:
    """Each measure that either world has, and the difference replication by replication.

    The difference and both means are over the replications that define the measure in both worlds. Where these are too few,
    there is no difference, and each mean is over its own. Two worlds that are alike in everything differ by exactly 0.

    Raises
    ------
    ValueError
        The two have not the same number of replications.
    """
    both = list(zip(rows, baseline, strict=True))
    alike = all(_alike(row, other) for row, other in both)
    found = {}
    for key in sorted({key for pair in both for row in pair for key in row}):
        mine, other = (np.array([row.get(key, math.nan) for row in side], dtype=np.float64) for side in (rows, baseline))
        gap = mine - other
        difference = careful(gap, max(_range(mine), _range(other)))
        if not math.isnan(difference.value):
            mine, other = (np.where(np.isnan(gap), math.nan, side) for side in (mine, other))
            if alike:
                difference = Band(value=0.0, low=0.0, high=0.0, replications=difference.replications)
        found[key] = Paired(value=careful(mine), baseline=careful(other), difference=difference)
    return found


def differences(rows: Rows, baseline: Rows) -> dict[Key, Band]:
    """The mean of each measure's difference, as ``paired`` has it, of the measures that both worlds have."""
    found = paired(rows, baseline).items()
    return {key: one.difference for key, one in found if one.difference.replications}


def careful(values: Sequence[float] | npt.NDArray[np.float64], apart: float = 0.0) -> Band:
    """As ``band``; ``nan`` where too few of the values are defined, and wider where nearly all of them are one value.

    Parameters
    ----------
    apart
        How far off a value may be at least, though none of these was.
    """
    found = band(values)
    if found.replications < SAID * len(values):
        return Band(value=math.nan, low=math.nan, high=math.nan, replications=found.replications)
    [(usual, times)] = Counter(value for value in values if not math.isnan(value)).most_common(1) or [(0.0, 0)]
    others = found.replications - times
    if found.replications < 2 or others >= min(len(RARE), found.replications / 2):
        return found
    furthest = max(apart, *(abs(value - usual) for value in values if not math.isnan(value)))
    half = max(0.5 * (found.high - found.low), (RARE[others] - others) * furthest / found.replications)
    return replace(found, low=found.value - half, high=found.value + half)


def _range(values: npt.NDArray[np.float64]) -> float:
    """The greatest value less the least; 0 where none is defined."""
    kept = values[~np.isnan(values)]
    return float(kept.max() - kept.min()) if kept.size else 0.0


def _alike(row: Mapping[Key, float], other: Mapping[Key, float]) -> bool:
    """Whether two replications are the same in everything that is defined."""
    return row.keys() == other.keys() and all(
        value == other[key] or (math.isnan(value) and math.isnan(other[key])) for key, value in row.items()
    )


def band(values: Sequence[float] | npt.NDArray[np.float64], level: float = LEVEL) -> Band:
    """The mean of some values and its t interval; what is not defined (``nan``) is left out."""
    kept = np.array([value for value in values if not math.isnan(value)], dtype=np.float64)
    if not kept.size:
        return Band(value=math.nan, low=math.nan, high=math.nan, replications=0)
    mean = math.fsum(kept.tolist()) / kept.size
    if kept.size < 2:
        return Band(value=mean, low=math.nan, high=math.nan, replications=1)
    half = t_quantile(kept.size - 1, level) * float(kept.std(ddof=1)) / math.sqrt(kept.size)
    return Band(value=mean, low=mean - half, high=mean + half, replications=int(kept.size))


@lru_cache(maxsize=1024)
def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """How many standard errors lie on either side of the middle ``level`` of Student's distribution.

    With t = sqrt(freedom) tan(angle) the density becomes cos(angle) ** (freedom - 1), summed here by Simpson's rule.
    """
    whole = math.exp(math.lgamma(freedom / 2.0) - math.lgamma((freedom + 1) / 2.0))
    whole *= math.sqrt(math.pi) / 2.0
    low, high = 0.0, math.pi / 2.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _below(middle, freedom) < level * whole else (low, middle)
    return math.sqrt(freedom) * math.tan(0.5 * (low + high))


def _below(angle: float, freedom: int) -> float:
    """The integral of cos ** (freedom - 1) from 0 to an angle."""
    at = np.linspace(0.0, angle, STEPS + 1)
    height = np.cos(at) ** (freedom - 1)
    return float(angle / STEPS / 3.0 * (height[0] + height[-1] + 4.0 * height[1:-1:2].sum() + 2.0 * height[2:-1:2].sum()))
