"""Parts of a year planned two at a time, each by itself, so that their order changes nothing."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

from matcher.calendar.attended import Relay, attended
from matcher.calendar.solver import Solver
from matcher.calendar.watch import Progress, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matcher.calendar.draft import Draft
    from matcher.calendar.plan import YearPlan

WORKERS = 2
"""Each has a process of its own for its programs; Python's own work between them is small."""
FIRST_SHARE = 0.5
"""Of the time, what levels 1 and 2 of all parts may take where there are several."""
Answer = TypeVar("Answer")


class Part(Protocol):
    """What is planned: levels 1 and 2, then the others."""

    start: Draft

    @property
    def need(self) -> int:
        """How large it is."""

    @property
    def open(self) -> tuple[int, int]:
        """How far levels 1 and 2 are from their bounds."""

    def first_levels(self, solver: Solver, watch: Watch) -> None:
        """Plan levels 1 and 2."""

    def plan(self, solver: Solver, watch: Watch, others: tuple[int, int]) -> YearPlan:
        """Plan the other levels; ``others``: ``open`` of the other parts together."""


def planned_apart(parts: Sequence[Part], watch: Watch, seed: int) -> list[YearPlan]:
    """The plans of all parts, in their order. With a time limit each may take its share of what is left."""
    if len(parts) == 1:
        return [_alone(parts[0], watch, seed)]
    every = _Parts(parts, watch, seed)
    every.done(lambda k, solver, its: parts[k].first_levels(solver, its), FIRST_SHARE)
    far = [sum(column) for column in zip(*(one.open for one in parts), strict=True)]
    others = [(far[0] - one.open[0], far[1] - one.open[1]) for one in parts]
    return every.done(lambda k, solver, its: parts[k].plan(solver, its, others[k]), 1.0)


def _alone(part: Part, watch: Watch, seed: int) -> YearPlan:
    """The plan of the only part."""
    relay = Relay(watch)
    with Solver(watch.clock, seed) as solver:

        def planned() -> YearPlan:
            part.first_levels(solver, relay.watch)
            return part.plan(solver, relay.watch, (0, 0))

        [plan] = attended([planned], solver.stop, relay.tell, workers=1)
    return plan


class _Parts:
    def __init__(self, parts: Sequence[Part], watch: Watch, seed: int) -> None:
        self.watch, self.seed = watch, seed
        self.sizes = [1 + part.need for part in parts]
        self.solvers: list[Solver] = []
        self.sums = _Sums(watch, [part.start.unmet for part in parts])

    def done(self, work: Callable[[int, Solver, Watch], Answer], share: float) -> list[Answer]:
        """Do something for each part, within a share of the time that is left."""
        whole = self.watch.clock.part(share)

        def one(k: int) -> Answer:
            clock = whole.part(WORKERS * self.sizes[k] / sum(self.sizes[k:]))
            with Solver(clock, self.seed) as solver:
                self.solvers.append(solver)
                if self.watch.clock.stopped:
                    clock.stop()
                answer = work(k, solver, Watch(clock, lambda progress: self.sums.note(k, progress)))
                self.solvers.remove(solver)
            self.watch.clock.cut |= clock.cut
            return answer

        jobs = [partial(one, k) for k in range(len(self.sizes))]
        return attended(jobs, self._stop, self.sums.tell, WORKERS)

    def _stop(self) -> None:
        """What runs ends with what it has; what has not begun takes no time."""
        self.watch.clock.stop()
        for solver in list(self.solvers):
            solver.stop()


class _Sums:
    """What the parts say, summed; a level is passed on once all parts have told it. Only the waiting thread tells."""

    def __init__(self, watch: Watch, unmet: list[int]) -> None:
        self.watch, self.n_parts, self.lock = watch, len(unmet), Lock()
        self.known: dict[str, dict[int, tuple[float, float]]] = {"unmet": {k: (least, 0) for k, least in enumerate(unmet)}}
        self.told: dict[str, tuple[float, float]] = {}

    def note(self, k: int, progress: Progress) -> None:
        """A part's level."""
        with self.lock:
            self.known.setdefault(progress.level, {})[k] = (progress.best, progress.bound or 0)

    def tell(self) -> None:
        """Pass on what is new."""
        with self.lock:
            full = {level: list(rows.values()) for level, rows in self.known.items() if len(rows) == self.n_parts}
        for level, rows in full.items():
            total = round(sum(best for best, _ in rows), 3), round(sum(bound for _, bound in rows), 3)
            if self.told.get(level) != total:
                self.told[level] = total
                self.watch.tell(level, *total)
