"""Longest waiting first where limits cross: the lefts are taken in their order, a block at a time, by small programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.crossing.question import beside, open_pairs
from matcher.assignment.crossing.search import Search, program_for

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.assignment.pairs import Int, ScoredPairs

AT_ONCE = 20
"""So many lefts are decided by one program, each with twice the weight of the next."""


def crossing_guaranteed(
    pairs: ScoredPairs, solved: Solved, order: Int, *, seconds: float | None = None, search: str = "mip"
) -> tuple[int, ...]:
    """As ``guarantee.guaranteed``, under limits that cross.

    Raises
    ------
    TimeLimitError
        Time ran out before all were decided.
    """
    whole = beside(pairs, solved.fixed)
    question = whole.part(open_pairs(whole))
    left, plan = question.pairs.left, solved.chosen[question.numbers]
    program = program_for(question, int(plan.sum()))
    held, asked = set(pairs.left[solved.fixed].tolist()), set(left.tolist())
    waiting = [int(one) for one in order if int(one) in asked and int(one) not in held]
    with Search(search, seconds) as solver:
        for start in range(0, len(waiting), AT_ONCE):
            block = waiting[start : start + AT_ONCE]
            weight = np.zeros(pairs.n_left, dtype=np.int64)
            weight[block] = 1 << np.arange(len(block))[::-1]
            found = solver.solve(program.with_objective(weight[left]), plan)
            if found.status != "optimal" or found.x is None:
                raise solver.ended_without_answer()
            plan = found.x
            for one in block:
                columns = np.flatnonzero(left == one)
                matched = int(plan[columns].sum())
                program = program.with_row(columns, 1, matched, matched)
    first = held | set(left[plan].tolist())
    return tuple(int(one) for one in order if int(one) in first)
