"""A plan among its eligible pairs, with prices: what the proof of optimality and the exact costs are read from.

A child is worth ``u``, a volunteer's place ``v``, a match under a limit that limit's price (below 0 where the limit asks for more
matches); a pair's worth is the bonus for a match plus its points. Locked pairs are out of the play: they are in every plan, so
their children's prices are never asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from matcher.check.groups import Forest, Limit, limits_of, matcher_name, nested, quota_name
from matcher.check.world import Pair, World, free_places

Listed = tuple[str, str, int]
"""An eligible pair as a plan lists it: child, volunteer, points."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """Ids to numbers; ``rows`` are the eligible pairs; ``limits`` and ``price`` go by the limits' names."""

    rows: Sequence[Listed]
    planned: Mapping[Pair, int]
    partners: Mapping[str, str]
    room: Mapping[str, int]
    used: Mapping[str, int]
    limits: Mapping[str, Limit]
    locked: Mapping[str, str]
    u: Mapping[str, int]
    v: Mapping[str, int]
    price: Mapping[str, int]
    bonus: int

    def limit_price(self, child_id: str) -> int:
        """What a match of the child is worth under all limits over it together."""
        return self._limit_price.get(child_id, 0)

    def excess(self, child_id: str, volunteer_id: str, points: int) -> int:
        """The pair's prices over its worth: 0 where the pair is tight, never below 0 under right prices."""
        return self.over_bonus[child_id] + self.v.get(volunteer_id, 0) - points

    @cached_property
    def over_bonus(self) -> Mapping[str, int]:
        """Of each child with pairs: its price and its limits' prices, less the bonus."""
        return {c: self.u.get(c, 0) + self.limit_price(c) - self.bonus for c in self.by_child}

    @cached_property
    def given(self) -> Mapping[str, int]:
        """How many matches each limit has."""
        return {name: sum(child_id in limit.members for child_id in self.partners) for name, limit in self.limits.items()}

    @cached_property
    def forest(self) -> Forest | None:
        """The limits that say something as a forest; None where they cross."""
        return nested({name: limit for name, limit in self.limits.items() if limit.binds or self.price.get(name, 0)})

    @cached_property
    def by_child(self) -> Mapping[str, Sequence[Listed]]:
        """The rows of each child who has any."""
        return by_person(self.rows, 0)

    @cached_property
    def by_volunteer(self) -> Mapping[str, Sequence[Listed]]:
        """The rows of each volunteer who has any."""
        return by_person(self.rows, 1)

    def nearest(self, volunteer_id: str) -> Sequence[Listed]:
        """The volunteer's rows, the least excess first; put in order when first asked for."""
        if volunteer_id not in self._nearest:
            rows = self.by_volunteer.get(volunteer_id, ())
            excess = [self.over_bonus[child_id] - points for child_id, _, points in rows]  # but for the volunteer's own price
            self._nearest[volunteer_id] = [rows[k] for k in sorted(range(len(rows)), key=excess.__getitem__)]
        return self._nearest[volunteer_id]

    @cached_property
    def _nearest(self) -> dict[str, Sequence[Listed]]:
        return {}

    @cached_property
    def _limit_price(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for name, limit in self.limits.items():
            if price := self.price.get(name, 0):
                found.update(dict.fromkeys(limit.members, price))
        return found


def by_person(rows: Iterable[Listed], side: Literal[0, 1]) -> Mapping[str, Sequence[Listed]]:
    """The rows of each child (side 0) or of each volunteer (side 1), in their order."""
    found: dict[str, list[Listed]] = defaultdict(list)
    for row in rows:
        found[row[side]].append(row)
    return dict(found)


def read_network(world: World, plan: Mapping[str, Any]) -> Network:
    """The network of a plan whose ids, pairs and prices have been found to be of the right kinds.

    Where children are guaranteed, the others have no pairs in it.
    """
    partners = {c: v for c, v, _ in plan["pairs"]}
    rows, prices = plan["eligible_pairs"], plan["prices"]
    if plan.get("guaranteed") is not None:
        guaranteed = set(plan["guaranteed"])
        rows = [row for row in rows if row[0] in guaranteed]
    price: Counter[str] = Counter()
    for name, given in limit_prices(prices):
        price[name] += given
    return Network(
        rows=rows,
        planned={(c, v): points for c, v, points in plan["pairs"]},
        partners=partners,
        room={v.id: free_places(v) for v in world.volunteers.values()},
        used=Counter(partners.values()),
        limits=limits_of(world, {c for c, _, _ in rows}),
        locked={c: v for c, v in world.locked if partners.get(c) == v},
        u=prices["children"],
        v=prices["volunteers"],
        price=price,
        bonus=prices["match_bonus"],
    )


def limit_prices(prices: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Names of limits with their prices, as they stand: one quota may stand more than once, its prices add up."""
    for matcher_id, price in prices["matchers"].items():
        yield matcher_name(matcher_id), price
    for key, price in prices.get("quotas", {}).items():
        dimension, _, value = key.partition("=")
        yield quota_name(dimension, value), price
