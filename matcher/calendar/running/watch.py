"""Telling whoever waits how far the plan is, and when to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.calendar.running.solver import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best value of a level so far, its bound (None: not known yet), and the seconds since the start."""

    level: str
    best: float
    bound: float | None
    seconds: float


Listener = Callable[[Progress], None]


class Effort(Enum):
    """How much is tried after the first two levels; each is a fixed number of neighbourhoods and steps: runs can be repeated."""

    QUICK = 6
    NORMAL = 24
    THOROUGH = 120

    @property
    def walks(self) -> tuple[int, int]:
        """Rounds of walks before the neighbourhoods, and the steps of a walk for each unit of need."""
        return {"QUICK": (1, 500), "NORMAL": (2, 20_000), "THOROUGH": (6, 40_000)}[self.name]


@dataclass(frozen=True, slots=True)
class Watch:
    """The clock and the listener."""

    clock: Clock
    listener: Listener | None = None

    def tell(self, level: str, best: float, bound: float | None) -> None:
        """Pass on where a level stands."""
        if self.listener is not None:
            self.listener(Progress(level=level, best=best, bound=bound, seconds=self.clock.spent))
