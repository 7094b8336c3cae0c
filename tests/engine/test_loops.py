"""Plain and compiled loops give the same numbers, and which of them runs is decided by the size of the question."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from constraints.rulebook import load_rulebook
from matcher import candidates, loops
from matcher.assignment import ScoredPairs, displacements, plan_costs, solve
from matcher.assignment.paths import FAR, breadth_first, grouped, reach_each, spread
from matcher.case import read_case
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.loops import LOADING, Loop, Reading, loop, part, reading, ready_for
from matcher.records import Case
from scenarios.synthetic import PLANNING_DATE, synthetic_case
from tests.edge_cases import TODAY, edge_case
from tests.volume import volume

ROOT = Path(__file__).resolve().parents[2]
READINGS: tuple[Reading, Reading] = ("plain", "compiled")
seeds = st.integers(0, 2**32)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> loops._Account:
    """A process that has run nothing yet."""
    fresh = loops._Account()
    monkeypatch.setattr(loops, "_account", fresh)
    return fresh


# The same numbers


def answers(case: Case) -> tuple[Any, ...]:
    """Everything that the engine says of a case."""
    desk = Engine.of(case, load_rulebook(case.planning_date or TODAY), load_postcodes())
    found, solved = desk.candidates, desk.solved
    arrays = (found.child, found.volunteer, found.points, solved.chosen, solved.prices.left, solved.prices.right)
    told = (found.forbidden, solved.total, desk.assign(), desk.proposals(top=3))
    return *told, *((a.dtype, a.tolist()) for a in (*arrays, solved.prices.group))


def both(ask: Any, *question: Any) -> list[Any]:
    found = []
    for wanted in READINGS:
        with reading(wanted):
            found.append(ask(*question))
    return found


@pytest.mark.parametrize("block", [1, 50, candidates.BLOCK])
def test_the_example_reads_the_same(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "BLOCK", block)
    case, _ = read_case(ROOT / "examples" / "hovedstaden.xlsx", today=PLANNING_DATE)
    plain, compiled = both(answers, case)
    assert len(plain[3]) > 100
    assert plain == compiled


def test_a_larger_case_reads_the_same() -> None:
    plain, compiled = both(answers, synthetic_case(children=150, volunteers=120, seed=3))
    assert plain == compiled


@settings(max_examples=volume(ci=40, long=2_000), deadline=None)
@given(seed=seeds)
def test_small_cases_read_the_same(seed: int) -> None:
    plain, compiled = both(answers, edge_case(seed, decisions=False))
    assert plain == compiled


def plan(pairs: ScoredPairs, order: Any) -> tuple[Any, ...]:
    solved = solve(pairs, order)
    costs = plan_costs(pairs, solved)
    arrays = (solved.chosen, solved.prices.left, solved.prices.right, solved.prices.group, costs.cost, costs.lost, costs.allowed)
    return *((a.dtype, a.tolist()) for a in arrays), displacements(pairs, solved, range(pairs.n_pairs))


@settings(max_examples=volume(ci=150, long=10_000), deadline=None)
@given(seed=seeds)
def test_plans_read_the_same(seed: int) -> None:
    """Many ties, several places, limits of groups."""
    draw = np.random.default_rng(seed)
    n_left, n_right, top = draw.integers(1, 13), draw.integers(1, 13), draw.choice([1, 3, 100_000])
    left, right = np.nonzero(draw.random((n_left, n_right)) < draw.choice([0.2, 0.5, 1.0]))
    pairs = ScoredPairs.of(
        left,
        right,
        draw.integers(0, top, left.size),
        n_left=int(n_left),
        n_right=int(n_right),
        left_capacity=draw.integers(0, 3, n_left),
        right_capacity=draw.integers(0, 3, n_right),
        group=draw.integers(-1, 2, n_left),
        group_limit=draw.integers(0, 5, 2),
    )
    plain, compiled = both(plan, pairs, draw.permutation(n_left))
    assert plain == compiled


@settings(max_examples=volume(ci=150, long=10_000), deadline=None)
@given(seed=seeds)
def test_searches_read_the_same(seed: int) -> None:
    """Graphs of any kind: unreachable nodes, arcs twice, loops of one node, lengths of 0 and below."""
    draw = np.random.default_rng(seed)
    n_nodes, n_arcs = int(draw.integers(1, 12)), int(draw.integers(0, 40))
    tail, head = draw.integers(0, n_nodes, n_arcs).astype(np.int32), draw.integers(0, n_nodes, n_arcs).astype(np.int32)
    length = draw.integers(draw.choice([-1, 0]), 6, n_arcs)
    root, wanted = np.sort(draw.integers(0, n_nodes, 8)).astype(np.int32), draw.integers(0, n_nodes, 8).astype(np.int32)

    def search() -> list[Any]:
        start, order = grouped(tail, n_nodes)
        label, settled = spread(start, head[order], length[order], 0)
        near = reach_each(root, wanted, np.full(n_nodes, FAR), (start, head[order], np.abs(length[order])))
        return [
            start.tolist(),
            label.tolist() if settled else None,
            near.tolist(),
            breadth_first(tail, head, n_nodes, 0).tolist(),
        ]

    plain, compiled = both(search)
    assert plain == compiled


# Which of them runs


def which(body: Loop, *question: Any) -> str:
    """Which reading answers, told without a compiler."""
    body.__dict__["compiled"] = lambda *_: "compiled"
    return str(body(*question))


@loop(steps=lambda steps: steps)
def one(_: int) -> str:
    return "plain"


def test_small_questions_run_plain_until_they_have_cost_as_much_as_loading() -> None:
    assert [which(one, LOADING // 3) for _ in range(4)] == ["plain", "plain", "plain", "compiled"]
    assert which(one, 0) == "compiled", "what is loaded stays in use"


def test_a_large_question_is_compiled_at_once() -> None:
    assert which(one, LOADING) == "compiled"


def test_whoever_asks_for_a_reading_gets_it(account: loops._Account) -> None:
    with reading("plain"):
        assert which(one, LOADING) == "plain"
        with reading("compiled"):
            assert which(one, 1) == "compiled"
        assert which(one, LOADING) == "plain"
    assert account.spent == 0
    with pytest.raises(RuntimeError), reading("compiled"):
        raise RuntimeError
    assert which(one, 1) == "plain"


def test_a_reading_is_asked_for_in_one_thread_only() -> None:
    heard = []
    with reading("compiled"):
        other = threading.Thread(target=lambda: heard.append(ready_for(1)))
        other.start()
        other.join()
    assert heard == [False]


def test_threads_share_one_account(account: loops._Account) -> None:
    threads = [threading.Thread(target=lambda: [ready_for(1) for _ in range(1_000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.spent == 8_000


def test_threads_that_ask_for_compiled_code_at_once_get_the_same() -> None:
    fresh = Loop(grouped.plain, lambda *_: LOADING)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(fresh(np.array([2, 0, 2]), 3))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(a.tolist(), b.tolist()) for a, b in found] == [([0, 1, 1, 3], [1, 0, 2])] * 6


# Loops and compiled code


@part
def _doubled(number: int) -> int:
    return 2 * number


@loop(steps=lambda _: 1)
def sum_of_doubles(numbers: Any) -> int:
    total = 0
    for number in numbers:
        total += _doubled(number)
    return total


@loop(steps=lambda _: 1)
def twice(numbers: Any) -> int:
    return sum_of_doubles(numbers) + sum_of_doubles(numbers)


def test_compiled_code_calls_loops_and_their_parts() -> None:
    @njit
    def outside(numbers: Any) -> int:
        return twice(numbers) + 1

    numbers = np.arange(5)
    assert both(twice, numbers) == [40, 40]
    assert outside(numbers) == 41


def test_a_small_question_loads_no_compiler() -> None:
    """Nor the solvers of large questions."""
    code = f"""
import sys
from pathlib import Path
from constraints.rulebook import load_rulebook
from matcher.case import read_case
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from scenarios.synthetic import PLANNING_DATE
case, _ = read_case(Path({str(ROOT)!r}) / "examples" / "hovedstaden.xlsx", today=PLANNING_DATE)
assert Engine.of(case, load_rulebook(PLANNING_DATE), load_postcodes()).proposals()
print(*(name for name in sys.modules if name.split(".")[0] in ("numba", "scipy", "pandas") or "kernel" in name or ".sat" in name))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
