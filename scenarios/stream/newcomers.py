"""Who may come: fictional people, drawn as a synthetic case's are, each as on the day of arrival."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from scenarios.population.children import Waits, age_bounds, draw_children
from scenarios.population.figures import PROGRAMME, Draws
from scenarios.population.towns import load_towns
from scenarios.population.volunteers import Given, draw_volunteers

if TYPE_CHECKING:
    from datetime import date

    from matcher.records import Child, Volunteer

LEAST_DAYS = 365
"""No child is put on the list in its last year within the programme's ages."""


@lru_cache(maxsize=4)
def new_children(
    count: int, seed: int, day: date, matcher_ids: tuple[str, ...], ages: tuple[tuple[str, tuple[int, int]], ...]
) -> tuple[Child, ...]:
    """Children who are put on the list on ``day``, not visited yet; ``ages``: those that the rules leave of each programme."""
    draws = Draws(seed, "new child", count)
    programmes = draws.pick_evenly(PROGRAMME, "programmes.mix")
    low, high = age_bounds(programmes, dict(ages))
    nothing = np.zeros(count, dtype=np.int64)
    waits = Waits(
        programmes=programmes,
        waited=nothing,
        until=nothing,
        age=draws.whole("age", low, np.maximum(low, high - LEAST_DAYS)),
        homes=load_towns().homes(draws),
    )
    return draw_children(draws, _ids("B", count), waits, day, matcher_ids)


@lru_cache(maxsize=4)
def new_volunteers(count: int, seed: int, day: date) -> tuple[Volunteer, ...]:
    """Volunteers who are approved on ``day``, fully vetted."""
    return draw_volunteers(Draws(seed, "new volunteer", count), _ids("V", count), day, Given(vetted=True))


def _ids(letter: str, count: int) -> list[str]:
    """Ids that no case has: behind all letters, and so many figures that the order of the text is that of the numbers."""
    return [f"~{letter}{n:07d}" for n in range(1, count + 1)]
