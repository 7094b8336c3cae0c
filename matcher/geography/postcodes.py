"""The product's own table of Danish postcodes: a point on land and the main municipality of each."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from matcher.records import Postcode

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def load_postcodes() -> Mapping[str, Postcode]:
    """Every postcode people live in, by its four digits, in the order of the digits; read once.

    Points are degrees WGS84, in a town of the postcode. Where a postcode lies in several municipalities, the one with its main
    town is given. Sources, licences and how the table is made: ``docs/sources/README.md``.
    """
    text = resources.files(__package__).joinpath("postcodes.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["postcode"]: _postcode(row) for row in csv.DictReader(text.splitlines())})


def _postcode(row: Mapping[str, str]) -> Postcode:
    return Postcode(
        postcode=row["postcode"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        municipality=row["municipality"],
    )
