"""Bid prices: what it is worth to keep a child or a volunteer for somebody who may still come, from simulated futures.

The futures are played under the prices themselves: first with none, then with those that came of the futures before, and so on
(policy iteration), with the same draws each time. How a price is made of what happens in them: ``scenarios.stream.keeping``.
Hours and limits are without end in them, and nobody comes back after a friendship.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from scenarios.stream.keeping import Comers, Prices, cohort_days, comers, keeping_children, keeping_volunteers, pair_worths
from scenarios.stream.prepare import prepared
from scenarios.stream.rates import NO_LIMIT, UNLIMITED
from scenarios.stream.run import roster, simulate
from scenarios.stream.windows import first_days

if TYPE_CHECKING:
    from scenarios.stream.prepare import Prepared
    from scenarios.stream.run import History
    from scenarios.stream.state import Adults, Kids
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
Come: TypeAlias = tuple[npt.NDArray[np.float64], ...]
FUTURES = 60
ROUNDS = 4
SEED = 90_001
"""Of the futures that prices are made from."""
NEVER = 1 << 30


def ready_stream(world: World, years: float) -> Prepared:
    """A world made ready for so many years, with prices where its policy asks for them."""
    ready = prepared(world, years)
    return replace(ready, prices=bid_prices(ready)) if world.stream.policy == "prices" else ready


def bid_prices(ready: Prepared, futures: int = FUTURES, rounds: int = ROUNDS, seed: int = SEED) -> Prices:
    """What keeping each person who may appear is worth in a world under the policy of prices, as its friendships count.

    Parameters
    ----------
    futures, rounds, seed
        How many futures are played, how many times, and with what.
    """
    free = _without_ends(ready)
    worths = pair_worths(ready.kinds, ready.rates, ready.grown)
    stay = _staying(ready)
    prices = _nothing(ready, stay)
    for done in range(rounds):
        played = replace(free, prices=prices)
        seen = [_seen(played, worths, seed, future) for future in range(futures)]
        new = _prices(ready, worths, stay, [_joined([one[side] for one in seen]) for side in (0, 1)], futures)
        prices = _between(prices, new) if done else new
    return prices


def _nothing(ready: Prepared, stay: tuple[FloatArray, FloatArray]) -> Prices:
    """Prices of nought."""
    child, volunteer = (np.zeros(side.shape, dtype=np.float32) for side in stay)
    return Prices(child=child, volunteer=volunteer, days=cohort_days(ready.weeks), here=_case(ready))


def _case(ready: Prepared) -> tuple[int, int]:
    return ready.children.here, ready.volunteers.here


def _without_ends(ready: Prepared) -> Prepared:
    """The same with hours and limits without end, where nobody comes back."""
    rates = ready.rates
    nobody = {"adult_back": np.zeros_like(rates.adult_back), "child_back": np.zeros_like(rates.child_back)}
    endless = {"budget": np.full_like(rates.budget, UNLIMITED), "most": np.full_like(rates.most, NO_LIMIT)}
    return replace(ready, rates=rates._replace(**nobody, **endless))


def _seen(ready: Prepared, worths: FloatArray, seed: int, future: int) -> tuple[Come, Come]:
    """The children, and the volunteers, who come in a future, and what they have from those who wait."""
    here = _here(ready, *roster(ready, seed, future), history := simulate(ready, seed, future))
    given = history.kids, history.adults, here, ready.kinds.row, worths, ready.able
    return comers(True, *given), comers(False, *given)


def _here(ready: Prepared, kids: Kids, adults: Adults, history: History) -> tuple[IntArray, ...]:
    """The first and the last week in which each can be asked; the last is that of the offer that led to a friendship."""
    first = [np.minimum(NEVER, days / 7.0).astype(np.int64) for days in first_days(kids, adults)]
    gone = [np.minimum(kids.leave, kids.outgrown), np.minimum(adults.leave, adults.stops)]
    last = [np.minimum(NEVER, np.ceil(days / 7.0) - 1).astype(np.int64) for days in gone]
    new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
    asked = np.floor((bonds.begun[new] - ready.rates.gate_days.sum()) / 7.0).astype(np.int64)
    places = np.maximum(0, adults.capacity - adults.friends)
    first[1][places == 0] = NEVER
    last[0][bonds.child[new]] = asked
    for v, week in zip(bonds.adult[new], asked, strict=True):  # in the order in which they begin
        places[v] -= 1
        if places[v] == 0:
            last[1][v] = week
    return first[0], last[0], first[1], last[1]


def _joined(futures: list[Come]) -> Comers:
    """The comers of all futures, by week."""
    come = Comers(*(np.concatenate(column) for column in zip(*futures, strict=True)))
    order = np.argsort(come.week, kind="stable")
    return Comers(*(column[order] for column in come))


def _prices(ready: Prepared, worths: FloatArray, stay: tuple[FloatArray, FloatArray], come: list[Comers], futures: int) -> Prices:
    weeks, here = ready.weeks, _case(ready)
    starts = [np.searchsorted(side.week, np.arange(weeks + 2)) for side in come]
    known = _known(ready)
    return Prices(
        child=keeping_children(
            come[1], starts[1], ready.kinds.row, worths, stay[0], here[0], futures, ready.children.birthday, known
        ),
        volunteer=keeping_volunteers(come[0], starts[0], ready.kinds.row, worths, stay[1], here[1], futures),
        days=cohort_days(weeks),
        here=here,
    )


def _between(one: Prices, other: Prices) -> Prices:
    """Half of each, so that the rounds do not swing."""
    return replace(one, child=0.5 * (one.child + other.child), volunteer=0.5 * (one.volunteer + other.volunteer))


def _known(ready: Prepared) -> FloatArray:
    """The day from which each cohort is known: today, or the middle of its days."""
    days = cohort_days(ready.weeks)
    return np.concatenate([[0.0], days * (np.arange(-(-7.0 * ready.weeks // days)) + 0.5)])


def _staying(ready: Prepared) -> tuple[FloatArray, FloatArray]:
    """How surely each child, and each volunteer, who waits unasked stays for another week, by cohort and week.

    No friendship begins within the years of an offer in their last weeks, so nobody is kept for these; nor before a cohort comes.
    """
    day, known = 7.0 * np.arange(ready.weeks), _known(ready)[:, None]
    there = day >= known - cohort_days(ready.weeks)
    rates, now = ready.rates, ready.standing
    last = 7.0 * ready.weeks - rates.gate_days.sum()
    within = there & (day + 7.0 < np.minimum(last, (known + ready.outgrown[:, None, None])))
    first, calm, factor = rates.adult_leave
    size = len(ready.able)
    waited, stops = np.zeros((size, 1, 1)), np.full((size, 1, 1), np.inf)
    waited[: ready.volunteers.here, 0, 0], stops[: ready.volunteers.here, 0, 0] = now.waited, now.stops
    age = np.maximum(0.0, day - known) + waited
    impatient = np.clip(age + 7.0 - calm, 0.0, 7.0)
    volunteers = np.exp(-first * (7.0 + (factor - 1.0) * impatient)) * (there & (day + 7.0 < np.minimum(last, stops)))
    return np.exp(-7.0 * rates.child_leave) * within, np.asarray(volunteers)
