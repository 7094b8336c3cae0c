"""CPU time of several contestants, interleaved, so that a change of the machine's load meets them all alike."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEAST_SECONDS = 0.02
"""A contestant that is faster than this is called several times a turn."""


def interleaved(contestants: Mapping[str, Callable[[], object]], *, turns: int) -> dict[str, float]:
    """Median CPU seconds of one call of each contestant; every turn has a go of each, after one that does not count."""
    calls = {name: max(1, int(LEAST_SECONDS / max(_seconds(call, 1), 1e-6))) for name, call in contestants.items()}
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(turns):
        for name, call in contestants.items():
            taken[name].append(_seconds(call, calls[name]))
    return {name: median(found) for name, found in taken.items()}


def _seconds(call: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times
