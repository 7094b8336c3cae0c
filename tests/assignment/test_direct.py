"""The door's short way for lefts with one place: the same pairs as by the flow and the general tie rule, and nothing unproved."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.assignment import ScoredPairs, solve_assignment
from matcher.assignment.best import solve
from matcher.assignment.kernel import direct
from matcher.assignment.kernel import parts as kernel_parts
from matcher.assignment.kernel import sides as kernel_sides
from matcher.errors import CertificateError
from tests.volume import volume

Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def random_case(rng: np.random.Generator, most: int, shares: tuple[float, ...]) -> Case:
    """Pairs by (left, right) with scores that often tie, and capacities: 0 or 1 for lefts, up to 4 for rights."""
    n_left, n_right = rng.integers(1, most, size=2)
    key = np.flatnonzero(rng.random(n_left * n_right) < rng.choice(shares))
    top = int(rng.choice([0, 1, 2, 5, 100, 10**9]))
    score = rng.integers(-top if rng.random() < 0.4 else 0, top + 1, size=key.size).astype(float)
    lefts = rng.integers(0, 2, size=n_left) if rng.random() < 0.3 else np.ones(n_left, dtype=int)
    rights = rng.integers(0, 5, size=n_right) if rng.random() < 0.5 else np.ones(n_right, dtype=int)
    return key // n_right, key % n_right, score, lefts, rights


def assert_like_the_flow(case: Case, *, first: bool) -> None:
    left, right, score, lefts, rights = case
    kept = np.flatnonzero((score >= 0) | first)
    pairs = ScoredPairs.of(
        left[kept],
        right[kept],
        score[kept],
        n_left=lefts.size,
        n_right=rights.size,
        left_capacity=lefts,
        right_capacity=rights,
    )
    expected = solve(pairs, np.arange(lefts.size), cardinality_first=first)
    answer = solve_assignment(left, right, score, lefts, rights, cardinality_first=first)
    ends = np.column_stack([pairs.left, pairs.right])[expected.chosen]
    assert answer.pairs.tolist() == ends.tolist()
    assert answer.total == answer.bound == expected.total


def test_small_questions_full_of_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(volume(ci=4_000, long=200_000)):
        monkeypatch.setattr(kernel_sides, "FEW", 400 * (seed % 2))
        monkeypatch.setattr(kernel_parts, "BATCH", (0, 1, 2, 1_000)[seed % 4])
        rng = np.random.default_rng(seed)
        assert_like_the_flow(random_case(rng, 9, (0.1, 0.4, 0.7, 1.0)), first=bool(rng.random() < 0.6))


def test_questions_of_many_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(volume(ci=300, long=10_000)):
        monkeypatch.setattr(kernel_parts, "BATCH", (1, 5, 20, 1_000)[seed % 4])
        rng = np.random.default_rng([1, seed])
        assert_like_the_flow(random_case(rng, 60, (0.03, 0.1, 0.3, 1.0)), first=bool(rng.random() < 0.7))


@pytest.mark.parametrize("top", [1, 3, 1_000])
@pytest.mark.parametrize(("n_left", "n_right", "share"), [(500, 450, 0.02), (450, 500, 0.02), (350, 350, 1.0), (900, 900, 0.004)])
def test_larger_questions(n_left: int, n_right: int, share: float, top: int) -> None:
    rng = np.random.default_rng(top)
    key = np.flatnonzero(rng.random(n_left * n_right) < share)
    score = rng.integers(0, top, size=key.size).astype(float)
    for rights in (np.ones(n_right, dtype=int), rng.integers(0, 3, size=n_right)):
        assert_like_the_flow((key // n_right, key % n_right, score, np.ones(n_left, dtype=int), rights), first=True)


def test_a_wrong_plan_or_price_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that is merely not best may be mended by the walk over ties; what is answered is proved all the same."""
    rng = np.random.default_rng(1)
    left, right = (a.ravel() for a in np.indices((6, 6)))
    score = rng.normal(size=36)
    matched = direct.matched_by_parts

    def spoiled(change):  # type: ignore[no-untyped-def]
        def wrong(question, rows):  # type: ignore[no-untyped-def]
            match, price = matched(question, rows)
            change(match, price)
            return match, price

        return wrong

    changes = {
        "is not the plan's value": [lambda _, p: p.fill(0), lambda _, p: p.__iadd__(2**60)],
        "exceeds a capacity": [lambda m, _: m.__setitem__(0, m[1] % 6), lambda m, _: m.__setitem__(0, m[0] + 6)],
        "a price is out of range": [lambda _, p: p.__setitem__(0, -1), lambda _, p: p.__setitem__(0, 2**62)],
    }
    for says, wrongs in changes.items():
        for change in wrongs:
            monkeypatch.setattr(direct, "matched_by_parts", spoiled(change))
            with pytest.raises(CertificateError, match=says):
                solve_assignment(left, right, score)


def test_all_places_taken_at_any_magnitude_stay_within_the_integers() -> None:
    """Scores that fill the range of points, and one right for all: sums of prices exceed 64 bits, and nothing overflows."""
    n = 1_018
    score = np.random.default_rng(2).normal(size=n) * 2.0**60 + 2.0**62
    answer = solve_assignment(np.arange(n), np.zeros(n, dtype=int), score, 1, n)
    assert len(answer.pairs) == n
    alone = solve_assignment(np.arange(n), np.zeros(n, dtype=int), score, 1, 1)
    assert alone.pairs.tolist() == [[int(np.argmax(score)), 0]]


def test_parts_that_share_nobody_are_put_together_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids mixed, people without pairs, batches of one part and of several: the same answer as all at once."""
    rng = np.random.default_rng(3)
    n_parts, size = 30, 40
    key = np.flatnonzero(rng.random(n_parts * size * size) < 0.15)
    part, left, right = key // size**2, key // size % size, key % size
    ids = rng.permutation(n_parts * size), rng.permutation(n_parts * size)
    ends = ids[0][part * size + left], ids[1][part * size + right]
    score = rng.integers(0, 50, size=key.size).astype(float)
    answers = []
    for batch in (1, 100, 10**6):
        monkeypatch.setattr(kernel_parts, "BATCH", batch)
        answers.append(solve_assignment(*ends, score))
    assert answers[0].pairs.tobytes() == answers[1].pairs.tobytes() == answers[2].pairs.tobytes()
    assert answers[0].total == answers[1].total == answers[2].total
