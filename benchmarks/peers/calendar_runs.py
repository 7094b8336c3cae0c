"""One contestant on one year, in a process of its own: its plans after some moments, judged, and the memory it took.

``python -m benchmarks.peers.calendar_runs WHO KIND OBLIGED SEED SECONDS...`` prints a run for each moment, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.peers import calendar_cpsat, calendar_timefold
from benchmarks.peers.calendar_years import KINDS, Question
from benchmarks.tools.machine import peak_megabytes
from matcher.calendar.planner import first_plan, plan_year
from matcher.calendar.running.watch import Effort
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from matcher.calendar.plan import YearPlan
    from matcher.calendar.running.watch import Progress

SEED = 1
"""Of the contestants' random choices."""
Bounds = tuple[float | None, ...]
Told = tuple[float, str, float, float | None]
"""Seconds, a level, its best value, its bound."""
Answers = list[tuple["YearPlan", Bounds, float]]
"""A plan and its bounds for each moment, and the seconds that it took."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a contestant has after ``seconds``; ``took`` is less where it ended by itself.

    ``levels`` are of its plan as records, ``bounds`` None where none is known, ``faults`` what rules and checker say against
    the plan, ``told`` how levels went in the longest run, ``megabytes`` the most that its process and the largest child of that
    held in all its runs.
    """

    obliged: int
    seconds: float
    took: float
    levels: tuple[float, ...]
    bounds: Bounds
    faults: tuple[str, ...]
    told: tuple[Told, ...]
    megabytes: float

    @classmethod
    def of_plain(cls, plain: Mapping[str, object]) -> Run:
        """From another process's words."""
        lists = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
        told = tuple(tuple(one) for one in lists["told"])
        return cls(**{**plain, **lists, "told": told})  # type: ignore[arg-type]


class _Listening:
    """Keeps what is told, each change once."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin a run; only the last one's words are kept."""
        self.began = time.perf_counter()
        self.told: list[Told] = []
        self._last: dict[str, tuple[float, float | None]] = {}

    def tell(self, level: str, best: float, bound: float | None) -> None:
        """Keep it with the time."""
        if self._last.get(level) != (best, bound):
            self._last[level] = (best, bound)
            self.told.append((time.perf_counter() - self.began, level, best, bound))

    def heard(self, progress: Progress) -> None:
        """What our planner tells."""
        self.tell(progress.level, progress.best, progress.bound)


def measured(who: str, question: Question, moments: Sequence[float]) -> list[Run]:
    """Run a contestant; every moment is a run with that limit, but for Timefold, which keeps its plan of each moment."""
    listening = _Listening()
    answers = CONTESTANTS[who](question, moments, listening)
    held = peak_megabytes() + _child_megabytes()
    return [
        Run(
            obliged=len(question.year.volunteers),
            seconds=moment,
            took=took,
            levels=plan.objective.values(),
            bounds=bounds,
            faults=tuple(question.faults(plan)),
            told=tuple(listening.told) if moment == max(moments) else (),
            megabytes=held,
        )
        for moment, (plan, bounds, took) in zip(moments, answers, strict=True)
    ]


def _greedy(question: Question, moments: Sequence[float], _: _Listening) -> Answers:
    """The first plan, from records on: the rules are asked too."""
    first_plan(question.year)  # its code is loaded
    began = time.perf_counter()
    plan = first_plan(Question(question.case, question.settings).year)
    return [(plan, (None,) * len(LEVELS), time.perf_counter() - began)] * len(moments)


def _ours(question: Question, moments: Sequence[float], listening: _Listening) -> Answers:
    """The planner; a run that ended by itself is that of the later moments too, as it would be the same again."""
    found: Answers = []
    for moment in moments:
        if found and not found[-1][0].cut:
            found.append(found[-1])
            continue
        listening.restart()
        plan = plan_year(question.year, seconds=moment, effort=Effort.THOROUGH, seed=SEED, listener=listening.heard)
        found.append((plan, plan.bound.values(), time.perf_counter() - listening.began))
    return found


def _cp_sat(question: Question, moments: Sequence[float], listening: _Listening) -> Answers:
    found: Answers = []
    for moment in moments:
        listening.restart()
        plan, bounds = calendar_cpsat.planned(question.year, seconds=moment, seed=SEED, tell=listening.tell)
        found.append((plan, bounds, time.perf_counter() - listening.began))
    return found


def _timefold(question: Question, moments: Sequence[float], listening: _Listening) -> Answers:
    calendar_timefold.prepared()
    listening.restart()
    plans = calendar_timefold.planned(question.year, moments=moments, seed=SEED, tell=listening.tell)
    return [(plan, (None,) * len(LEVELS), moment) for plan, moment in zip(plans, moments, strict=True)]


CONTESTANTS: Mapping[str, Callable[[Question, Sequence[float], _Listening], Answers]] = {
    "ours": _ours,
    "greedy": _greedy,
    "cp_sat": _cp_sat,
    "timefold": _timefold,
}


def _child_megabytes() -> float:
    """Most memory of the largest process that this one started and that has ended, in MB; 0 where the system does not tell."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415  not on every system

        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    return 0.0


def in_a_process(who: str, kind: str, obliged: int, seed: int, moments: Sequence[float], keep: Path | None = None) -> list[Run]:
    """Run a contestant in a fresh process, or read what an earlier run has left in the folder ``keep``."""
    words = [who, kind, str(obliged), str(seed), *(f"{moment:g}" for moment in moments)]
    kept = None if keep is None else keep / f"{'-'.join(words)}.json"
    if kept is not None and kept.exists():
        return [Run.of_plain(plain) for plain in json.loads(kept.read_text("utf-8"))]
    print(f"  {' '.join(words)}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.peers.calendar_runs", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603  this very Python and module
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.stdout, "utf-8")
    return [Run.of_plain(plain) for plain in json.loads(done.stdout)]


def main(words: Sequence[str]) -> None:
    """Do what the command line asks."""
    who, kind, obliged, seed, *moments = words
    question = KINDS[kind](int(obliged), int(seed))
    print(json.dumps([asdict(run) for run in measured(who, question, [float(one) for one in moments])]))


if __name__ == "__main__":
    main(sys.argv[1:])
