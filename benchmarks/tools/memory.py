"""How much memory one call takes, in a process that does nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.tools.machine import peak_megabytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.tools.clock import Contestant


def megabytes(prepare: Callable[[], Contestant], before: float) -> float:
    """Most MB held while a contestant is called, beyond the ``before`` of a process that has its libraries loaded.

    What the contestant is given, in its own form, counts; what making that form took does not, where Linux can forget it.
    """
    contestant = prepare()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak starts again from what is held now
    answer = contestant.call()
    most = peak_megabytes()
    del answer
    return most - before
