"""Where people and venues are: coordinates, postcodes and municipalities that cannot be true or are unusual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.case import words
from matcher.case.cells import near_or_not
from matcher.case.world import impossible, unusual
from matcher.geography.distance import distance_km, point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.case.rows import Row
    from matcher.case.world import Said, World
    from matcher.records import Postcode

LATITUDES = (54.5, 57.9)
LONGITUDES = (8.0, 15.3)
FAR_KM = 15.0
"""A point farther than this from its postcode's centre is unusual: hardly a Danish postcode reaches so far."""


def kilometres(latitude: float, longitude: float, place: Postcode) -> float:
    """Distance to a postcode's centre."""
    return float(distance_km(*point(latitude, longitude), *point(place.latitude, place.longitude)))


def _inside(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def coordinates(row: Row, _: World) -> Iterator[Said]:
    """Both inside Denmark, not swapped, and not one alone."""
    latitude, longitude = row.values.get("latitude"), row.values.get("longitude")
    if latitude is not None and longitude is not None and _inside(latitude, LONGITUDES) and _inside(longitude, LATITUDES):
        yield impossible("latitude", "swapped_coordinates")
        return
    if latitude is not None and not _inside(latitude, LATITUDES):
        yield impossible("latitude", "outside_denmark")
    if longitude is not None and not _inside(longitude, LONGITUDES):
        yield impossible("longitude", "outside_denmark")
    if (latitude is None) != (longitude is None) and not {"latitude", "longitude"} & {*row.unread}:
        yield unusual("latitude" if longitude is None else "longitude", "half_coordinates")


def place(row: Row, world: World) -> Iterator[Said]:
    """A known postcode, a point near it, a municipality that fits."""
    values = row.values
    if "postcode" not in values:
        return
    known = world.postcodes.get(values["postcode"])
    if known is None:
        yield unusual("postcode", "unknown_postcode")
        return
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is None or longitude is None or not (_inside(latitude, LATITUDES) and _inside(longitude, LONGITUDES)):
        return
    distance = kilometres(latitude, longitude, known)
    if distance > FAR_KM:
        yield unusual("latitude", "far_from_postcode", km=f"{distance:.0f}")


def municipality(row: Row, world: World) -> Iterator[Said]:
    """A known name, and one that has a postcode near the row's own."""
    name, known = row.values.get("municipality"), world.postcodes.get(row.values.get("postcode", ""))
    if name is None or not world.municipalities:
        return
    form = words.municipality_form(name, world.municipalities)
    if form is None:
        near = world.municipalities.get(words.misspelt(words.folded(name), world.municipalities), "")
        yield "municipality", near_or_not("unknown_municipality", near, is_fault=False)
    elif known and known.municipality and words.folded(known.municipality) != form and not _near(form, known, world):
        yield unusual("municipality", "municipality_elsewhere", municipality=known.municipality)


def _near(form: str, known: Postcode, world: World) -> bool:
    """Whether the municipality has a postcode near this one: postcodes cross municipal borders."""
    key, name = (form, known.postcode), world.municipalities[form]
    if key not in world.near:
        own = (place for place in world.postcodes.values() if place.municipality == name)
        world.near[key] = any(kilometres(place.latitude, place.longitude, known) <= FAR_KM for place in own)
    return world.near[key]
