"""What fairness costs: the longest waiting guaranteed a match, step by step, and floors for groups of children.

Every figure is the best plan under one more limit against the best plan without it: points given up, and matches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher.assignment.best import Solved, solve
from matcher.assignment.limits import Limit
from matcher.planlimits import PlanLimit, counts_for
from matcher.question import Planning, Question
from matcher.records import Quota

STEPS = 12
"""The curve of the longest waiting is taken at so many steps beside its start."""
DIMENSIONS = ("gender", "programme", "municipality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The best plan with one floor more.

    Attributes
    ----------
    dimension, value : whose floor: ``waited_longest`` (value blank: the first so many in order of waiting who can be matched
        together), or a quota's dimension and value.
    at_least : matches that they are guaranteed.
    without : matches that they have in the best plan without it.
    most : matches that they could have at most in any allowed plan.
    matched, total : of the plan with the floor.
    gives_up, matches_lost : points and matches that the best plan has more.
    """

    dimension: str
    value: str
    at_least: int
    without: int
    most: int
    matched: int
    total: int
    gives_up: int
    matches_lost: int


def waited_longest(question: Question, solved: Solved, planning: Planning) -> Iterator[Floor]:
    """The price of guaranteeing a match to the longest waiting, from nobody to as many as there are matches."""
    first = question.longest_first(solved, planning)
    in_plan = set(question.pairs.left[solved.chosen].tolist())
    for number in sorted({round(step * len(first) / STEPS) for step in range(STEPS + 1)}):
        held = first[:number]
        floors = [_floor(f"waited_longest={i}", np.array([i], dtype=np.int32), 1) for i in held]
        found = question.with_limits(*floors).solved(planning, ties=False) if set(held) - in_plan else solved
        without = sum(i in in_plan for i in held)
        yield _priced(solved, found, dimension="waited_longest", value="", at_least=number, without=without, most=number)


def floors(question: Question, solved: Solved, planning: Planning) -> Iterator[Floor]:
    """For each group of children the price of one match more than in the best plan, and of as many as it could have."""
    matched = np.zeros(len(question.people.children), dtype=np.bool_)
    matched[question.pairs.left[solved.chosen]] = True
    for dimension, value, members in _groups(question):
        without, most = int(matched[members].sum()), _most(question, members, planning)
        for at_least in sorted({min(without + 1, most), most} - {without}):
            found = question.with_limits(_floor(f"{dimension}={value}", members, at_least)).solved(planning, ties=False)
            yield _priced(solved, found, dimension=dimension, value=value, at_least=at_least, without=without, most=most)


def _groups(question: Question) -> Iterator[tuple[str, str, np.ndarray[tuple[int], np.dtype[np.int32]]]]:
    """Children with eligible pairs by what they are, in the order of dimensions and values."""
    children, with_pairs = question.people.children, np.diff(question.candidates.starts) > 0
    for dimension in DIMENSIONS:
        for value in sorted({said for child in children if (said := getattr(child, dimension)) is not None}):
            quota = Quota.model_construct(dimension=dimension, value=value)
            members = [i for i, child in enumerate(children) if with_pairs[i] and counts_for(quota, child)]
            if members:
                yield dimension, value, np.array(members, dtype=np.int32)


def _floor(key: str, members: np.ndarray[tuple[int], np.dtype[np.int32]], at_least: int) -> PlanLimit:
    return PlanLimit(kind="quota", key=key, limit=Limit(members=members, least=at_least))


def _most(question: Question, members: np.ndarray[tuple[int], np.dtype[np.int32]], planning: Planning) -> int:
    """How many of the members can have a match in one allowed plan, whatever becomes of the others."""
    counts = np.isin(question.pairs.left, members).astype(np.int64)
    only = replace(question.pairs, points=counts)
    best = solve(
        only,
        question.order,
        fixed=np.searchsorted(question.kept, question.locked),
        cardinality_first=False,
        solver=planning.solver,
        seconds=planning.seconds,
        ties=False,
    )
    return best.total


def _priced(solved: Solved, found: Solved, **what: Any) -> Floor:  # noqa: ANN401  the record's other fields
    return Floor(
        matched=found.matched,
        total=found.total,
        gives_up=solved.total - found.total,
        matches_lost=solved.matched - found.matched,
        **what,
    )
