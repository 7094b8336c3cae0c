"""A time limit that holds whatever the solver does: the command runs in a process of its own, which is ended at the limit.

A thread or a signal handler of the same process would have to wait until native code lets Python in; another process does not.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from matcher.errors import TimeLimitError
from workbench.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from matcher.rules import Rulebook
    from workbench.options import Options

HELD = "MATCHER_TIMED_BY"
UNTIL, LIMIT = "MATCHER_TIMED_UNTIL", "MATCHER_TIMED_SECONDS"
"""The limit on the clock ``time.monotonic``, which all processes share; and how long it was."""
TOLD = "MATCHER_TIMED_AFTER_READING"
LATE = 0.4
"""Seconds after the limit for an answer that is being written already."""
GRACE = 0.25
"""Seconds to tidy up in, after that."""
AFTER, AFTER_A_PAIR, AFTER_A_ROW = 0.7, 2.5e-5, 1e-3
"""Processor seconds of what comes after a search, checking and writing: by itself, for each eligible pair, for each row."""
SLOWEST = 5.0
"""A processor second takes so many seconds at most, where others use the machine too."""


class TimerWantedError(Exception):
    """The command wants a time limit, and nobody holds it to one yet."""

    def __init__(self, seconds: float, options: Options) -> None:
        self.seconds = seconds
        self.options = options
        super().__init__(f"{seconds:g}")


def is_timed() -> bool:
    """Whether this process is the one that somebody else ends at the limit, having read the case and told what it found."""
    return TOLD in os.environ


def held_to(options: Options) -> None:
    """Ask for the time limit of the command line before any work is done; raises ``TimerWantedError`` as ``limited`` does."""
    if HELD in os.environ:
        signal.signal(signal.SIGTERM, _tidy_up)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # also where whoever started us does not listen to it
        threading.Thread(target=_end_with_parent, daemon=True).start()
    elif (seconds := _stated(options.time_limit)) > 0:
        raise TimerWantedError(seconds, options)


def delivered() -> None:
    """The answer is out: whoever ends this process at the limit is too late."""
    if HELD in os.environ:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def limited(rulebook: Rulebook, options: Options) -> None:
    """Ask for the time limit that the case states; raises ``TimerWantedError`` where nobody holds the command to it yet.

    The network plan comes with no smaller answer on the way, so nobody who has not asked is cut off; 0 is no limit.
    """
    if HELD not in os.environ and "time_limit" in rulebook.values and rulebook.number("time_limit") > 0:
        raise TimerWantedError(rulebook.number("time_limit"), options)


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left of the time of the process that is ended at the limit; made when its command starts."""

    began: float = field(default_factory=time.monotonic)
    worked: float = field(default_factory=time.process_time)

    @property
    def is_running(self) -> bool:
        """Whether there is a limit."""
        return UNTIL in os.environ

    def for_searches(self, n_pairs: int, n_rows: int = 0) -> Callable[[], float | None]:
        """What tells how many seconds searches may still take, checking so many pairs and writing so many rows set apart."""
        return self.before(AFTER + AFTER_A_PAIR * n_pairs + AFTER_A_ROW * n_rows)

    def before(self, work: float) -> Callable[[], float | None]:
        """What tells how many seconds are left; None where there is no limit.

        What comes after them, so many processor seconds of work, has its time set apart. How long it takes on this machine now
        is judged by how fast the command has come on so far.
        """
        if not self.is_running:
            return lambda: None
        pace = (time.monotonic() - self.began) / max(time.process_time() - self.worked, 0.01)
        until = float(os.environ[UNTIL]) - work * min(max(pace, 1.0), SLOWEST)
        return lambda: max(0.0, until - time.monotonic())

    @contextmanager
    def naming_limit(self) -> Iterator[None]:
        """Say how long the limit was where a search ends without an answer."""
        try:
            yield
        except TimeLimitError:
            raise TimeLimitError(os.environ.get(LIMIT, "")) from None


def timed(arguments: Sequence[str], seconds: float, began: float) -> int:
    """Run the command line in a process of its own; returns its exit code.

    The first interrupt is handed on to it: it may have an answer. The second ends it.

    Parameters
    ----------
    seconds, began
        The limit, and when the clock (``time.monotonic``) started.

    Raises
    ------
    TimeLimitError
        The limit came first; the process is gone, and nothing half-written is left.
    """
    command = [sys.executable, "-m", "workbench", *arguments]
    until = began + seconds
    if time.monotonic() > until:
        raise TimeLimitError(f"{seconds:g}")
    environment = {**os.environ, HELD: str(os.getpid()), UNTIL: repr(until), LIMIT: f"{seconds:g}"}
    if not any(word.split("=")[0] == "--time-limit" for word in arguments):
        environment[TOLD] = "1"
    # Its input ends with this process, and so does it. Of the keyboard's interrupts it hears what is handed on.
    own_group = {} if sys.platform == "win32" else {"process_group": 0}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, **cast("Any", own_group)) as child:  # noqa: S603
        late = False
        try:
            _wait(child, until)
        except subprocess.TimeoutExpired:
            late = True
        finally:
            code = _end(child)
    if late and (code < 0 or code == Exit.OUT_OF_TIME):
        raise TimeLimitError(f"{seconds:g}")
    return code if code >= 0 else Exit.INTERRUPTED if code == -signal.SIGINT else Exit.BROKEN


def _wait(child: subprocess.Popen[bytes], until: float) -> None:
    """Wait for an answer until a little after the limit, also after interrupts: they are handed on, and one more ends it."""
    for _ in range(INTERRUPTS):
        try:
            child.wait(max(0.0, until + LATE - time.monotonic()))
        except KeyboardInterrupt:
            if sys.platform != "win32":  # there, processes of one console are all interrupted
                child.send_signal(signal.SIGINT)
        else:
            return
    child.wait(max(0.0, until + LATE - time.monotonic()))


def _end(child: subprocess.Popen[bytes]) -> int:
    """End it, unless it has; its exit code, which is that of its answer where it was just delivering one."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
    with cast("IO[bytes]", child.stdin):  # closed only now: its end would end the child
        pass
    return child.wait()


INTERRUPTS = 2
"""The first ends the search with what there is, the second is told that files are being written."""
_pressed = threading.Event()
"""Set once an interrupt has been told while an answer was finished."""


def nothing_pressed() -> None:
    """Begin a command: no interrupt has been told yet."""
    _pressed.clear()


@contextmanager
def finishing(told: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Finish what takes a moment: the first interrupt meanwhile is ``told`` and no more, the second one gives up.

    It may be done in several parts of one command: the second gives up also where the first came in an earlier part.
    """
    if _pressed.is_set() or threading.current_thread() is not threading.main_thread():  # only that one hears any
        yield
        return

    def heard(*_: Any) -> None:  # noqa: ANN401  what a signal hands over
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _pressed.set()
        told()

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _stated(seconds: str | None) -> float:
    """The limit of the command line; 0 where there is none, or none that is a number, which is said later."""
    try:
        stated = float((seconds or "0").replace(",", "."))
    except ValueError:
        return 0.0
    return stated if math.isfinite(stated) else 0.0


def _tidy_up(*_: Any) -> None:  # noqa: ANN401  what a signal hands over
    raise SystemExit(Exit.OUT_OF_TIME)


def _end_with_parent() -> None:
    """Wait for the end of the input, which is that of the process that holds the clock."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
