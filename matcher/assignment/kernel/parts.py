"""Parts that share nobody are solved one batch after another: each fits the processor's cache, all together do not.

Measured: forty regions of 1,000 a side take 3.5 times as long in one as apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.assignment.kernel.bids import CLOSED
from matcher.assignment.kernel.choice import matched
from matcher.assignment.kernel.sides import RowPairs
from matcher.compiling import compiled, light

if TYPE_CHECKING:
    from matcher.assignment.kernel.sides import Question, Rows
    from matcher.assignment.pairs import Int

BATCH = 1_000
"""Lefts of a batch, at least: what one part less than this could save is not worth a question of its own."""


def matched_by_parts(question: Question, rows: Rows) -> tuple[Int, Int]:
    """As ``choice.matched``, batch by batch."""
    n_left, n_right = question.open.size, question.rights.size
    if n_left < 2 * BATCH or rows[2].size == n_left * n_right:
        return matched(question, rows)
    batch_of_left, batch_of_right, n_batches = _batches(rows, n_right, BATCH)
    if n_batches == 1:
        return matched(question, rows)
    match = np.full(n_left, CLOSED, dtype=np.int64)
    price = np.zeros(n_right, dtype=np.int64)
    lefts = np.split(np.argsort(batch_of_left, kind="stable"), np.cumsum(np.bincount(batch_of_left, minlength=n_batches))[:-1])
    rights = np.split(np.argsort(batch_of_right, kind="stable"), np.cumsum(np.bincount(batch_of_right, minlength=n_batches))[:-1])
    own = np.empty(n_right, dtype=np.uint32)
    for one, two in zip(lefts, rights, strict=True):
        own[two] = np.arange(two.size, dtype=np.uint32)
        some = _some_rows(rows, one, own)
        part = replace(question, pairs=RowPairs(some, two.size), open=question.open[one], rights=question.rights[two])
        found, price[two] = matched(part, some)
        match[one] = np.where(found >= 0, found + (rows[0][one] - some[0]), found)
    return match, price


@compiled
def _batches(rows, n_right, batch):  # type: ignore[no-untyped-def]
    """The batch of every left and of every right, and how many there are: whole parts, in the order of their first left.

    Who has no pair is in the first batch.
    """
    start, stop, right, _ = rows
    above = _parts(rows, n_right)
    size, number = np.zeros(n_right, dtype=np.int64), np.full(n_right, -1, dtype=np.int64)
    for left in range(start.size):
        if start[left] < stop[left]:
            size[_top(above, right[start[left]])] += 1
    n_batches, filled = 1, 0
    of_left, of_right = np.zeros(start.size, dtype=np.int64), np.zeros(n_right, dtype=np.int64)
    for left in range(start.size):
        if start[left] == stop[left]:
            continue
        top = _top(above, right[start[left]])
        if number[top] < 0:
            if filled >= batch:
                n_batches, filled = n_batches + 1, 0
            number[top] = n_batches - 1
            filled += size[top]
        of_left[left] = number[top]
    for j in range(n_right):
        of_right[j] = max(0, number[_top(above, j)])
    return of_left, of_right, n_batches


@compiled
def _parts(rows, n_right):  # type: ignore[no-untyped-def]
    """A right further up in the same part, for every right; the one at the top is above itself."""
    start, stop, right, _ = rows
    above = np.arange(n_right)
    for left in range(start.size):
        if start[left] == stop[left]:
            continue
        one = _top(above, right[start[left]])
        for pair in range(start[left] + 1, stop[left]):
            if above[right[pair]] != one:
                above[_top(above, right[pair])] = one
                above[right[pair]] = one
    return above


@light
def _top(above, node):  # type: ignore[no-untyped-def]
    """The top of a part; the way to it gets shorter with every look."""
    at = np.int64(node)
    while above[at] != at:
        above[at] = above[above[at]]
        at = above[at]
    return at


@compiled
def _some_rows(rows, lefts, own):  # type: ignore[no-untyped-def]
    """Copies of the rows of some lefts, whose rights have numbers of their ``own``."""
    start, stop, right, points = rows
    ends = np.zeros(lefts.size + 1, dtype=np.int64)
    for k in range(lefts.size):
        ends[k + 1] = ends[k] + stop[lefts[k]] - start[lefts[k]]
    some_right, some_points = np.empty(ends[-1], dtype=np.uint32), np.empty(ends[-1], dtype=np.int64)
    for k in range(lefts.size):
        at = ends[k]
        for pair in range(start[lefts[k]], stop[lefts[k]]):
            some_right[at], some_points[at] = own[right[pair]], points[pair]
            at += 1
    return ends[:-1], ends[1:], some_right, some_points
