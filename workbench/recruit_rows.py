"""Kinds of volunteers and their worth as rows of a file; a count of real children under five is blank."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from scenarios.today import SMALL
from workbench.tables import Table, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.recruiting import Worth
    from workbench.tables import Cell

KIND = ("gender", "age_group", "municipality", "programme")
COLUMNS = (
    *KIND,
    "matches",
    "matches_low",
    "matches_high",
    "score",
    "score_low",
    "score_high",
    "exact",
    "resolved",
    "children",
)
"""Means over the typical people drawn, with the lowest and the highest of them."""


def table(worths: Sequence[Worth]) -> Table:
    """``recruit.csv``, by kind."""
    return Table("recruit", COLUMNS, tuple(sorted((_row(one) for one in worths), key=lambda row: tuple(map(str, row[:4])))))


def named(one: Worth) -> dict[str, Cell]:
    """One row by its columns."""
    return dict(zip(COLUMNS, _row(one), strict=True))


def children(one: Worth) -> int | None:
    """How many children it could help, where that may be told."""
    return one.children if one.children >= SMALL else None


def _row(one: Worth) -> tuple[Cell, ...]:
    matches, points = zip(*one.gains, strict=True)
    return (
        one.kind.gender,
        f"{one.kind.ages[0]}-{one.kind.ages[1]}",
        one.kind.municipality,
        one.kind.programme,
        Decimal(f"{one.matches:.3f}"),
        min(matches),
        max(matches),
        Decimal(f"{one.points / 1000:.3f}"),
        score(min(points)),
        score(max(points)),
        one.exact,
        one.resolved,
        children(one),
    )
