"""The hazard of a friendship: a monthly baseline, times the ratios of what is known of the pair, times a gamma frailty.

Given the cumulative baseline H, a pair with the log hazard ratio x is still together with probability
(1 + v H exp(x)) ** (-1 / v), where v is the frailty's variance [1]_. So one uniform number is enough to draw an end.

.. [1] J. Vaupel, K. Manton and E. Stallard, The impact of heterogeneity in individual frailty on the dynamics of mortality,
   Demography 16, 1979.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.ask import minutes_between

if TYPE_CHECKING:
    from matcher.ask import IndexArray
    from matcher.table import People

FloatArray: TypeAlias = npt.NDArray[np.float64]

DAYS_A_MONTH = 365.25 / 12.0
GROWN = 18
"""A friendship ends at this age of the child at the latest, in years."""
LONG_WISH, HALF = 36.0, 0.5
OLDEST = 60.0
"""Above this age of the volunteer nothing is published, and the ratio stays as it is."""
TYPICAL = MappingProxyType({"volunteer_years": 40.0, "child_years": 9.0, "minutes": 25.0})
"""Where the ratios of age and travel are 1."""
SPREADS = MappingProxyType({"likes_in_common": (0.6, 0.8), "dislikes_in_common": (0.03, 0.17), "interests_clash": (0.25, 0.5)})
"""Mean and standard deviation of the counts over the eligible pairs of the synthetic region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A hazard ratio of one unit, the standard deviation of its logarithm, and where it is from."""

    ratio: float
    log_sd: float
    mark: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Hazard per month from each of the rising ``months`` (the first is 0) on, for a typical pair."""

    months: tuple[float, ...]
    monthly: tuple[float, ...]

    def cumulative(self, months: npt.ArrayLike) -> FloatArray:
        """The hazard summed from the start, at ages in months."""
        edges, rates = np.array(self.months), np.array(self.monthly)
        age = np.asarray(months, dtype=np.float64)[..., None]
        spent: FloatArray = np.clip(age - edges, 0.0, np.append(np.diff(edges), np.inf))
        return np.asarray(spent @ rates)

    def scaled(self, early: float, late: float, until: float = 24.0) -> Baseline:
        """The same with the hazards before and after a month multiplied."""
        factors = [early if month < until else late for month in self.months]
        return Baseline(months=self.months, monthly=tuple(h * f for h, f in zip(self.monthly, factors, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """What is believed before the association's own history is asked."""

    published: Mapping[str, Baseline]
    baselines: Mapping[str, Baseline]
    variance: float
    ratios: Mapping[str, Ratio]
    contact: Ratio
    usual_contacts: float
    causes: Mapping[str, float]

    @property
    def log_ratios(self) -> FloatArray:
        """Logarithm of each ratio, in the order of ``facts_of_pairs``."""
        return np.log([row.ratio for row in self.ratios.values()])


@cache
def load_priors() -> Priors:
    """Read ``priors.toml``: ``baselines`` are the calibrated ones, ``published`` those they are made of."""
    table = tomllib.loads(resources.files(__package__).joinpath("priors.toml").read_text(encoding="utf-8"))
    published = {
        name: Baseline(months=tuple(map(float, row["months"])), monthly=tuple(row["monthly"]))
        for name, row in table["baselines"].items()
    }
    return Priors(
        published=MappingProxyType(published),
        baselines=MappingProxyType(
            {name: published[name].scaled(row["early"], row["late"]) for name, row in table["calibrated"].items()}
        ),
        variance=float(table["frailty"]["variance"]["value"]),
        ratios=MappingProxyType({name: Ratio(**row) for name, row in table["ratios"].items()}),
        contact=Ratio(**table["contacts"]["support_contact"]),
        usual_contacts=float(table["contacts"]["usual_a_year"]["value"]),
        causes=MappingProxyType({name: float(row["share"]) for name, row in table["causes"].items()}),
    )


def facts_of_pairs(people: People, child: IndexArray, volunteer: IndexArray) -> FloatArray:
    """What is known of pairs before they begin, in the units of the ratios; 0 where typical or unknown.

    Parameters
    ----------
    child, volunteer
        Indices in the order of ids, shape (pairs,).

    Returns
    -------
    FloatArray
        Shape (pairs, ratios), in the order of ``Priors.ratios``.
    """

    def both(column: str) -> Any:  # noqa: ANN401  an array, or a tuple of words
        values = people.values(column)
        index = child if column.startswith("child_") else volunteer
        return tuple(word[index] for word in values) if isinstance(values, tuple) else values[index]

    likes, dislikes = both("child_likes"), both("child_dislikes")
    theirs, avoids = both("volunteer_likes"), both("volunteer_dislikes")
    ours, other = both("child_expects_months"), both("volunteer_expects_months")
    gender, friend = both("child_gender"), both("volunteer_gender")
    broken = np.array([one.previous_friendships > 0 for one in people.children], dtype=np.float64)
    facts = {
        "volunteer_decade": (np.minimum(both("volunteer_age"), OLDEST) - TYPICAL["volunteer_years"]) / 10.0,
        "child_year": both("child_age") - TYPICAL["child_years"],
        "girl": gender == people.vocabularies["gender"].bits["girl"],
        "broken_before": broken[child],
        "travel_ten_minutes": (minutes_between(people, child, volunteer) - TYPICAL["minutes"]) / 10.0,
        "few_slots": _few(both("child_slots"), both("volunteer_slots")),
        "expectations_differ": np.minimum(ours, other) < HALF * np.maximum(ours, other),
        "parent_wants_long": ours >= LONG_WISH,
        "likes_in_common": _spread("likes_in_common", _common(likes, theirs)),
        "dislikes_in_common": _spread("dislikes_in_common", _common(dislikes, avoids)),
        "interests_clash": _spread("interests_clash", _common(likes, avoids) + _common(dislikes, theirs)),
        "cross_gender": gender != friend,
    }
    columns = [np.nan_to_num(np.asarray(facts[name], dtype=np.float64)) for name in load_priors().ratios]
    return np.stack(columns, axis=-1)


def _few(ours: Any, other: Any) -> Any:  # noqa: ANN401  arrays of bits
    """Fewer than two weekly slots in common, where both have said which."""
    return (ours > 0) & (other > 0) & (_bits(ours & other) < 2)


def _bits(words: Any) -> Any:  # noqa: ANN401
    return np.bitwise_count(words)


def _common(ours: tuple[Any, ...], other: tuple[Any, ...]) -> FloatArray:
    return np.asarray(sum(_bits(a & b).astype(np.float64) for a, b in zip(ours, other, strict=True)))


def _spread(name: str, count: FloatArray) -> FloatArray:
    mean, deviation = SPREADS[name]
    return (count - mean) / deviation


def log_hazard_ratio(
    people: People, child: IndexArray, volunteer: IndexArray, log_ratios: FloatArray | None = None
) -> FloatArray:
    """Logarithm of each pair's hazard ratio to a typical pair, shape (pairs,); ``log_ratios`` as in ``Priors`` if not given."""
    weights = load_priors().log_ratios if log_ratios is None else log_ratios
    return np.asarray(facts_of_pairs(people, child, volunteer) @ weights)


def survival(cumulative: npt.ArrayLike, log_ratio: npt.ArrayLike, variance: float) -> FloatArray:
    """Share still together where the baseline has summed to ``cumulative``, over the frailty; the arguments broadcast."""
    risk = np.asarray(cumulative) * np.exp(np.asarray(log_ratio))
    return np.asarray(np.exp(-risk) if variance == 0.0 else np.power(1.0 + variance * risk, -1.0 / variance))


def threshold(uniform: npt.ArrayLike, lived: npt.ArrayLike, variance: float) -> FloatArray:
    """How far a pair's own summed hazard (baseline times ratio) may go before it ends, given that it has reached ``lived``.

    ``uniform`` in (0, 1]: the share of such pairs that last longer. The inverse of ``survival``.
    """
    if variance == 0.0:
        return np.asarray(np.asarray(lived) - np.log(uniform))
    reached = np.power(1.0 + variance * np.asarray(lived), -1.0 / variance) * np.asarray(uniform)
    return np.asarray((np.power(reached, -variance) - 1.0) / variance)


def expected_months(baseline: Baseline, log_ratio: npt.ArrayLike, months: int, variance: float) -> FloatArray:
    """Months that a friendship lasts on average within its first 0, 1, ... ``months``, shape (..., months + 1)."""
    ages = np.arange(months + 1)
    alive = survival(baseline.cumulative(ages), np.asarray(log_ratio)[..., None], variance)
    steps = 0.5 * (alive[..., 1:] + alive[..., :-1])
    return np.concatenate([np.zeros((*steps.shape[:-1], 1)), np.cumsum(steps, axis=-1)], axis=-1)
