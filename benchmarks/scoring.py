"""Scoring all pairs: the product's loop beside NumPy, pandas and polars that do the same rules and criteria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers import numpy_best, numpy_bodies, ours, pandas_cross, polars_cross
from benchmarks.peers.instance import Instance, instance
from benchmarks.tools.clock import interleaved
from benchmarks.tools.section import Bars, Section, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.peers.instance import Pairs

SIZES = (280, 1_000, 2_000)
SEED = 1
TURNS = 9
LOOP, DOOR, MASK, WRITING = "the compiled loop", "find_candidates", "the loop's rules alone", "one byte a pair written"
PEERS: Mapping[str, tuple[Callable[..., Callable[[], Pairs]], tuple[int, ...]]] = {
    "NumPy, written for it": (numpy_best.prepare, (32, 64, 128)),
    "NumPy, the same bodies": (numpy_bodies.prepare, (32, 64, 128)),
    "polars, cross join": (polars_cross.prepare, (256, 512, 2_000)),
    "pandas, cross join": (pandas_cross.prepare, (200, 500)),
}
"""How each peer is prepared, and the numbers of children a block that it may choose from."""
TEXT = (
    "Million pairs a CPU-second: all rules about two people, and all nine criteria for the pairs that hold. The people are the "
    "synthetic case's who pass every rule about one person; columns of facts are ready before the clock starts, for everybody. "
    "One thread each; medians of {turns} turns in which every contestant goes once, all in one process. Each contestant's pairs "
    "and points are compared with the product's before anything is timed, and must be equal to the thousandth.",
    f"- *{LOOP}*: the generated loop with its arguments ready. *{DOOR}*: the same through the product's door, which also asks "
    "the rules about one person, gathers arguments and joins facts about single pairs.\n"
    f"- *{MASK}*: the same loop generated without criteria; not comparable, it shows where the time goes.\n"
    f"- *{WRITING}*: no work at all, but one byte a pair written to memory at hand; no table of all pairs can be made faster.\n"
    "- The peers take blocks of children, of the size that was fastest here (in brackets). *NumPy, written for it* turns the "
    "rules into bits by hand; the others are the rules as they stand.",
)


@dataclass(frozen=True)
class Scored:
    """One size: share of pairs that are eligible, and median CPU seconds of each contestant for all pairs."""

    size: int
    share: float
    seconds: dict[str, float]

    def rate(self, name: str) -> float:
        """Million pairs a CPU-second."""
        return self.size**2 / self.seconds[name] / 1e6


def measure() -> Section:
    """Run all sizes."""
    return section([scored(size, turns=TURNS) for size in SIZES])


def scored(size: int, *, turns: int) -> Scored:
    """Compare all contestants on one size; raises ``ValueError`` where one differs from the product."""
    given = instance(size, seed=SEED)
    door = ours.door(given)
    right = door()
    found: dict[str, Callable[[], Any]] = {LOOP: ours.loop(given), DOOR: door}
    _must_equal(LOOP, right, found[LOOP]())
    for name, (prepare, blocks) in PEERS.items():
        calls = {rows: prepare(given, rows=rows) for rows in sorted({min(rows, size) for rows in blocks})}
        for call in calls.values():
            _must_equal(name, right, call())
        times = interleaved({str(rows): call for rows, call in calls.items()}, turns=1)
        best = int(min(times, key=times.__getitem__))
        found[f"{name} ({best})"] = calls[best]
    found |= {MASK: ours.mask(given), WRITING: _writing(given)}
    return Scored(size, len(right[0]) / given.pairs, interleaved(found, turns=turns))


def _must_equal(name: str, right: Pairs, found: Pairs) -> None:
    """In any order, the same pairs with the same points."""
    order = np.lexsort((found[1], found[0]))
    if not all(np.array_equal(a, b[order]) for a, b in zip(right, found, strict=True)):
        raise ValueError(f"{name} finds other pairs or points than the product")


def _writing(given: Instance) -> Callable[[], None]:
    room = np.empty(given.pairs, np.uint8)
    return lambda: room.fill(1)


def section(found: list[Scored]) -> Section:
    """Tables and a picture of all sizes."""
    heading = ("contestant (children a block)", "ms", "million pairs a CPU-second", "times the loop's CPU")
    tables = tuple(
        Table(
            caption=f"{s.size:,} children by {s.size:,} volunteers; {s.share:.1%} of the pairs are eligible",
            heading=heading,
            rows=tuple(
                (name, f"{1e3 * taken:,.3f}", f"{s.rate(name):,.1f}", f"{taken / s.seconds[LOOP]:,.3f}")
                for name, taken in s.seconds.items()
            ),
        )
        for s in found
    )
    shown = [LOOP, DOOR, *PEERS]
    rates = {f"{s.size:,} by {s.size:,}": tuple(_rate(s, name) for name in shown) for s in found}
    picture = Bars(
        name="performance-scoring",
        title="Scoring all pairs",
        unit="million pairs a CPU-second",
        labels=tuple(shown),
        groups=rates,
    )
    return Section(
        title="Scoring pairs", text=tuple(text.format(turns=TURNS) for text in TEXT), tables=tables, pictures=(picture,)
    )


def _rate(found: Scored, name: str) -> float:
    return found.rate(next(full for full in found.seconds if full.split(" (")[0] == name))
