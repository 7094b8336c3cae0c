"""The tie rule where limits cross: the pairs in the order of their lefts, then rights; the first that a best plan has is in.

So the rule's plan is the greatest of all best plans, read as a row of 0 and 1 in that order. Only pairs within the plan's own
distance from the bound can be in any best plan, which leaves few; programs decide between those.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.crossing.bound import coarser
from matcher.assignment.crossing.search import near, program_within

if TYPE_CHECKING:
    from matcher.assignment.crossing.bound import Dual
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.crossing.search import Search
    from matcher.assignment.pairs import Int, Mask
    from matcher.assignment.solvers.program import Program

AT_ONCE = 20
"""So many pairs are decided by one program, with weights that are powers of two."""


def settle(question: Question, dual: Dual, plan: Mask, count: int | None, order: Int, search: Search) -> tuple[Mask, bool]:
    """The plan that the tie rule names among the best ones, of which ``plan`` is any; False where time ran out before."""
    pairs, total = question.pairs, int(question.pairs.points[plan].sum())
    keep = plan.copy()
    keep[near(question, dual, dual.below(int(plan.sum()), total))] = True
    if (keep == plan).all():
        return plan, True
    coarse = coarser(question, dual)
    equals = program_within(question, coarse, keep, coarse.below(int(plan.sum()), total), count)
    rank = np.empty(pairs.n_left, dtype=np.int64)
    rank[order] = np.arange(pairs.n_left)
    line = np.lexsort((pairs.right[keep], rank[pairs.left[keep]]))
    best, certain = _greatest(equals, plan[keep], line, search)
    settled = np.zeros(pairs.n_pairs, dtype=np.bool_)
    settled[keep] = best
    return settled, certain


def _greatest(program: Program, plan: Mask, line: Int, search: Search) -> tuple[Mask, bool]:
    """The greatest solution, read along ``line``; ``plan`` is one."""
    done = 0
    while True:
        begun = _held(program, plan, line[:done])
        better = search.solve(*_first_gain(begun, plan, line[done:]))
        if better.status != "optimal" or better.x is None:
            return plan, False
        if not better.value:
            return plan, True
        was, plan = plan, better.x[: plan.size]
        done = _after_last(was[line], int(np.flatnonzero(plan[line] & ~was[line])[0]), done)
        ahead = line[done : done + AT_ONCE]
        weights = np.zeros(plan.size, dtype=np.int64)
        weights[ahead] = 1 << np.arange(ahead.size)[::-1]
        block = search.solve(_held(program, plan, line[:done]).with_objective(weights), plan)
        if block.status != "optimal" or block.x is None:
            return plan, False
        plan = block.x
        done += ahead.size


def _after_last(had: Mask, gain: int, done: int) -> int:
    """Where the stretch begins that has the first gain: up to there, nothing can be gained."""
    before = np.flatnonzero(had[done:gain])
    return done + int(before[-1]) + 1 if before.size else done


def _held(program: Program, plan: Mask, settled: Int) -> Program:
    """The program with the settled pairs as the plan has them."""
    settled = np.sort(settled)
    have, lack = settled[plan[settled]], settled[~plan[settled]]
    for columns, value in ((have, have.size), (lack, 0)):
        program = program.with_row(columns, 1, value, value) if columns.size else program
    return program


def _first_gain(program: Program, plan: Mask, line: Int) -> tuple[Program, Mask]:
    """A program whose best value tells how early a solution greater than ``plan`` first has a pair that ``plan`` has not.

    The line is read in runs: pairs that the plan has not, then pairs that it has. A column a run is 1 only where some
    pair that the plan has not is in the solution, of this run or one before; as long as it is 0, the pairs that the plan
    has must stay. The sum of these columns is maximised. Beside the program comes the plan itself, a solution of value 0.
    """
    had = plan[line]
    run = np.cumsum(~had & np.concatenate([[True], had[:-1]])) - 1  # -1: before the first pair that the plan has not
    n_runs, stay = int(run.max(initial=-1)) + 1, np.flatnonzero(had & (run >= 0))
    changed, new = plan.size + np.arange(n_runs), np.flatnonzero(~had)
    row = np.concatenate([np.arange(n_runs), np.arange(1, n_runs), run[new], np.repeat(n_runs + np.arange(stay.size), 2)])
    column = [changed, changed[:-1], line[new], np.column_stack([line[stay], changed[run[stay]]]).ravel()]
    ones = [np.ones(n_runs), -np.ones(max(n_runs - 1, 0) + new.size), np.ones(2 * stay.size)]
    columns = np.concatenate(column)
    in_order = np.lexsort((columns, row))
    entries = np.bincount(row, minlength=n_runs + stay.size)
    chain = replace(
        program,
        objective=np.concatenate([np.zeros(plan.size, dtype=np.int64), np.ones(n_runs, dtype=np.int64)]),
        row_start=np.concatenate([program.row_start, program.row_start[-1] + np.cumsum(entries)]).astype(np.int64),
        column=np.concatenate([program.column, columns[in_order]]).astype(np.int32),
        coefficient=np.concatenate([program.coefficient, np.concatenate(ones)[in_order]]).astype(np.int64),
        lower=np.concatenate([program.lower, -entries[:n_runs], np.ones(stay.size)]).astype(np.int64),
        upper=np.concatenate([program.upper, np.zeros(n_runs), np.full(stay.size, 2)]).astype(np.int64),
    )
    first = np.sort(line[had & (run < 0)])
    chain = chain.with_row(first, 1, first.size, first.size) if first.size else chain
    return chain, np.concatenate([plan, np.zeros(n_runs, dtype=np.bool_)])
