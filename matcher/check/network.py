"""A plan among its eligible pairs, with prices: what the proof of optimality and the exact costs are read from.

A child is worth ``u``, a volunteer's place ``v``, a place under a matcher's limit ``g``; a pair's worth is the bonus for a match
plus its points. Locked pairs are out of the play: they are in every plan, so their children's prices are never asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matcher.check.world import Pair, World, free_places


@dataclass(frozen=True, kw_only=True)
class Network:
    """Ids to numbers; ``rows`` are the eligible pairs; a child's ``group`` is the matcher, where that matcher has a limit."""

    rows: Sequence[tuple[str, str, int]]
    planned: Mapping[Pair, int]
    partners: Mapping[str, str]
    room: Mapping[str, int]
    used: Mapping[str, int]
    group: Mapping[str, str]
    group_limit: Mapping[str, int]
    group_used: Mapping[str, int]
    locked: Mapping[str, str]
    u: Mapping[str, int]
    v: Mapping[str, int]
    g: Mapping[str, int]
    bonus: int

    def limit_price(self, child_id: str) -> int:
        """What a place under the limit of the child's matcher is worth; 0 where there is none."""
        matcher_id = self.group.get(child_id)
        return 0 if matcher_id is None else self.g.get(matcher_id, 0)

    def excess(self, child_id: str, volunteer_id: str, points: int) -> int:
        """The pair's prices over its worth: 0 where the pair is tight, never below 0 under right prices."""
        price = self.u.get(child_id, 0) + self.v.get(volunteer_id, 0) + self.limit_price(child_id)
        return price - self.bonus - points

    @cached_property
    def by_child(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Each child's eligible volunteers with the pairs' excess."""
        found = defaultdict(list)
        for child_id, volunteer_id, points in self.rows:
            found[child_id].append((volunteer_id, self.excess(child_id, volunteer_id, points)))
        return found

    @cached_property
    def by_volunteer(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Each volunteer's eligible children with the pairs' excess."""
        found = defaultdict(list)
        for child_id, volunteer_id, points in self.rows:
            found[volunteer_id].append((child_id, self.excess(child_id, volunteer_id, points)))
        return found


def read_network(world: World, plan: Mapping[str, Any]) -> Network:
    """The network of a plan whose ids, pairs and prices have been found to be of the right kinds."""
    partners = {c: v for c, v, _ in plan["pairs"]}
    limits, prices = world.matcher_limits, plan["prices"]
    group = {c.id: c.matcher_id for c in world.children.values() if c.matcher_id is not None and c.matcher_id in limits}
    return Network(
        rows=plan["eligible_pairs"],
        planned={(c, v): points for c, v, points in plan["pairs"]},
        partners=partners,
        room={v.id: free_places(v) for v in world.volunteers.values()},
        used=Counter(partners.values()),
        group=group,
        group_limit=limits,
        group_used=Counter(group[c] for c in partners if c in group),
        locked={c: v for c, v in world.locked if partners.get(c) == v},
        u=prices["children"],
        v=prices["volunteers"],
        g=prices["matchers"],
        bonus=prices["match_bonus"],
    )
