"""The proof of optimality: under right prices no plan can be worth more than their sum, and this plan is worth just that.

Linear programming's weak duality, in whole numbers. Let a child be worth u >= 0, a volunteer's place v >= 0, and a match under
limit k g_k, a matcher's >= 0, a quota's of either sign. When u_i + v_j + (sum of g_k over all limits k over child i) >= M +
points_ij for every eligible pair, every plan's value is at most the sum of its pairs' prices. No child has more than one pair,
no volunteer more than her places, and limit k's pairs are at most ``most``, at least ``least``; so that sum is at most

    sum u + sum places v + sum over limits of (g_k most_k where g_k > 0, g_k least_k where g_k < 0).

Nothing in this asks whether limits nest or cross: it holds for any sets of children. Where they cross, the least such sum may
be above the best plan's value. Locked pairs count with their own worth, and their places are taken away first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.check.network import Listed, Network

MOST_NAMED = 20


def proof_faults(net: Network, total: int) -> list[str]:
    """Where the prices fail to prove that the plan is the best one; empty: it is proved."""
    faults = price_faults(net)
    most = 2 * most_points(net)
    if net.bonus <= most:
        faults.append(f"prices: match_bonus {net.bonus} is not above {most}, twice the most points a plan could have")
    value, bound = plan_value(net, total), priced_bound(net)
    if value != bound:
        faults.append(f"prices: they bound the plan's value by {bound}, the plan has {value}: not proved optimal")
    return faults


def bound_faults(net: Network, total: int) -> list[str]:
    """Where the prices fail to bound the plan's value from above; empty: no plan is worth more than ``priced_bound``.

    This bounds totals among plans with as many matches, whatever a match is said to be worth.
    """
    faults = price_faults(net)
    value, bound = plan_value(net, total), priced_bound(net)
    if value > bound:
        faults.append(f"prices: they bound the plan's value by {bound}, the plan has {value}: the bound is wrong")
    return faults


def price_faults(net: Network) -> list[str]:
    """Prices of a wrong sign, and pairs that are worth more than their prices."""
    return [*_wrong_sign(net), *_too_cheap(net)]


def plan_value(net: Network, total: int) -> int:
    """What the plan is worth: a bonus for each match, and its points."""
    return net.bonus * len(net.partners) + total


def priced_bound(net: Network) -> int:
    """What no plan's value can exceed under the prices; a limit's price that no bound stands behind is a fault, and 0 here."""
    free_children = sum(price for child_id, price in net.u.items() if child_id not in net.locked)
    places = sum(price * net.room[volunteer_id] for volunteer_id, price in net.v.items())
    limits = 0
    for name, limit in net.limits.items():
        price = net.price.get(name, 0)
        limits += price * ((limit.most if price > 0 else limit.least) or 0)
    settled = 0
    for child_id, volunteer_id in net.locked.items():
        settled += net.bonus + net.planned[child_id, volunteer_id] - net.v.get(volunteer_id, 0) - net.limit_price(child_id)
    return free_children + places + limits + settled


def most_points(net: Network) -> int:
    """More points no plan can have: each child's best pair, or each place's best pair, whichever is less."""
    by_children = sum(_best(rows) for rows in net.by_child.values())
    by_places = sum(_best(rows) * net.room[volunteer_id] for volunteer_id, rows in net.by_volunteer.items())
    return min(by_children, by_places)


def _best(rows: Sequence[Listed]) -> int:
    return max(0, *(points for _, _, points in rows))


def _wrong_sign(net: Network) -> Iterator[str]:
    asked = {child_id: price for child_id, price in net.u.items() if child_id not in net.locked}
    for side, prices in (("children", asked), ("volunteers", net.v)):
        for key, price in prices.items():
            if price < 0:
                yield f"prices: {side} {key} has {price}, below 0"
    for name, price in net.price.items():
        limit = net.limits.get(name)  # a matcher without a limit has no say, but no price below 0 either
        if price < 0 and (limit is None or limit.least is None):
            yield f"prices: {name} has {price}, below 0" + ("" if limit is None else " though nothing is asked for at least")
        elif price > 0 and limit is not None and limit.most is None:
            yield f"prices: {name} has {price}, above 0 though nothing is bounded from above"


def _too_cheap(net: Network) -> list[str]:
    base, places = net.over_bonus, net.v  # ``net.excess``, for a million pairs a second
    cheap = [
        (c, v, over) for c, v, points in net.rows if (over := base[c] + places.get(v, 0) - points) < 0 and c not in net.locked
    ]
    faults = [f"pair {c}-{v}: worth {-over} more than its prices" for c, v, over in cheap[:MOST_NAMED]]
    return faults if len(cheap) <= MOST_NAMED else [*faults, f"prices: {len(cheap) - MOST_NAMED} pairs more are too cheap"]
