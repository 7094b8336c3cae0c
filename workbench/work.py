"""Running one command: the clock, the errors, and the way the answer goes out."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from matcher.errors import MatcherError, TimeLimitError
from workbench.answer import deliver
from workbench.exits import Exit, exit_of
from workbench.options import Format
from workbench.refusals import as_json, in_words
from workbench.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matcher.rules import Rulebook
    from workbench.answer import Answer
    from workbench.options import Options


def today() -> date:
    """Return the day it is in Denmark; every question takes its day from here."""
    return datetime.now(ZoneInfo("Europe/Copenhagen")).date()


def work(run: Callable[..., Answer], options: Options, **question: object) -> int:
    """Run a command and deliver its answer, or say why there is none; returns the exit code."""
    screen = Screen(options)
    try:
        code = deliver(run(screen, today=today(), **question), screen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has left, which is no fault of anybody's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except MatcherError as error:
        code = exit_of(error)
        screen.tell(in_words(error, options.language))
        if options.format is Format.JSON:
            screen.data(as_json(error, options.language, code))
    return code


@contextmanager
def limited(rulebook: Rulebook) -> Iterator[None]:
    """Hold the work inside to the time limit that the case or the command line states; raises ``TimeLimitError``.

    The network plan comes with no smaller answer on the way, so nobody who has not asked is cut off.
    """
    if "time_limit" not in rulebook.values:
        yield
        return
    seconds, over = rulebook.number("time_limit"), threading.Event()

    def stop() -> None:
        over.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
        timer.cancel()
        timer.join()  # a stop that comes with the answer must strike here, not later
        over.is_set()
    except KeyboardInterrupt:
        if over.is_set():
            raise TimeLimitError(f"{seconds:g}") from None
        raise
    finally:
        timer.cancel()
