"""Where synthetic people live: postcodes of 20 municipalities, by how many people live in each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from matcher.geography.distance import distance_km, point
from matcher.geography.postcodes import load_postcodes
from scenarios.population.figures import HOME, Draws, FloatArray, IntArray, choices, figure, pick_index

KM_PER_DEGREE = 111.2
JITTER_KM = 0.8


@dataclass(frozen=True)
class Towns:
    """Postcodes with their points (degrees), municipality and weight; ``near`` holds the weights seen from each."""

    codes: tuple[str, ...]
    municipalities: tuple[str, ...]
    latitudes: FloatArray
    longitudes: FloatArray
    weights: FloatArray
    near: FloatArray

    def homes(self, draws: Draws) -> IntArray:
        """A postcode for each person, by population."""
        return pick_index(draws.even(HOME), self.weights)

    def homes_near(self, draws: Draws, others: IntArray) -> IntArray:
        """A postcode for each person, by population, near somebody else's."""
        edges = np.cumsum(self.near, axis=1)[others]
        chosen: IntArray = (edges <= (draws.uniform("home near") * edges[:, -1])[:, np.newaxis]).sum(axis=1)
        return chosen

    def coordinates(self, draws: Draws, homes: IntArray, name: str) -> list[tuple[float, float] | tuple[None, None]]:
        """A place within 800 m of the postcode's point for the figure's share of people, ``None`` for the rest."""
        radius = JITTER_KM / KM_PER_DEGREE * np.sqrt(draws.uniform("distance from the middle"))
        angle = 2.0 * np.pi * draws.uniform("direction from the middle")
        latitude = self.latitudes[homes] + radius * np.sin(angle)
        longitude = self.longitudes[homes] + radius * np.cos(angle) / np.cos(np.radians(latitude))
        known = draws.chance("coordinates", name)
        places = zip(known.tolist(), latitude.round(4).tolist(), longitude.round(4).tolist(), strict=True)
        return [(lat, lon) if given else (None, None) for given, lat, lon in places]


@cache
def load_towns() -> Towns:
    """The towns of ``synthetic.toml`` with the points of the product's own postcode table."""
    weight_of = dict(zip(*choices("people.postcodes"), strict=True))
    rows = sorted((load_postcodes()[code] for code in weight_of), key=lambda row: (str(row.municipality), row.postcode))
    codes = tuple(row.postcode for row in rows)
    weights = np.array([weight_of[code] for code in codes])
    points = [point(row.latitude, row.longitude) for row in rows]
    km = np.array([[distance_km(*a, *b) for b in points] for a in points])
    return Towns(
        codes=codes,
        municipalities=tuple(str(row.municipality) for row in rows),
        latitudes=np.array([row.latitude for row in rows]),
        longitudes=np.array([row.longitude for row in rows]),
        weights=weights,
        near=np.where(km <= float(figure("friendships.near_km")["km"]), weights, 0.0),
    )
