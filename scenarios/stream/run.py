"""One replication: the loop run on a roster, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from scenarios.stream.draws import stream_of
from scenarios.stream.loop import run_weeks
from scenarios.stream.roster import adults_of, asks_of, bonds_of, kids_of, waits_of
from scenarios.stream.state import Adults, Asks, Bonds, Kids, Ledger, Waits

if TYPE_CHECKING:
    from scenarios.stream.prepare import Prepared

FloatArray: TypeAlias = npt.NDArray[np.float64]
NOBODY = (-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """What happened in one replication, as the loop left it; ``before``: how many friendships were there at the start."""

    kids: Kids
    adults: Adults
    bonds: Bonds
    waits: Waits
    asks: Asks
    used: FloatArray
    before: int
    weeks: int


def roster(ready: Prepared, seed: int, replication: int, *, mirrored: bool = False) -> tuple[Kids, Adults]:
    """Everybody of a replication, before the first week."""
    stream = np.uint64(stream_of(seed, replication, mirrored))
    return kids_of(ready, stream), adults_of(ready, stream)


def simulate(
    ready: Prepared,
    seed: int,
    replication: int,
    *,
    mirrored: bool = False,
    first: tuple[int, int] = NOBODY,
    apart: tuple[int, int] = NOBODY,
) -> History:
    """Run one replication.

    Parameters
    ----------
    seed, replication
        Name all draws; the same give the same history. ``mirrored``: the antithetic one.
    first, apart
        A pair of the case, by row, that is asked at once, or never.
    """
    stream = np.uint64(stream_of(seed, replication, mirrored))
    kids, adults = roster(ready, seed, replication, mirrored=mirrored)
    rates, prices = ready.rates, ready.prices
    if prices is not None:
        kids, adults = kids._replace(price=prices.of_children(kids)), adults._replace(price=prices.of_volunteers(adults))
    bonds, asks, waits = bonds_of(ready, stream, kids, adults), asks_of(ready, kids), waits_of(kids)
    ledger = Ledger(left=np.zeros(1), used=np.zeros(7), contact=np.ones(1), room=rates.most.copy())
    barred = np.zeros((len(kids.key), len(adults.key)), dtype=np.bool_)
    if apart[0] >= 0:
        barred[apart] = True
    locked = np.array([first, *ready.standing.locked] if first[0] >= 0 else ready.standing.locked, dtype=np.int64).reshape(-1, 2)
    before = int(bonds.count[0])
    run_weeks(kids, adults, ready.kinds, rates, bonds, asks, waits, ledger, barred, stream, ready.weeks, locked)
    return History(
        kids=kids, adults=adults, bonds=bonds, waits=waits, asks=asks, used=ledger.used, before=before, weeks=ready.weeks
    )
