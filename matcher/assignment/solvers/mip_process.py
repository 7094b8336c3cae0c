"""The process that HiGHS works in, from the outside: it can be asked, waited for and ended at any moment.

Reading and writing have threads of their own: a process that is stopped would block either for ever.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from matcher.assignment.solvers.mip_child import receive, send

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = Path(__file__).with_name("mip_child.py")
GRACE = 0.1
"""Seconds between asking a process to end and ending it."""

Answer = tuple[dict[str, Any], list[bytes]]


class Child:
    """One process, from its start to its end; it answers one program after another."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._file = Path(self._folder.name) / "better"
        command = [sys.executable, "-P", str(SCRIPT)]  # -P: the script's neighbours are no packages of its own
        self._process = subprocess.Popen(  # noqa: S603  our own script
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._ready = False
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, facts: dict[str, Any], parts: list[bytes], left: Callable[[], float | None], grace: float) -> Answer | None:
        """Have one program solved; None where the process ended, or said nothing until ``grace`` after the limit.

        ``left`` tells how many seconds there are until the limit, None without one; the solver's own limit starts with it.
        """
        if not self._ready and self._next(left(), grace) is None:
            return None
        self._ready = True
        self._file.unlink(missing_ok=True)
        facts = {**facts, "seconds": left(), "file": str(self._file)}
        threading.Thread(target=self._write, args=(facts, parts), daemon=True).start()
        return self._next(left(), grace)

    def written(self, size: int) -> list[npt.NDArray[np.float64]]:
        """The solutions, each of ``size`` numbers, that the solver wrote down while it worked; the best first."""
        return _solutions(self._file.read_text("utf-8"), size) if self._file.exists() else []

    def end(self) -> None:
        """End the process, whatever it is doing, also where it is stopped."""
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(OSError):  # what was still to be written is lost with the process
            cast("IO[bytes]", self._process.stdin).close()
        self._folder.cleanup()

    def _next(self, seconds: float | None, grace: float) -> Answer | None:
        try:
            return self._answers.get(timeout=None if seconds is None else seconds + grace)
        except queue.Empty:
            return None

    def _read(self) -> None:
        with cast("IO[bytes]", self._process.stdout) as stream:
            answer: Answer | None = ({}, [])
            while answer is not None:
                answer = receive(stream)
                self._answers.put(answer)

    def _write(self, facts: dict[str, Any], parts: list[bytes]) -> None:
        with suppress(OSError):  # it has ended; the reader says so
            send(cast("IO[bytes]", self._process.stdin), facts, parts)


def _solutions(text: str, size: int) -> list[npt.NDArray[np.float64]]:
    """HiGHS's blocks, best first: the objective, minus the number of entries, the entries as value and column."""
    found = []
    for block in reversed(text.split("Objective")):
        lines = block.splitlines()
        entries = [line.split() for line in lines[2:]]
        complete = len(lines) > 1 and lines[1] == f"# Columns {-len(entries)}" and all(len(entry) == 2 for entry in entries)
        if complete and block.endswith("\n"):
            x = np.zeros(size)
            x[[int(at) for _, at in entries]] = [float(value) for value, _ in entries]
            found.append(x)
    return found
