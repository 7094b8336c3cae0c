"""What if: the stream beside one written plainly with SimPy, two processes beside one, a plan made again beside a new one."""

from __future__ import annotations

import importlib.util
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers.whatif_facts import Facts
from benchmarks.peers.whatif_runs import (
    CHANGES,
    FRIENDSHIPS,
    SEED,
    TURNS,
    YEARS,
    Again,
    Beside,
    again_table,
    at_once,
    beside_table,
    made_again,
    world_of,
)
from benchmarks.tools.clock import interleaved
from benchmarks.tools.figures import Goal, exponent, goals_table, short
from benchmarks.tools.section import Lines, Section, Table
from scenarios.stream.bands import Band, band, t_quantile
from scenarios.stream.metrics import METRICS, measured
from scenarios.stream.prepare import prepared
from scenarios.stream.run import simulate
from scenarios.stream.settings import StreamSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenarios.stream.prepare import Prepared
    from scenarios.world import World

LOOP, ALL, GROUPS, SIMPY = "the weekly loop alone", "ours", "ours, by group too", "SimPy"
REGION = (70, 25)
"""Children who wait and volunteers who are free when the stream begins; 200 friendships beside them."""
TEXT = (
    "Three years of the capital region as `matcher sample` draws it: {children} children wait and {volunteers} volunteers are "
    "free on the first day, beside {friendships} friendships; 62 children and 50 volunteers come a year; pairs are proposed "
    "weekly. Larger sizes have so many times of all. CPU time, one thread; medians of {turns} turns in which everybody goes "
    "once.",
    f"- *{LOOP}*: replications of a world that is ready. *{ALL}*: the same, with every measure for all. *{GROUPS}*: and for each "
    "gender, programme and municipality, as the report has it.\n"
    f"- *{SIMPY}*: the same stream written plainly as processes of children, volunteers, offers, friendships and matchers "
    "(`benchmarks/peers/whatif_simpy.py`), by the day where ours goes by the week, with draws of its own, and SciPy for the "
    "week's pairs. It gets the table of pairs and points ready, as ours does, and is measured for all alone.\n"
    "- *Agreement*: as nothing but the table, the settings and the hazards is shared, the two are second opinions of each "
    "other; *apart* is the difference of the means in standard errors.\n"
    "- *Two processes*: replications in chunks as `matcher whatif --workers 2` runs them. The first chunk is always run here, "
    "and processes start while the clock runs, or are there from before. Results are compared, and must be equal bit for bit. "
    "Seconds depend on what else the machine does; CPU seconds of the same work hardly do.\n"
    "- *A plan made again*: `session_of` a changed world from the case's own session, beside a new `Engine`; the plans are "
    "compared, and must be equal. *With its check*: `assign`, which makes and judges every sentence of the plan, too. Where "
    "a setting changes there is nothing to go on from.",
)


@dataclass(frozen=True, kw_only=True)
class Volume:
    """How much is run: sizes of the stream, replications to compare, chunks of them at once, cases of today."""

    factors: tuple[int, ...]
    agreed: int
    chunks: int
    cases: tuple[tuple[int, int], ...]


FULL = Volume(factors=(1, 4, 10), agreed=200, chunks=160, cases=((70, 60), (500, 500)))
QUICK = Volume(factors=(1, 4), agreed=30, chunks=80, cases=((70, 60),))


@dataclass(frozen=True, kw_only=True)
class Sized:
    """A size of the stream: people of a replication, CPU seconds until it is ready, and those of a replication by contestant."""

    factor: int
    people: int
    ready: float
    seconds: Mapping[str, float]

    def rate(self, name: str) -> float:
        """Simulated years a CPU-second."""
        return YEARS / self.seconds[name]


def measure(*, quick: bool = False) -> Section:
    """Run everything."""
    volume = QUICK if quick else FULL
    ready = prepared(region(1), YEARS)
    sizes = [sized(region(factor), factor) for factor in volume.factors]
    agreed = agreement(ready, volume.agreed) if installed() else {}
    both = at_once(region(1), volume.chunks)
    again = [made_again(case, name) for case in volume.cases for name in CHANGES]
    return section(volume, sizes, agreed, both, again)


def installed() -> bool:
    """Whether SimPy is there."""
    return importlib.util.find_spec("simpy") is not None


def region(factor: int) -> World:
    """The capital region, or so many of them in one."""
    usual = StreamSettings.standard()
    arrivals = {name: factor * getattr(usual, name) for name in ("children_per_year", "volunteers_per_year")}
    return world_of(factor * REGION[0], factor * REGION[1], factor * FRIENDSHIPS, **arrivals)


def sized(world: World, factor: int) -> Sized:
    """Time all contestants on one world."""
    began = time.process_time()
    ready = prepared(world, YEARS)
    took = time.process_time() - began
    history, some = simulate(ready, SEED, 0), range(max(1, 10 // factor))
    calls: dict[str, Callable[[], object]] = {
        LOOP: lambda: [simulate(ready, SEED, one) for one in some],
        ALL: lambda: [measured(ready, simulate(ready, SEED, one), groups=()) for one in some],
        GROUPS: lambda: [measured(ready, simulate(ready, SEED, one)) for one in some],
    }
    if installed():
        from benchmarks.peers.whatif_simpy import replication  # noqa: PLC0415  in the benchmarks' own environment only

        facts = Facts.of(ready)
        calls[SIMPY] = lambda: [replication(facts, one) for one in some]
    seconds = {name: taken / len(some) for name, taken in interleaved(calls, turns=TURNS).items()}
    return Sized(factor=factor, people=len(history.kids.key) + len(history.adults.key), ready=took, seconds=seconds)


def agreement(ready: Prepared, number: int, facts: Facts | None = None) -> dict[str, tuple[Band, Band]]:
    """Every metric's mean and band by ours and by SimPy's; ``facts``: what SimPy's is given, if other than the world's."""
    from benchmarks.peers.whatif_simpy import replication  # noqa: PLC0415

    ours = [measured(ready, simulate(ready, SEED, one), groups=()) for one in range(number)]
    given = facts or Facts.of(ready)
    other = [replication(given, one) for one in range(number)]
    return {name: (band([row[name, ""] for row in ours]), band([row[name] for row in other])) for name in METRICS}


def apart(ours: Band, other: Band) -> float:
    """The difference of two means, in its standard errors."""
    spread = math.hypot(_error(ours), _error(other))
    return (ours.value - other.value) / spread


def _error(one: Band) -> float:
    return (one.high - one.low) / 2.0 / t_quantile(one.replications - 1)


def section(
    volume: Volume, sizes: Sequence[Sized], agreed: Mapping[str, tuple[Band, Band]], both: Beside, again: Sequence[Again]
) -> Section:
    """Tables, goals and a picture."""
    text = [part.format(children=REGION[0], volunteers=REGION[1], friendships=FRIENDSHIPS, turns=TURNS) for part in TEXT]
    text += ["SimPy is left out: it is not installed here."] * (not agreed)
    tables = [sizes_table(sizes), beside_table(both, volume.chunks), again_table(again)]
    if agreed:
        tables += [agreement_table(agreed), goals_table(goals(sizes, agreed))]
    return Section(title="What if", text=tuple(text), tables=tuple(tables), pictures=(picture(sizes),))


def sizes_table(sizes: Sequence[Sized]) -> Table:
    """Speed by size and contestant, and how it grows."""
    names = list(sizes[0].seconds)

    def growth(values: Sequence[float]) -> str:
        power = exponent([(size.people, value) for size, value in zip(sizes, values, strict=True)])
        return "" if power is None else f"n^{power:.2f}"

    rows = [
        ("children and volunteers of a replication", *(f"{size.people:,}" for size in sizes), ""),
        ("made ready, once, s", *(short(size.ready) for size in sizes), growth([size.ready for size in sizes])),
    ]
    for name in names:
        seconds = [size.seconds[name] for size in sizes]
        rows.append((f"{name}: ms a replication", *(short(1e3 * value) for value in seconds), growth(seconds)))
    rows += [(f"{name}: years a second and core", *(short(size.rate(name)) for size in sizes), "") for name in names]
    if SIMPY in names:
        times = [size.seconds[SIMPY] / size.seconds[ALL] for size in sizes]
        rows.append(("times SimPy's years", *(short(value) for value in times), ""))
    heading = ("three years", *(f"{size.factor} region{'s' * (size.factor > 1)}" for size in sizes), "growth")
    return Table(caption="the stream", heading=heading, rows=tuple(rows))


def agreement_table(agreed: Mapping[str, tuple[Band, Band]]) -> Table:
    """The means of both."""
    rows = tuple((name, *_mean(ours), *_mean(other), f"{apart(ours, other):.1f}") for name, (ours, other) in agreed.items())
    number = next(iter(agreed.values()))[0].replications
    heading = ("measure", "ours", "+-", "SimPy", "+-", "apart")
    return Table(caption=f"agreement: means of {number} replications and half their 95 % bands", heading=heading, rows=rows)


def _mean(one: Band) -> tuple[str, str]:
    return f"{one.value:,.4g}", f"{(one.high - one.low) / 2.0:.2g}"


def goals(sizes: Sequence[Sized], agreed: Mapping[str, tuple[Band, Band]]) -> list[Goal]:
    """At least twenty times SimPy's years, and the same answers."""
    widest = float(np.max([abs(apart(*pair)) for pair in agreed.values()]))
    own = [Goal(f"{size.factor} x region: CPU of SimPy's", size.seconds[ALL] / size.seconds[SIMPY], 0.05) for size in sizes]
    return [*own, Goal("furthest apart from SimPy, standard errors", widest, 3.0)]


def picture(sizes: Sequence[Sized]) -> Lines:
    """Years a second by size."""
    shown = [name for name in (ALL, GROUPS, SIMPY) if name in sizes[0].seconds]
    lines = {name: tuple((float(size.people), size.rate(name)) for size in sizes) for name in shown}
    return Lines(
        name="performance-whatif",
        title="Simulated years a second and core",
        across="children and volunteers of a replication",
        unit="years a CPU-second",
        lines=lines,
    )
