"""What scenarios come to, as frozen records: the seam between answering them and the files, workbooks and reports of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from scenarios.stream.metrics import METRICS as STREAM_METRICS
from scenarios.today import CALENDAR_METRICS, GROUPS, METRICS

if TYPE_CHECKING:
    from matcher.errors import InfeasibleError
    from matcher.results import Reason
    from scenarios.scenario import Scenario

ORDER = (*METRICS, *CALENDAR_METRICS, *STREAM_METRICS)


Held: TypeAlias = "Mapping[Reason, tuple[int, int]]"
"""How many children a plan gives nobody, by reason: in the baseline, and in the scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of one scenario beside its baseline's; None is blank.

    ``low`` and ``high`` bound a stream's mean (95 %). Where there is a difference, it is ``value`` less ``baseline_value``.
    """

    scenario: str
    baseline: str
    mode: str
    metric: str
    group: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    difference: Decimal | None = None
    difference_low: Decimal | None = None
    difference_high: Decimal | None = None
    baseline_value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChange:
    """A child whose match is another than in the baseline: the volunteers (blank: none) and the points of both pairs."""

    scenario: str
    child_id: str
    how: Literal["gains", "loses", "changes"]
    before: str
    after: str
    points_before: int | None
    points_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What scenarios come to: the seam for files, workbooks and reports.

    Attributes
    ----------
    scenarios : those that were asked for, in their order.
    rows : by scenario, metric and group, in the order of the contract.
    pairs : of the scenarios of mode ``today``.
    held : what holds back the children who still wait, of the scenarios of mode ``today``, by name.
    refused : scenarios without a feasible plan, and why; they have no rows.
    without_baseline : scenarios that have a plan and no rows, for the one that they are compared with has none: why that is so.
    unfinished : names of the scenarios that an interrupt left undone.
    replications : how many each scenario of mode ``stream`` and its baseline rest on, by name.
    cut : names of the scenarios that rest on fewer than they should, because of an interrupt or a time limit.
    remarks : what each scenario of mode ``stream`` reads in a way of its own or passes over (``scenarios.stream.remarks``).
    """

    scenarios: tuple[Scenario, ...]
    rows: tuple[Row, ...]
    pairs: tuple[PairChange, ...]
    held: Mapping[str, Held] = field(default_factory=dict)
    refused: Mapping[str, InfeasibleError] = field(default_factory=dict)
    without_baseline: Mapping[str, InfeasibleError] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    replications: Mapping[str, int] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def value(self, scenario: str, metric: str, group: str = "") -> Row | None:
        """The row of a scenario's metric."""
        return next((row for row in self.rows if (row.scenario, row.metric, row.group) == (scenario, metric, group)), None)


def order_of(key: tuple[str, str]) -> tuple[int, int, str]:
    """The contract's order of metrics, all before groups, groups by dimension and name."""
    metric, group = key
    return ORDER.index(metric), GROUPS.index(group.partition("=")[0]) + 1 if group else 0, group
