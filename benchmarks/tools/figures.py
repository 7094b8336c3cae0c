"""Figures as text: times, growth, and how a ratio stands to its goal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.tools.section import Table

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Goal:
    """A figure and the most that it should be."""

    what: str
    figure: float
    most: float

    @property
    def reached(self) -> bool:
        """Whether the figure is no more than the goal."""
        return self.figure <= self.most


def short(value: float) -> str:
    """Three significant digits, and no more digits than needed."""
    return f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The least-squares slope of log y over log x: y grows as x to this power; None for fewer than three points."""
    if len(points) < 3:
        return None
    across, up = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    centre, middle = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - centre) ** 2 for x in across)
    return sum((x - centre) * (y - middle) for x, y in zip(across, up, strict=True)) / spread


def goals_table(goals: Sequence[Goal]) -> Table:
    """The goals, reached or not."""
    return Table(
        caption="Goals",
        heading=("what", "measured", "goal", ""),
        rows=tuple((g.what, short(g.figure), f"<= {g.most:g}", "reached" if g.reached else "not reached") for g in goals),
    )
