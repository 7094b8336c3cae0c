"""The whole main job, step by step, at three sizes; and ``matcher propose`` as a whole process, cold and warm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from benchmarks.tools.machine import peak_megabytes
from benchmarks.tools.section import Bars, Section, Table

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SIZES = ((70, 60), (1_000, 1_000), (10_000, 10_000))
SEED = 1
STARTS = 5
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "hovedstaden.xlsx"
STEPS_TEXT = (
    "Seconds of CPU and of the wall clock, and the most memory the process has held so far (MB), one thread. Each size is a "
    "fresh process; compiled code is on disk already. The cases are `matcher sample`'s, with their active friendships, so there "
    "are more people in them than those who wait; top 5 volunteers are proposed to each waiting child.",
    "- *people and candidates*: facts as columns, rules about one person, the loop over all pairs.\n"
    "- *best plan*: the flow, its prices, and the tie rule. *independent check*: the plan in ids, and the checker's judgement of "
    "it from the raw records: every pair where children times volunteers is at most 250,000, else a sample of as many.\n"
    "- *proposals of every child*: reasons, parts, `plan_cost`, who is displaced, and the checker's judgement.\n"
    "- *report*: the workbook in bytes, with sentences and the sheet that says why some have no proposal.",
)
START_TEXT = (
    "`matcher propose examples/hovedstaden.xlsx` from its start to its end, medians of {runs} runs, with as many threads as the "
    "libraries like. *Cold*: nothing of ours is compiled, as on the first day; *warm*: everything is. So small a question is "
    "answered by plain Python and NumPy, to the same last byte, so there is nothing to wait for. *Set-up*: `dev.py` compiles "
    "once what larger questions need (`python -m workbench.ahead`)."
)


def measure() -> Section:
    """Run all sizes, each in a process of its own, and the command."""
    _run([sys.executable, "-m", "workbench.ahead"], {})
    found = {size: _steps_in_a_process(*size) for size in SIZES}
    return section(found, starts())


def steps(children: int, volunteers: int) -> dict[str, tuple[float, float, float]]:
    """CPU seconds, wall seconds and peak MB of each step, in order."""
    from constraints.rulebook import load_rulebook  # noqa: PLC0415  the parent process stays small
    from matcher.case import read_case, write_case  # noqa: PLC0415
    from matcher.engine import Engine  # noqa: PLC0415
    from matcher.geography.postcodes import load_postcodes  # noqa: PLC0415
    from scenarios.synthetic import PLANNING_DATE, synthetic_case  # noqa: PLC0415
    from workbench.report.proposals import Question, workbook  # noqa: PLC0415

    taken: dict[str, tuple[float, float, float]] = {}

    def step(name: str, run: Callable[[], T]) -> T:
        cpu, wall = time.process_time(), time.perf_counter()
        result = run()
        taken[name] = (time.process_time() - cpu, time.perf_counter() - wall, peak_megabytes())
        return result

    drawn = step("draw the case", lambda: synthetic_case(children=children, volunteers=volunteers, seed=SEED))
    with TemporaryDirectory() as folder:
        book, tables = Path(folder) / "case.xlsx", Path(folder) / "case"
        step("write it (.xlsx)", lambda: write_case(drawn, book, language="da"))
        step("read it (.xlsx)", lambda: read_case(book, today=PLANNING_DATE))
        step("write it (CSV)", lambda: write_case(drawn, tables))
        case, _ = step("read it (CSV)", lambda: read_case(tables, today=PLANNING_DATE))
    engine = Engine.of(case, load_rulebook(PLANNING_DATE), load_postcodes())
    step("people and candidates", lambda: engine.candidates)
    step("best plan", lambda: engine.solved)
    step("independent check", engine.assign)
    found = step("proposals of every child", engine.proposals)
    question = Question(children=(), volunteers=(), top=5)
    step("report", lambda: workbook("da", engine, found, question))
    taken[f"{len(case.children):,} children, {len(case.volunteers):,} volunteers, {len(engine.candidates):,} eligible pairs"] = (
        sum(cpu for cpu, _, _ in taken.values()),
        sum(wall for _, wall, _ in taken.values()),
        peak_megabytes(),
    )
    return taken


def _steps_in_a_process(children: int, volunteers: int) -> dict[str, tuple[float, float, float]]:
    command = [sys.executable, "-m", "benchmarks.main_job", str(children), str(volunteers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603  this very Python and module
    return {name: tuple(figures) for name, figures in json.loads(done.stdout).items()}


def starts() -> dict[str, tuple[float, float]]:
    """CPU and wall seconds of the command, cold and warm, and of compiling ahead."""
    with TemporaryDirectory() as folder:
        kept = {"MATCHER_CACHE": f"{folder}/loops", "NUMBA_CACHE_DIR": f"{folder}/compiled"}
        command = [str(Path(sys.executable).with_name("matcher")), "propose", str(EXAMPLE), "--out", f"{folder}/out"]
        empty = [{name: f"{path}-{number}" for name, path in kept.items()} for number in range(STARTS)]
        cold = [_run(command, nothing) for nothing in empty]
        ahead = _run([sys.executable, "-m", "workbench.ahead"], kept)
        warm = [_run(command, kept) for _ in range(STARTS)]
    return {"cold": _medians(cold), "warm": _medians(warm), "set-up": ahead}


def _medians(runs: list[tuple[float, float]]) -> tuple[float, float]:
    return median(cpu for cpu, _ in runs), median(wall for _, wall in runs)


def _run(command: list[str], kept: dict[str, str]) -> tuple[float, float]:
    threads = {name for name in os.environ if name.endswith("_THREADS")}
    environment = {**{name: value for name, value in os.environ.items() if name not in threads}, **kept}
    before, wall = os.times(), time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)  # noqa: S603
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.perf_counter() - wall


def section(
    found: dict[tuple[int, int], dict[str, tuple[float, float, float]]], begun: dict[str, tuple[float, float]]
) -> Section:
    """Tables and a picture."""
    heading = ("step", "CPU s", "wall s", "peak MB")
    tables = [
        Table(
            caption=f"{children:,} waiting children, {volunteers:,} free volunteers",
            heading=heading,
            rows=tuple(
                (name, *(f"{figure:,.3g}" if figure < 100 else f"{figure:,.0f}" for figure in row)) for name, row in of.items()
            ),
        )
        for (children, volunteers), of in found.items()
    ]
    tables.append(
        Table(
            caption="whole processes: matcher propose, and compiling ahead",
            heading=("start", "CPU s", "wall s"),
            rows=tuple((name, f"{cpu:.2f}", f"{wall:.2f}") for name, (cpu, wall) in begun.items()),
        )
    )
    labels = list(next(iter(found.values())))[:-1]
    picture = Bars(
        name="performance-main-job",
        title="The main job",
        unit="CPU seconds",
        labels=tuple(labels),
        groups={f"{c:,} by {v:,}": tuple(max(of[name][0], 1e-3) for name in labels) for (c, v), of in found.items()},
    )
    text = (*STEPS_TEXT, START_TEXT.format(runs=STARTS))
    return Section(title="The main job", text=text, tables=tuple(tables), pictures=(picture,))


if __name__ == "__main__":
    print(json.dumps(steps(int(sys.argv[1]), int(sys.argv[2]))))
