"""Where people that a change adds live, and when they were born."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from matcher.dates import add_months
from scenarios.people import municipality_of, places_of
from scenarios.population.figures import Draws, choices, pick_index

if TYPE_CHECKING:
    from matcher.records import Child, Volunteer
    from scenarios.world import World

DAYS_SINCE_BIRTHDAY = 363


def homes_in(world: World, municipality: str, draws: Draws) -> tuple[str, list[str]]:
    """The municipality as it is spelled, and a postcode of it for each person, by how many live in each where that is known.

    Raises
    ------
    UsageError
        No municipality has that name.
    """
    name = municipality_of(world, municipality)
    people = dict(zip(*choices("people.postcodes"), strict=True))
    codes = sorted(code for code, row in places_of(world).items() if row.municipality == name)
    if not codes:  # a name that only the case's own people have
        rows: tuple[Child | Volunteer, ...] = (*world.case.children, *world.case.volunteers)
        codes = sorted({row.postcode for row in rows if row.municipality == name})
    weights = np.array([people.get(code, 0.0) for code in codes], dtype=np.float64)
    index = pick_index(draws.uniform("asked home"), weights if weights.any() else np.ones(len(codes)))
    return name, [codes[i] for i in index]


def births(draws: Draws, day: date, span: tuple[int, int]) -> list[date]:
    """A birth date for each person, who is so many completed years old on ``day``, all ages of the span alike."""
    years = draws.whole("asked age", *span).tolist()
    since = draws.whole("since the asked birthday", 0, DAYS_SINCE_BIRTHDAY).tolist()
    return [add_months(day, -12 * age) - timedelta(days=days) for age, days in zip(years, since, strict=True)]
