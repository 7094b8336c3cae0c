"""The case's limits on matches of one plan: matchers' new friendships, and quotas by what a child is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.assignment.limits import UNLIMITED, Arrangement, Limit, arranged
from matcher.assignment.pairs import Index, Int, Mask
from matcher.records import Case, Child, Quota


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanLimit:
    """How many matches some children may or must have together.

    Attributes
    ----------
    kind, key : whose limit it is: a matcher's, by id; or a quota's, as ``dimension=value``.
    limit : the children that count and have eligible pairs, by index, with the least and the most.
    """

    kind: Literal["matcher", "quota"]
    key: str
    limit: Limit

    @property
    def name(self) -> str:
        """Kind and key in one word; two rows of one quota have one name."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanLimits:
    """All limits of a case, and how the solver holds them."""

    limits: tuple[PlanLimit, ...]
    arrangement: Arrangement

    @classmethod
    def of(cls, limits: Sequence[PlanLimit], n_children: int) -> PlanLimits:
        """Arrange limits; those of matchers first, where two limits cannot both be in the forest."""
        return cls(limits=tuple(limits), arrangement=arranged([one.limit for one in limits], n_children))

    def without(self, *names: str) -> PlanLimits:
        """The limits but those of these names."""
        kept = [one for one in self.limits if one.name not in names]
        return PlanLimits.of(kept, len(self.arrangement.group))

    def with_limits(self, *more: PlanLimit) -> PlanLimits:
        """The limits and some more."""
        return PlanLimits.of([*self.limits, *more], len(self.arrangement.group))

    def of_group(self, group: int) -> tuple[PlanLimit, ...]:
        """Whose limits a group of the solver holds."""
        return tuple(one for one, home in zip(self.limits, self.arrangement.home, strict=True) if home == group)

    def used_up(self, child: int, used: Mapping[str, int]) -> tuple[PlanLimit, ...]:
        """The limits over a child that have no match left, given the matches that each has by name."""
        return tuple(one for one in self.limits if used[one.name] >= one.limit.most and child in one.limit.members)

    def matches(self, matched: Mask) -> dict[str, int]:
        """How many of the ``matched`` children (shape (children,)) each limit has, by name."""
        return {one.name: int(matched[one.limit.members].sum()) for one in self.limits}

    def named_prices(self, group: Int, crossing: Int) -> dict[str, int]:
        """Each limit's price by name; where several limits are one to the solver, the one that binds has the price."""
        prices: dict[str, int] = {one.name: 0 for one in self.limits}
        homes: dict[int, list[PlanLimit]] = {}
        for one, home in zip(self.limits, self.arrangement.home, strict=True):
            homes.setdefault(home, []).append(one)
        for home, limits in homes.items():
            price = int(group[home] if home >= 0 else crossing[-1 - home])
            binding = min(limits, key=lambda one: one.limit.most) if price > 0 else max(limits, key=lambda one: one.limit.least)
            prices[binding.name] += price
        return prices


def plan_limits(case: Case, children: Sequence[Child], with_pairs: Mask) -> PlanLimits:
    """The limits of a case that some plan could break; ``with_pairs``: the children that have an eligible pair."""
    found = [one for one in (*_matchers(case, children, with_pairs), *_quotas(case, children, with_pairs)) if _can_break(one)]
    return PlanLimits.of(found, len(children))


def counts_for(quota: Quota, child: Child) -> bool:
    """Whether a match of the child counts for the quota."""
    said: Mapping[str, Sequence[str | None]] = {
        "municipality": [child.municipality],
        "programme": [child.programme],
        "initiative": child.initiative,
        "matcher": [child.matcher_id],
        "gender": [child.gender],
    }
    asked = quota.value.strip().casefold()
    return any(word is not None and word.strip().casefold() == asked for word in said[quota.dimension])


def _matchers(case: Case, children: Sequence[Child], with_pairs: Mask) -> Iterator[PlanLimit]:
    for matcher in case.matchers:
        if matcher.max_new_friendships is not None:
            own = [i for i, child in enumerate(children) if child.matcher_id == matcher.matcher_id and with_pairs[i]]
            limit = Limit(members=_indices(own), most=matcher.max_new_friendships)
            yield PlanLimit(kind="matcher", key=matcher.matcher_id, limit=limit)


def _quotas(case: Case, children: Sequence[Child], with_pairs: Mask) -> Iterator[PlanLimit]:
    for quota in case.quotas:
        own = [i for i, child in enumerate(children) if with_pairs[i] and counts_for(quota, child)]
        most = UNLIMITED if quota.at_most is None else quota.at_most
        limit = Limit(members=_indices(own), least=quota.at_least or 0, most=most)
        yield PlanLimit(kind="quota", key=f"{quota.dimension}={quota.value}", limit=limit)


def _indices(found: list[int]) -> Index:
    return np.array(found, dtype=np.int32)


def _can_break(one: PlanLimit) -> bool:
    return one.limit.least > 0 or one.limit.most < len(one.limit.members)
