"""plan_cost and matches_lost of single pairs: exact by cheapest exchange where limits nest, bounded by the prices everywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matcher.check.certificate import most_points, plan_value, price_faults, priced_bound
from matcher.check.network import Network, read_network
from matcher.check.residual import Exchanges, can_do_without, losses
from matcher.check.world import Pair, World


class PlanCosts:
    """Costs of pairs beside one proved plan whose limits nest; one search a child, kept."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._exchanges = Exchanges(net)
        self._most = most_points(net)
        self._losses: dict[str, dict[str, int | None]] = {}

    def of(self, child_id: str, volunteer_id: str) -> tuple[int | None, int | None]:
        """The pair's plan_cost (points) and matches_lost; None twice where no plan can have it.

        The value lost is bonus times matches plus points, and the bonus is above twice any points: so it splits one way only.
        """
        if child_id not in self._losses:
            self._losses[child_id] = losses(self._exchanges, child_id)
        value_lost = self._losses[child_id].get(volunteer_id)
        if value_lost is None:
            return None, None
        matches_lost = (value_lost + self._most) // self._net.bonus
        return value_lost - matches_lost * self._net.bonus, matches_lost

    def can_do_without(self, child_id: str, slack: int) -> bool:
        """Whether a plan without the child's planned pair has as many matches and at most ``slack`` points fewer.

        A match lost would be worth more than any slack within the points that plans have.
        """
        return can_do_without(self._exchanges, child_id, slack)


class CostBounds:
    """What pairs cost at least beside a best plan, by its prices alone, whether limits nest or cross.

    A plan with a pair is worth at most the bound less the pair's excess; the best plan's value is below the bound by ``gap``.
    ``pairs`` are those that will be asked about.
    """

    def __init__(self, net: Network, gap: int, pairs: Collection[Pair]) -> None:
        self._net = net
        self._least = {(c, v): max(0, net.excess(c, v, points) - gap) for c, v, points in net.rows if (c, v) in pairs}

    def least(self, child_id: str, volunteer_id: str) -> int | None:
        """The least value that a best plan with the pair can lose; None where a lock of the child rules it out."""
        if child_id in self._net.locked:
            return 0 if self._net.locked[child_id] == volunteer_id else None
        return self._least.get((child_id, volunteer_id))

    def value(self, plan_cost: int, matches_lost: int) -> int:
        """Both costs as one value."""
        return self._net.bonus * matches_lost + plan_cost


def costs_beside(
    world: World, plan: Mapping[str, Any], pairs: Collection[Pair], at_most: int
) -> tuple[PlanCosts | None, CostBounds | None]:
    """Exact costs and lower bounds of ``pairs`` beside a plan, None where they cannot be told.

    Nothing is known beside a plan that is not called the best by the default order, or whose prices bound nothing. Exact costs
    also need a proof by prices, limits that nest, and no more than ``at_most`` children times eligible pairs.
    """
    if plan["status"] != "optimal" or plan.get("guaranteed") is not None:
        return None, None
    net = read_network(world, plan)
    gap = priced_bound(net) - plan_value(net, plan["total"])
    if gap < 0 or price_faults(net):
        return None, None
    bounds = CostBounds(net, gap, pairs)
    few = len({child_id for child_id, _ in pairs}) * len(net.rows) <= at_most
    return (PlanCosts(net) if few and gap == 0 and net.forest is not None else None), bounds
