"""Bid prices: what it is worth to keep a child or a volunteer for somebody else, from simulated futures seen in hindsight.

A person's price in one future is what one more such person would add to the best plan (its dual). The mean over the futures in
which the person appears is drawn towards that of the kind of person, the more so the fewer they are. Prices fade as the years
end: by the mean price of those who come in each quarter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from scenarios.stream.hindsight import hindsight, known_stream
from scenarios.stream.prepare import Prices, prepared
from scenarios.stream.run import roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.stream.prepare import Prepared
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]
FUTURES = 60
SEED = 90_001
"""Of the futures that prices are made from."""
LEANING = 3.0
"""So many people's weight has the wider kind in a mean."""
QUARTER = 13


def ready_stream(world: World, years: float) -> Prepared:
    """A world made ready for so many years, with prices where its policy asks for them."""
    ready = prepared(world, years)
    return replace(ready, prices=bid_prices(world, years)) if world.stream.policy == "prices" else ready


def bid_prices(world: World, years: float, futures: int = FUTURES, seed: int = SEED) -> Prices:
    """What keeping each person who may appear is worth, in expected score points, by row of the world's table.

    Parameters
    ----------
    futures, seed
        How many futures of so many ``years`` are drawn, and with what.
    """
    ready = known_stream(world, years, sure=True)
    worth, count = (_zeros(ready), _zeros(ready))
    quarters = -(-ready.weeks // QUARTER)
    late = np.zeros((2, quarters))
    for future in range(futures):
        found, (kids, adults) = hindsight(ready, seed, future), roster(ready, seed, future)
        for side, (kind, price, day, here) in enumerate(
            (
                (kids.kind, found.child, kids.listed, ready.children.here),
                (adults.kind, found.volunteer, adults.due, ready.volunteers.here),
            )
        ):
            np.add.at(worth[side], kind, price)
            np.add.at(count[side], kind, 1.0)
            quarter = np.minimum(quarters - 1, (day[here:] / 7.0 / QUARTER).astype(np.int64))
            np.add.at(late[0], quarter, price[here:])
            np.add.at(late[1], quarter, 1.0)
    kinds = _kinds(ready)
    prices = [_smoothed(*rows) for rows in zip(worth, count, kinds, strict=True)]
    return Prices(child=prices[0], volunteer=prices[1], fade=_faded(late[0] / np.maximum(1.0, late[1]), ready.weeks))


def _zeros(ready: Prepared) -> tuple[FloatArray, FloatArray]:
    return np.zeros(len(ready.outgrown)), np.zeros(len(ready.able))


def _kinds(ready: Prepared) -> tuple[list[str], list[str]]:
    """The kind of each child, and of each volunteer: programmes and gender."""
    return (
        [f"{child.programme} {child.gender}" for child in ready.child_records],
        [f"{'+'.join(sorted(volunteer.programmes))} {volunteer.gender}" for volunteer in ready.volunteer_records],
    )


def _smoothed(worth: FloatArray, count: FloatArray, kinds: Sequence[str]) -> FloatArray:
    """The mean of each person, drawn towards that of the kind, and this towards that of all."""
    _, kind = np.unique(np.array(kinds, dtype=np.str_), return_inverse=True)
    overall = worth.sum() / max(1.0, count.sum())
    of_kind = (np.bincount(kind, worth) + LEANING * overall) / (np.bincount(kind, count) + LEANING)
    return np.asarray((worth + LEANING * of_kind[kind]) / (count + LEANING))


def _faded(by_quarter: FloatArray, weeks: int) -> FloatArray:
    """The share of the first half's price that is left in each week, 1 at most."""
    usual = by_quarter[: max(1, len(by_quarter) // 2)].mean()
    if usual <= 0.0:
        return np.ones(weeks)
    middle = (np.arange(len(by_quarter)) + 0.5) * QUARTER
    return np.asarray(np.minimum(1.0, np.interp(np.arange(weeks), middle, by_quarter / usual)))
