"""The proof of optimality: under right prices no plan can be worth more than their sum, and this plan is worth just that.

Linear programming's weak duality, in whole numbers: u_i + v_j + g_k(i) >= M + points_ij for every eligible pair and no price
below 0 give worth <= sum u + sum places v + sum limits g for every plan. Locked pairs count with their own worth, and their
places are taken away first. Quotas only make plans fewer, so the bound stays true with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcher.check.network import Network

MOST_NAMED = 20


def proof_faults(net: Network, total: int) -> list[str]:
    """Where the prices fail to prove that the plan is the best one; empty: it is proved."""
    faults = [*_below_zero(net), *_too_cheap(net)]
    most = 2 * most_points(net)
    if net.bonus <= most:
        faults.append(f"prices: match_bonus {net.bonus} is not above {most}, twice the most points a plan could have")
    value = net.bonus * len(net.partners) + total
    bound = priced_bound(net)
    if value != bound:
        faults.append(f"prices: they bound the plan's value by {bound}, the plan has {value}: not proved optimal")
    return faults


def priced_bound(net: Network) -> int:
    """What no plan's value can exceed under the prices."""
    free_children = sum(price for child_id, price in net.u.items() if child_id not in net.locked)
    places = sum(price * net.room[volunteer_id] for volunteer_id, price in net.v.items())
    limits = sum(price * net.group_limit[matcher_id] for matcher_id, price in net.g.items() if matcher_id in net.group_limit)
    settled = 0
    for child_id, volunteer_id in net.locked.items():
        settled += net.bonus + net.planned[child_id, volunteer_id] - net.v.get(volunteer_id, 0) - net.limit_price(child_id)
    return free_children + places + limits + settled


def most_points(net: Network) -> int:
    """More points no plan can have: each child's best pair, or each place's best pair, whichever is less."""
    best_of_child: dict[str, int] = {}
    best_of_volunteer: dict[str, int] = {}
    for child_id, volunteer_id, points in net.rows:
        best_of_child[child_id] = max(points, best_of_child.get(child_id, 0))
        best_of_volunteer[volunteer_id] = max(points, best_of_volunteer.get(volunteer_id, 0))
    by_places = sum(points * net.room[volunteer_id] for volunteer_id, points in best_of_volunteer.items())
    return min(sum(best_of_child.values()), by_places)


def _below_zero(net: Network) -> Iterator[str]:
    asked = {child_id: price for child_id, price in net.u.items() if child_id not in net.locked}
    for side, prices in (("children", asked), ("volunteers", net.v), ("matchers", net.g)):
        for key, price in prices.items():
            if price < 0:
                yield f"prices: {side} {key} has {price}, below 0"


def _too_cheap(net: Network) -> list[str]:
    cheap = [(c, v, over) for c, v, points in net.rows if (over := net.excess(c, v, points)) < 0 and c not in net.locked]
    faults = [f"pair {c}-{v}: worth {-over} more than its prices" for c, v, over in cheap[:MOST_NAMED]]
    return faults if len(cheap) <= MOST_NAMED else [*faults, f"prices: {len(cheap) - MOST_NAMED} pairs more are too cheap"]
