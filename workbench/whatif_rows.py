"""A comparison of scenarios as rows of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.tables import Table, score

if TYPE_CHECKING:
    from scenarios.comparison import Comparison


def tables(found: Comparison) -> tuple[Table, Table]:
    """``comparison.csv``: the contract's columns, then what they are beside; ``pairs_changed.csv``: who gains, who loses."""
    contract = ("scenario", "metric", "group", "value", "low", "high", "difference", "difference_low", "difference_high")
    rows = tuple(
        (
            row.scenario,
            row.metric,
            row.group or None,
            row.value,
            row.low,
            row.high,
            row.difference,
            row.difference_low,
            row.difference_high,
            row.mode,
            row.baseline or None,
            row.baseline_value,
        )
        for row in found.rows
    )
    pairs = tuple(
        (
            pair.scenario,
            pair.child_id,
            pair.how,
            pair.before or None,
            pair.after or None,
            score(pair.points_before),
            score(pair.points_after),
        )
        for pair in found.pairs
    )
    columns = ("scenario", "child_id", "change", "before", "after", "score_before", "score_after")
    return (
        Table("comparison", (*contract, "mode", "baseline", "baseline_value"), rows),
        Table("pairs_changed", columns, pairs),
    )
