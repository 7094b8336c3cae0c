"""Every plan of a small question, listed: the referee of the assignment tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.assignment.limits import UNLIMITED, Limit, arranged
from matcher.assignment.pairs import ScoredPairs

if TYPE_CHECKING:
    from matcher.assignment.pairs import Int, Mask

Plans = npt.NDArray[np.int64]


@cache
def subsets(size: int) -> Plans:
    """All subsets of ``size`` pairs, as rows of 0 and 1."""
    return (np.arange(2**size)[:, None] >> np.arange(size)) & 1


def allowed_plans(pairs: ScoredPairs, fixed: Mask) -> Plans:
    """Plans within all capacities and limits that have the fixed pairs."""
    plans = subsets(pairs.n_pairs)
    lefts = plans @ (pairs.left[:, None] == np.arange(pairs.n_left))
    rights = plans @ (pairs.right[:, None] == np.arange(pairs.n_right))
    fits = (lefts <= pairs.left_capacity).all(1) & (rights <= pairs.right_capacity).all(1)
    for members, least, most in limits_of(pairs):
        used = lefts @ members
        fits &= (least <= used) & (used <= most)
    return plans[fits & plans[:, fixed].all(1)]


def limits_of(pairs: ScoredPairs) -> list[tuple[Mask, int, int]]:
    """Who is under each limit, nested or crossing, with its least and its most."""
    limits = [(np.isin(np.arange(pairs.n_left), one.members), one.least, one.most) for one in pairs.crossing]
    for k in range(pairs.n_groups):
        inside = {k}
        for other in range(k + 1, pairs.n_groups):
            inside |= {other} if int(pairs.group_parent[other]) in inside else set()
        limits.append((np.isin(pairs.group, list(inside)), int(pairs.group_least[k]), int(pairs.group_limit[k])))
    return limits


def random_limits(rng: np.random.Generator, pairs: ScoredPairs, *, number: int, crossing: bool) -> ScoredPairs:
    """The same pairs under some limits on sets of lefts, most of them such that there is a plan; nested unless ``crossing``."""
    limits = []
    for _ in range(number):
        members = np.flatnonzero(rng.random(pairs.n_left) < rng.choice([0.3, 0.6, 1.0])).astype(np.int32)
        least = int(rng.integers(0, 3)) if rng.random() < 0.6 else 0
        limits.append(
            Limit(members=members, least=least, most=least + int(rng.integers(0, 3)) if rng.random() < 0.7 else UNLIMITED)
        )
    found = arranged(limits, pairs.n_left)
    return replace(
        pairs,
        group=found.group,
        group_parent=found.parent,
        group_least=found.least,
        group_limit=found.most,
        crossing=found.crossing if crossing else (),
    )


def order_of_plans(pairs: ScoredPairs, plans: Plans, *, cardinality_first: bool) -> Int:
    """One number a plan: the larger, the better; equal for equally good plans."""
    weight = 4 * int(np.abs(pairs.points).sum()) + 1
    return plans @ pairs.points + (weight * plans.sum(1) if cardinality_first else 0)


def by_tie_rule(pairs: ScoredPairs, best: Plans, order: Int) -> Mask:
    """The one plan of ``best`` that the contract's rule names."""
    for left in order:
        for pair in np.flatnonzero(pairs.left == left):
            having = best[best[:, pair] == 1]
            best = having if len(having) else best
    assert len(best) == 1
    return best[0].astype(np.bool_)


def random_pairs(
    rng: np.random.Generator,
    *,
    most: int = 4,
    levels: int | None = None,
    points: tuple[int, int] = (0, 100_000),
    single: bool = False,
) -> ScoredPairs:
    """A small question: empty sides, capacities 0 to 3, groups with limits, ties where ``levels`` is small."""
    n_left, n_right = rng.integers(0, most + 1, size=2)
    key = np.flatnonzero(rng.random(n_left * n_right) < rng.choice([0.3, 0.6, 1.0]))
    key = rng.permutation(key)[:9]
    low, high = points
    score = rng.integers(low, high + 1, size=key.size) if levels is None else rng.integers(0, levels, size=key.size) * 1000 + low
    n_groups = int(rng.integers(0, 3))
    wide = rng.random() < 0.5
    return ScoredPairs.of(
        key // max(n_right, 1),
        key % max(n_right, 1),
        score,
        n_left=n_left,
        n_right=n_right,
        left_capacity=1 if single or rng.random() < 0.6 else rng.integers(0, 4, size=n_left),
        right_capacity=rng.integers(0, 4, size=n_right) if wide else 1,
        group=rng.integers(-1, n_groups, size=n_left),
        group_limit=rng.integers(0, 4, size=n_groups),
    )


def random_region(
    seed: int, n_left: int, n_right: int, share: float, *, levels: int | None = None, n_groups: int = 0
) -> ScoredPairs:
    """A larger question with one place each; ``share`` of the pairs eligible; groups that reach their limits."""
    rng = np.random.default_rng(seed)
    key = np.flatnonzero(rng.random(n_left * n_right) < share)
    points = rng.integers(0, 100_001, size=key.size) if levels is None else rng.integers(1, levels + 1, size=key.size) * 10_000
    return ScoredPairs.of(
        key // n_right,
        key % n_right,
        points,
        n_left=n_left,
        n_right=n_right,
        group=rng.integers(-1, n_groups, size=n_left),
        group_limit=np.full(n_groups, max(1, n_left // (2 * n_groups + 2))) if n_groups else (),
    )
