"""What could have been reached at most, had all arrivals, departures and readiness been known: an upper bound on every policy.

Two such worlds. In both nobody comes back, hours are without end, and a pair counts what it is worth at best on any day; each
only raises the bound. Let y be the probability that a policy asks a pair, p that it then says yes four times, and g what the
friendship counts, its score.

- *Sure*: every pair that is asked says yes, and counts the expected p g. The best plan is an assignment over all pairs that are
  ever free together, a network: its program in fractions is best in whole pairs, so the bound is reached by who knows all.
- *Unsure*: pairs say yes or no. A child has one friendship, a volunteer as many as places, whatever is done, and a pair answers
  independently of what was done before, so that of every policy there hold

      sum p y <= 1 for a child, <= places for a volunteer,   0 <= y <= 1,
      sum over S of p y <= 1 - product over S of (1 - p)     for each set S of a child's (or a one-place volunteer's) pairs [1]_.

  The greatest ``sum p g y`` is found by the simplex, adding the sets that are broken until none is. It knows when each leaves
  and asks as often as it likes, so even the best policy stays below it.

How much of either is knowing how long people stay: ``scenarios.stream.foresight``.

.. [1] N. Bansal, A. Gupta, J. Li, J. Mestre, V. Nagarajan and A. Rudra, When LP is the cure for your matching woes, Algorithmica
   63, 2012; the sets: B. Gamlath, S. Kale and O. Svensson, Beating greedy for stochastic bipartite matching, SODA 2019.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.assignment.crossing.relaxed import Relaxed, relaxed
from matcher.assignment.solvers.program import UNBOUNDED, Program
from matcher.errors import CertificateError
from scenarios.stream.offers import BINS
from scenarios.stream.prepare import prepared
from scenarios.stream.run import roster
from scenarios.stream.windows import points_then, possible_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.stream.prepare import Prepared
    from scenarios.stream.run import History
    from scenarios.stream.state import Kinds, Rates
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
SCALE = 1_000_000
"""Chances and gains in whole numbers: limits are rounded up, what counts against them down."""
SLACK = 1e-4
ROUNDS = 30
NO_RETURN = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hindsight:
    """The bound of a replication, in score points.

    ``pairs``: how many pairs were possible; ``exact``: whether no set is broken by more than ``SLACK``.
    """

    bound: float
    pairs: int
    exact: bool


def known_stream(world: World, years: float, *, sure: bool) -> Prepared:
    """The world in which policies are held against hindsight, with answers that are ``sure`` or not; no offer is open yet."""
    settings = world.stream.with_values({"volunteer_returns": NO_RETURN, "child_returns": NO_RETURN, "objective": "score"})
    case = world.case.model_copy(update={"offers": ()})
    ready = prepared(replace(world, stream=settings, case=case), years, unlimited=True)
    return replace(ready, rates=with_sure_answers(ready.rates)) if sure else ready


def with_sure_answers(rates: Rates) -> Rates:
    """The same with gates that always say yes; a friendship still counts its worth times what its chance was."""
    return rates._replace(gate=np.ones_like(rates.gate), chance=np.ones_like(rates.chance))


def gained(ready: Prepared, history: History) -> float:
    """What a replication of a ``known_stream`` has gained, in score points: of each friendship on the day on which it began."""
    new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
    who = bonds.child[new], bonds.adult[new], bonds.begun[new]
    points, judged = (points_then(history.kids, history.adults, kinds, *who) for kinds in (ready.kinds, as_judged(ready)))
    score = np.minimum(BINS, judged // 100)
    return float((ready.rates.joint[score] / ready.rates.chance[score] * points).sum() / 1000.0)


def hindsight(ready: Prepared, seed: int, replication: int) -> Hindsight:
    """The bound of one replication of a ``known_stream``.

    Raises
    ------
    CertificateError
        The simplex ended without an answer.
    """
    kids, adults = roster(ready, seed, replication)
    (child, volunteer, points), (_, _, judged) = (
        possible_pairs(kids, adults, kinds, ready.rates, ready.weeks) for kinds in (ready.kinds, as_judged(ready))
    )
    score = np.minimum(BINS, judged // 100)
    chance = ready.rates.chance[score]
    gain = ready.rates.joint[score] / chance * points / 1000.0
    places = np.maximum(0, adults.capacity - adults.friends)
    sides = (child, len(kids.key), np.ones(len(kids.key))), (volunteer, len(adults.key), places.astype(np.float64))
    value, _, exact = bound_of(chance, gain, *sides)
    return Hindsight(bound=value, pairs=len(child), exact=exact)


def as_judged(ready: Prepared) -> Kinds:
    """The pairs with the points by which people answer."""
    return ready.kinds._replace(points=ready.kinds.judged)


Ends: TypeAlias = tuple[IntArray, int, FloatArray]
"""Whose pair each is, how many of them there are, and their places."""


def bound_of(chance: FloatArray, gain: FloatArray, left: Ends, right: Ends) -> tuple[float, tuple[FloatArray, FloatArray], bool]:
    """The bound on asking pairs of some chance and gain; what one more of each side is worth; whether no set is broken."""
    program = _program(chance, gain, left, right)
    for _ in range(ROUNDS):
        found = _solved(program)
        broken = [*_broken(chance, found.x, left), *_broken(chance, found.x, right)]
        if not broken:
            break
        for pairs in broken:
            limit = int(np.ceil(SCALE * (1.0 - np.prod(1.0 - chance[pairs]))))
            program = program.with_row(pairs, _down(chance[pairs]), -UNBOUNDED, limit)
    row = np.cumsum([0, left[1], right[1]])
    prices = np.maximum(0.0, found.row_price)
    return found.value / SCALE, (prices[: row[1]].copy(), prices[row[1] : row[2]].copy()), not broken


def _solved(program: Program) -> Relaxed:
    found = relaxed(program)
    if found is None:
        raise CertificateError(["the simplex ended without an answer"])
    return found


def _down(chance: FloatArray) -> IntArray:
    return np.floor(SCALE * chance).astype(np.int64)


def _program(chance: FloatArray, gain: FloatArray, left: Ends, right: Ends) -> Program:
    """Rows: each left's places, each right's places."""
    orders = [np.argsort(side[0], kind="stable") for side in (left, right)]
    counts = [np.bincount(side[0], minlength=side[1]) for side in (left, right)]
    places = np.concatenate([left[2], right[2]])
    upper = np.ceil(SCALE * places).astype(np.int64)
    column = np.concatenate(orders)
    return Program(
        objective=np.ceil(SCALE * chance * gain).astype(np.int64),
        row_start=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64),
        column=column.astype(np.int32),
        coefficient=_down(chance)[column],
        lower=np.full(len(upper), -UNBOUNDED, dtype=np.int64),
        upper=upper,
    )


def _broken(chance: FloatArray, asked: FloatArray, side: Ends) -> Iterator[IntArray]:
    """For each one-place person the set of pairs whose limit is broken most: some of those asked most surely."""
    order = np.lexsort((-asked, side[0]))
    starts = np.searchsorted(side[0][order], np.arange(side[1] + 1))
    for one in np.flatnonzero(side[2] == 1.0):
        pairs = order[starts[one] : starts[one + 1]]
        if len(pairs) < 2:
            continue
        excess = np.cumsum(chance[pairs] * asked[pairs]) - (1.0 - np.cumprod(1.0 - chance[pairs]))
        worst = int(np.argmax(excess))
        if excess[worst] > SLACK:
            yield pairs[: worst + 1]
