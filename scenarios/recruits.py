"""Whom one could recruit, and where: kinds of volunteers, and the typical people of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.records import PROGRAMMES
from scenarios.changes.recruit import Recruit
from scenarios.people import fresh_ids, home_of, places_of
from scenarios.vetting import volunteer_ages

if TYPE_CHECKING:
    from matcher.records import Child, Volunteer
    from scenarios.world import World

GENDERS = ("woman", "man")
AGES = ((18, 24), (25, 35), (36, 49), (50, 64), (65, 75))
"""Completed years; of them, those that the programme and the rules ask of its volunteers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Whom one could recruit; ``ages`` are completed years, both ends included."""

    gender: str
    ages: tuple[int, int]
    municipality: str
    programme: str


def kinds_in(world: World, municipality: str) -> Iterator[Kind]:
    """Every kind of one municipality that the rules in force leave."""
    for programme in PROGRAMMES:
        least, most = volunteer_ages(world, (programme,))
        for first, last in AGES:
            ages = max(first, least), min(last, most)
            if ages[0] <= ages[1]:
                yield from (Kind(gender=word, ages=ages, municipality=municipality, programme=programme) for word in GENDERS)


def newcomers(world: World, kind: Kind, draws: int, seed: int) -> list[Volunteer]:
    """The typical people of a kind, drawn as the change ``recruit`` draws them; more of them leave the first as they are."""
    change = Recruit(
        number=draws,
        gender=kind.gender,
        age=kind.ages,
        municipality=kind.municipality,
        programmes=(kind.programme,),
        capacity=1,
    )
    added = frozenset(fresh_ids(world.case, "V", draws))
    rows = change.apply(world, seed).case.volunteers
    return sorted((row for row in rows if row.volunteer_id in added), key=lambda row: row.volunteer_id)


def homes(world: World) -> list[str]:
    """The municipalities in which somebody of the case lives."""
    places = places_of(world)
    people: tuple[Child | Volunteer, ...] = (*world.case.children, *world.case.volunteers)
    named = {home_of(row, places) for row in people}
    return sorted(name for name in named if name)


def centres(world: World) -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of the middle of each municipality's postcodes, in degrees."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in places_of(world).values():
        if row.municipality:
            found.setdefault(row.municipality, []).append((row.latitude, row.longitude))
    return {
        name: (sum(a for a, _ in points) / len(points), sum(b for _, b in points) / len(points)) for name, points in found.items()
    }
