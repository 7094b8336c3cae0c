"""A time limit on the command line: an answer or none, honestly named, no half file, and nobody left behind."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workbench.desk import ask, child, rows_of, run, volunteer, write_case
from workbench.timer import Clock

LATE = 20.0
"""Seconds after the limit that a machine with much else to do is given, from the start of a process to its end."""


@pytest.fixture(scope="module")
def crossing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty children under quotas by gender and by programme's initiative that cross a matcher's limits."""
    folder = tmp_path_factory.mktemp("crossing") / "case"
    children = [
        child(
            child_id=f"B{i:02}",
            gender=("boy", "girl")[i % 2],
            wants_gender="any",
            initiative=f"i{i % 3}",
            latitude=f"{55.70 + i * 0.003:.4f}",
            registered_on=f"2026-{1 + i % 12:02}-{1 + i % 28:02}",
        )
        for i in range(40)
    ]
    volunteers = [
        volunteer(
            volunteer_id=f"V{j:02}",
            wants_gender="any",
            latitude=f"{55.70 + j * 0.0041:.4f}",
            likes=("football", "cooking")[j % 2],
        )
        for j in range(30)
    ]
    quotas = [
        {"dimension": "gender", "value": "boy", "at_least": "", "at_most": "11"},
        {"dimension": "gender", "value": "girl", "at_least": "3", "at_most": "12"},
        {"dimension": "initiative", "value": "i0", "at_least": "5", "at_most": "7"},
        {"dimension": "initiative", "value": "i1", "at_least": "", "at_most": "8"},
    ]
    return write_case(folder, children, volunteers, quotas=quotas)


@pytest.fixture
def no_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the limit left no time for any search."""
    monkeypatch.setattr(Clock, "for_searches", lambda *_: lambda: 0.0)


def summary(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "summary.json").read_text("utf-8")))


def is_clean(folder: Path) -> bool:
    """Whether no file that was on its way is left."""
    return not folder.exists() or not list(folder.glob(".*"))


@pytest.mark.parametrize("command", ["assign", "propose", "fairness"])
def test_enough_time_is_no_other_answer(crossing: Path, tmp_path: Path, command: str) -> None:
    done = run(command, crossing, "--time-limit", "300", "--out", tmp_path / "timed")
    plain = run(command, crossing, "--out", tmp_path / "plain")
    assert (done.returncode, plain.returncode) == (0, 0), done.stderr
    assert done.stderr == plain.stderr
    for file in tmp_path.glob("plain/*.csv"):
        assert file.read_bytes() == (tmp_path / "timed" / file.name).read_bytes()
    assert summary(tmp_path / "timed")["status"] == "optimal"
    assert summary(tmp_path / "timed")["repeatable"] is True


@pytest.mark.parametrize("command", ["assign", "propose", "fairness"])
def test_no_time_is_no_answer_and_says_so(crossing: Path, tmp_path: Path, command: str) -> None:
    began = time.monotonic()
    done = run(command, crossing, "--time-limit", "0.01", "--out", tmp_path / "out", "--language", "en")
    assert time.monotonic() - began < LATE
    assert done.returncode == 3
    assert "0.01" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seconds", ["1", "2.5"])
@pytest.mark.parametrize("solver", ["auto", "cp_sat"])
def test_some_time_ends_in_time_with_an_honest_answer_or_none(crossing: Path, tmp_path: Path, seconds: str, solver: str) -> None:
    began = time.monotonic()
    done = run("assign", crossing, "--time-limit", seconds, "--solver", solver, "--out", tmp_path / "out")
    assert time.monotonic() - began < float(seconds) + LATE
    assert done.returncode in {0, 3}, done.stderr
    assert is_clean(tmp_path / "out")
    if done.returncode == 0:
        told = summary(tmp_path / "out")
        assert told["repeatable"] is False or told["status"] == "optimal"
        assert len(rows_of(tmp_path / "out" / "assignment.csv")) == told["matched"]


@pytest.mark.usefixtures("no_seconds")
def test_without_a_search_there_is_a_plan_that_says_what_it_is(crossing: Path, tmp_path: Path) -> None:
    done = ask("assign", crossing, "--out", tmp_path, "--language", "en")
    told = summary(tmp_path)
    assert done.returncode == 0, done.stderr
    assert (told["status"], told["repeatable"]) == ("feasible", False)
    assert told["limits_not_priced"]
    assert "limits" not in told
    assert "the best that was found; at most" in done.stdout
    boys = {
        row["child_id"] for row in csv.DictReader((crossing / "children.csv").open(encoding="utf-8")) if row["gender"] == "boy"
    }
    matched = {row["child_id"] for row in rows_of(tmp_path / "assignment.csv")}
    assert len(matched & boys) <= 11
    assert float(str(told["bound"])) >= float(str(told["total"]))


@pytest.mark.usefixtures("no_seconds")
def test_proposals_without_a_search_have_bounds_for_costs(crossing: Path, tmp_path: Path) -> None:
    done = ask("propose", crossing, "--out", tmp_path, "--language", "en")
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "proposals.csv")
    assert {row["plan_cost_is"] for row in rows} == {"bound"}
    told = summary(tmp_path)
    assert (told["status"], told["repeatable"], told["costs_not_exact"]) == ("feasible", False, len(rows))
    assert "no time to work out" in done.stdout


@pytest.mark.usefixtures("no_seconds")
def test_prices_of_fairness_that_were_not_found_are_left_out(crossing: Path, tmp_path: Path) -> None:
    done = ask("fairness", crossing, "--out", tmp_path, "--language", "en")
    assert done.returncode == 0, done.stderr
    assert not rows_of(tmp_path / "fairness.csv")
    assert summary(tmp_path)["repeatable"] is False
    assert "Time ran out before any price" in done.stdout


@pytest.mark.usefixtures("no_seconds")
def test_who_comes_first_is_not_guessed(crossing: Path, tmp_path: Path) -> None:
    assert ask("assign", crossing, "--max-wait-first", "--out", tmp_path / "out").returncode == 3
    assert not (tmp_path / "out").exists()


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    """The console command, which hears interrupts also where the tests run in the background."""
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from workbench.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", process_group=0)


def processes_of(pid: int) -> list[int]:
    """The processes below one, all the way down."""
    own = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]
    return [*own, *(lower for one in own for lower in processes_of(one))]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, or is about to."""
    for _ in range(200):
        state = Path(f"/proc/{pid}/stat")
        try:
            if state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def wait_for_processes(pid: int) -> list[int]:
    """The process that is held to the limit, as soon as there is one."""
    for _ in range(600):
        if found := processes_of(pid):
            return found
        time.sleep(0.02)
    raise AssertionError("the command never started")


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")


@linux
@pytest.mark.parametrize("sent", [signal.SIGSTOP, signal.SIGKILL])
def test_a_process_that_is_stopped_or_killed_keeps_nobody_waiting(crossing: Path, tmp_path: Path, sent: signal.Signals) -> None:
    began = time.monotonic()
    with started("assign", crossing, "--time-limit", "2", "--out", tmp_path / "out") as command:
        found = wait_for_processes(command.pid)
        os.kill(found[0], sent)
        command.communicate()
    assert time.monotonic() - began < 2 + LATE
    assert command.returncode not in {0, 130}
    assert all(is_gone(pid) for pid in found)
    assert not (tmp_path / "out").exists()


@linux
@pytest.mark.parametrize("times", [1, 2])
def test_interrupts_leave_nothing_behind(crossing: Path, tmp_path: Path, times: int) -> None:
    with started("fairness", crossing, "--time-limit", "100", "--out", tmp_path / "out") as command:
        found = wait_for_processes(command.pid)
        for _ in range(times):
            time.sleep(1.0)
            command.send_signal(signal.SIGINT)
        command.communicate()
    assert command.returncode in {0, 130, -signal.SIGINT}  # the last where the second comes when all is done
    assert all(is_gone(pid) for pid in found)
    assert is_clean(tmp_path / "out")
    if command.returncode == 0:
        assert (tmp_path / "out" / "summary.json").exists()


@linux
def test_the_command_ends_with_whoever_holds_the_clock(crossing: Path, tmp_path: Path) -> None:
    with started("fairness", crossing, "--time-limit", "100", "--out", tmp_path / "out") as command:
        found = wait_for_processes(command.pid)
        command.kill()
        command.communicate()
    assert all(is_gone(pid) for pid in found)
    assert is_clean(tmp_path / "out")


def test_faults_of_a_case_are_told_under_a_limit_too(crossing: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(crossing, tmp_path / "case"))
    with (case / "children.csv").open("a", encoding="utf-8") as file:
        file.write("B99,voksenven\n")
    done = run("assign", case, "--time-limit", "300")
    assert done.returncode == 2
    assert done.stderr == run("assign", case).stderr
