"""What fairness costs: the longest waiting guaranteed a match, step by step, and floors for groups of children.

Every figure is the best plan under one more limit against the best plan without it: points given up, and matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher.assignment.best import Solved, solve
from matcher.assignment.limits import Limit
from matcher.errors import TimeLimitError
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


@dataclass(frozen=True, slots=True)
class Priced:
    """The floors that were priced; ``complete``: all of them, none was left out because time ran out or somebody stopped it."""

    floors: tuple[Floor, ...]
    complete: bool


def priced(found: Iterator[Floor | None]) -> Priced:
    """Gather floors as far as they come; None stands for one whose price was not found in time."""
    known: list[Floor | None] = []
    try:
        known.extend(_in_time(found))
    except KeyboardInterrupt:  # what is known goes out
        known.append(None)
    return Priced(tuple(floor for floor in known if floor is not None), all(floor is not None for floor in known))


def waited_longest(
    question: Question, solved: Solved, planning: Planning, left: Callable[[], float | None] = lambda: None
) -> Iterator[Floor | None]:
    """The price of guaranteeing a match to the longest waiting, from nobody to as many as there are matches.

    Searches take the seconds ``left`` at most; None for a floor that they do not suffice for.
    """
    if solved.status != "optimal":
        yield None
        return
    first = question.longest_first(solved, replace(planning, seconds=left()))
    in_plan = set(question.pairs.left[solved.chosen].tolist())
    for number in sorted({round(step * len(first) / STEPS) for step in range(STEPS + 1)}):
        held = first[:number]
        asked = [_floor(f"waited_longest={i}", np.array([i], dtype=np.int32), 1) for i in held]
        found = _best(question.with_limits(*asked), planning, left()) if set(held) - in_plan else solved
        without = sum(i in in_plan for i in held)
        yield _priced(solved, found, dimension="waited_longest", value="", at_least=number, without=without, most=number)


def floors(
    question: Question, solved: Solved, planning: Planning, left: Callable[[], float | None] = lambda: None
) -> Iterator[Floor | None]:
    """For each group of children the price of one match more than in the best plan, and of as many as it could have.

    ``left``, and None among the answers, as for ``waited_longest``.
    """
    if solved.status != "optimal":
        yield None
        return
    matched = np.zeros(len(question.people.children), dtype=np.bool_)
    matched[question.pairs.left[solved.chosen]] = True
    for dimension, value, members in _groups(question):
        without, most = int(matched[members].sum()), _most(question, members, planning, left())
        if most is None:
            yield None
            continue
        for at_least in sorted({min(without + 1, most), most} - {without}):
            found = _best(question.with_limits(_floor(f"{dimension}={value}", members, at_least)), planning, left())
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


def _in_time(found: Iterator[Floor | None]) -> Iterator[Floor | None]:
    try:
        yield from found
    except TimeLimitError:
        yield None


def _best(question: Question, planning: Planning, seconds: float | None) -> Solved:
    """The best plan, or the best one found; raises ``TimeLimitError`` where there are no seconds for any."""
    if seconds == 0:
        raise TimeLimitError
    return question.solved(replace(planning, seconds=seconds), ties=False)


def _most(
    question: Question, members: np.ndarray[tuple[int], np.dtype[np.int32]], planning: Planning, seconds: float | None
) -> int | None:
    """How many of the members can have a match in one allowed plan, whatever becomes of the others; None: not known in time."""
    if seconds == 0:
        raise TimeLimitError
    counts = np.isin(question.pairs.left, members).astype(np.int64)
    best = solve(
        replace(question.pairs, points=counts),
        question.order,
        fixed=np.searchsorted(question.kept, question.locked),
        cardinality_first=False,
        solver=planning.solver,
        seconds=seconds,
        ties=False,
    )
    return best.total if best.status == "optimal" else None


def _priced(solved: Solved, found: Solved, **what: Any) -> Floor | None:  # noqa: ANN401  the record's other fields
    if found.status != "optimal":
        return None
    return Floor(
        matched=found.matched,
        total=found.total,
        gives_up=solved.total - found.total,
        matches_lost=solved.matched - found.matched,
        **what,
    )
