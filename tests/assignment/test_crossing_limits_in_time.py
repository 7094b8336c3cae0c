"""Limits that cross, and a search that is cut short, stopped or killed: an honest plan, or none, and never a wait."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from matcher.assignment.crossing.plan import crossed, solve_crossing
from matcher.assignment.crossing.question import beside, open_pairs
from matcher.assignment.crossing.search import Search
from matcher.assignment.crossing.start import first_plan
from matcher.assignment.limits import Limit
from matcher.assignment.pairs import ScoredPairs
from matcher.assignment.solvers.mip_process import Child
from matcher.errors import InfeasibleError, TimeLimitError
from tests.assignment.brute import allowed_plans, order_of_plans, random_limits, random_pairs
from tests.volume import volume

if TYPE_CHECKING:
    from matcher.assignment.crossing.plan import Crossed
    from matcher.assignment.pairs import Mask

LATE = 5.0
"""Seconds after the limit that a machine with much else to do is given."""


def region(seed: int, size: int = 120) -> ScoredPairs:
    """Children in two partitions that cross, most of their limits tight, and a floor."""
    rng = np.random.default_rng(seed)
    key = np.flatnonzero(rng.random(size * size) < 0.1)
    parts = [rng.integers(0, size // 12, size=size), rng.integers(0, size // 15, size=size)]
    limits = [Limit(members=np.flatnonzero(part == k).astype(np.int32), most=9) for part in parts for k in range(part.max() + 1)]
    limits.append(Limit(members=np.arange(0, size, 3, dtype=np.int32), least=size // 5))
    return ScoredPairs.of(
        key // size, key % size, rng.integers(0, 100_001, size=key.size), n_left=size, n_right=size, crossing=tuple(limits)
    )


def keeps_all(pairs: ScoredPairs, chosen: Mask) -> bool:
    lefts, rights, groups = pairs.counts(chosen)
    crossing = [limit.least <= lefts[limit.members].sum() <= limit.most for limit in pairs.crossing]
    within = (lefts <= pairs.left_capacity).all() and (rights <= pairs.right_capacity).all()
    return bool(within and (pairs.group_least <= groups).all() and (groups <= pairs.group_limit).all() and all(crossing))


def is_honest(pairs: ScoredPairs, solved: Crossed, best: Crossed) -> bool:
    """Whether a plan keeps all limits, says what it is, and no plan of as many pairs is above its bound."""
    sums = solved.matched == solved.chosen.sum() and solved.total == pairs.points[solved.chosen].sum()
    same = np.array_equal(solved.chosen, best.chosen) or solved.status == "feasible"
    above = solved.matched != best.matched or best.total <= solved.bound
    return bool(keeps_all(pairs, solved.chosen) and sums and same and above and solved.matched <= best.matched)


@pytest.mark.parametrize("search", ["mip", "cp_sat"])
def test_every_limit_in_time_gives_an_honest_plan(search: str) -> None:
    pairs = region(0)
    order, none = np.arange(pairs.n_left), np.zeros(pairs.n_pairs, dtype=np.bool_)
    best = solve_crossing(pairs, order, none)
    for seconds in (0.0, 0.001, 0.01, 0.05, 0.2, 1.0, 30.0):
        began = time.monotonic()
        early = solve_crossing(pairs, order, none, seconds=seconds, search=search)
        assert time.monotonic() - began < seconds + LATE
        assert is_honest(pairs, early, best), seconds
        assert early.status == "feasible" or early.bound == early.total
    assert early.status == "optimal"


def test_small_questions_cut_at_any_moment_against_every_plan() -> None:
    cut = 0
    for seed in range(volume(ci=150, long=10_000)):
        rng = np.random.default_rng(seed)
        pairs = random_pairs(rng, most=5, points=(0, 100_000))
        if not pairs.n_left:
            continue
        pairs = random_limits(rng, pairs, number=int(rng.integers(1, 5)), crossing=True)
        none, order = np.zeros(pairs.n_pairs, dtype=np.bool_), np.arange(pairs.n_left)
        plans, seconds = allowed_plans(pairs, none), float(rng.choice([0.0, 0.001, 0.003, 0.01]))
        try:
            early = solve_crossing(pairs, order, none, seconds=seconds, search="cp_sat")
        except InfeasibleError:
            assert not len(plans), seed
            continue
        except TimeLimitError:
            continue
        value = order_of_plans(pairs, plans, cardinality_first=True)
        mine = order_of_plans(pairs, early.chosen[None, :].astype(plans.dtype), cardinality_first=True)[0]
        as_many = plans[plans.sum(1) == early.matched] @ pairs.points
        assert keeps_all(pairs, early.chosen), seed
        assert early.bound >= as_many.max() >= early.total, seed
        assert early.status == "feasible" or mine == value.max(), seed
        cut += early.status == "feasible"
    assert cut > 10


@pytest.mark.parametrize("sent", [signal.SIGSTOP, signal.SIGKILL, signal.SIGSEGV])
def test_a_solver_that_is_stopped_or_killed_keeps_nobody_waiting(sent: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Child.ask
    pids = []

    def hit(child: Child, *question: object) -> object:
        """Ask, while the process is hit."""
        pids.append(child.pid)
        os.kill(child.pid, sent)
        return asked(child, *question)  # type: ignore[arg-type]

    pairs = region(1)
    order, none = np.arange(pairs.n_left), np.zeros(pairs.n_pairs, dtype=np.bool_)
    best = solve_crossing(pairs, order, none)
    monkeypatch.setattr(Child, "ask", hit)
    began = time.monotonic()
    early = solve_crossing(pairs, order, none, seconds=1.0)
    assert time.monotonic() - began < 1.0 + LATE
    assert pids
    assert early.status == "feasible"
    assert is_honest(pairs, early, best)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interrupt_ends_the_search_with_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    pairs = region(2)
    order, none = np.arange(pairs.n_left), np.zeros(pairs.n_pairs, dtype=np.bool_)
    best = solve_crossing(pairs, order, none)
    monkeypatch.setattr(Child, "ask", interrupted)
    with Search() as search:
        early = crossed(pairs, order, none, search)
        assert search.left() == 0.0
    assert early.status == "feasible"
    assert is_honest(pairs, early, best)


def test_an_interrupt_is_heard_while_work_hears_nothing() -> None:
    done = threading.Event()
    with Search() as search:
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        assert search.waited(lambda: done.wait(60)) is None
        done.set()
        assert isinstance(search.ended_without_answer(), KeyboardInterrupt)


def test_what_goes_wrong_in_the_other_thread_is_raised_in_this_one() -> None:
    def infeasible() -> None:
        raise InfeasibleError([("limits_clash", {})])

    with Search() as search, pytest.raises(InfeasibleError):
        search.waited(infeasible)


def test_the_first_plan_keeps_all_limits_and_mostly_there_is_one() -> None:
    asked = found = 0
    for seed in range(volume(ci=300, long=10_000)):
        rng = np.random.default_rng(seed)
        pairs = random_pairs(rng, most=5, points=(-50_000, 100_000))
        if not pairs.n_left:
            continue
        pairs = random_limits(rng, pairs, number=int(rng.integers(1, 5)), crossing=True)
        none = np.zeros(pairs.n_pairs, dtype=np.bool_)
        whole = beside(pairs, none)
        question = whole.part(open_pairs(whole))
        plan = first_plan(question, np.zeros(question.pairs.n_pairs, dtype=np.bool_), 1_000_000)
        possible = len(allowed_plans(pairs, none)) > 0
        assert possible or plan is None, seed
        asked += possible
        if plan is not None:
            found += 1
            chosen = none.copy()
            chosen[question.numbers[plan]] = True
            assert keeps_all(pairs, chosen), seed
    assert found > 0.9 * asked > 50
