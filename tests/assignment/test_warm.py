"""Warm answers against solving anew: single changes of a live plan, and whole edits of a question."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assignment import ScoredPairs, Solved, solve, warm
from matcher.assignment.limits import Limit
from matcher.assignment.prices import Prices
from matcher.assignment.warm import Live, Start, resolve
from matcher.assignment.warm import live as warm_live
from matcher.assignment.warm import moves as warm_moves
from matcher.assignment.warm import state as warm_state
from matcher.errors import CertificateError, InfeasibleError, RuleError
from tests.assignment.brute import allowed_plans, order_of_plans, random_region
from tests.volume import volume

SIZES = (5, 8, 25, 60)


def question(rng: np.random.Generator, *, most: int, groups: int = 0) -> ScoredPairs:
    """Up to ``most`` a side: empty and closed sides, several places of a right, many ties, scores below 0."""
    n_left, n_right = (int(n) for n in rng.integers(0, most + 1, size=2))
    key = np.flatnonzero(rng.random(n_left * n_right) < rng.choice([0.1, 0.3, 1.0]))
    levels = int(rng.choice([1, 3, 1000, 10**9]))
    return ScoredPairs.of(
        key // max(n_right, 1),
        key % max(n_right, 1),
        rng.integers(-levels if rng.random() < 0.3 else 0, levels + 1, size=key.size),
        n_left=n_left,
        n_right=n_right,
        left_capacity=rng.integers(0, 2, size=n_left) if rng.random() < 0.3 else 1,
        right_capacity=rng.integers(0, 4, size=n_right) if rng.random() < 0.5 else 1,
        group=rng.integers(-1, groups, size=n_left),
        group_limit=rng.integers(0, n_left + 1, size=groups),
    )


@dataclass
class Twin:
    """A live plan, and the same question kept in the plain way."""

    live: Live
    pairs: ScoredPairs
    cardinality_first: bool

    @classmethod
    def of(cls, pairs: ScoredPairs, *, cardinality_first: bool = True) -> Twin:
        """Both, from the best plan."""
        solved = solve(pairs, np.arange(pairs.n_left), cardinality_first=cardinality_first)
        return cls(Live(pairs, solved), pairs, cardinality_first)

    def change(self, rng: np.random.Generator) -> None:
        """One change, made to both."""
        kind, pairs = rng.integers(5), self.pairs
        if kind < 2 and pairs.n_right:
            self._set_right(int(rng.integers(pairs.n_right)), 0 if kind else int(rng.integers(0, 4)))
        elif 2 <= kind < 4 and pairs.n_left:
            self._set_left(int(rng.integers(pairs.n_left)), int(kind) - 2)
        elif pairs.n_pairs:
            top = max(1, int(np.abs(pairs.points).max())) * (3 if rng.random() < 0.1 else 1)
            numbers = rng.integers(pairs.n_pairs, size=rng.integers(0, 6))
            points = rng.integers(-top if rng.random() < 0.2 else 0, top + 1, size=numbers.size)
            if rng.random() < 0.5:  # near what it was, so that ties come and go
                points = np.clip(pairs.points[numbers] + rng.integers(-1, 2, size=numbers.size), -top, top)
            self._set_points(numbers, points)

    def _set_right(self, right: int, places: int) -> None:
        capacity = self.pairs.right_capacity.copy()
        capacity[right] = places
        self.pairs = replace(self.pairs, right_capacity=capacity)
        if places:
            self.live.open_right(right, places)
        else:
            self.live.close_right(right)

    def _set_left(self, left: int, places: int) -> None:
        capacity = self.pairs.left_capacity.copy()
        capacity[left] = places
        self.pairs = replace(self.pairs, left_capacity=capacity)
        (self.live.open_left if places else self.live.close_left)(left)

    def _set_points(self, numbers: np.ndarray, points: np.ndarray) -> None:
        changed = self.pairs.points.copy()
        for number, value in zip(numbers.tolist(), points.tolist(), strict=True):
            changed[number] = value
        self.pairs = replace(self.pairs, points=changed)
        self.live.change_points(numbers, points)

    def assert_a_plan_worth_what_it_says(self) -> None:
        """The plan keeps every capacity, has only pairs there are, and its numbers are its own."""
        live, pairs, match = self.live, self.pairs, self.live.match
        points = dict(zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.points.tolist(), strict=True))
        used = [(left, right) for left, right in enumerate(match.tolist()) if right >= 0]
        assert sum(points[pair] for pair in used) == live.total == live.bound
        assert len(used) == live.matched
        assert (np.bincount(match[match >= 0], minlength=pairs.n_right) <= pairs.right_capacity).all()
        assert (pairs.left_capacity[match >= 0] == 1).all()

    def assert_best(self) -> None:
        """As good as solving anew."""
        anew = solve(self.pairs, np.arange(self.pairs.n_left), cardinality_first=self.cardinality_first)
        assert self.live.total == anew.total
        assert not self.cardinality_first or self.live.matched == anew.matched


def test_each_change_of_a_live_plan_is_as_good_as_solving_anew() -> None:
    for case in range(volume(ci=250, long=12_500)):
        rng = np.random.default_rng(case)
        twin = Twin.of(question(rng, most=SIZES[case % 4]), cardinality_first=bool(rng.random() < 0.7))
        for _ in range(8):
            twin.change(rng)
            twin.assert_a_plan_worth_what_it_says()
            twin.assert_best()


@given(st.integers(0, 2**32), st.booleans())
def test_a_live_plan_is_the_best_of_all_plans(seed: int, first: bool) -> None:
    rng = np.random.default_rng(seed)
    pairs = question(rng, most=4)
    pairs = replace(pairs, left=pairs.left[:10], right=pairs.right[:10], points=pairs.points[:10])
    twin = Twin.of(pairs, cardinality_first=first)
    for _ in range(4):
        twin.change(rng)
        twin.assert_a_plan_worth_what_it_says()
        plans = allowed_plans(twin.pairs, np.zeros(pairs.n_pairs, dtype=np.bool_))
        worth = order_of_plans(twin.pairs, plans, cardinality_first=first)
        best = plans[worth.argmax()]
        assert twin.live.total == best @ twin.pairs.points
        assert not first or twin.live.matched == best.sum()


@pytest.mark.parametrize(
    ("n_left", "n_right", "share", "levels"), [(150, 170, 0.1, None), (150, 150, 0.3, 3), (170, 150, 0.1, 2)]
)
def test_a_long_chain_of_changes_stays_best(n_left: int, n_right: int, share: float, levels: int | None) -> None:
    for seed in range(volume(ci=1, long=50)):
        rng = np.random.default_rng(seed)
        twin = Twin.of(random_region(seed, n_left, n_right, share, levels=levels))
        for step in range(200):
            twin.change(rng)
            if step % 20 == 0:
                twin.assert_a_plan_worth_what_it_says()
                twin.assert_best()


def test_who_leaves_and_returns_leaves_no_trace() -> None:
    pairs = random_region(3, 60, 60, 0.2)
    live = Live(pairs, solve(pairs, np.arange(60)))
    before = live.matched, live.total
    for number in range(60):
        live.close_right(number)
        live.close_left(number)
        live.open_left(number)
        live.open_right(number)
        assert (live.matched, live.total, live.bound) == (*before, before[1])


def test_repeating_a_change_changes_nothing() -> None:
    pairs = random_region(1, 20, 20, 0.3)
    live = Live(pairs, solve(pairs, np.arange(20)))
    for change in (live.close_right, live.open_right, live.close_left, live.open_left):
        change(4)
        once = live.matched, live.total, live.match.tolist()
        change(4)
        assert (live.matched, live.total, live.match.tolist()) == once


def test_a_live_plan_does_not_touch_the_question() -> None:
    pairs = random_region(1, 20, 20, 0.3)
    before = pairs.points.tobytes(), pairs.right_capacity.tobytes()
    live = Live(pairs, solve(pairs, np.arange(20)))
    live.change_points(np.arange(pairs.n_pairs), np.zeros(pairs.n_pairs, dtype=np.int64))
    live.close_right(0)
    assert (pairs.points.tobytes(), pairs.right_capacity.tobytes()) == before


@pytest.mark.parametrize(("lazy", "change"), [("match_left", "set_right"), ("match_left", "set_left"), ("_fill_up", "set_left")])
def test_a_repair_that_is_left_out_is_refused_and_so_is_everything_after(
    lazy: str, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = random_region(1, 20, 20, 0.3)
    live = Live(pairs, solve(pairs, np.arange(20)))
    monkeypatch.setattr(warm_live, change, getattr(warm_moves, change).py_func)
    monkeypatch.setattr(warm_moves, lazy, lambda *_: None)
    with pytest.raises(CertificateError):  # noqa: PT012  whoever is the first to need the repair
        for number in range(20):
            live.close_left(number)
            live.open_left(number)
            live.close_right(number)
            live.open_right(number)
    with pytest.raises(CertificateError):
        live.change_points([0], [1])
    with pytest.raises(CertificateError):
        _ = live.matched


@pytest.mark.parametrize("spoiled", ["price", "left_price", "total", "bound"])
def test_sums_that_are_not_the_plans_are_noticed_by_the_next_change(spoiled: str) -> None:
    pairs = random_region(1, 30, 25, 0.4)
    live = Live(pairs, solve(pairs, np.arange(30)))
    (left_price, price, *_), sums = live._live[2], live._live[4][0]
    if spoiled == "price":
        price[price.argmax()] += 1
    elif spoiled == "left_price":
        left_price[left_price.argmax()] += 1
    else:
        sums[warm_state.TOTAL if spoiled == "total" else warm_state.BOUND] += 1
    with pytest.raises(CertificateError):  # noqa: PT012  at the latest when all have been touched
        for number in range(25):
            live.close_right(number)
            live.open_right(number)


@pytest.mark.parametrize("side", [0, 1])
def test_a_price_that_is_too_low_is_noticed_though_the_sums_agree(side: int) -> None:
    pairs = random_region(1, 30, 25, 0.4)
    live = Live(pairs, solve(pairs, np.arange(30)))
    graph, columns, plan, _, proof = live._live
    who = int(plan[side].argmax())
    (warm_state.note_row, warm_state.note_column)[side](who, proof)
    assert warm_state.proved(live._weight, graph, columns, plan, proof)
    plan[side][who] -= 1
    proof[0][warm_state.BOUND] -= 1
    proof[0][warm_state.TOTAL] -= 1
    (warm_state.note_row, warm_state.note_column)[side](who, proof)
    assert not warm_state.proved(live._weight, graph, columns, plan, proof)


def test_what_a_live_plan_cannot_be() -> None:
    pairs = random_region(1, 10, 10, 0.5)
    order = np.arange(10)
    solved = solve(pairs, order)
    for other in (replace(pairs, left_capacity=np.full(10, 2)), random_region(1, 10, 10, 0.5, n_groups=1)):
        with pytest.raises(RuleError):
            Live(other, solve(other, order))
    with pytest.raises(RuleError):
        Live(pairs, solve(pairs, order, fixed=np.array([0])))
    with pytest.raises(RuleError):
        Live(replace(pairs, points=np.full(pairs.n_pairs, 2**55)), solved)
    live = Live(pairs, solved)
    for call in (
        lambda: live.close_right(10),
        lambda: live.close_left(-1),
        lambda: live.open_right(0, -1),
        lambda: live.change_points([pairs.n_pairs], [1]),
        lambda: live.change_points([0], [1, 2]),
        lambda: live.change_points([0], [2**55]),
    ):
        with pytest.raises(RuleError):
            call()
    live.close_right(0)
    live.open_right(0)
    assert (live.matched, live.total) == (solved.matched, solved.total)


def edited(rng: np.random.Generator, pairs: ScoredPairs) -> tuple[ScoredPairs, np.ndarray, np.ndarray]:
    """People leave, come and are numbered anew, scores change; with the old number of each left and right, -1 for none."""
    was, at = [], []
    for size in (pairs.n_left, pairs.n_right):
        kept = np.flatnonzero(rng.random(size) < 0.9)
        was.append(rng.permutation(np.append(kept, np.full(rng.integers(0, 3), -1))))
        now = np.full(size, -1)
        now[was[-1][was[-1] >= 0]] = np.flatnonzero(was[-1] >= 0)
        at.append(now)
    left, right, points = at[0][pairs.left], at[1][pairs.right], pairs.points.copy()
    top = max(1, int(np.abs(points).max(initial=1)))
    changed = rng.random(points.size) < 0.1
    points[changed] = rng.integers(0, top + 1, size=changed.sum())
    old = {(i, j): p for i, j, p in zip(left.tolist(), right.tolist(), points.tolist(), strict=True) if i >= 0 and j >= 0}
    n_left, n_right = len(was[0]), len(was[1])
    for key in np.flatnonzero(rng.random(n_left * n_right) < 0.05).tolist():
        old.setdefault(divmod(key, n_right), int(rng.integers(0, top + 1)))
    ends = np.array(list(old), dtype=np.int64).reshape(-1, 2)
    return (
        ScoredPairs.of(
            ends[:, 0],
            ends[:, 1],
            list(old.values()),
            n_left=n_left,
            n_right=n_right,
            left_capacity=np.append(pairs.left_capacity, 1)[was[0]],
            right_capacity=np.append(pairs.right_capacity, 1)[was[1]],
            group=np.append(pairs.group, -1)[was[0]],
            group_limit=pairs.group_limit,
        ),
        was[0],
        was[1],
    )


def assert_same(one: Solved, two: Solved) -> None:
    """Equal to the byte."""
    for name in ("chosen", "fixed", "match"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name
    for name in ("left", "right", "group"):
        assert getattr(one.prices, name).tobytes() == getattr(two.prices, name).tobytes(), name
    assert one.prices.match_weight == two.prices.match_weight
    assert (one.matched, one.total, one.bound) == (two.matched, two.total, two.bound)


def nonsense(rng: np.random.Generator, pairs: ScoredPairs) -> Start:
    """A start that has nothing to do with the question."""
    return Start(
        right_of_left=rng.integers(-1, max(1, pairs.n_right), size=pairs.n_left).astype(np.int32),
        right_price=rng.integers(0, 10**6, size=pairs.n_right),
        match_weight=int(rng.integers(0, 9)),
    )


def test_an_edited_question_is_answered_as_if_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "MOST_BROKEN", 2)
    warmly = 0
    for case in range(volume(ci=900, long=100_000)):
        rng = np.random.default_rng(case)
        before = question(rng, most=SIZES[case % 4], groups=2 if rng.random() < 0.2 else 0)
        first = bool(rng.random() < 0.7)
        was = solve(before, np.arange(before.n_left), cardinality_first=first)
        pairs, left_was, right_was = edited(rng, before)
        start = Start.of(was, left_was, right_was) if rng.random() < 0.9 else nonsense(rng, pairs)
        order, first = rng.permutation(pairs.n_left), first if rng.random() < 0.9 else not first
        fixed = np.flatnonzero(rng.random(pairs.n_pairs) < (0.05 if rng.random() < 0.3 else 0))
        try:
            anew = solve(pairs, order, fixed=fixed, cardinality_first=first)
        except InfeasibleError as error:
            with pytest.raises(InfeasibleError, match=str(error)[:20]):
                resolve(pairs, order, start, fixed=fixed, cardinality_first=first)
            continue
        with monkeypatch.context() as patched:
            patched.setattr(warm, "solve", lambda *_, **__: None)
            answer = resolve(pairs, order, start, fixed=fixed, cardinality_first=first)
        warmly += answer is not None
        assert_same(anew, answer if answer is not None else resolve(pairs, order, start, fixed=fixed, cardinality_first=first))
    assert warmly > volume(ci=900, long=100_000) / 2


def test_long_rows_are_answered_as_if_anew() -> None:
    for seed, (n_left, n_right, levels) in enumerate([(350, 340, None), (330, 360, 3), (340, 340, 2)]):
        before = random_region(seed, n_left, n_right, 1.0, levels=levels)
        was = solve(before, np.arange(n_left))
        pairs, left_was, right_was = edited(np.random.default_rng(seed), before)
        order = np.arange(pairs.n_left)
        assert_same(solve(pairs, order), resolve(pairs, order, Start.of(was, left_was, right_was)))


def test_nothing_new_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = random_region(1, 80, 90, 0.2, levels=3)
    order = np.arange(80)
    was = solve(pairs, order)
    monkeypatch.setattr(warm, "places_choose", None)
    monkeypatch.setattr(warm, "solve", None)
    assert_same(was, resolve(pairs, order, Start.of(was, np.arange(80), np.arange(90))))


def test_what_paths_alone_cannot_answer_is_solved_anew() -> None:
    pairs = random_region(2, 30, 30, 0.3)
    order = np.arange(30)
    start = Start.of(solve(pairs, order), order, order)
    crowd = Limit(members=np.arange(20, dtype=np.int32), most=3)
    for other in (
        replace(pairs, left_capacity=np.full(30, 2)),
        random_region(2, 30, 30, 0.3, n_groups=3),
        replace(
            pairs,
            group=np.zeros(30, dtype=np.int32),
            group_limit=np.array([9]),
            group_least=np.array([4]),
            group_parent=np.array([-1]),
        ),
        replace(pairs, crossing=(crowd,)),
    ):
        assert_same(solve(other, order), resolve(other, order, start))


def test_a_start_that_is_mostly_wrong_is_not_used() -> None:
    pairs = random_region(2, 30, 30, 0.3)
    order = np.arange(30)
    nobody = Start(right_of_left=np.full(30, -1, dtype=np.int32), right_price=np.full(30, 5), match_weight=1)
    assert_same(solve(pairs, order), resolve(pairs, order, nobody))


def test_a_start_of_other_people_is_refused() -> None:
    pairs = random_region(2, 30, 20, 0.3)
    solved = solve(pairs, np.arange(30))
    with pytest.raises(RuleError):
        resolve(pairs, np.arange(30), Start.of(solved, np.arange(30), np.arange(30) - 10))


def test_a_wrong_price_is_never_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = random_region(2, 30, 20, 0.3)
    order = np.arange(30)
    solved = solve(pairs, order)
    right = warm._settled

    def lower(*given: object) -> Prices:
        prices = right(*given)  # type: ignore[arg-type]
        return replace(prices, right=np.maximum(prices.right - 1, 0))

    monkeypatch.setattr(warm, "_settled", lower)
    with pytest.raises(CertificateError):
        resolve(pairs, order, Start.of(solved, order, np.arange(20)))
