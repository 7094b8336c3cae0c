"""Mode ``stream``: replications of a world, and what their means say beside those of another under the same draws.

Replications are run in chunks, here, in processes or on a cluster (``scenarios.runs``); each is named by its world, its seed and
its number, so what comes out is the same wherever it ran. A scenario has enough of them once its bands are narrow. That is
asked at a fixed number only, so that how many are run does not depend on who ran them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from matcher.errors import TimeLimitError
from scenarios.chunks import KEPT, Chunk, Parcel, made_ready, run_chunk
from scenarios.comparison import Row, order_of
from scenarios.runs import interrupts_heard, run_all
from scenarios.stream.bands import Band, Paired, paired

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from scenarios.stream.metrics import Measured
    from scenarios.world import World

PLACES = 4
"""Decimals of a mean."""
SHARES = frozenset({"lasting_12_months"})
CHECKS = (100,)
"""So many replications of a scenario and its baseline have been run when it is asked whether they are enough.

Fewer are no help: of what is rare, such as the wait of one child in a small town, most show nothing.
"""
CHUNK = 10
"""Replications of a task at most: a few dozen milliseconds at the association's size, less than it takes to send them out."""
PRECISION = 0.05


# Which replications


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """How replications are run.

    Attributes
    ----------
    precision : they are enough once the half of every band for all children is at most this share of the baseline's value (or of
        1, where that is less), of the means and of the differences; 0: only when all are run.
    workers, cluster : as ``scenarios.runs.run_all``.
    told : is told how many replications are done, and of how many at most.
    """

    precision: float = PRECISION
    workers: int = 1
    cluster: str | None = None
    told: Callable[[int, int], None] = lambda *_: None

    @property
    def together(self) -> bool:
        """Whether several scenarios are better run at once than one after another."""
        return self.workers > 1 or self.cluster is not None


HERE = Playing()
"""One after another in this process."""


class Pace:
    """Whether there is time for one more of what has been done so far; ``left``: the seconds, None where there is no limit."""

    def __init__(self, left: Callable[[], float | None]) -> None:
        self._left, self._longest, self._before = left, 0.0, left()

    def begin(self) -> None:
        """What was done until now does not come again."""
        self._before = self._left()

    def end(self) -> float | None:
        """One more is done; returns the seconds that are left."""
        now = self._left()
        if now is not None and self._before is not None:
            self._longest, self._before = max(self._longest, self._before - now), now
        return now

    def is_out_of_time(self, kept: float = 0.0, *, bold: bool = False) -> bool:
        """Whether less is left than the longest took (unless ``bold``: nothing at all); ``kept``: seconds for something else."""
        now = self.end()
        return now is not None and (now <= kept or (not bold and now - kept < self._longest))


class _Key(NamedTuple):
    """Whose replications."""

    world: str
    years: int
    seed: int


class Streams:
    """The replications of some worlds: each is run once, whoever asks for it; ``cut``: scenarios that did not get enough."""

    def __init__(self, worlds: Mapping[str, World], how: Playing = HERE, left: Callable[[], float | None] = lambda: None) -> None:
        self._how, self._left = how, left
        self._chunks, self._worlds = Pace(left), Pace(left)
        self._seeds = {name: int(world.rulebook.number("seed")) for name, world in worlds.items()}
        self._done: dict[_Key, list[Measured]] = {}
        self._parcels = {name: Parcel(world) for name, world in worlds.items()}
        self._counts: dict[str, int] = {}
        self.cut: set[str] = set()

    def play(self, scenarios: Sequence[Scenario], later: Sequence[Scenario] = (), *, bold: bool = False) -> None:
        """Run replications of some scenarios and their baselines until each has enough.

        Parameters
        ----------
        later
            Others that need time too.
        bold
            There is no other answer that could be lost, so what may take too long is tried.

        Raises
        ------
        TimeLimitError, KeyboardInterrupt
            Before all had enough; what is done is kept.
        """
        going, kept = list(scenarios), self._kept_for(later, scenarios)
        most = self._wanted((one, one.replications) for one in scenarios)
        try:
            while going:
                for _ in self._run(self._wanted((one, self._check_after(one)) for one in going), kept, bold=bold):
                    done = sum(min(number, len(self._done.get(key, ()))) for key, number in most.items())
                    self._how.told(done, sum(most.values()))
                for one in going:
                    self._counts[one.name] = self._check_after(one)
                going = [one for one in going if not self._is_enough(one)]
        except (KeyboardInterrupt, TimeLimitError):
            self.cut.update(one.name for one in going)
            for one in going:
                self._counts[one.name] = min(one.replications, *(len(self._done.get(key, ())) for key in self._keys(one)))
            raise

    def _kept_for(self, later: Sequence[Scenario], now: Sequence[Scenario]) -> float:
        """The seconds that others need: their part of all replications that are missing."""
        left = self._left()
        if left is None:
            return 0.0
        mine, all_ = (self._missing(self._wanted((one, one.replications) for one in some)) for some in (now, [*now, *later]))
        return left * (1.0 - mine / max(1, all_))

    def _missing(self, need: Mapping[_Key, int]) -> int:
        return sum(max(0, number - len(self._done.get(key, ()))) for key, number in need.items())

    @property
    def have_answer(self) -> bool:
        """Whether any scenario has replications to show."""
        return any(number > 1 for number in self._counts.values())

    def of(self, one: Scenario) -> tuple[list[Measured], list[Measured]]:
        """The replications of a scenario and its baseline, as many of one as of the other; none where fewer than two are done."""
        number = self._counts.get(one.name, 0)
        mine, other = (self._done.get(key, [])[: number if number > 1 else 0] for key in self._keys(one))
        return mine, other

    def _keys(self, one: Scenario) -> tuple[_Key, _Key]:
        """Both with the years and the seed that the scenario asks for."""
        mine, other = (
            _Key(name, one.years, self._seeds[name] if one.seed is None else one.seed) for name in (one.name, one.baseline)
        )
        return mine, other

    def _wanted(self, asked: Iterable[tuple[Scenario, int]]) -> dict[_Key, int]:
        """How many replications of each world it takes to give each scenario so many."""
        found: dict[_Key, int] = {}
        for one, number in asked:
            found.update({key: max(number, found.get(key, 0)) for key in self._keys(one)})
        return found

    def _check_after(self, one: Scenario) -> int:
        """After how many replications it is next asked whether they are enough."""
        return min((n for n in CHECKS if self._counts.get(one.name, 0) < n < one.replications), default=one.replications)

    def _is_enough(self, one: Scenario) -> bool:
        if self._counts[one.name] == one.replications:
            return True
        return self._how.precision > 0 and are_narrow(*self.of(one), self._how.precision)

    def _run(self, need: Mapping[_Key, int], kept: float, *, bold: bool) -> Iterator[None]:
        """Run what is missing, chunk by chunk; worlds take turns, so that an interrupt leaves as many of each."""
        tasks = [
            (key, Chunk(parcel=self._parcels[key.world], years=key.years, seed=key.seed, first=at, end=min(at + CHUNK, number)))
            for key, number in need.items()
            for at in range(len(self._done.setdefault(key, [])), number, CHUNK)
        ]
        if len(need) <= KEPT:
            tasks.sort(key=lambda task: task[1].first)
        begun: set[_Key] = set()
        with run_all([chunk for _, chunk in tasks], run_chunk, workers=self._how.workers, cluster=self._how.cluster) as results:
            for key, chunk in tasks:
                has_some = all(len(self._done[one]) > 1 for one in need)
                if key not in begun:
                    self._begin(chunk, first=not begun, bold=bold and not has_some)
                    begun.add(key)
                if self._chunks.is_out_of_time(kept if has_some else 0.0, bold=bold and not has_some):
                    raise TimeLimitError
                found = next(results, None)
                if found is None:
                    raise KeyboardInterrupt
                self._done[key] += found
                yield

    def _begin(self, chunk: Chunk, *, first: bool, bold: bool) -> None:
        """Make a world ready where it is run here, so that its first chunk takes no longer than the others."""
        here = self._how.cluster is None and (first or self._how.workers == 1 or self._left() is not None)
        if not here:
            return
        self._worlds.begin()
        if self._worlds.is_out_of_time(bold=bold):
            raise TimeLimitError
        with interrupts_heard():
            made_ready(chunk.parcel, chunk.years)
        self._worlds.end()
        self._chunks.begin()


def are_narrow(mine: Sequence[Measured], other: Sequence[Measured], precision: float) -> bool:
    """Whether the bands for all children, of the means and of the differences, are as narrow as ``Playing.precision`` says."""
    here, there = ([{key: value for key, value in row.items() if not key[1]} for row in rows] for rows in (mine, other))
    return all(_is_narrow(band, one, precision) for one in paired(here, there).values() for band in one.bands)


def _is_narrow(band: Band, beside: Paired, precision: float) -> bool:
    usual = beside.value.value if math.isnan(beside.baseline.value) else beside.baseline.value
    return math.isnan(band.value) or 0.5 * (band.high - band.low) <= precision * max(1.0, abs(usual))


# What they say


def rows_over_time(one: Scenario, mine: Sequence[Measured], other: Sequence[Measured]) -> Iterator[Row]:
    """The rows of a scenario beside its baseline, replication by replication; what they say too little of is blank.

    A difference is that of the two values as they are printed.
    """
    found = paired(mine, other)
    for metric, group in sorted({key for row in mine for key in row}, key=order_of):
        its = found[metric, group]
        value, beside, gap = (_rounded(band.value) for band in (its.value, its.baseline, its.difference))
        if gap is not None and value is not None and beside is not None:
            gap = value - beside
        low, high = _within(metric, its.value)
        yield Row(
            scenario=one.name,
            baseline=one.baseline,
            mode=one.mode,
            metric=metric,
            group=group,
            value=value,
            low=_rounded(low),
            high=_rounded(high),
            difference=gap,
            difference_low=_bound(min, gap, its.difference.low),
            difference_high=_bound(max, gap, its.difference.high),
            baseline_value=beside,
        )


def _within(metric: str, band: Band) -> tuple[float, float]:
    """A band as far as the measure can be: nothing is below 0, and no share above 1."""
    if math.isnan(band.low):
        return band.low, band.high
    return max(0.0, band.low), min(1.0, band.high) if metric in SHARES else band.high


def _bound(which: Callable[..., Decimal], gap: Decimal | None, end: float) -> Decimal | None:
    """The end of a difference's band: the difference, which rounding may have moved, is not beyond it."""
    found = _rounded(end)
    return None if found is None or gap is None else which(found, gap)


def _rounded(value: float) -> Decimal | None:
    return None if math.isnan(value) else Decimal(f"{round(value, PLACES) + 0.0:.{PLACES}f}")
