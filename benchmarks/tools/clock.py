"""CPU time of several contestants, interleaved, so that a change of the machine's load meets them all alike."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LEAST_SECONDS = 0.02
"""A contestant that is faster than this is called several times a turn."""


@dataclass(frozen=True)
class Contestant:
    """``call`` is what is timed, and ``value`` says what its answer is worth; values of all contestants must be equal."""

    call: Callable[[], Any]
    value: Callable[[Any], object]


def together(contestants: Sequence[Contestant]) -> Contestant:
    """One contestant that does what several do, one after the other."""
    return Contestant(
        lambda: [one.call() for one in contestants],
        lambda answers: [one.value(answer) for one, answer in zip(contestants, answers, strict=True)],
    )


def interleaved(contestants: Mapping[str, Callable[[], object]], *, turns: int) -> dict[str, float]:
    """Median CPU seconds of one call of each contestant; every turn has a go of each, after one that does not count."""
    calls = {name: max(1, int(LEAST_SECONDS / max(_seconds(call, 1), 1e-6))) for name, call in contestants.items()}
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(turns):
        for name, call in contestants.items():
            taken[name].append(_seconds(call, calls[name]))
    return {name: median(found) for name, found in taken.items()}


def raced(contestants: Mapping[str, Contestant], *, turns: int, budget: float) -> dict[str, float]:
    """As ``interleaved``, but all answers must have the first contestant's value, and slow contestants take fewer turns.

    ``budget`` is how many CPU seconds a contestant may use in all. The first go counts only where there is no time for more.

    Raises
    ------
    ValueError
        A contestant's answer has another value than the first one's.
    """
    firsts: dict[str, float] = {}
    values: list[object] = []
    for name, one in contestants.items():
        began = cpu_seconds()
        answer = one.call()
        firsts[name] = cpu_seconds() - began
        values.append(one.value(answer))
        if values[-1] != values[0]:
            raise ValueError(f"{name} finds {values[-1]}, and {next(iter(contestants))} {values[0]}")
    goes = {name: min(turns, int(budget / max(first, 1e-9)) - 1) for name, first in firsts.items()}
    calls = {name: max(1, int(LEAST_SECONDS / max(first, 1e-6))) for name, first in firsts.items()}
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(turns):
        for name, one in contestants.items():
            if turn < goes[name]:
                taken[name].append(_seconds(one.call, calls[name]))
    return {name: median(found or [firsts[name]]) for name, found in taken.items()}


def cpu_seconds() -> float:
    """CPU seconds of this process, and of the processes that it started and that have ended (where the system tells)."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _seconds(call: Callable[[], object], times: int) -> float:
    began = cpu_seconds()
    for _ in range(times):
        call()
    return (cpu_seconds() - began) / times
