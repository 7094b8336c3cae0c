"""plan_cost and matches_lost of single pairs: exact by cheapest exchange where limits nest, bounded by the prices everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matcher.check.certificate import most_points, plan_value, price_faults, priced_bound
from matcher.check.network import Network, read_network
from matcher.check.residual import SINK, Exchanges
from matcher.check.ways import Ways, can_do_without
from matcher.check.world import Pair, World


class PlanCosts:
    """Costs of pairs beside one proved plan whose limits nest; a search goes no further than the pairs asked about."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._exchanges = Exchanges(net)
        self._outside = Ways(self._exchanges, SINK)
        self._most = most_points(net)
        self._latest: tuple[str, Ways] | None = None

    def of(self, child_id: str, volunteer_id: str) -> tuple[int | None, int | None]:
        """The pair's plan_cost (points) and matches_lost; None twice where no plan can have it.

        The value lost is bonus times matches plus points, and the bonus is above twice any points: so it splits one way only.
        """
        value_lost = self._value_lost(child_id, volunteer_id)
        if value_lost is None:
            return None, None
        matches_lost = (value_lost + self._most) // self._net.bonus
        return value_lost - matches_lost * self._net.bonus, matches_lost

    def can_do_without(self, child_id: str, slack: int) -> bool:
        """Whether a plan without the child's planned pair has as many matches and at most ``slack`` points fewer.

        A match lost would be worth more than any slack within the points that plans have.
        """
        return can_do_without(self._exchanges, child_id, slack, self._outside)

    def _value_lost(self, child_id: str, volunteer_id: str) -> int | None:
        """How much less the best plan with the pair is worth than the best plan; None where no plan can have it."""
        if self._net.partners.get(child_id) == volunteer_id:
            return 0
        points = points_of(self._net, child_id, volunteer_id)
        if points is None or child_id in self._net.locked:
            return None
        back = self._ways_to(child_id).cost(("volunteer", volunteer_id))
        return None if back is None else self._net.excess(child_id, volunteer_id, points) + back

    def _ways_to(self, child_id: str) -> Ways:
        if self._latest is None or self._latest[0] != child_id:
            self._latest = (child_id, Ways(self._exchanges, ("child", child_id), self._outside))
        return self._latest[1]


def points_of(net: Network, child_id: str, volunteer_id: str) -> int | None:
    """Points of a listed pair, None for others."""
    return next((points for _, name, points in net.by_child.get(child_id, ()) if name == volunteer_id), None)


class CostBounds:
    """What pairs cost at least beside a best plan, by its prices alone, whether limits nest or cross.

    A plan with a pair is worth at most the bound less the pair's excess; the best plan's value is below the bound by ``gap``.
    """

    def __init__(self, net: Network, gap: int) -> None:
        self._net = net
        self._gap = gap

    def least(self, child_id: str, volunteer_id: str) -> int | None:
        """The least value that a best plan with the pair can lose; None where a lock of the child rules it out."""
        if child_id in self._net.locked:
            return 0 if self._net.locked[child_id] == volunteer_id else None
        points = points_of(self._net, child_id, volunteer_id)
        return None if points is None else max(0, self._net.excess(child_id, volunteer_id, points) - self._gap)

    def value(self, plan_cost: int, matches_lost: int) -> int:
        """Both costs as one value."""
        return self._net.bonus * matches_lost + plan_cost


@dataclass(frozen=True)
class PlanPrices:
    """A plan and what its prices tell about other choices; found out when first asked for, and kept.

    Nothing is known beside a plan that is not called the best by the default order, or whose prices bound nothing. Exact costs
    also need a proof by prices and limits that nest.
    """

    world: World
    plan: Mapping[str, Any]

    @cached_property
    def planned(self) -> frozenset[Pair]:
        """The plan's pairs."""
        return frozenset((child_id, volunteer_id) for child_id, volunteer_id, _ in self.plan["pairs"])

    @cached_property
    def n_pairs(self) -> int:
        """How many pairs a plan may hold."""
        return len(self.plan["eligible_pairs"])

    @cached_property
    def bounds(self) -> CostBounds | None:
        """What pairs cost at least; None where that cannot be told."""
        return None if self._bounding is None else CostBounds(*self._bounding)

    @cached_property
    def costs(self) -> PlanCosts | None:
        """Exact costs; None where they cannot be told."""
        if self._bounding is None:
            return None
        net, gap = self._bounding
        return PlanCosts(net) if gap == 0 and net.forest is not None else None

    @cached_property
    def _bounding(self) -> tuple[Network, int] | None:
        """Prices that bound every plan's value, and how far above the plan's own."""
        if self.plan["status"] != "optimal" or self.plan.get("guaranteed") is not None:
            return None
        net = read_network(self.world, self.plan)
        gap = priced_bound(net) - plan_value(net, self.plan["total"])
        return None if gap < 0 or price_faults(net) else (net, gap)
