"""The best plan under limits: those that nest, beside a flow and programs; and those that cross, beside programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.peers import limited
from benchmarks.tools.clock import cpu_seconds, raced, together
from benchmarks.tools.figures import Goal, goals_table, short
from benchmarks.tools.section import Bars, Section, Table
from matcher.loops import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.peers.limited import Limited
    from benchmarks.tools.clock import Contestant

OURS, KERNEL, FLOW = "ours, proved and by the tie rule", "the same, `kernel` asked for", "OR-Tools SimpleMinCostFlow"
MIP, CP_SAT = "HiGHS, mixed-integer program", "OR-Tools CP-SAT"
SIZES = ((255, 280), (500, 500))
TURNS, BUDGET, DRAWS, CAP = 5, 30.0, 3, 20.0
TEXT = (
    "CPU milliseconds of one call, the mean of {draws} draws, one thread; medians of up to {turns} turns in which every "
    "contestant goes once; processes that a contestant starts are counted. The people are the region's of *The best plan*. Most "
    "pairs come first, then the total; both are compared before any figure counts, and capacities and limits are checked.",
    "- *Nested*: rights with one or two places, and the lefts in six parts, of which each may have matches for eight tenths. "
    f"*{FLOW}* has a node for each part. *Crossing*: one place each, these parts, three others that cross them, and a least "
    "number of matches for a fifth of the lefts.\n"
    f"- *{OURS}*: `matcher.assignment.solve`, which chooses the solver by itself; no peer proves its plan or has a tie rule. "
    "*{mip}*: the whole program, ready, in one thread, to a gap below one point; ours goes to none.\n"
    f"- *{CP_SAT}*: its model ready, one worker, one go, at most {{cap:.0f}} s a draw.",
)


@dataclass(frozen=True)
class Kind:
    """One kind of limits: how questions are drawn, and who answers them."""

    title: str
    draw: Callable[..., Limited]
    contestants: Mapping[str, Callable[[Limited], Contestant]]
    peer: str


KINDS = (
    Kind(
        title="limits that nest: capacities and one partition",
        draw=limited.nested,
        contestants={
            OURS: limited.ours,
            KERNEL: partial(limited.ours, solver="kernel"),
            FLOW: limited.min_cost_flow,
            MIP: limited.mip,
        },
        peer=FLOW,
    ),
    Kind(
        title="limits that cross: two partitions and a least",
        draw=limited.crossing,
        contestants={OURS: limited.ours, MIP: limited.mip},
        peer=MIP,
    ),
)
Seconds = dict[str, float]


def measure() -> Section:
    """Run both kinds at all sizes."""
    with reading("compiled"):
        for kind in KINDS:
            timed(kind, (40, 45), turns=1, cap=CAP)  # compiles what is not compiled yet
        return section([(kind, {size: timed(kind, size, turns=TURNS, cap=CAP) for size in SIZES}) for kind in KINDS])


def timed(kind: Kind, size: tuple[int, int], *, turns: int, cap: float) -> Seconds:
    """CPU seconds of each contestant; infinite for CP-SAT without a proof. Raises ``ValueError`` where one differs from ours."""
    print(f"  {kind.title}: {size[0]} by {size[1]}", file=sys.stderr, flush=True)
    drawn = [kind.draw(*size, seed=1 + k) for k in range(DRAWS)]
    contestants = {name: together([prepare(one) for one in drawn]) for name, prepare in kind.contestants.items()}
    found = {name: taken / DRAWS for name, taken in raced(contestants, turns=turns, budget=BUDGET).items()}
    right = contestants[OURS].value(contestants[OURS].call())
    return found | {CP_SAT: _capped(drawn, right, cap)}


def _capped(drawn: list[Limited], right: object, cap: float) -> float:
    peer = together([limited.cp_sat(one, seconds=cap) for one in drawn])
    began = cpu_seconds()
    answer = peer.call()
    taken = (cpu_seconds() - began) / DRAWS
    if any(found is None for found in answer):
        return float("inf")
    if peer.value(answer) != right:
        raise ValueError(f"{CP_SAT} finds {peer.value(answer)}, and {OURS} {right}")
    return taken


def section(found: list[tuple[Kind, dict[tuple[int, int], Seconds]]]) -> Section:
    """Tables, goals and a picture."""
    tables = [_table(kind, at) for kind, at in found]
    shares = [(kind, size, seconds[OURS] / seconds[kind.peer]) for kind, at in found for size, seconds in at.items()]
    goals = [Goal(f"{kind.title.split(':')[0]}, {_of(size)}: of {kind.peer}", share, 0.5) for kind, size, share in shares]
    labels = [f"{kind.title.split(':')[0]}, {_of(size)}" for kind, at in found for size in at]
    shown = {name: tuple(1e3 * seconds[name] for _, at in found for seconds in at.values()) for name in (OURS, MIP)}
    picture = Bars(
        name="performance-limits", title="The best plan under limits", unit="CPU ms", labels=tuple(labels), groups=shown
    )
    text = [part.format(draws=DRAWS, turns=TURNS, mip=MIP, cap=CAP) for part in TEXT]
    return Section(
        title="The best plan under limits", text=tuple(text), tables=(*tables, goals_table(goals)), pictures=(picture,)
    )


def _of(size: tuple[int, int]) -> str:
    return f"{size[0]:,} by {size[1]:,}"


def _table(kind: Kind, at: dict[tuple[int, int], Seconds]) -> Table:
    names = list(next(iter(at.values())))
    rows = [(name, *(_cell(seconds[name]) for seconds in at.values())) for name in names]
    ratio = ("ours / best peer", *(short(s[OURS] / min(t for n, t in s.items() if n not in (OURS, KERNEL))) for s in at.values()))
    return Table(caption=kind.title, heading=("CPU ms", *(_of(size) for size in at)), rows=(*rows, ratio))


def _cell(seconds: float) -> str:
    return f"no proof in {CAP:.0f} s" if seconds == float("inf") else short(1e3 * seconds)
