"""Limits on matches as sets of children: matchers' limits and quotas, with their bounds, and whether they nest.

Limits nest when of any two either one's children are among the other's or they share none. Then they form a forest, and a plan
is a flow through it [1]_.

.. [1] A. Schrijver, Combinatorial Optimization, Springer, 2003, section 13.4 (laminar families).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from matcher.check.limits import plain, words_of
from matcher.check.world import World


@dataclass(frozen=True, slots=True)
class Limit:
    """The children in ``members`` have ``least`` to ``most`` matches together; None: not bounded on that side."""

    members: frozenset[str]
    least: int | None
    most: int | None

    @property
    def binds(self) -> bool:
        """Whether some plan could break it."""
        return bool(self.least) or (self.most is not None and self.most < len(self.members))


@dataclass(frozen=True, slots=True)
class Forest:
    """The smallest limit over each child that is under one, and the next larger limit around each limit that has one."""

    inner: Mapping[str, str]
    outer: Mapping[str, str]


def limits_of(world: World, among: Collection[str]) -> dict[str, Limit]:
    """All limits of a case by name, counting only the children in ``among``.

    Rows of one quota are one limit, with the larger ``at_least`` and the smaller ``at_most``.
    """
    found = dict(_matchers(world, among))
    members = _by_word(world, {row["dimension"] for row in world.quotas}, among)
    for row in world.quotas:
        name = quota_name(row["dimension"], row["value"])
        earlier = found.get(name, Limit(frozenset(), None, None))
        least = max((n for n in (earlier.least, row.get("at_least")) if n is not None), default=None)
        most = min((n for n in (earlier.most, row.get("at_most")) if n is not None), default=None)
        found[name] = Limit(frozenset(members[row["dimension"], plain(row["value"])]), least, most)
    return found


def matcher_name(matcher_id: str) -> str:
    """The name of a matcher's limit."""
    return f"matchers {matcher_id}"


def quota_name(dimension: str, value: str) -> str:
    """The name of a quota's limit; case and outer spaces do not count."""
    return f"quotas {plain(dimension)}={plain(value)}"


def nested(limits: Mapping[str, Limit]) -> Forest | None:
    """The forest that the limits form, or None where two of them cross."""
    inner: dict[str, str] = {}
    outer: dict[str, str] = {}
    for name, limit in sorted(limits.items(), key=lambda item: (-len(item[1].members), item[0])):
        around = {inner.get(child_id) for child_id in limit.members}
        if len(around) > 1:  # the larger limits are in: who nests lies whole in one of them, or in none
            return None
        for parent in around:
            if parent is not None:
                outer[name] = parent
        inner.update(dict.fromkeys(limit.members, name))
    return Forest(inner, outer)


def _matchers(world: World, among: Collection[str]) -> Iterator[tuple[str, Limit]]:
    members = defaultdict(set)
    for child_id in among:
        members[world.children[child_id].matcher_id].add(child_id)
    for matcher_id, most in world.matcher_limits.items():
        yield matcher_name(matcher_id), Limit(frozenset(members[matcher_id]), None, most)


def _by_word(world: World, dimensions: Iterable[str], among: Collection[str]) -> Mapping[tuple[str, str], set[str]]:
    found = defaultdict(set)
    for dimension in dimensions:
        for child_id in among:
            for word in words_of(world.children[child_id], dimension):
                found[dimension, word].add(child_id)
    return found
