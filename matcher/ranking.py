"""Ranked proposals: the best scores of a child (or a volunteer), each with what choosing it would cost everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from matcher.ask import plain_values
from matcher.assignment.costs import plan_costs
from matcher.assignment.displacement import Step as Moved
from matcher.assignment.displacement import displacements
from matcher.assignment.known_changes import KnownChanges
from matcher.assignment.robust import robustness
from matcher.candidates import Candidates, IntArray
from matcher.explain import approximate, parts, verdict
from matcher.functions import called
from matcher.question import Question
from matcher.results import Proposal, Robust, Step, Verdict


def ranked_for_children(
    question: Question, known: KnownChanges, children: Sequence[int], only: Sequence[int], top: int, seconds: float | None
) -> tuple[Proposal, ...]:
    """The best ``top`` volunteers of each child; with ``only``, among those volunteers; ``seconds`` as for ``plan_costs``.

    Sorted by child, then score, then plan_cost (a blank one last), then volunteer.
    """
    candidates = question.candidates
    lists = []
    for child in sorted(set(children)):
        index = np.arange(candidates.starts[child], candidates.starts[child + 1])
        if only:
            index = index[np.isin(candidates.volunteer[index], np.array(only))]
        lists.append(_contenders(candidates, index, top))
    return tuple(_proposals(question, known, lists, candidates.volunteer, top, seconds))


def ranked_for_volunteers(
    question: Question, known: KnownChanges, volunteers: Sequence[int], top: int, seconds: float | None
) -> tuple[Proposal, ...]:
    """The best ``top`` children of each volunteer, sorted likewise."""
    candidates = question.candidates
    lists = [_contenders(candidates, np.flatnonzero(candidates.volunteer == j), top) for j in sorted(set(volunteers))]
    return tuple(_proposals(question, known, lists, candidates.child, top, seconds))


def _contenders(candidates: Candidates, index: IntArray, top: int) -> IntArray:
    """Pairs of one list that could be among its first ``top``: those whose score is not below the last of them."""
    if len(index) <= top:
        return index
    points = candidates.points[index]
    last = int(np.sort(points)[len(points) - top])
    kept: IntArray = index[points >= last]
    return kept


def _proposals(
    question: Question, known: KnownChanges, lists: Sequence[IntArray], other: IntArray, top: int, seconds: float | None
) -> Iterator[Proposal]:
    """Each list's first ``top``, with the change of the plan that each would take."""
    candidates, pairs, solved = question.candidates, known.pairs, known.solved
    wanted = np.concatenate([np.zeros(0, dtype=np.int64), *lists])
    costs = plan_costs(pairs, solved, wanted, seconds=seconds, known=known)
    chosen, ranks = [], []
    stop = np.cumsum([len(index) for index in lists])
    for start, index in zip(stop - [len(index) for index in lists], lists, strict=True):
        here = np.arange(start, start + len(index))
        best = np.lexsort((other[index], costs.cost[here], ~costs.allowed[here], -candidates.points[index]))[:top]
        chosen += here[best].tolist()
        ranks += list(range(1, len(best) + 1))
    moves = [()] * len(chosen) if pairs.crossing else displacements(pairs, solved, [int(wanted[at]) for at in chosen], known)
    robust = robustness(pairs, solved, wanted[chosen], costs.of(chosen), known, seconds=seconds)
    for at, rank, moved, how_robust in zip(chosen, ranks, moves, robust, strict=True):
        yield _proposal(
            candidates,
            int(wanted[at]),
            rank=rank,
            plan_cost=int(costs.cost[at]) if costs.allowed[at] else None,
            matches_lost=int(costs.lost[at]) if costs.allowed[at] else None,
            exact=bool(costs.exact[at]),
            robust=Robust(how_robust) if how_robust else None,
            displaced=_steps(candidates, moved or ()),
        )


def _steps(candidates: Candidates, moved: Sequence[Moved]) -> tuple[Step, ...]:
    """Who moves, by ids."""
    people = candidates.people

    def name(right: int | None) -> str:
        return "" if right is None else people.volunteers[right].volunteer_id

    return tuple(
        Step(child_id=people.children[step.left].child_id, was=name(step.gives_up), becomes=name(step.gets)) for step in moved
    )


def _proposal(candidates: Candidates, k: int, **beside: Any) -> Proposal:  # noqa: ANN401  the rest of the record's fields
    people, rulebook = candidates.people, candidates.rulebook
    pair = (int(candidates.child[k]), int(candidates.volunteer[k]))
    child, volunteer = people.children[pair[0]], people.volunteers[pair[1]]
    return Proposal(
        child_id=child.child_id,
        volunteer_id=volunteer.volunteer_id,
        points=int(candidates.points[k]),
        parts=parts(people, rulebook, pair),
        minutes=candidates.minutes(pair),
        approximate=approximate(child, volunteer),
        warnings=tuple(_warnings(candidates, pair)),
        **beside,
    )


def _warnings(candidates: Candidates, pair: tuple[int, int]) -> Iterator[Verdict]:
    """Rules that hold only because something is unknown."""
    people, rulebook = candidates.people, candidates.rulebook
    child, volunteer = people.children[pair[0]], people.volunteers[pair[1]]
    for rule in rulebook.eligibility:
        if rule.uncertain and called(rule.uncertain, plain_values(people, rulebook, rule, child, volunteer)):
            yield verdict(people, rulebook, candidates.pair_facts, rule, pair)
