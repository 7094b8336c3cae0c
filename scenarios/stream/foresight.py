"""What no policy can exceed that does not know how long people stay, though it knew all who will come: less than hindsight.

Hindsight waits with everybody until just before somebody leaves. So whoever waits is charged for it what not leaving is worth:
with v(t) the price of somebody in week t and s(t) the chance of staying until then, week t adds

    v(t) ((1 if still here, else 0) - s(t))

to what is taken off what the one gains, up to the week of the offer that leads to a friendship, or to the end. That sums to 0
on average for every policy that does not know who leaves, whatever the prices are, since each term does, given all that was
known the week before. So the mean, over replications, of the best plan of all who come and go, less these charges, bounds every
such policy: information relaxation with a penalty [1]_. Better prices make a lower bound, nought that of hindsight.

A volunteer with more than one place is not charged: there hindsight goes on knowing.

.. [1] D. Brown, J. Smith and P. Sun, Information relaxations and duality in stochastic dynamic programs, Operations Research
   58, 2010.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from scenarios.stream.hindsight import as_judged, bound_of
from scenarios.stream.offers import BINS
from scenarios.stream.run import roster
from scenarios.stream.state import FOREVER
from scenarios.stream.windows import charged_worths, first_days, possible_pairs

if TYPE_CHECKING:
    from scenarios.stream.keeping import Prices
    from scenarios.stream.prepare import Prepared
    from scenarios.stream.state import Adults, Kids

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]


def bound_unforeseen(ready: Prepared, prices: Prices, seed: int, replication: int) -> float:
    """What hindsight of a ``known_stream`` has left when it pays for knowing how long people stay, in score points.

    Only its mean over replications is a bound.
    """
    kids, adults = roster(ready, seed, replication)
    judged = as_judged(ready)
    child, volunteer, points = possible_pairs(kids, adults, judged, ready.rates, ready.weeks)
    chance = ready.rates.chance[np.minimum(BINS, points // 100)]
    places = np.maximum(0, adults.capacity - adults.friends)
    charges = _charges(ready, prices, kids, adults, places)
    worth = charged_worths(kids, adults, ready.kinds, judged, ready.rates, child, volunteer, ready.weeks, charges)
    worth += charges[0][child, -1] + charges[1][volunteer, -1]  # who begins no friendship is charged up to the end
    kept = worth > 0.0
    sides = [
        (child[kept], len(kids.key), np.ones(len(kids.key))),
        (volunteer[kept], len(adults.key), places.astype(np.float64)),
    ]
    value, _, _ = bound_of(chance[kept], worth[kept], *sides)
    return value - float(charges[0][:, -1].sum() + charges[1][:, -1].sum())


def charges_for_staying(price: FloatArray, stay: FloatArray, first: IntArray, gone: IntArray) -> FloatArray:
    """What each has been charged up to each week; shapes (people, weeks).

    Parameters
    ----------
    price
        What somebody is worth in each week; any figures give a bound.
    stay
        The chance of staying from each week to the next, given all that is known in it.
    first, gone
        The week from which each is known, and that in which each is no longer there.
    """
    week = np.arange(1, price.shape[1])
    waited = (first[:, None] < week) & (week <= gone[:, None])
    added = price[:, 1:] * ((gone[:, None] > week) - stay[:, :-1]) * waited
    return np.concatenate([np.zeros((len(price), 1)), np.cumsum(added, axis=1)], axis=1)


def _charges(ready: Prepared, prices: Prices, kids: Kids, adults: Adults, places: IntArray) -> tuple[FloatArray, FloatArray]:
    """Of the children and of the volunteers who can be asked at all."""
    stay = _staying(ready, kids, adults)
    kid_from, adult_from = first_days(kids, adults)
    known = [
        np.where(np.arange(len(day)) < here, 0.0, day) for day, here in zip((kids.listed, adults.due), prices.here, strict=True)
    ]
    first = [np.floor(np.minimum(FOREVER, day) / 7.0).astype(np.int64) for day in known]
    leave = np.minimum(kids.leave, kids.outgrown), np.minimum(adults.leave, adults.stops)
    gone = [np.ceil(np.minimum(FOREVER, day) / 7.0).astype(np.int64) for day in leave]
    child = prices.of_children(kids) * (kid_from < FOREVER)[:, None]
    single = (adult_from < FOREVER) & (places == 1) & (adults.capacity == 1)
    volunteer = prices.of_volunteers(adults) * single[:, None]
    return (
        charges_for_staying(child.astype(np.float64), stay[0], first[0], gone[0]),
        charges_for_staying(volunteer.astype(np.float64), stay[1], first[1], gone[1]),
    )


def _staying(ready: Prepared, kids: Kids, adults: Adults) -> tuple[FloatArray, FloatArray]:
    """How surely each child, and each volunteer, stays from each week to the next if nobody asks."""
    day = 7.0 * np.arange(ready.weeks + 1)
    rates, here = ready.rates, ready.children.here
    known = np.where(np.arange(len(kids.key)) < here, 0.0, kids.listed)
    child = np.exp(-rates.child_leave * np.diff(np.maximum(0.0, day - known[:, None]), axis=1))
    first, calm, factor = rates.adult_leave
    waited = np.zeros((len(adults.key), 1))
    waited[: ready.volunteers.here, 0] = ready.standing.waited
    age = np.maximum(0.0, day - adults.due[:, None])
    spent = first * (age + (factor - 1.0) * np.maximum(0.0, age - np.maximum(0.0, calm - waited)))
    return child * (kids.outgrown[:, None] > day[1:]), np.exp(-np.diff(spent, axis=1)) * (adults.stops[:, None] > day[1:])
