"""Judges what a proposal says of choosing it: plan_cost and matches_lost, exact or as a bound, and ``robust``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.check.costs import CostBounds, PlanCosts, PlanPrices
from matcher.check.world import Pair

Row = Mapping[str, Any]
ROBUST_SHARE = 100
"""``robust`` looks at plans that have as many matches as the best and all of its points but one part in so many."""


@dataclass(frozen=True)
class Choices:
    """One plan and what can be told of every other choice beside it; ``slack`` in points, None where no best plan is known."""

    planned: frozenset[Pair]
    costs: PlanCosts | None
    bounds: CostBounds | None
    slack: int | None

    @classmethod
    def beside(cls, prices: PlanPrices, rows: Sequence[Row], at_most: int) -> Choices:
        """What can be told of the rows beside a plan; exact costs only up to ``at_most`` children times eligible pairs."""
        bounds = prices.bounds
        few = len({row["child_id"] for row in rows}) * prices.n_pairs <= at_most
        slack = None if bounds is None else prices.plan["total"] // ROBUST_SHARE
        return cls(prices.planned, prices.costs if few else None, bounds, slack)

    def faults(self, row: Row) -> Iterator[str]:
        """What is wrong with the costs of a proposal and with its ``robust``."""
        wrong = list(self._cost(row))
        yield from wrong
        if not wrong and row.get("robust") and self.slack is not None:
            yield from self._robust(row, self.slack)

    def _cost(self, row: Row) -> Iterator[str]:
        cost, lost = row["plan_cost"], row["matches_lost"]
        if (cost is None) != (lost is None):
            yield f"plan_cost is {cost}, but matches_lost {lost}: one of them is blank"
        elif lost is not None and lost < 0:
            yield f"matches_lost is {lost}, below 0"
        elif lost == 0 and cost < 0:
            yield f"plan_cost is {cost}, below 0 though no match is lost"
        elif _pair(row) in self.planned and (cost, lost) != (0, 0):
            yield f"in the plan, but plan_cost is {cost} and matches_lost {lost}"
        elif self.costs is not None and _is_exact(row):
            right = self.costs.of(*_pair(row))
            if right != (cost, lost):
                yield f"plan_cost {cost} and matches_lost {lost}, {right} would be right"
        elif self.bounds is not None:
            yield from self._bounded(row, self.bounds)

    def _bounded(self, row: Row, bounds: CostBounds) -> Iterator[str]:
        """A cost that cannot be worked out, or is only said to be a bound: not below the prices' bound, not above the truth."""
        cost, lost = row["plan_cost"], row["matches_lost"]
        least, right = bounds.least(*_pair(row)), self._truth(row)
        if cost is None or lost is None:
            if right is not None:
                yield f"blank, but {right} would be right"
            return
        said = f"plan_cost {cost} and matches_lost {lost}"
        if least is None and _is_exact(row):
            yield f"{said}, but a lock of the child rules the pair out"
        elif least is not None and bounds.value(cost, lost) < least:
            yield f"{said}, but by the prices it costs more"
        elif right is not None and bounds.value(cost, lost) > bounds.value(*right):
            yield f"{said} as a bound, but {right} is right"

    def _truth(self, row: Row) -> tuple[int, int] | None:
        """Both costs as worked out here; None where they are not, or no plan can have the pair."""
        cost, lost = (None, None) if self.costs is None else self.costs.of(*_pair(row))
        return None if cost is None or lost is None else (cost, lost)

    def _robust(self, row: Row, slack: int) -> Iterator[str]:
        """``robust`` is one of the words that what is known allows."""
        right = self._in_plan(row, slack) if _pair(row) in self.planned else self._beside(row, slack)
        if row["robust"] not in right:
            yield f"robust is {row['robust']}, {' or '.join(right)} would be right"

    def _in_plan(self, row: Row, slack: int) -> tuple[str, ...]:
        if self.costs is None:
            return ("always", "sometimes")
        return ("sometimes",) if self.costs.can_do_without(row["child_id"], slack) else ("always",)

    def _beside(self, row: Row, slack: int) -> tuple[str, ...]:
        """A pair outside the plan is never in all good plans; it is in some where it costs no match and few enough points."""
        least = None if self.bounds is None else self.bounds.least(*_pair(row))
        if least is None or least > slack:
            return ("never",)
        known = self.costs is not None or _is_exact(row)
        cost, lost = (row["plan_cost"], row["matches_lost"]) if self.costs is None else self.costs.of(*_pair(row))
        if cost is None or lost is None:
            return ("never",) if known else ("sometimes", "never")
        if lost > 0 or cost > slack:
            return ("never",)
        return ("sometimes",) if known else ("sometimes", "never")


def _pair(row: Row) -> Pair:
    return row["child_id"], row["volunteer_id"]


def _is_exact(row: Row) -> bool:
    return row.get("exact") is not False
