"""Compiles ahead of time what large questions need, so that the first of them does not wait: ``python -m workbench.ahead``.

Small questions are put to the public doors and answered by compiled code, which is kept on disk. That takes a minute or so
where nothing is there yet, and seconds after that. Without it every answer is the same; the first large one comes later.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from constraints.rulebook import load_rulebook
from matcher.assignment import ScoredPairs, displacements, plan_costs, solve, solve_assignment
from matcher.assignment.kernel.parts import BATCH
from matcher.assignment.warm import Live, Start, resolve
from matcher.calendar.walk.anneal import load as load_walk
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.loops import reading
from scenarios.stream.metrics import measured
from scenarios.stream.prices import ready_stream
from scenarios.stream.run import simulate
from scenarios.stream.settings import POLICIES, StreamSettings
from scenarios.synthetic import PLANNING_DATE, synthetic_case
from scenarios.world import World

SIZE, FULL_SIZE = 60, 512
RANGES = (3, 10**5, 10**10)
"""Ties and none; points that need 64 bits."""


def small_questions() -> Iterator[ScoredPairs]:
    """Sparse and half full, more lefts or more rights, with places for several."""
    rng, places = np.random.default_rng(1), np.arange(SIZE)
    for share in (0.05, 0.5):
        for n_left, n_right in ((SIZE, SIZE), (SIZE, SIZE // 2), (SIZE // 2, SIZE)):
            listed = rng.random((n_left, n_right)) < share
            for top in RANGES:
                plain = drawn(rng, listed, top)
                yield plain
                yield replace(plain, right_capacity=places[:n_right] % 3)
                yield replace(plain, left_capacity=1 + places[:n_left] % 2)


def full_questions() -> Iterator[ScoredPairs]:
    """So large that an auction pays, and full."""
    rng = np.random.default_rng(1)
    for top in RANGES:
        yield drawn(rng, np.ones((FULL_SIZE, FULL_SIZE), dtype=np.bool_), top)


def parted_question() -> ScoredPairs:
    """So large that regions which share nobody are planned one after another."""
    rng, size = np.random.default_rng(1), 3 * BATCH
    left = np.repeat(np.arange(size), 3)
    right = left // BATCH * BATCH + rng.integers(0, BATCH, left.size)
    left, right = np.divmod(np.unique(left * size + right), size)
    return ScoredPairs.of(left, right, rng.integers(0, RANGES[1], left.size), n_left=size, n_right=size)


def drawn(rng: np.random.Generator, listed: np.ndarray[tuple[int, int], np.dtype[np.bool_]], top: int) -> ScoredPairs:
    """A question with the pairs that are ``listed``, a table, and points below ``top``."""
    left, right = np.nonzero(listed)
    return ScoredPairs.of(left, right, rng.integers(0, top, left.size), n_left=listed.shape[0], n_right=listed.shape[1])


def compile_all() -> None:
    """Plan one synthetic case, and put the questions to every door."""
    with reading("compiled"):
        case = synthetic_case(children=70, volunteers=60, seed=1)
        Engine.of(case, load_rulebook(PLANNING_DATE), load_postcodes()).assign()
        for pairs in small_questions():
            order = np.arange(pairs.n_left)
            solve(pairs, order, solver="kernel")
            solved = solve(pairs, order, solver="flow")
            plan_costs(pairs, solved)
            displacements(pairs, solved, range(min(5, pairs.n_pairs)))
            _ask_with_arrays(pairs)
            _change(pairs)
        for pairs in full_questions():
            solve(pairs, np.arange(pairs.n_left), solver="kernel")
            _ask_with_arrays(pairs)
        _ask_with_arrays(parted_question())


def compile_rest() -> None:
    """The calendar's walk and the stream."""
    load_walk()
    _play()


def _ask_with_arrays(pairs: ScoredPairs) -> None:
    """At the door for programs, with the kinds of arrays that programs have, sorted or not."""
    for index, score in ((np.int32, np.float64), (np.int64, np.float64), (np.int64, np.int64)):
        arrays = (pairs.left.astype(index), pairs.right.astype(index), pairs.points.astype(score))
        for cardinality_first in (True, False):
            solve_assignment(*arrays, pairs.left_capacity, pairs.right_capacity, cardinality_first=cardinality_first)
            solve_assignment(*(a[::-1] for a in arrays), cardinality_first=cardinality_first)


def _change(pairs: ScoredPairs) -> None:
    """Lefts, rights and points come and go after a plan is made."""
    lefts, rights = np.arange(pairs.n_left), np.arange(pairs.n_right)
    for cardinality_first in (True, False):
        solved = solve(pairs, lefts, cardinality_first=cardinality_first)
        for every in (3, 10):
            before = Start.of(solved, np.where(lefts % every, lefts, -1), np.where(rights % every, rights, -1))
            resolve(pairs, lefts, before, cardinality_first=cardinality_first)
        if (pairs.left_capacity <= 1).all():
            live = Live(pairs, solved)
            live.close_right(1)
            live.close_left(2)
            live.open_right(1, 2)
            live.open_left(2)
            live.change_points([0], [1])
            live.change_points(np.arange(pairs.n_pairs), pairs.points[::-1].copy())


def _play() -> None:
    """The stream: a year of each policy, measured."""
    world = World(
        case=synthetic_case(children=20, volunteers=10, seed=1, friendships=20),
        rulebook=load_rulebook(PLANNING_DATE),
        postcodes=load_postcodes(),
        stream=StreamSettings.standard(),
    )
    for policy in POLICIES:
        ready = ready_stream(replace(world, stream=world.stream.with_values({"policy": policy})), 1)
        measured(ready, simulate(ready, 1, 0))


if __name__ == "__main__":
    rest = multiprocessing.get_context("spawn").Process(target=compile_rest)
    rest.start()
    compile_all()
    rest.join()
