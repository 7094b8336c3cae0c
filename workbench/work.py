"""Running one command: the clock, the errors, and the way the answer goes out."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from matcher.errors import MatcherError
from scenarios.runs import was_interrupted
from workbench.answer import deliver
from workbench.exits import Exit, exit_of
from workbench.options import Format
from workbench.refusals import as_json, in_words
from workbench.screen import Screen
from workbench.timer import TimerWantedError, delivered, finishing, nothing_pressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.answer import Answer
    from workbench.options import Options

SHOW_TRACEBACK = "MATCHER_TRACEBACK"
"""Set for whoever mends the program; a traceback may show what cells hold."""


def today() -> date:
    """Return the day it is in Denmark; every question takes its day from here."""
    return datetime.now(ZoneInfo("Europe/Copenhagen")).date()


def work(run: Callable[..., Answer], options: Options, **question: object) -> int:
    """Run a command and deliver its answer, or say why there is none; returns the exit code."""
    screen = Screen(options)
    nothing_pressed()
    try:
        answer = run(screen, today=today(), **question)
        with finishing(lambda: screen.say("working.files")):
            code = deliver(answer, screen)
            sys.stdout.flush()
            delivered()
    except BrokenPipeError:  # whoever read our output has left, which is no fault of anybody's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except TimerWantedError:
        raise
    except MatcherError as error:
        code = refused(error, options)
    except Exception as error:
        if was_interrupted(error):  # as compiled code says it
            raise KeyboardInterrupt from None
        if SHOW_TRACEBACK in os.environ:
            raise
        screen.say("broken", what=type(error).__name__)
        code = Exit.BROKEN
    return code


def refused(error: MatcherError, options: Options) -> Exit:
    """Say why there is no answer; returns the exit code."""
    screen, code = Screen(options), exit_of(error)
    screen.tell(in_words(error, options.language))
    if options.format is Format.JSON:
        screen.data(as_json(error, options.language, code))
    return code
