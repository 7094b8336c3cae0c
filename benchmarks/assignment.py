"""The best plan of all: our door beside the public solvers, on four families of questions without limits."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.peers import assignment_lap, assignment_ortools, assignment_ours, assignment_scipy, highs, markets
from benchmarks.peers.markets import Market
from benchmarks.tools.clock import raced, together
from benchmarks.tools.figures import Goal, exponent, goals_table, short
from benchmarks.tools.machine import held_megabytes
from benchmarks.tools.memory import megabytes
from benchmarks.tools.section import Lines, Section, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.tools.clock import Contestant

OURS = "ours, proved and by the tie rule"
DENSE, SPARSE, FLOW = "SciPy linear_sum_assignment", "SciPy min_weight_full_bipartite_matching", "OR-Tools SimpleMinCostFlow"
SUM, CP_SAT, HIGHS = "OR-Tools SimpleLinearSumAssignment", "OR-Tools CP-SAT", "HiGHS, linear program"
LAPX, LAPMOD, LAPJV = "lapx lapjv", "lapx lapmod", "lapjv"
PREPARE: Mapping[str, Callable[[Market], Contestant]] = {
    OURS: assignment_ours.door,
    DENSE: assignment_scipy.dense,
    SPARSE: assignment_scipy.sparse,
    FLOW: assignment_ortools.min_cost_flow,
    SUM: assignment_ortools.linear_sum,
    LAPX: assignment_lap.lapx_dense,
    LAPMOD: assignment_lap.lapmod,
    LAPJV: assignment_lap.lapjv_dense,
    HIGHS: highs.linear,
    CP_SAT: assignment_ortools.cp_sat,
}
TURNS, BUDGET, DRAWS, FEW = 5, 25.0, 5, 400
TEXT = (
    "CPU milliseconds of one call, one thread; medians of up to {turns} turns in which every contestant goes once, all in one "
    "process; who is slow takes fewer, so that nobody uses more than about {budget:.0f} s a size. All are asked for most pairs, "
    "then the highest total; each answer's number of pairs and total are compared before any figure counts, and are equal. Where "
    "there are at most {few} lefts, a figure is the mean of {draws} draws. A dash: left out, as it would take too long.",
    f"- *{OURS}*: `solve_assignment` with arrays of pairs and scores ready. It checks them, makes whole points, proves its plan, "
    "and chooses by the tie rule among equally good ones; no peer does the last two, and nothing is taken off for it.\n"
    f"- *{DENSE}*, *{LAPX}* and *{LAPJV}* get their matrix ready, filled up to a square where they want one; *{SPARSE}*, "
    f"*{LAPMOD}* and *{HIGHS}* their sparse one. *{FLOW}* and *{SUM}* take arrays in at each call, as they must; "
    f"*{CP_SAT}* has its model ready, and one worker.\n"
    f"- Where somebody may stay unmatched, *{SPARSE}* has a dummy for each left, and *{SUM}* and *{LAPMOD}* the doubled question "
    "(`benchmarks/peers/doubled.py`); the others take a weight for each match, "
    "the smallest that proved enough, as large ones slow them; the flow needs none.\n"
    "- *Growth*: the slope of log time over log size. *MB*: the most that a fresh process holds during one call at the largest "
    "size, beyond its libraries; what the contestant is given, in its own form, is counted.",
)


@dataclass(frozen=True)
class Family:
    """One kind of question in rising sizes, and up to which size (lefts) a contestant takes part."""

    title: str
    draw: Callable[[tuple[int, int], int], Market]
    sizes: tuple[tuple[int, int], ...]
    across: Callable[[tuple[int, int]], str]
    most: Mapping[str, float]

    def contestants(self, size: tuple[int, int]) -> list[str]:
        """Who takes part."""
        return [name for name, most in self.most.items() if size[0] <= most and installed(name)]


def installed(name: str) -> bool:
    """Whether a contestant's package is there."""
    return name not in PACKAGE or importlib.util.find_spec(PACKAGE[name]) is not None


ALWAYS = float("inf")
FAMILIES: Mapping[str, Family] = {
    "region": Family(
        title="region-like, nine of ten pairs not eligible",
        draw=lambda size, seed: markets.region(*size, seed=seed),
        sizes=((255, 280), (1_000, 1_000), (3_000, 3_000), (10_000, 10_000)),
        across=lambda size: f"{size[0]:,} by {size[1]:,}",
        most={OURS: ALWAYS, DENSE: ALWAYS, SPARSE: ALWAYS, FLOW: ALWAYS}
        | {SUM: 3_000, LAPX: 3_000, LAPMOD: 10_000, LAPJV: 3_000, HIGHS: 1_000, CP_SAT: 255},
    ),
    "scattered": Family(
        title="sparse, some pairs of each left drawn at random",
        draw=lambda size, seed: markets.scattered(*size, seed=seed),
        sizes=((10_000, 20), (50_000, 20), (100_000, 10), (300_000, 10)),
        across=lambda size: f"{size[0]:,}, {size[1]} each",
        most={OURS: ALWAYS, FLOW: ALWAYS, SPARSE: 10_000, SUM: 10_000, LAPMOD: 10_000},
    ),
    "complete": Family(
        title="dense, everybody may be matched with everybody; costs 1 to 100 (as assign100 to assign800)",
        draw=lambda size, seed: markets.complete(size[0], seed=seed),
        sizes=tuple((n, n) for n in (100, 200, 400, 800, 2_000)),
        across=lambda size: f"{size[0]:,}",
        most={OURS: ALWAYS, DENSE: ALWAYS, SPARSE: ALWAYS, FLOW: ALWAYS, SUM: ALWAYS, LAPX: ALWAYS, LAPMOD: ALWAYS}
        | {LAPJV: ALWAYS, HIGHS: 200, CP_SAT: 100},
    ),
    "perfect": Family(
        title="sparse, everybody can be matched; costs 1 to 100, many ties (as assignp800 to assignp5000)",
        draw=lambda size, seed: markets.perfect(*size, seed=seed),
        sizes=((800, 60), (1_500, 42), (3_000, 27), (5_000, 17)),
        across=lambda size: f"{size[0]:,}, {size[1]} each",
        most={OURS: ALWAYS, DENSE: ALWAYS, SPARSE: ALWAYS, FLOW: ALWAYS, SUM: ALWAYS, LAPX: 3_000, LAPMOD: ALWAYS}
        | {LAPJV: 3_000, HIGHS: 800},
    ),
}
PACKAGE = {LAPX: "lap", LAPMOD: "lap", LAPJV: "lapjv", HIGHS: "highspy"}
"""What only the benchmarks' own environment has."""
Seconds = dict[str, dict[tuple[int, int], float]]


@dataclass(frozen=True)
class Measured:
    """CPU seconds of each contestant at each size, and MB at the largest."""

    family: Family
    seconds: Seconds
    memory: dict[str, float]

    def ratio(self, size: tuple[int, int], peers: Sequence[str] | None = None) -> float:
        """Our CPU over the fastest of some peers, or of all."""
        at = {name: found[size] for name, found in self.seconds.items() if size in found}
        return at[OURS] / min(at[name] for name in peers or at if name in at and name != OURS)

    def best_peer(self, size: tuple[int, int]) -> str:
        """The fastest peer at a size."""
        at = {name: found[size] for name, found in self.seconds.items() if size in found and name != OURS}
        return min(at, key=at.__getitem__)


def measure() -> Section:
    """Run all families."""
    found = {}
    for key, family in FAMILIES.items():
        timed(family, (family.sizes[0],), turns=1, seed=0)  # compiles what is not compiled yet
        found[key] = Measured(family, timed(family, family.sizes, turns=TURNS, seed=1), memory(key))
    return section(found)


def timed(family: Family, sizes: Sequence[tuple[int, int]], *, turns: int, seed: int) -> Seconds:
    """CPU seconds of every contestant at some sizes; raises ``ValueError`` where one differs from ours."""
    seconds: Seconds = {name: {} for name in family.most}
    for size in sizes:
        draws = DRAWS if size[0] <= FEW else 1
        drawn = [family.draw(size, seed + k) for k in range(draws)]
        contestants = {name: together([PREPARE[name](one) for one in drawn]) for name in family.contestants(size)}
        print(f"  {family.across(size)}", file=sys.stderr, flush=True)
        for name, taken in raced(contestants, turns=turns, budget=BUDGET).items():
            seconds[name][size] = taken / draws
    return seconds


def memory(key: str) -> dict[str, float]:
    """MB of each contestant at the largest size, each in a process of its own."""
    family, found = FAMILIES[key], {}
    with TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.npz", Path(folder) / "large.npz"
        family.draw(family.sizes[0], 1).save(small)
        family.draw(family.sizes[-1], 1).save(large)
        for name in family.contestants(family.sizes[-1]):
            command = [sys.executable, "-m", "benchmarks.assignment", name, str(small), str(large)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603  this very Python and module
            found[name] = float(json.loads(done.stdout.splitlines()[-1]))
    return found


def held(name: str, small: Path, large: Path) -> float:
    """MB that one contestant takes for the large question, after a small one has loaded its code."""
    PREPARE[name](Market.load(small)).call()
    return megabytes(lambda: PREPARE[name](Market.load(large)), held_megabytes())


def section(found: Mapping[str, Measured]) -> Section:
    """Tables and pictures of all families."""
    tables = [table(one) for one in found.values()]
    text = [part.format(turns=TURNS, budget=BUDGET, few=FEW, draws=DRAWS) for part in TEXT]
    missing = ", ".join(name for name in PREPARE if not installed(name))
    text += [f"Not installed here, and so left out: {missing}."] * bool(missing)
    pictures = [
        Lines(
            name=f"performance-{key}",
            title=one.family.title.split(";")[0],
            across="lefts",
            unit="CPU seconds",
            lines={name: tuple((s[0], taken) for s, taken in at.items()) for name, at in one.seconds.items() if len(at) > 1},
        )
        for key, one in found.items()
        if key != "perfect"
    ]
    return Section(title="The best plan", text=tuple(text), tables=(*tables, goals_table(goals(found))), pictures=tuple(pictures))


def table(found: Measured) -> Table:
    """Milliseconds by contestant and size, and our share of the best peer's below."""
    family = found.family
    rows = []
    for name, at in found.seconds.items():
        grows = exponent([(size[0], taken) for size, taken in at.items()])
        held_most = found.memory.get(name)
        rows.append(
            (
                name,
                *(short(1e3 * at[size]) if size in at else "-" for size in family.sizes),
                f"n^{grows:.2f}" if grows is not None else "-",
                short(held_most) if held_most is not None else "-",
            )
        )
    best = ("ours / best peer", *(short(found.ratio(size)) for size in family.sizes))
    who = ("best peer", *(found.best_peer(size) for size in family.sizes), "", "")
    most = max(family.sizes, key=lambda size: size[0])
    peer = found.memory.get(found.best_peer(most))
    return Table(
        caption=family.title,
        heading=("CPU ms", *(family.across(size) for size in family.sizes), "growth", "MB"),
        rows=(*rows, (*best, "", short(found.memory[OURS] / peer) if peer else "-"), who),
    )


def goals(found: Mapping[str, Measured]) -> list[Goal]:
    """Where we must stand, family by family."""
    region = found["region"]
    first, *larger = region.family.sizes
    last = larger[-1]
    listed = [Goal(f"region, {region.family.across(first)}: of {DENSE}", region.ratio(first, [DENSE]), 0.2)]
    for size in larger:
        listed.append(Goal(f"region, {region.family.across(size)}: of {DENSE}", region.ratio(size, [DENSE]), 0.1))
        listed.append(Goal(f"region, {region.family.across(size)}: of {region.best_peer(size)}", region.ratio(size), 0.15))
    for peer in dict.fromkeys((DENSE, region.best_peer(last))):
        share = region.memory[OURS] / region.memory[peer]
        listed.append(Goal(f"region, {region.family.across(last)}: memory, of {peer}", share, 0.15))
    scattered = found["scattered"].family
    listed += [
        Goal(f"sparse, {scattered.across(size)}: of {FLOW}", found["scattered"].ratio(size, [FLOW]), 0.4)
        for size in scattered.sizes
    ]
    for key, name, peers in (("complete", "dense", (LAPJV, LAPX)), ("perfect", "sparse, perfect", (LAPMOD,))):
        family = found[key].family
        if not any(installed(peer) for peer in peers):
            continue
        listed += [
            Goal(f"{name}, {family.across(size)}: of {' or '.join(peers)}", found[key].ratio(size, peers), 1.0)
            for size in family.sizes
        ]
    return listed


if __name__ == "__main__":
    print(json.dumps(held(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
