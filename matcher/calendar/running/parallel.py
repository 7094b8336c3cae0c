"""Parts of a year planned some at a time, each by itself, so that their order changes nothing."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

from matcher.calendar.running.attended import Relay, attended
from matcher.calendar.running.solver import Solver
from matcher.calendar.running.watch import Progress, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matcher.calendar.plan import YearPlan

WORKERS = 2
"""So many parts at a time at least. Each has a process of its own for its programs; Python's own work between them is small."""
FIRST_SHARE, PROOF_SHARE = 0.5, 0.2
"""Of the time left, what levels 1 and 2 of all parts may take where there are several, and what the proofs of level 2 may."""
Answer = TypeVar("Answer")


class Part(Protocol):
    """What is planned: levels 1 and 2, then the others."""

    @property
    def need(self) -> int:
        """How large it is."""

    @property
    def standing(self) -> Mapping[str, tuple[float, float]]:
        """Value and bound of the levels that are known so far; of unmet ones from the start."""

    @property
    def rank(self) -> tuple[int, int]:
        """Levels 1 and 2."""

    @property
    def open(self) -> tuple[int, int]:
        """How far levels 1 and 2 may end from their bounds."""

    def first_levels(self, solver: Solver, watch: Watch) -> None:
        """Plan levels 1 and 2."""

    def prove_meetings(self, solver: Solver, watch: Watch, others: int) -> None:
        """Prove level 2 anew where other parts may leave so many fewer unmet."""

    def plan(self, solver: Solver, watch: Watch, others: tuple[int, int]) -> YearPlan:
        """Plan the other levels; ``others``: ``open`` of the other parts together."""


Its = TypeVar("Its", bound=Part)


def planned_apart(
    parts: Sequence[Its],
    watch: Watch,
    seed: int,
    together: Callable[[Sequence[Its]], Sequence[tuple[tuple[int, ...], Its]]],
    workers: int = WORKERS,
) -> list[YearPlan]:
    """The plans of all parts, in their order. With a time limit each may take its share of what is left.

    Parameters
    ----------
    together : is asked after levels 1 and 2 which of the parts, by place, could do better as one, and for that one.
    workers : so many parts at a time, two at least.
    """
    side_by_side = partial(_Parts, watch=watch, seed=seed, workers=max(WORKERS, workers))
    if len(parts) == 1:
        return [_alone(parts[0], watch, seed)]
    side_by_side(parts).done(lambda k, solver, its: parts[k].first_levels(solver, its), FIRST_SHARE)
    return _planned(_helped(parts, () if watch.clock.calls_time() else together(parts), side_by_side), side_by_side)


def _planned(parts: Sequence[Part], side_by_side: Callable[[Sequence[Part]], _Parts]) -> list[YearPlan]:
    """The plans of parts whose levels 1 and 2 are done."""
    every = side_by_side(parts)
    unmet = [sum(one.open[0] for one in parts) - part.open[0] for part in parts]
    if any(unmet):  # others may leave fewer: then this part may leave more, and hold fewer meetings
        every.done(lambda k, solver, its: parts[k].prove_meetings(solver, its, unmet[k]), PROOF_SHARE)
    meetings = [sum(one.open[1] for one in parts) - part.open[1] for part in parts]
    others = list(zip(unmet, meetings, strict=True))
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


def _helped(
    parts: Sequence[Its], groups: Sequence[tuple[tuple[int, ...], Its]], side_by_side: Callable[[Sequence[Part]], _Parts]
) -> Sequence[Its]:
    """The parts, where those of a group are one if that is better or closer to what is proved."""
    if not groups:
        return parts
    taken = {k for places, _ in groups for k in places}
    every = [*(one for _, one in groups), *(part for k, part in enumerate(parts) if k not in taken)]
    side_by_side(every).done(lambda k, solver, its: every[k].first_levels(solver, its), FIRST_SHARE, len(groups))
    answer = dict(enumerate(parts))
    for places, one in groups:
        apart = [(*parts[k].rank, parts[k].open[0]) for k in places]
        if (*one.rank, one.open[0]) < tuple(sum(column) for column in zip(*apart, strict=True)):
            answer = {k: part for k, part in answer.items() if k not in places} | {places[0]: one}
    return [part for _, part in sorted(answer.items(), key=lambda item: item[0])]


class _Parts:
    def __init__(self, parts: Sequence[Part], watch: Watch, seed: int, workers: int) -> None:
        self.watch, self.seed, self.workers = watch, seed, workers
        self.sizes = [1 + part.need for part in parts]
        self.solvers: list[Solver] = []
        self.sums = _Sums(watch, [part.standing for part in parts])

    def done(self, work: Callable[[int, Solver, Watch], Answer], share: float, count: int | None = None) -> list[Answer]:
        """Do something for each part, or the first so many, within a share of the time that is left."""
        whole, sizes = self.watch.clock.part(share), self.sizes[:count]

        def one(k: int) -> Answer:
            clock = whole.part(self.workers * sizes[k] / sum(sizes[k:]))
            with Solver(clock, self.seed) as solver:
                self.solvers.append(solver)
                if self.watch.clock.stopped:
                    clock.stop()
                answer = work(k, solver, Watch(clock, lambda progress: self.sums.note(k, progress)))
                self.solvers.remove(solver)
            self.watch.clock.cut |= clock.cut
            return answer

        jobs = [partial(one, k) for k in range(len(sizes))]
        return attended(jobs, self._stop, self.sums.tell, self.workers)

    def _stop(self) -> None:
        """What runs ends with what it has; what has not begun takes no time."""
        self.watch.clock.stop()
        for solver in list(self.solvers):
            solver.stop()


class _Sums:
    """What the parts say, summed; a level is passed on once all parts have told it. Only the waiting thread tells."""

    def __init__(self, watch: Watch, standing: Sequence[Mapping[str, tuple[float, float]]]) -> None:
        self.watch, self.n_parts, self.lock = watch, len(standing), Lock()
        self.known: dict[str, dict[int, tuple[float, float]]] = {}
        for k, levels in enumerate(standing):
            for level, known in levels.items():
                self.known.setdefault(level, {})[k] = known
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
