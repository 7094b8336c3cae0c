"""Exact plan_cost and matches_lost of single pairs, by cheapest exchange under proved prices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matcher.check.certificate import most_points, proof_faults
from matcher.check.network import Network, read_network
from matcher.check.residual import losses
from matcher.check.world import World


class PlanCosts:
    """Costs of pairs beside one proved plan; one search a child, kept."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._most = most_points(net)
        self._losses: dict[str, dict[str, int | None]] = {}

    def of(self, child_id: str, volunteer_id: str) -> tuple[int | None, int | None]:
        """The pair's plan_cost (points) and matches_lost; None twice where no plan can have it.

        The value lost is bonus times matches plus points, and the bonus is above twice any points: so it splits one way only.
        """
        if child_id not in self._losses:
            self._losses[child_id] = losses(self._net, child_id)
        value_lost = self._losses[child_id].get(volunteer_id)
        if value_lost is None:
            return None, None
        matches_lost = (value_lost + self._most) // self._net.bonus
        return value_lost - matches_lost * self._net.bonus, matches_lost


def exact_costs(world: World, plan: Mapping[str, Any], child_ids: Collection[str], at_most: int) -> PlanCosts | None:
    """Costs beside the plan, or None where they cannot be told.

    That is where it is not proved optimal, where quotas are set, or where children times eligible pairs exceed ``at_most``.
    """
    if plan["status"] != "optimal" or world.quotas or len(child_ids) * len(plan["eligible_pairs"]) > at_most:
        return None
    net = read_network(world, plan)
    return None if proof_faults(net, plan["total"]) else PlanCosts(net)
