"""Means over replications with honest bands, and paired differences between two worlds under the same draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

Key: TypeAlias = tuple[str, str]
LEVEL = 0.95
STEPS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A mean over replications and its interval; ``low`` and ``high`` are ``nan`` for fewer than two replications."""

    value: float
    low: float
    high: float
    replications: int


def summarised(rows: Sequence[Mapping[Key, float]], level: float = LEVEL) -> dict[Key, Band]:
    """The mean of each measure with its t interval, over the replications in which it is defined."""
    return {key: band([row[key] for row in rows if key in row], level) for key in sorted({key for row in rows for key in row})}


def halves(rows: Sequence[Mapping[Key, float]]) -> list[dict[Key, float]]:
    """The means of each replication and its antithetic one, which follow each other: these are independent, the rows are not."""
    return [{key: 0.5 * (one[key] + other[key]) for key in one} for one, other in zip(rows[::2], rows[1::2], strict=True)]


def differences(
    rows: Sequence[Mapping[Key, float]], baseline: Sequence[Mapping[Key, float]], level: float = LEVEL
) -> dict[Key, Band]:
    """The mean of each measure's difference, replication by replication: exactly 0 where nothing has changed.

    Raises
    ------
    ValueError
        The two have not the same number of replications.
    """
    both = list(zip(rows, baseline, strict=True))
    keys = sorted({key for row, other in both for key in row.keys() & other.keys()})
    return {key: band([row[key] - other[key] for row, other in both if key in row and key in other], level) for key in keys}


def band(values: Sequence[float], level: float = LEVEL) -> Band:
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
