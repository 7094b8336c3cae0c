"""The dense path of our own solver: every answer is proved here anew, and compared with every plan, the flow's and SciPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.assignment import ScoredPairs
from matcher.assignment.kernel import choice as kernel_choice
from matcher.assignment.kernel import dense as kernel_dense
from matcher.assignment.kernel.bids import CLOSED, UNMATCHED
from matcher.assignment.kernel.choice import matched
from matcher.assignment.kernel.dense_rows import append_at, least, reduce_into, relax, where, where_equal
from matcher.assignment.kernel.rows import row_starts
from matcher.assignment.kernel.sides import Question
from matcher.assignment.network import build
from matcher.assignment.solvers.flow import best_pairs
from tests.assignment.brute import allowed_plans, order_of_plans, random_region
from tests.volume import volume

if TYPE_CHECKING:
    from matcher.assignment.kernel.sides import Rows
    from matcher.assignment.pairs import Int

SPANS = kernel_dense.SPANS


def random_question(rng: np.random.Generator, most: int, shares: tuple[float, ...] = (0.3, 0.6, 0.9, 1.0)) -> ScoredPairs:
    """One place each or none; ties, negative points and large ones; some pairs missing."""
    n_left, n_right = rng.integers(1, most + 1, size=2)
    if rng.random() < 0.5:
        n_right = n_left
    key = np.flatnonzero(rng.random(n_left * n_right) < rng.choice(shares))
    top = int(rng.choice([1, 3, 100, 10**6, 10**11]))
    return ScoredPairs.of(
        key // n_right,
        key % n_right,
        rng.integers(-top if rng.random() < 0.3 else 0, top + 1, size=key.size),
        n_left=n_left,
        n_right=n_right,
        left_capacity=rng.random(n_left) < 0.9 if rng.random() < 0.3 else 1,
        right_capacity=rng.random(n_right) < 0.9 if rng.random() < 0.3 else 1,
    )


def question_of(pairs: ScoredPairs, *, cardinality_first: bool = True) -> tuple[Question, Rows]:
    weight = build(pairs, np.zeros(pairs.n_pairs, dtype=np.bool_), cardinality_first=cardinality_first).match_weight
    closed = 1 + max(0, weight + int(pairs.points.max(initial=0)))
    start = row_starts(pairs.left, pairs.n_left)
    question = Question(
        pairs=pairs, weight=weight, open=pairs.left_capacity > 0, rights=np.minimum(pairs.right_capacity, 1), closed=closed
    )
    return question, (start[:-1], start[1:], pairs.right.view(np.uint32), pairs.points)


def assert_proved(question: Question, match: Int, price: Int) -> None:
    """A plan within the capacities, and prices that prove that no plan is better (complementary slackness)."""
    pairs = question.pairs
    pair = match[match >= 0]
    assert (pairs.left[pair] == np.flatnonzero(match >= 0)).all()
    used = np.bincount(pairs.right[pair], minlength=pairs.n_right)
    assert (used <= question.rights).all()
    assert ((match == CLOSED) == ~question.open).all()
    assert (match[question.open] >= UNMATCHED).all()
    left = np.zeros(pairs.n_left, dtype=np.int64)
    left[match >= 0] = pairs.points[pair] + question.weight - price[pairs.right[pair]]
    assert left.min() >= 0
    assert price.min() >= 0
    assert (price[(used < question.rights)] == 0).all()
    may = question.open[pairs.left]
    assert (left[pairs.left] + price[pairs.right] >= pairs.points + question.weight)[may].all()


def by_dense_path(monkeypatch: pytest.MonkeyPatch, question: Question, rows: Rows) -> tuple[Int, Int] | None:
    """The dense path's own answer; no other path may step in."""
    monkeypatch.setattr(kernel_choice, "from_lefts", lambda *_: None)
    monkeypatch.setattr(kernel_choice, "from_rights", lambda *_: None)
    monkeypatch.setattr(kernel_choice, "DENSE", 0)
    return matched(question, rows)


def totals(question: Question, match: Int) -> tuple[int, int]:
    pair = match[match >= 0]
    return pair.size, int(question.pairs.points[pair].sum())


def test_plan_is_the_best_of_all_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_choice, "DENSE", 0)
    monkeypatch.setattr(kernel_dense, "FEW", 0)
    for case in range(volume(ci=2_500, long=100_000)):
        rng = np.random.default_rng(case)
        pairs = random_question(rng, 4)
        if pairs.n_pairs > 12:
            continue
        first = bool(rng.random() < 0.7)
        question, rows = question_of(pairs, cardinality_first=first)
        match, price = matched(question, rows)
        assert_proved(question, match, price)
        mine = np.zeros((1, pairs.n_pairs), dtype=np.int64)
        mine[0, match[match >= 0]] = 1
        plans = allowed_plans(pairs, np.zeros(pairs.n_pairs, dtype=np.bool_))
        best = order_of_plans(pairs, plans, cardinality_first=first).max()
        assert order_of_plans(pairs, mine, cardinality_first=first)[0] == best, case


@pytest.mark.parametrize("few", [0, 500])
def test_plan_is_as_good_as_the_flows(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_dense, "FEW", few)
    found = 0
    cases = volume(ci=300, long=20_000)
    for case in range(cases):
        pairs = random_question(np.random.default_rng([few, case]), 70)
        question, rows = question_of(pairs)
        with monkeypatch.context() as patched:
            answer = by_dense_path(patched, question, rows)
        if answer is None:
            continue
        found += 1
        assert_proved(question, *answer)
        flow = best_pairs(pairs, build(pairs, np.zeros(pairs.n_pairs, dtype=np.bool_)))
        assert totals(question, answer[0]) == (flow.sum(), pairs.points[flow].sum())
    assert found > cases / 2


@pytest.mark.parametrize("width", [np.int32, np.int64])
def test_a_tight_range_of_numbers_gives_a_proved_plan_or_none(width: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds that guard the arithmetic hold at any size: here numbers leave them all the time."""
    monkeypatch.setattr(kernel_dense, "FEW", 0)
    outcomes = set()
    for case in range(volume(ci=600, long=30_000)):
        rng = np.random.default_rng(case)
        pairs = random_question(rng, 40)
        question, rows = question_of(pairs)
        widest = int(np.ptp(pairs.points)) if pairs.n_pairs else 0
        span = 60 + int(widest * rng.choice([0.9, 1, 1.1, 2, 6, 8]))
        if 32 * span >= 2 ** (31 if width is np.int32 else 63):
            continue
        monkeypatch.setattr(kernel_dense, "SPANS", ((width, span),))
        with monkeypatch.context() as patched:
            answer = by_dense_path(patched, question, rows)
        outcomes.add(answer is None)
        if answer is not None:
            assert_proved(question, *answer)
    assert outcomes == {True, False}


def test_numbers_too_large_for_32_bits_give_the_same_plan_in_64(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(volume(ci=20, long=500)):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 90))
        left, right = np.divmod(np.arange(n * n), n)
        points = rng.integers(0, 1_000, size=n * n)
        small = question_of(ScoredPairs.of(left, right, points, n_left=n, n_right=n))
        large = question_of(ScoredPairs.of(left, right, points * 2**34, n_left=n, n_right=n))
        with monkeypatch.context() as patched:
            one, other = by_dense_path(patched, *small), by_dense_path(patched, *large)
        assert one is not None
        assert other is not None
        assert np.array_equal(one[0], other[0])
        assert_proved(large[0], *other)
        monkeypatch.setattr(kernel_dense, "SPANS", SPANS[:1])
        with monkeypatch.context() as patched:
            assert by_dense_path(patched, *large) is None
        monkeypatch.setattr(kernel_dense, "SPANS", SPANS)


@pytest.mark.parametrize(
    ("n_left", "n_right", "share"), [(520, 520, 1), (130, 600, 1), (600, 130, 1), (520, 520, 0.3), (300, 320, 0.5)]
)
@pytest.mark.parametrize("levels", [None, 3])
def test_large_plans_are_as_good_as_scipys(
    n_left: int, n_right: int, share: float, levels: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(volume(ci=1, long=30)):
        pairs = random_region(seed, n_left, n_right, share, levels=levels)
        question, rows = question_of(pairs)
        worth = np.zeros((n_left, n_right))
        worth[pairs.left, pairs.right] = 10**9 + pairs.points
        best = int(worth[linear_sum_assignment(worth, maximize=True)].sum())
        with monkeypatch.context() as patched:
            answer = by_dense_path(patched, question, rows)
        assert answer is not None
        assert_proved(question, *answer)
        count, total = totals(question, answer[0])
        assert count * 10**9 + total == best


def test_without_a_whole_side_the_other_paths_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lefts want the same only right: no plan matches them both, and nobody's answer is lost."""
    pairs = ScoredPairs.of([0, 1, 2, 2], [0, 0, 1, 2], [5, 7, 1, 1], n_left=3, n_right=3)
    question, rows = question_of(pairs)
    with monkeypatch.context() as patched:
        assert by_dense_path(patched, question, rows) is None
    match, price = matched(question, rows)
    assert_proved(question, match, price)
    assert totals(question, match) == (2, 8)


def test_several_places_and_sparse_questions_take_the_other_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_choice, "perfect_plan", lambda *_: pytest.fail("the dense path was taken"))
    wide = random_region(1, 30, 20, 1.0)
    question, rows = question_of(wide)
    several = Question(pairs=wide, weight=question.weight, open=question.open, rights=np.full(20, 2), closed=question.closed)
    assert_proved(several, *matched(several, rows))
    for pairs in (random_region(2, 60, 60, 0.05), ScoredPairs.of([], [], [], n_left=3, n_right=2)):
        question, rows = question_of(pairs)
        assert_proved(question, *matched(question, rows))


@pytest.mark.parametrize("width", [np.int32, np.int64])
@pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 127, 128, 200])
def test_passes_over_a_row_are_numpys(size: int, width: type) -> None:
    for seed in range(volume(ci=30, long=3_000)):
        rng = np.random.default_rng([seed, size])
        row, other = rng.integers(0, rng.choice([2, 100, 10**6]), size=(2, size)).astype(width)
        assert least(row) == row.min()
        out = np.empty_like(row)
        assert reduce_into(out, row, other) == (row - other).min()
        assert (out == row - other).all()
        wanted = row[rng.integers(size)]
        assert where(row, wanted) == np.flatnonzero(row == wanted)[0]
        assert where(row, -5) == where_equal(row, row + 1) == -1
        same = np.flatnonzero(row == other)
        assert where_equal(row, other) == (same[0] if same.size else -1)
        queue = np.full(size + 1, 77, dtype=np.int32)
        end = append_at(row, wanted, queue, 1)
        assert (queue[1:end] == np.flatnonzero(row == wanted)).all()
        assert queue[0] == 77
        distance, by = rng.integers(0, 1_000, size=size).astype(width), np.full(size, 3, dtype=np.int32)
        reach, before = 10 + row - other, distance.copy()
        assert relax(distance, by, row, other, 10, 9) == np.minimum(reach, before).min()
        assert (distance == np.minimum(reach, before)).all()
        assert (by == np.where(reach < before, 9, 3)).all()
