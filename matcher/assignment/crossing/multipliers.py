"""How many pairs a plan can have where limits cross, and prices of these limits that bound the plans with so many well."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.crossing.bound import Dual, dual_at, finest_scale
from matcher.assignment.crossing.relaxed import relaxed
from matcher.assignment.crossing.search import program_for

if TYPE_CHECKING:
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.crossing.relaxed import Relaxed
    from matcher.assignment.pairs import Int
    from matcher.assignment.solvers.program import Program

MATCH_IN_LARGEST = 16
"""First trial: a match counts as much as so many of the largest points. That mostly brings as many as there can be."""
NEARLY = 1e-6


def first_dual(question: Question, *, cardinality_first: bool) -> tuple[Dual, int | None]:
    """A bound close to the best, and how many pairs no plan exceeds (None where the total alone counts)."""
    pairs, program = question.pairs, program_for(question, None)
    largest = int(np.abs(pairs.points).max(initial=0)) + 1
    weight = MATCH_IN_LARGEST * largest if cardinality_first else 0
    first = relaxed(program.with_objective(pairs.points + weight))
    if not cardinality_first:
        return _dual(question, 0, first), None
    count = _most(question, program, first, weight)
    if first is not None and abs(first.x.sum() - count) <= NEARLY:
        return _dual(question, weight, first), count
    return dual_for(question, count), count


def dual_for(question: Question, count: int) -> Dual:
    """A bound close to the best for plans of ``count`` pairs."""
    program = program_for(question, None)
    row = relaxed(program.with_row(np.arange(question.pairs.n_pairs), 1, count, question.pairs.n_pairs))
    return _dual(question, 0 if row is None else max(0, ceil(-row.row_price[-1])), row)


def _dual(question: Question, weight: int, at: Relaxed | None) -> Dual:
    scale = finest_scale(question, weight)
    return dual_at(question, weight, _multipliers(question, at, scale), scale)


def _multipliers(question: Question, at: Relaxed | None, scale: float) -> Int:
    """Whole prices of the crossing limits, whose rows come after all others."""
    if at is None:
        return np.zeros(len(question.least), dtype=np.int64)
    pairs = question.pairs
    first = pairs.n_left + pairs.n_right + pairs.n_groups
    return question.signed(np.rint(scale * at.row_price[first : first + len(question.least)]).astype(np.int64))


def _most(question: Question, program: Program, first: Relaxed | None, weight: int) -> int:
    """A proved bound on the number of pairs: mostly what a limit is worth is a whole or half match."""
    pairs = question.pairs
    unscored = replace(question, pairs=replace(pairs, points=np.zeros(pairs.n_pairs, dtype=np.int64)))
    guess = dual_at(unscored, 1, _multipliers(question, first, 2 / weight), 2).value // 2
    if first is not None and guess <= floor(first.x.sum() + NEARLY):
        return guess
    closer = relaxed(program.with_objective(1))
    return min(guess, _dual(unscored, 1, closer).total_bound(0))
