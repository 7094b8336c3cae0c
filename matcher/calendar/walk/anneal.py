"""A walk over whole plans that cools down [1]_: fewest changes, then least travel, with levels 1 and 2 kept.

It may pass through plans that leave more unmet or have too few at a meeting, at a price; only plans within the limits are
kept. Steps are counted, so the same plan, seed and steps give the same answer.

.. [1] Kirkpatrick, Gelatt, Vecchi, Optimization by Simulated Annealing, Science 220, 1983.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from matcher.calendar.walk.groups import all_changes, rehome, relabel, relead, rematch
from matcher.calendar.walk.moves import come, leave
from matcher.calendar.walk.places import relocate
from matcher.calendar.walk.state import FEW, LISTED, SESSION, SIZE, UNMET, VENUE, Float, Ground, Int, Walk, Worth, below
from matcher.compiling import compiled, light

KEY = 1e6
"""Of the kept value, a change is so many minutes: more than anybody travels."""
WORTH = Worth(unmet=15.0, few=6.0, minute=0.008)
"""In changes: what a unit unmet, a person too few at a meeting, and a minute are worth."""
NEAR = 0.5
"""How far above the cheapest plan a plan may be that is looked at."""
MOVES = (45, 70, 82, 88, 94, 99)
"""Of a hundred moves, those of attendances, places, homes, labels, leaders, absences, and the rest of groups' matchers."""


class Kept(NamedTuple):
    """The best plan of a walk, as its arrays of the same names; ``value``: its changes times KEY, and minutes."""

    meeting: Int
    people: Int
    person: Int
    group: Int
    value: Float


@light
def _minutes(ground, walk):  # type: ignore[no-untyped-def]
    """Of all who may stay away."""
    total = 0.0
    for meeting in range(walk.meeting.shape[0]):
        for i in range(ground.standing[meeting, LISTED], walk.meeting[meeting, SIZE]):
            total += ground.way[walk.people[meeting, i], ground.moment[walk.meeting[meeting, SESSION], VENUE]]
    return total


@light
def _step(ground, walk, worth, heat):  # type: ignore[no-untyped-def]
    """One move by chance; what it cost."""
    draw = below(walk, 100)
    if draw < MOVES[0]:
        change = come(ground, walk, worth, heat)
    elif draw < MOVES[1]:
        change = relocate(ground, walk, worth, heat)
    elif draw < MOVES[2]:
        change = rehome(ground, walk, heat)
    elif draw < MOVES[3]:
        change = relabel(ground, walk, heat)
    elif draw < MOVES[4]:
        change = relead(ground, walk, heat)
    elif draw < MOVES[5]:
        change = leave(ground, walk, worth, heat)
    else:
        change = rematch(ground, walk, heat)
    return change


@compiled
def walked(ground, walk, worth, kept, most_unmet, steps, hot, cold):  # type: ignore[no-untyped-def]
    """So many steps from one heat down to another; the best plan with at most so many units unmet is kept."""
    fall = (cold / hot) ** (1.0 / max(1, steps))
    heat, cost, best = hot, 0.0, 0.0
    for _ in range(steps):
        heat *= fall
        change = _step(ground, walk, worth, heat)
        cost += change
        if change == 0.0 or cost > best + NEAR or walk.tally[UNMET] > most_unmet or walk.tally[FEW] > 0:
            continue
        best = min(best, cost)
        value = KEY * all_changes(walk) + _minutes(ground, walk)
        if value < kept.value[0]:
            kept.value[0] = value
            kept.meeting[:], kept.people[:] = walk.meeting, walk.people
            kept.person[:], kept.group[:] = walk.person, walk.group


def is_compiled() -> bool:
    """Whether the walk is compiled, in this process or by an earlier one that kept it on disk."""
    kept = Path(walked.stats.cache_path)
    return bool(walked.signatures) or any(kept.glob(f"{Path(__file__).stem}.{walked.__name__}-*.nbi"))


def load() -> None:
    """Compile the walk, or load it compiled, by a walk of no step."""
    none, table = np.zeros(1, dtype=np.int64), np.zeros((1, 8), dtype=np.int64)
    flags = np.zeros((1, 1), dtype=np.uint8)
    ground = Ground(
        could=flags,
        start=none,
        who=none,
        her_start=none,
        hers=none,
        moment=table,
        way=np.zeros((1, 1)),
        open=flags,
        limit=np.zeros((1, 1, 3), dtype=np.int64),
        need=none,
        standing=table,
        most_members=1,
    )
    walk = Walk(table, none, table, table, none, table, table, table, table, np.zeros(3, dtype=np.int64), none.astype(np.uint64))
    kept = Kept(table, table, table, table, np.zeros(1))
    walked(ground, walk, Worth(1.0, 1.0, 1.0), kept, 0, 0, 1.0, 1.0)
