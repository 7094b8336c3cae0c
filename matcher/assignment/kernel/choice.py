"""Which way our own solver takes, by what the question looks like; the answer is a best plan with optimal prices on every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.assignment.kernel.dense import perfect_plan
from matcher.assignment.kernel.rows import useful
from matcher.assignment.kernel.sides import from_lefts, from_rights

if TYPE_CHECKING:
    from matcher.assignment.kernel.sides import Question, Rows
    from matcher.assignment.pairs import Int

# Measured: the dense path pays where this share of the pairs between those who have any may be made.
DENSE = 0.15


def matched(question: Question, rows: Rows) -> tuple[Int, Int]:
    """The pair of every left (UNMATCHED or CLOSED for none, both below 0) and optimal prices of the rights, >= 0.

    Prices belong to the combined order, in which a pair is worth the weight of a match and its points. ``rows`` are the
    question's pairs by left, as in lists.py.
    """
    pairs = question.pairs
    lefts, rights, n_places, most = useful(rows, question.open, question.rights)
    cells = lefts.size * rights.size
    if cells and pairs.n_pairs >= DENSE * cells and most <= 1:
        found = perfect_plan(question, rows, (lefts, rights))
        if found is not None:
            return found
    return from_rights(question, rows) if lefts.size > n_places else from_lefts(question, rows)
