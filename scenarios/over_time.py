"""Mode ``stream``: replications of a world, and what their means say beside those of another under the same draws.

Replications are run in chunks, here, in processes or on a cluster (``scenarios.runs``); each is named by its world, its seed and
its number, so what comes out is the same wherever it ran. A scenario has enough of them once its bands are narrow. That is
asked at fixed numbers only, so that how many are run does not depend on who ran them.
"""

from __future__ import annotations

import importlib
import io
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import cloudpickle  # type: ignore[import-untyped]

from matcher.errors import TimeLimitError
from matcher.functions import Function
from scenarios.comparison import Row, order_of
from scenarios.runs import run_all
from scenarios.stream.bands import Band, differences, summarised
from scenarios.stream.metrics import replicated
from scenarios.stream.prices import ready_stream

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from scenarios.stream.metrics import Measured
    from scenarios.stream.prepare import Prepared
    from scenarios.world import World

PLACES = 4
"""Decimals of a mean."""
CHECKS = (20, 50, 100)
"""So many replications of a scenario and its baseline have been run when it is asked whether they are enough."""
CHUNK = 10
"""Replications of a task at most: a few dozen milliseconds at the association's size, less than it takes to send them out."""
KEPT = 4
"""Worlds that a process keeps ready at once."""
PRECISION = 0.05
_NOTHING = Band(value=math.nan, low=math.nan, high=math.nan, replications=0)


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

    def is_out_of_time(self) -> bool:
        """Whether less is left than the longest took."""
        now = self._left()
        if now is None or self._before is None:
            return False
        self._longest, self._before = max(self._longest, self._before - now), now
        return now == 0 or now < self._longest


class _Key(NamedTuple):
    """Whose replications."""

    world: str
    years: int
    seed: int


class Streams:
    """The replications of some worlds: each is run once, whoever asks for it; ``cut``: scenarios that did not get enough."""

    def __init__(self, worlds: Mapping[str, World], how: Playing = HERE, left: Callable[[], float | None] = lambda: None) -> None:
        self._how, self._left = how, left
        self._pace: Pace | None = None
        self._seeds = {name: int(world.rulebook.number("seed")) for name, world in worlds.items()}
        self._done: dict[_Key, list[Measured]] = {}
        self._parcels = {name: Parcel(world) for name, world in worlds.items()}
        self._counts: dict[str, int] = {}
        self.cut: set[str] = set()

    def play(self, scenarios: Sequence[Scenario]) -> None:
        """Run replications of some scenarios and their baselines until each has enough.

        Raises
        ------
        TimeLimitError, KeyboardInterrupt
            Before all had enough; what is done is kept.
        """
        going, pace = list(scenarios), self._pace or Pace(self._left)
        self._pace = pace
        most = self._wanted((one, one.replications) for one in scenarios)
        try:
            while going:
                for _ in self._run(self._wanted((one, self._check_after(one)) for one in going), pace):
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

    def _run(self, need: Mapping[_Key, int], pace: Pace) -> Iterator[None]:
        """Run what is missing, chunk by chunk; worlds take turns, so that an interrupt leaves as many of each."""
        tasks = [
            (key, Chunk(parcel=self._parcels[key.world], years=key.years, seed=key.seed, first=at, end=min(at + CHUNK, number)))
            for key, number in need.items()
            for at in range(len(self._done.setdefault(key, [])), number, CHUNK)
        ]
        if len(need) <= KEPT:
            tasks.sort(key=lambda task: task[1].first)
        chunks = [chunk for _, chunk in tasks]
        if chunks and self._how.cluster is None:
            _ready(chunks[0].parcel, chunks[0].years)  # so that the first chunk takes what the others will
        with run_all(chunks, run_chunk, workers=self._how.workers, cluster=self._how.cluster) as results:
            for key, _ in tasks:
                if pace.is_out_of_time():
                    raise TimeLimitError
                found = next(results, None)
                if found is None:
                    raise KeyboardInterrupt
                self._done[key] += found
                yield


def are_narrow(mine: Sequence[Measured], other: Sequence[Measured], precision: float) -> bool:
    """Whether the bands for all children, of the means and of the differences, are as narrow as ``Playing.precision`` says."""
    here, there = ([{key: value for key, value in row.items() if not key[1]} for row in rows] for rows in (mine, other))
    beside = summarised(there)
    return all(
        0.5 * (band.high - band.low) <= precision * max(1.0, abs(beside[key].value if key in beside else band.value))
        for found in (summarised(here), beside, differences(here, there))
        for key, band in found.items()
        if band.replications
    )


# Running them


class Parcel:
    """A world that other processes can be sent: they get it as bytes, and know it again by them; this one takes it as it is."""

    def __init__(self, world: World | None, sent: bytes = b"") -> None:
        self._world, self._sent, self._bytes = world, sent, sent

    @property
    def world(self) -> World:
        """The world inside."""
        found: World = cloudpickle.loads(self._sent) if self._world is None else self._world
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._bytes:
            self._bytes = packed(self.world)
        return Parcel, (None, self._bytes)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Parcel) and self._sent != b"" and self._sent == other._sent)

    def __hash__(self) -> int:
        return hash(self._sent) if self._sent else id(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some replications of a world: from ``first`` to before ``end``."""

    parcel: Parcel
    years: int
    seed: int
    first: int
    end: int


def run_chunk(chunk: Chunk) -> list[Measured]:
    """The measures of each; a process makes a world ready once for all chunks that it gets."""
    return replicated(_ready(chunk.parcel, chunk.years), range(chunk.first, chunk.end), chunk.seed)


@lru_cache(maxsize=KEPT)
def _ready(parcel: Parcel, years: int) -> Prepared:
    return ready_stream(parcel.world, years)


def packed(world: World) -> bytes:
    """A world as bytes, for another process that has this project."""
    buffer = io.BytesIO()
    _Packer(buffer).dump(world)
    return buffer.getvalue()


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]
    """Rules, and bodies of rules that are changed, go by name: the engine reads their text where they run."""

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401  whatever a world holds
        body = obj.body if isinstance(obj, Function) else obj
        if isinstance(body, FunctionType) and body.__module__ != "__main__":
            known = getattr(sys.modules.get(body.__module__), body.__name__, None)
            if isinstance(known, Function) and (known is obj or known.body is obj):
                return _named, (body.__module__, body.__name__, known is obj)
        return super().reducer_override(obj)


def _named(module: str, name: str, whole: bool) -> Any:  # noqa: ANN401  a rule or criterion, or its body
    known = getattr(importlib.import_module(module), name)
    return known if whole else known.body


# What they say


def rows_over_time(one: Scenario, mine: Sequence[Measured], other: Sequence[Measured]) -> Iterator[Row]:
    """The rows of a scenario beside its baseline, replication by replication; what is not defined is blank."""
    values, beside, gaps = summarised(mine), summarised(other), differences(mine, other)
    for metric, group in sorted(values, key=order_of):
        band, gap = values[metric, group], gaps.get((metric, group), _NOTHING)
        yield Row(
            scenario=one.name,
            baseline=one.baseline,
            mode=one.mode,
            metric=metric,
            group=group,
            value=_rounded(band.value),
            low=_rounded(band.low),
            high=_rounded(band.high),
            difference=_rounded(gap.value),
            difference_low=_rounded(gap.low),
            difference_high=_rounded(gap.high),
            baseline_value=_rounded(beside.get((metric, group), _NOTHING).value),
        )


def _rounded(value: float) -> Decimal | None:
    return None if math.isnan(value) else Decimal(f"{round(value, PLACES) + 0.0:.{PLACES}f}")
