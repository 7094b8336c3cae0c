"""The calendar's solver from the outside: programs in fractions or whole numbers, in a process that can be ended."""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt

from matcher.assignment.solvers import mip_child
from matcher.assignment.solvers.mip_answers import OPTIMAL, Look, Question
from matcher.assignment.solvers.mip_process import Answer, Child
from matcher.errors import RuleError

if TYPE_CHECKING:
    from types import TracebackType

    from matcher.assignment.pairs import Mask
    from matcher.assignment.solvers.program import Found, Program

SCRIPT = Path(__file__).with_name("solver_child.py")
GRACE = 0.1
Method = Literal["pdlp", "barrier", "simplex"]
Float = npt.NDArray[np.float64]


class _Process(Child):
    """As ``Child``, with our script."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._file = Path(self._folder.name) / "better"
        command = [sys.executable, "-P", str(SCRIPT), str(mip_child.__file__)]
        self._process = subprocess.Popen(  # noqa: S603  our own script
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._ready = False
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def started(self) -> bool:
        """Whether it has ever said that it is ready."""
        return self._ready

    def stop(self) -> None:
        """Have it end; whoever waits for its answer gets none."""
        self._process.terminate()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fractions:
    """A solution in fractions and the rows' prices, neither exact; ``done``: within the solver's tolerance."""

    x: Float
    prices: Float
    done: bool


class Clock:
    """The outer guard: when time is up, and whether it has cut anything."""

    def __init__(self, seconds: float | None) -> None:
        self.began = time.monotonic()
        self.seconds = seconds
        self.cut = False
        self.stopped = False
        self._kept = 0.0

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    def keep(self, share: float, at_most: float) -> None:
        """Keep a share of the time, so many seconds at most, for what comes later; 0 gives it back."""
        self._kept = 0.0 if self.seconds is None else min(share * self.seconds, at_most)

    def left(self) -> float | None:
        """Seconds until the limit; None without one."""
        return None if self.seconds is None else self.seconds - self._kept - self.spent

    def stop(self) -> None:
        """End everything: somebody pressed Ctrl-C."""
        self.cut = self.stopped = True

    def part(self, share: float) -> Clock:
        """A clock with the same start that ends after a share (at most 1) of what is left."""
        clock, left = Clock(None), self.left()
        clock.began = self.began
        clock.seconds = None if left is None else self.spent + min(share, 1.0) * left
        return clock

    def calls_time(self) -> bool:
        """Whether the limit is reached; whoever asks stops for it, so from then on the run counts as cut."""
        left = self.left()
        over = left is not None and left <= 0
        self.cut |= over
        return over or self.stopped


class Solver:
    """One process for many programs, one after another; as a context, which ends the process."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock, self.seed = clock, seed
        self._child: _Process | None = _Process()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def stop(self) -> None:
        """End what runs, from another thread than the one that waits for it."""
        self.clock.stop()
        if (child := self._child) is not None:
            child.stop()

    def whole(self, program: Program, hint: Mask | None, *, nodes: int = 0, gap: float = 0.0) -> Found:
        """The best solution in whole numbers, no worse than the hint; ``nodes`` (0: any number) and ``gap`` end the search."""
        question = Question(program, hint, self.clock.left(), self.seed, relax=False)
        answer = self._ask(question, {"relax": False, "method": "simplex", "nodes": nodes, "gap": gap, "iterations": 0})
        if answer is None:
            return question.found(Look(claim="open"))
        look = question.read(answer)
        return question.found(look if look.claim in {"proved", "open"} else Look(claim="open"))

    def fractions(self, program: Program, method: Method, iterations: int = 0) -> Fractions | None:
        """A solution in fractions; None where there was none in time."""
        question = Question(program, None, self.clock.left(), self.seed, relax=True)
        answer = self._ask(question, {"relax": True, "method": method, "nodes": 0, "gap": 0.0, "iterations": iterations})
        if answer is None or not answer[1][0] or not answer[1][1]:
            return None
        facts, (x, prices) = answer
        return Fractions(x=np.frombuffer(x), prices=np.frombuffer(prices), done=facts["reason"] == OPTIMAL)

    def _ask(self, question: Question, facts: dict[str, object]) -> Answer | None:
        """One run; a process that does not answer in time is ended, and what it had found is kept."""
        if self.clock.calls_time():
            return None
        self._child = self._child or _Process()
        try:
            answer = self._child.ask({**facts, "seed": self.seed}, question.parts(), self.clock.left, GRACE)
        except BaseException:  # an interrupt too: what comes later must not be taken for the answer to another question
            self._end()
            raise
        if answer is None:
            left = self.clock.left()
            if not self._child.started and not self.clock.stopped and (left is None or left > 0):
                raise RuleError("solver: its process does not start")
            for x in self._child.written(question.program.n_columns):
                question.offer(x)
            self._end()
        elif answer[0]["reason"].startswith("error"):
            raise RuleError(f"solver: {answer[0]['reason']}")
        elif self.clock.left() is not None and (self.clock.left() or 0) <= 0:
            self.clock.cut = True
        return answer

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None
