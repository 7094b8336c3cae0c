"""A time limit that holds whatever the solver does: the command runs again in a process of its own, which is ended at the limit.

A thread or a signal handler of the same process would have to wait until native code lets Python in; another process does not.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from matcher.errors import TimeLimitError
from workbench.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.rules import Rulebook
    from workbench.options import Options

HELD = "MATCHER_TIMED_BY"
LEFT = "MATCHER_TIME_LEFT"
STARTING = 0.5
"""Seconds in which a process starts, before its command does."""
GRACE = 0.3
"""Seconds to tidy up in, once the limit has struck."""


class TimerWantedError(Exception):
    """The command wants a time limit, and nobody holds it to one yet."""

    def __init__(self, seconds: float, options: Options) -> None:
        self.seconds = seconds
        self.options = options
        super().__init__(f"{seconds:g}")


def is_timed() -> bool:
    """Whether this process is the one that somebody else ends at the limit."""
    return HELD in os.environ


def limited(rulebook: Rulebook, options: Options) -> None:
    """Ask for the time limit that the case or the command line states; raises ``TimerWantedError`` where nobody holds it yet.

    The network plan comes with no smaller answer on the way, so nobody who has not asked is cut off; 0 is no limit.
    """
    if is_timed():
        signal.signal(signal.SIGTERM, _tidy_up)
    elif "time_limit" in rulebook.values and rulebook.number("time_limit") > 0:
        raise TimerWantedError(rulebook.number("time_limit"), options)


def seconds_left(began: float) -> float | None:
    """How long a search may still take in the process that is ended at the limit; None where there is no limit.

    ``began`` is this process's clock (``time.perf_counter``) when its command started. What comes after the search, the
    check and the writing, gets a fifth of the time, and a second at least.
    """
    if LEFT not in os.environ:
        return None
    left = float(os.environ[LEFT]) - STARTING
    return max(0.1, left - max(1.0, left / 5) - (time.perf_counter() - began))


def _tidy_up(*_: Any) -> None:  # noqa: ANN401  what a signal hands over
    raise SystemExit(Exit.OUT_OF_TIME)


def timed(arguments: Sequence[str], seconds: float, began: float) -> int:
    """Run the command line in a process of its own; returns its exit code.

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
    left = max(0.0, seconds - (time.monotonic() - began))
    environment = {**os.environ, HELD: str(os.getpid()), LEFT: f"{left:.3f}"}
    with subprocess.Popen(command, env=environment) as child:  # noqa: S603  our own command line
        try:
            return child.wait(left)
        except subprocess.TimeoutExpired:
            _end(child)
            raise TimeLimitError(f"{seconds:g}") from None
        except KeyboardInterrupt:  # the other process had it too, and tidies up
            _end(child)
            raise


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
