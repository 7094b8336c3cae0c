"""Which friendships begin in the region, as the stream makes them: what the baselines are calibrated on.

``priors.toml`` keeps what ``factors`` answers for the synthetic region (70 children, 25 volunteers, seed 1), five years, forty
replications with seed 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.calibration import Population, calibrated
from matcher.duration.hazard import DAYS_A_MONTH, load_priors
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate

if TYPE_CHECKING:
    from scenarios.world import World

YEARS = 5
TARGETS = {"A": (0.69, None), "B": (0.81, (255.0, 44.0))}
"""Share that lasts 12 months; active friendships, and new ones a year."""


def new_friendships(world: World, replications: int, seed: int) -> Population:
    """The friendships that begin in five years."""
    ready = prepared(world, YEARS)
    log_ratio, months = [], []
    for replication in range(replications):
        history = simulate(ready, seed, replication)
        new = slice(history.before, int(history.bonds.count[0]))
        log_ratio.append(np.log(history.bonds.ratio[new]))
        months.append((history.kids.grown[history.bonds.child[new]] - history.bonds.begun[new]) / DAYS_A_MONTH)
    return Population(log_ratio=np.concatenate(log_ratio), months_left=np.concatenate(months))


def factors(population: Population) -> dict[str, tuple[float, float]]:
    """The factors of each baseline's hazards before and after month 24 that reach its targets."""
    priors = load_priors()
    return {
        name: calibrated(priors.published[name], population, priors.variance, s12, active)
        for name, (s12, active) in TARGETS.items()
    }
