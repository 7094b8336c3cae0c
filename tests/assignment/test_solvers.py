"""Every solver against every plan of small questions; HiGHS's process stopped, killed, out of time; answers that are not true."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from matcher.assignment.network import build
from matcher.assignment.solvers import NAMES, best_plan, cp_sat
from matcher.assignment.solvers.mip import MipServer, solve_program
from matcher.assignment.solvers.mip_answers import Question
from matcher.assignment.solvers.program import UNBOUNDED
from matcher.errors import InfeasibleError, RuleError, UsageError
from tests.assignment.brute import allowed_plans, order_of_plans, random_limits, random_pairs
from tests.assignment.programs import best_value, empty_program, hard_program, random_program
from tests.volume import LONG, volume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.assignment.pairs import ScoredPairs
    from matcher.assignment.solvers.mip_process import Answer
    from matcher.assignment.solvers.program import Found, Program

CI = {"kernel": 400, "flow": 400, "linear_sum": 400, "mip": 12, "cp_sat": 200}
OPTIMAL, INFEASIBLE = "TERMINATION_REASON_OPTIMAL", "TERMINATION_REASON_INFEASIBLE"


@pytest.fixture(scope="module")
def server() -> Iterator[MipServer]:
    with MipServer() as server:
        yield server


def random_question(rng: np.random.Generator) -> ScoredPairs:
    pairs = random_pairs(rng, levels=rng.choice([None, 2]), points=(-500, 500) if rng.random() < 0.3 else (0, 100_000))
    if rng.random() < 0.6:
        pairs = random_limits(rng, pairs, number=int(rng.integers(1, 5)), crossing=bool(rng.random() < 0.5))
    return pairs


@pytest.mark.parametrize("name", NAMES)
def test_every_solver_finds_a_best_plan_or_says_that_it_cannot(name: str) -> None:
    nearest: set[str] = set()
    wrongly: list[int] = []
    said = {"best": 0, "solver_cannot": 0, "infeasible": 0}
    for case in range(volume(ci=CI[name], long=100 * CI[name])):
        rng = np.random.default_rng([21, case])
        pairs = random_question(rng)
        first = bool(rng.random() < 0.75)
        fixed = rng.random(pairs.n_pairs) < (0.2 if rng.random() < 0.3 else 0)
        plans = allowed_plans(pairs, fixed)
        try:
            chosen = best_plan(name, pairs, fixed, build(pairs, fixed, cardinality_first=first))
        except InfeasibleError:
            assert not len(plans), case
            said["infeasible"] += 1
        except UsageError as refusal:
            said[refusal.code] += 1
            nearest.add(refusal.facts["nearest"])
            can_it = name in {"mip", "cp_sat"} or (name in {"flow", "kernel"} and not pairs.crossing)
            wrongly.extend([case] * can_it)
        else:
            assert not (chosen & fixed).any()
            if len(plans):
                assert ((chosen | fixed) == plans).all(1).any(), case
                worth = order_of_plans(pairs, plans, cardinality_first=first)
                assert order_of_plans(pairs, (chosen | fixed)[None].astype(np.int64), cardinality_first=first) == worth.max(), (
                    case
                )
                said["best"] += 1
            else:
                assert name not in {"mip", "cp_sat"}, case
    assert said["best"]
    assert not wrongly
    assert nearest <= {"linear_sum": {"flow", "mip"}, "flow": {"mip"}, "kernel": {"mip"}}.get(name, set())
    assert said["solver_cannot"] or name in {"mip", "cp_sat"}


def test_a_solver_that_nobody_knows_is_refused() -> None:
    pairs = random_pairs(np.random.default_rng(0))
    nobody = np.zeros(pairs.n_pairs, dtype=np.bool_)
    with pytest.raises(UsageError, match="solver_unknown"):
        best_plan("simplex", pairs, nobody, build(pairs, nobody))


def check(found: Found, program: Program, best: int | None) -> None:
    """The answer is the truth, and complete."""
    assert found.status == ("infeasible" if best is None else "optimal")
    assert found.value == found.bound == best
    if found.x is not None:
        assert program.holds(found.x)
        assert program.value(found.x) == best


def test_highs_and_cp_sat_agree_with_every_vector(server: MipServer) -> None:
    infeasible = 0
    for case in range(volume(ci=150, long=20_000)):
        rng = np.random.default_rng([22, case])
        program = random_program(rng, int(rng.integers(0, 9)))
        hint = rng.random(program.n_columns) < 0.5 if rng.random() < 0.5 else None
        best = best_value(program)
        infeasible += best is None
        check(server.solve(program, hint=hint, seed=case), program, best)
        check(cp_sat.solve_program(program, hint=hint, seed=case, presolve=True), program, best)
        check(cp_sat.solve_program(program, hint=hint, seed=case, presolve=False), program, best)
    assert infeasible


def test_a_relaxed_program_has_a_bound_and_a_solution_only_where_it_is_whole(server: MipServer) -> None:
    whole = 0
    for case in range(volume(ci=150, long=20_000)):
        rng = np.random.default_rng([23, case])
        program = random_program(rng, int(rng.integers(1, 9)))
        best, found = best_value(program), server.solve(program, relax=True)
        if found.status == "infeasible":
            assert best is None, case
        else:
            assert found.bound is not None
            assert best is None or best <= found.bound, case
        if found.status == "optimal":
            whole += 1
            check(found, program, best)
    assert whole


def test_values_too_large_for_floats_are_solved_exactly(server: MipServer) -> None:
    program = empty_program(3).with_objective([2**55, 2**55 + 1, -1]).with_row([0, 1], 1, 0, 1)
    check(server.solve(program), program, best_value(program))
    with pytest.raises(RuleError, match="overflow"):
        server.solve(program.with_objective([2**62, 2**62, 2**62]))


class Scripted:
    """In the place of HiGHS's process: says what it is told to say."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def ask(self, facts: dict[str, Any], *_: object) -> Answer:
        self.asked.append(facts)
        return self.answers.pop(0)

    def end(self) -> None:
        """There is nothing to end."""


def says(reason: str, bound: float | None, x: list[float] | None = None) -> Answer:
    return {"reason": reason, "bound": bound}, [b"" if x is None else np.array(x).tobytes(), b""]


# Two columns worth 7 and 5, of which one can be taken.
NONSENSE = {
    "a solution that breaks a row": says(OPTIMAL, 12.0, [1.0, 1.0]),
    "a solution in halves": says(OPTIMAL, 6.0, [0.5, 0.5]),
    "a bound below the solution": says(OPTIMAL, 6.0, [1.0, 0.0]),
    "a bound above the solution": says(OPTIMAL, 7.0, [0.0, 1.0]),
    "no solution": says(OPTIMAL, 7.0),
    "no bound": says(OPTIMAL, float("inf"), [1.0, 0.0]),
    "an error": says("error: status 13", None),
}


def small_program() -> Program:
    return empty_program(2).with_objective([7, 5]).with_row([0, 1], 1, 0, 1)


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_an_answer_that_is_not_true_in_whole_numbers_is_asked_again_and_then_given_to_cp_sat(nonsense: Answer) -> None:
    server = MipServer()
    server._child = child = Scripted(nonsense, nonsense)  # type: ignore[assignment]
    check(server.solve(small_program()), small_program(), 7)
    assert [facts["tight"] for facts in child.asked] == [False, True]
    server._child = Scripted(nonsense, says(OPTIMAL, 7.0000001, [1.0 - 1e-7, 1e-7]))  # type: ignore[assignment]
    check(server.solve(small_program()), small_program(), 7)


def test_that_there_is_no_solution_must_be_said_twice_and_without_presolve() -> None:
    server = MipServer()
    server._child = child = Scripted(says(INFEASIBLE, None), says(INFEASIBLE, None))  # type: ignore[assignment]
    assert server.solve(small_program()).status == "infeasible"
    assert [facts["presolve"] for facts in child.asked] == [True, False]
    server._child = Scripted(says(INFEASIBLE, None), says(OPTIMAL, 7.0, [1.0, 0.0]))  # type: ignore[assignment]
    check(server.solve(small_program()), small_program(), 7)
    server._child = Scripted(says(INFEASIBLE, None), says("TERMINATION_REASON_NO_SOLUTION_FOUND", 9.0))  # type: ignore[assignment]
    assert server.solve(small_program()).status == "unknown"
    server._child = Scripted(says(INFEASIBLE, None), says(INFEASIBLE, None))  # type: ignore[assignment]
    check(server.solve(small_program(), hint=np.array([False, True])), small_program(), 7)


def test_a_bound_in_floats_is_never_rounded_to_less() -> None:
    question = Question(small_program().with_objective([30_000_000, 5]), None, None, 0, relax=False)
    assert question.read(says("TERMINATION_REASON_FEASIBLE", 30_000_000 - 1e-6)).bound == 30_000_000
    assert question.read(says("TERMINATION_REASON_FEASIBLE", 30_000_000.9)).bound == 30_000_000


def gone(pid: int) -> bool:
    """Whether that process ends within two seconds."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def started(server: MipServer) -> int:
    server.solve(small_program())
    assert server.pid is not None
    return server.pid


def feasible_hint(program: Program) -> np.ndarray:
    return np.zeros(program.n_columns, dtype=np.bool_)


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.2, 0.5, 1.0, 2.0] if LONG else [0.05, 0.3])
@pytest.mark.parametrize("solver", [solve_program, cp_sat.solve_program])
def test_a_limit_is_kept_and_the_best_so_far_is_answered(solver: Any, seconds: float) -> None:
    program = hard_program()
    began = time.monotonic()
    found = solver(program, hint=feasible_hint(program), seconds=seconds)
    assert time.monotonic() - began < seconds + 0.5
    assert found.status == "feasible"
    assert program.holds(found.x)
    assert program.value(found.x) == found.value
    assert found.bound is None or found.bound > found.value


def test_a_process_that_is_stopped_is_ended_at_the_limit_and_the_next_question_has_a_new_one() -> None:
    with MipServer() as server:
        pid = started(server)
        os.kill(pid, signal.SIGSTOP)
        program, began = hard_program(), time.monotonic()
        found = server.solve(program, seconds=0.3)
        assert time.monotonic() - began < 0.8
        assert (found.status, found.x, found.bound) == ("unknown", None, None)
        assert gone(pid)
        check(server.solve(small_program()), small_program(), 7)


def test_what_a_killed_process_had_found_is_kept() -> None:
    with MipServer() as server:
        pid = started(server)
        threading.Timer(1.0, os.kill, (pid, signal.SIGKILL)).start()
        program = hard_program()
        found = server.solve(program)
        assert found.status == "feasible"
        assert found.value is not None
        assert found.value > 0
        assert gone(pid)
    with MipServer() as server:
        os.kill(started(server), signal.SIGKILL)
        assert server.solve(program, hint=feasible_hint(program)).value == 0


def test_a_row_out_of_reach_is_no_solution(server: MipServer) -> None:
    for lower, upper in ((3, UNBOUNDED), (-UNBOUNDED, -1), (2**61, 2**61)):
        program = small_program().with_row([0, 1], 1, lower, upper)
        check(server.solve(program), program, None)
        check(cp_sat.solve_program(program), program, None)


HARD = """
from matcher.assignment.solvers import cp_sat
from matcher.assignment.solvers.mip import MipServer
from tests.assignment.programs import hard_program
with MipServer() as server:
    server.solve(hard_program(5))
    print(server.pid, flush=True)
    {solve}(hard_program())
"""


@pytest.mark.parametrize(
    ("solve", "ended_by"),
    [("server.solve", signal.SIGINT), ("server.solve", signal.SIGKILL), ("cp_sat.solve_program", signal.SIGINT)],
)
def test_whoever_is_interrupted_or_killed_takes_the_process_along(solve: str, ended_by: signal.Signals) -> None:
    command = [sys.executable, "-c", HARD.format(solve=solve)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as asking:
        assert asking.stdout is not None
        pid = int(asking.stdout.readline())
        time.sleep(0.2)
        asking.send_signal(ended_by)
        assert asking.wait(5) == -ended_by
    assert gone(pid)
