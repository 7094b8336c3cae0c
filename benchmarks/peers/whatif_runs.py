"""Runs of what-if beside each other: the same in two processes and in one, and a plan made again and anew."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.tools.clock import interleaved
from benchmarks.tools.figures import short
from benchmarks.tools.section import Table
from constraints.rulebook import load_rulebook
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from scenarios.changes.lose import Lose
from scenarios.changes.recruit import Recruit
from scenarios.changes.setting import Setting
from scenarios.chunks import Chunk, Parcel, run_chunk
from scenarios.over_time import CHUNK
from scenarios.runs import end_processes, run_all
from scenarios.stream.settings import StreamSettings
from scenarios.synthetic import synthetic_case
from scenarios.today import session_of
from scenarios.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenarios.change import Change
    from scenarios.stream.metrics import Measured

SEED, YEARS, TURNS, FRIENDSHIPS = 1, 3, 5, 200
CHANGES: Mapping[str, Change] = {
    "one volunteer stops": Lose(number=1, free=True),
    "one volunteer more": Recruit(number=1),
    "ten men in Ballerup": Recruit(number=10, gender="man", municipality="Ballerup", programmes=("voksenven",), age=(25, 45)),
    "travel of an hour": Setting(name="travel_time.max_minutes", value=60),
}


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Seconds of the same runs in one process, in two that must start, and in two that are there.

    ``clock`` : by the wall's clock; ``cpu`` : of the CPU, in the runs themselves.
    """

    clock: tuple[float, ...]
    cpu: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Again:
    """CPU seconds of a changed world's plan: from the case's session and from nothing, each without and with its check."""

    case: tuple[int, int]
    change: str
    warm: tuple[float, float]
    cold: tuple[float, float]


def world_of(children: int, volunteers: int, friendships: int, **settings: float) -> World:
    """A synthetic case under the rules in force on its day."""
    case = synthetic_case(children=children, volunteers=volunteers, seed=SEED, friendships=friendships)
    stream = StreamSettings.standard().with_values(settings)
    return World(case=case, rulebook=load_rulebook(case.planning_date), postcodes=load_postcodes(), stream=stream)


def at_once(world: World, number: int) -> Beside:
    """So many chunks of replications here and in two processes; raises ``ValueError`` where a result differs."""
    parcel = Parcel(world)
    chunks = [Chunk(parcel=parcel, years=YEARS, seed=SEED, first=k * CHUNK, end=(k + 1) * CHUNK) for k in range(number)]
    run_chunk(chunks[0])
    found, clock = [], []
    for workers in (1, 2, 2):
        began = time.perf_counter()
        with run_all(chunks, timed, workers=workers) as runs:
            found.append(list(runs))
        clock.append(time.perf_counter() - began)
    end_processes()
    if len({repr([rows for rows, _ in results]) for results in found}) > 1:
        raise ValueError("two processes find other results than one")
    return Beside(clock=tuple(clock), cpu=tuple(sum(cpu for _, cpu in results) for results in found))


def timed(chunk: Chunk) -> tuple[list[Measured], float]:
    """A chunk's measures, and the CPU seconds that they took."""
    began = time.process_time()
    return run_chunk(chunk), time.process_time() - began


def made_again(case: tuple[int, int], name: str) -> Again:
    """A changed world's plan, warm and cold; raises ``ValueError`` where the two differ."""
    start = world_of(*case, 200)
    before = session_of(start, None)
    after = CHANGES[name].apply(start, SEED)

    def warm() -> Engine:
        return session_of(after, before)

    def cold() -> Engine:
        return Engine.of(after.case, after.rulebook, after.postcodes)

    before.assign()
    if warm().assign() != cold().assign():
        raise ValueError(f"{name}: the plan made again is another one than a new engine's")
    seconds = interleaved(
        {
            "warm": lambda: warm().solved,
            "cold": lambda: cold().solved,
            "warm, checked": lambda: warm().assign(),
            "cold, checked": lambda: cold().assign(),
        },
        turns=TURNS,
    )
    return Again(
        case=case,
        change=name,
        warm=(seconds["warm"], seconds["warm, checked"]),
        cold=(seconds["cold"], seconds["cold, checked"]),
    )


def beside_table(both: Beside, number: int) -> Table:
    """One process and two."""
    names = ("one process", "two, which start", "two, which are there")
    rows = tuple(
        (name, short(clock), f"{both.clock[0] / clock / (1 + k):.2f}", short(cpu), f"{both.cpu[0] / cpu:.2f}")
        for name, clock, cpu, k in zip(names, both.clock, both.cpu, (0, 1, 1), strict=True)
    )
    heading = ("", "seconds", "efficiency", "CPU seconds in the runs", "of one's")
    return Table(caption=f"{number * CHUNK:,} replications in chunks of {CHUNK}", heading=heading, rows=rows)


def again_table(again: Sequence[Again]) -> Table:
    """Warm and cold."""
    rows = tuple(
        (
            f"{one.case[0]} by {one.case[1]}: {one.change}",
            *(short(1e3 * one.warm[k]) for k in range(2)),
            *(short(1e3 * one.cold[k]) for k in range(2)),
            *(short(one.warm[k] / one.cold[k]) for k in range(2)),
        )
        for one in again
    )
    heading = ("children and volunteers: change", "again", "with its check", "new", "with its check", "again / new", "with check")
    return Table(caption="a plan made again, CPU ms", heading=heading, rows=rows)
