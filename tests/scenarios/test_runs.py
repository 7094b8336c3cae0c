"""Many runs: the same bits here, in processes and on a cluster; an interrupt keeps what is done and leaves nobody behind."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import UsageError
from scenarios import over_time, runs
from scenarios.changes.recruit import Recruit
from scenarios.changes.stream import Stream
from scenarios.compare import compare
from scenarios.over_time import Playing
from scenarios.runs import Runs, end_processes, run_all, was_interrupted
from scenarios.scenario import Scenario
from scenarios.today import today
from scenarios.world import World
from tests.scenarios.running import failing, summed
from tests.scenarios.worlds import STREAM, world

TASKS = tuple(range(7))


def recruited(start: World, number: int) -> tuple[int, int]:
    """A real question: the best plan with so many volunteers more."""
    found = today(Recruit(number=number + 1).apply(start, 3), real=frozenset())
    return found.plan.matched, found.plan.total


def slow_clock() -> float:
    """Each look at it is a hundred seconds later."""
    return next(_SECONDS) * 100.0


_SECONDS = count()
SERIAL = [value for _, value in map(summed, TASKS)]


@pytest.fixture
def processes() -> Iterator[None]:
    yield
    end_processes()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster  # noqa: PLC0415  slow to load

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found


def values(found: Runs[tuple[int, float]]) -> tuple[set[int], list[float]]:
    rows = list(found)
    return {pid for pid, _ in rows}, [value for _, value in rows]


def test_one_worker_runs_here():
    seen: list[tuple[int, int]] = []
    found = run_all(TASKS, summed, progress=lambda done, all_: seen.append((done, all_)))
    assert values(found) == ({os.getpid()}, SERIAL)
    assert seen == [(n, 7) for n in range(1, 8)]
    assert (found.done, found.interrupted) == (7, False)


@pytest.mark.usefixtures("processes")
def test_short_runs_stay_here_and_nothing_is_started():
    assert values(run_all(TASKS, summed, workers=2)) == ({os.getpid()}, SERIAL)
    assert list(run_all((), summed, workers=2)) == []


@pytest.mark.usefixtures("processes")
def test_long_runs_go_to_processes_with_the_same_bits():
    found, first = run_all(TASKS, summed, workers=2, clock=slow_clock), os.getpid()
    pids, same = values(found)
    assert same == SERIAL
    assert first in pids
    assert 2 <= len(pids) <= 3


def test_a_cluster_gives_the_same_bits(cluster):
    seen: list[int] = []
    found = run_all(TASKS, summed, cluster=cluster.scheduler_address, progress=lambda done, _: seen.append(done))
    pids, same = values(found)
    assert same == SERIAL
    assert os.getpid() not in pids
    assert seen == list(range(1, 8))
    real = partial(recruited, world())
    assert list(run_all(TASKS[:3], real, cluster=cluster.scheduler_address)) == [real(task) for task in TASKS[:3]]


def test_streams_on_a_cluster_and_in_processes_have_the_same_bits_as_here(cluster, monkeypatch):
    """Both ways load the project anew: four replications of two scenarios and their baselines, in six chunks."""
    monkeypatch.setattr(runs, "STARTING", 0.0)
    monkeypatch.setattr(over_time, "CHUNK", 2)
    start = dataclasses.replace(world(10, 8, friendships=8), stream=STREAM.with_values({"newcomers": 40}))
    asked = [
        Scenario(name="A", mode="stream", years=1, replications=4, change=(Recruit(number=6),)),
        Scenario(name="B", mode="stream", years=1, replications=4, baseline="A", change=(Stream(name="baseline", value="own"),)),
    ]
    serial = compare(asked, start, playing=Playing(precision=0))
    assert serial.replications == {"A": 4, "B": 4}
    assert any(row.difference for row in serial.rows)
    assert compare(asked, start, playing=Playing(precision=0, cluster=cluster.scheduler_address)) == serial
    assert compare(asked, start, playing=Playing(precision=0, workers=2)) == serial
    end_processes()


def test_a_cluster_that_is_left_early_can_be_asked_again(cluster):
    with run_all(TASKS, summed, cluster=cluster.scheduler_address) as found:
        assert next(found)[1] == SERIAL[0]
    assert values(run_all(TASKS, summed, cluster=cluster.scheduler_address))[1] == SERIAL


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_a_cluster_that_does_not_answer_is_named(monkeypatch, address):
    monkeypatch.setattr(runs, "CONNECTING", 0.2)
    with pytest.raises(UsageError) as error:
        list(run_all(TASKS, summed, cluster=address))
    assert (error.value.code, error.value.facts) == ("cluster_silent", {"cluster": address})


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", "http://127.0.0.1:9"])
def test_an_address_that_is_none_leaves_nothing_that_complains_later(address):
    """A client of Dask that was never one says so when Python ends, after many seconds."""
    code = "import sys; from scenarios.runs import run_all; from matcher.errors import UsageError\n"
    code += "try:\n    list(run_all([1], abs, cluster=sys.argv[1]))\nexcept UsageError as error:\n    print(error.code)"
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "cluster_silent\n", "")
    assert time.monotonic() - began < 15  # of 20 and more


def test_an_interrupt_is_found_behind_any_number_of_errors():
    error: BaseException = KeyboardInterrupt()
    for deeper in range(4):
        assert was_interrupted(error)
        outer = SystemError(str(deeper))
        outer.__cause__, outer.__context__ = (error, None) if deeper % 2 else (None, error)
        error = outer
    alone = SystemError("alone")
    alone.__context__ = ring = ValueError("ring")
    ring.__context__ = alone
    assert not was_interrupted(alone)


def test_a_cluster_without_workers_does_not_answer_either(monkeypatch):
    from distributed import LocalCluster  # noqa: PLC0415  slow to load

    monkeypatch.setattr(runs, "ANSWERING", 0.5)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty, pytest.raises(UsageError, match="silent"):
        list(run_all(TASKS, summed, cluster=empty.scheduler_address))


def test_without_dask_a_cluster_cannot_be_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="cluster_needs_dask"):
        list(run_all(TASKS, summed, cluster="tcp://127.0.0.1:9"))


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_a_run_is_raised_and_ends_the_others(workers):
    found, given = run_all(TASKS, failing, workers=workers, clock=slow_clock), []
    with pytest.raises(ArithmeticError):
        given.extend(found)
    assert given == [0, 1][: len(given)]


INTERRUPTED = """
import sys, time
from functools import partial
from pathlib import Path
from scenarios.runs import run_all

def slow(folder, task):
    import os, time
    Path(folder, str(os.getpid())).touch()
    time.sleep(0.05 if task < 3 else 60)
    return task

if __name__ == "__main__":
    clock = iter(range(0, 10_000, 100))
    found = run_all(range(8), partial(slow, sys.argv[1]), workers=int(sys.argv[2]), clock=lambda: next(clock))
    for task in found:
        print(task, flush=True)
    print("interrupted", found.interrupted, found.done, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent in another way there")
@pytest.mark.parametrize(("workers", "whom"), [(1, "all"), (2, "all"), (2, "one")])
def test_an_interrupt_keeps_what_is_done_and_leaves_no_process(tmp_path, workers, whom):
    """The keyboard interrupts all processes of the terminal; who holds the clock of a time limit, this one alone."""
    script, folder = tmp_path / "script.py", tmp_path / "pids"
    script.write_text(INTERRUPTED, "utf-8")
    folder.mkdir()
    command = [sys.executable, str(script), str(folder), str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(Path(runs.__file__).parents[1])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment
    ) as asked:
        assert asked.stdout is not None
        assert asked.stderr is not None
        given = [asked.stdout.readline() for _ in range(3)]
        time.sleep(0.2)
        (os.kill if whom == "one" else os.killpg)(asked.pid, signal.SIGINT)
        rest, said = asked.stdout.read(), asked.stderr.read()
    assert [*given, rest] == ["0\n", "1\n", "2\n", "interrupted True 3\n"]
    assert (asked.returncode, said) == (0, "")
    pids = {int(path.name) for path in folder.iterdir()}
    assert len(pids) >= workers
    assert not [pid for pid in pids if lives(pid)]


def lives(pid: int) -> bool:
    """Whether there is such a process still."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
