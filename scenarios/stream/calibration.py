"""The stream's settled years: who begins friendships in them, and how many there are. The baselines are calibrated on these.

The first years of a stream are those of its case: many of the children who meet somebody then have waited long, so are older,
and more of them had a friend before. Their friendships last less long than those of the years that follow, so a baseline that
holds ``B``'s numbers in the long run cannot be made from them. ``priors.toml`` keeps what ``factors`` answers for the synthetic
region (70 children, 25 volunteers, seed 1), played with seed 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.calibration import Population, calibrated
from matcher.duration.hazard import DAYS_A_MONTH, load_priors
from scenarios.stream.metrics import lasted
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate
from scenarios.stream.state import YEAR

if TYPE_CHECKING:
    from matcher.duration.hazard import FloatArray
    from scenarios.stream.run import History
    from scenarios.world import World

YEARS, SETTLED, FULL = 25, 10, 15
"""Years that are played; from when on those who begin are like those before; from when on as many friendships end as begin."""
TARGETS = {"A": (0.69, None), "B": (0.81, (255.0, 44.0))}
"""Share that lasts 12 months; active friendships, and new ones a year."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """What the settled years are like.

    Attributes
    ----------
    population : the friendships that begin in them, of all replications together.
    lasting : share of these that lasts 12 months, shape (replications,); ``new`` : how many begin a year; ``active`` : how many
        there are at once.
    """

    population: Population
    lasting: FloatArray
    new: FloatArray
    active: FloatArray


def settled(world: World, baseline: str, replications: int, seed: int) -> Settled:
    """Play a world under a baseline until its years are settled."""
    ready = prepared(replace(world, stream=world.stream.with_values({"baseline": baseline})), YEARS)
    log_ratio, months, measured = [], [], []
    for replication in range(replications):
        history = simulate(ready, seed, replication)
        new = slice(history.before, int(history.bonds.count[0]))
        begun = history.bonds.begun[new]
        late = begun >= SETTLED * YEAR
        log_ratio.append(np.log(history.bonds.ratio[new][late]))
        months.append((history.kids.grown[history.bonds.child[new]] - begun)[late] / DAYS_A_MONTH)
        measured.append((lasted(ready, history)[late].mean(), late.sum() / (YEARS - SETTLED), _active(history)))
    lasting, each_year, active = np.array(measured).T
    population = Population(log_ratio=np.concatenate(log_ratio), months_left=np.concatenate(months))
    return Settled(population=population, lasting=lasting, new=each_year, active=active)


def _active(history: History) -> float:
    """Active friendships on average, asked once in four weeks."""
    bonds, count = history.bonds, int(history.bonds.count[0])
    days = np.arange(FULL * YEAR, YEARS * YEAR, 28.0)[:, None]
    return float(((bonds.begun[:count] <= days) & (bonds.ended[:count] > days)).sum(axis=1).mean())


def factors(name: str, population: Population) -> tuple[float, float]:
    """The factors of a baseline's hazards before and after month 24 that reach its targets in a population."""
    priors = load_priors()
    return calibrated(priors.published[name], population, priors.variance, *TARGETS[name])
