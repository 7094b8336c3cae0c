"""What a blank cell means where that depends on something else, and names in their one spelling."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from matcher.case import words
from matcher.case.cells import read_code
from matcher.case.truths import QUOTA_CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matcher.case.relations import Tables
    from matcher.case.rows import Row
    from matcher.case.world import World


def complete(tables: Tables) -> None:
    """Fill in the rows of a case without faults."""
    for name in ("children", "volunteers", "venues"):
        for row in tables[name]:
            _place(row, tables.world, has_municipality=name != "venues")
    _municipalities(tables["postcodes"], tables.world)
    _quotas(tables["quotas"], tables.world)
    for row in tables["decisions"]:
        row.values["rule"] = tables.world.rule_key(row.values.get("rule", ""))
    _previous_friendships(tables)


def _place(row: Row, world: World, *, has_municipality: bool) -> None:
    """One coordinate alone says nothing; a municipality that is not given is the postcode's."""
    values = row.values
    if ("latitude" in values) != ("longitude" in values):
        values.pop("latitude", None)
        values.pop("longitude", None)
    known = world.postcodes.get(values["postcode"])
    if has_municipality and "municipality" not in values:
        values["municipality"] = known.municipality if known else None
    elif has_municipality:
        _spell(row, "municipality", world)


def _spell(row: Row, column: str, world: World) -> None:
    form = words.municipality_form(row.values[column], world.municipalities)
    if form is not None:
        row.values[column] = world.municipalities[form]


def _municipalities(rows: Iterable[Row], world: World) -> None:
    for row in rows:
        if "municipality" in row.values:
            _spell(row, "municipality", world)


def _quotas(rows: Iterable[Row], world: World) -> None:
    for row in rows:
        dimension, value = row.values["dimension"], row.values["value"]
        if dimension in QUOTA_CHOICES:
            row.values["value"] = read_code(value, QUOTA_CHOICES[dimension]).value
        elif dimension == "initiative":
            row.values["value"] = words.canonical_word("initiatives", value)[0]
        elif dimension == "municipality":
            _spell(row, "value", world)


def _previous_friendships(tables: Tables) -> None:
    """Ended friendships of the child, where the count is not given."""
    ended = Counter(row.values["child_id"] for row in tables["friendships"] if not tables.is_active(row))
    for row in tables["children"]:
        row.values.setdefault("previous_friendships", ended[row.values["child_id"]])
