"""What keeping somebody is worth: the gain that those who may still come are expected to bring, seen from each week.

Somebody who is not asked now is still there in a week, or has left. Then some come. One of them adds, to somebody of price r who
waits, what asking the two is expected to gain, ``p (w - k - r)``, beyond what the newcomer, of price k, would have had from
the others: the best of them is asked first, the next only after a no. So with the chance s of staying, and the sum over those
who come in the next week in one future, averaged over futures,

    r(t) = s(t) (r(t + 1) + mean of the sum of what each adds to r(t + 1)),

from the last week backwards [1]_. It is lower for those who soon turn a year older and fit fewer, outgrow their programme, or
lose patience, and towards the end of the years.

.. [1] The value function of approximate dynamic programming that is linear in who waits: W. Powell, Approximate Dynamic
   Programming, 2011, chapter 14; bid prices: K. Talluri and G. van Ryzin, Management Science 44, 1998.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.compiling import compiled, light
from scenarios.stream.bonds import steps_of
from scenarios.stream.offers import BINS
from scenarios.stream.proposing import months_of
from scenarios.stream.state import YEAR

if TYPE_CHECKING:
    from scenarios.stream.state import Adults, Kids

Floats: TypeAlias = npt.NDArray[np.float32]
COHORT_WEEKS, MOST_COHORTS = 13, 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What keeping a child and a volunteer is worth, float32, shape (row of the world's table, cohort, week).

    Cohort 0 are those of the case, the others who come in the same ``days``; ``here`` of either side are of the case.
    """

    child: Floats
    volunteer: Floats
    days: float
    here: tuple[int, int]

    def of_children(self, kids: Kids) -> Floats:
        """The price of each child of a replication in each week, shape (children, weeks)."""
        return _of(self.child, kids.kind, kids.listed, self.days, self.here[0])

    def of_volunteers(self, adults: Adults) -> Floats:
        """The same of volunteers."""
        return _of(self.volunteer, adults.kind, adults.due, self.days, self.here[1])


def _of(price: Floats, kind: npt.NDArray[np.int32], known: npt.NDArray[np.float64], days: float, here: int) -> Floats:
    cohort = 1 + np.clip(known / days, 0, price.shape[1] - 2).astype(np.int64)
    cohort[:here] = 0
    return np.asarray(price[kind, cohort])


def cohort_days(weeks: int) -> float:
    """Newcomers of so many days have their prices together."""
    return 7.0 * max(COHORT_WEEKS, -(-weeks // MOST_COHORTS))


class Comers(NamedTuple):
    """Who comes in some futures, in the order of weeks, and what each has from those who wait; shape (comers,) each."""

    week: Any
    kind: Any  # row of the table
    step: Any  # completed years since the child is known
    keep: Any  # the price of the one who comes
    gain: Any  # shape (comers, 2): of the best two of those who wait, less prices, 0 for none
    yes: Any  # shape (comers, 2): how surely they say yes


@compiled
def pair_worths(kinds, rates, grown):  # type: ignore[no-untyped-def]
    """What asking is expected to gain, and how surely it meets with yes, shape (rows of pairs, the child's steps, 2)."""
    found = np.zeros((*kinds.points.shape[:2], 2))
    for c in range(kinds.row.shape[0]):
        for v in range(kinds.row.shape[1]):
            row = kinds.row[c, v]
            if row < 0:
                continue
            for step in range(kinds.points.shape[1]):
                points = kinds.points[row, step, 0]
                if points >= 0:
                    score, worth = min(BINS, kinds.judged[row, step, 0] // 100), points / 1000.0
                    if rates.by_months:
                        worth = months_of(rates, kinds.log_ratio[row] + step * rates.age_log[0], grown[c] - step * YEAR)
                    found[row, step, 0], found[row, step, 1] = rates.joint[score] * worth, rates.chance[score]
    return found


@compiled
def comers(children_come, kids, adults, here, row, worths, able):  # type: ignore[no-untyped-def]
    """Those of one side who come in a replication.

    ``here``: the first week in which each child, and each volunteer, can be asked, and the last; prices by week are their own.
    """
    kid_from, kid_to, adult_from, adult_to = here
    coming, waiting = (kid_from, adult_from) if children_come else (adult_from, kid_from)
    who = np.flatnonzero((coming >= 1) & (coming < kids.price.shape[1]))
    step, gain, yes = np.zeros(who.size, np.int64), np.zeros((who.size, 2)), np.zeros((who.size, 2))
    most = worths.shape[1] - 1
    for k in range(who.size):
        week = coming[who[k]]
        if children_come:
            step[k] = steps_of(7.0 * week, kids.birthday[who[k]], most)
        for other in range(waiting.size):
            c, v = (who[k], other) if children_come else (other, who[k])
            pair = row[kids.kind[c], adults.kind[v]]
            both = max(kid_from[c], adult_from[v]) <= week <= min(kid_to[c], adult_to[v])
            if pair < 0 or not both or not able[adults.kind[v]]:
                continue
            worth = worths[pair, steps_of(7.0 * week, kids.birthday[c], most)]
            net = worth[0] - worth[1] * (kids.price[c, week] + adults.price[v, week])
            if net > gain[k, 0]:
                gain[k, 1], yes[k, 1], gain[k, 0], yes[k, 0] = gain[k, 0], yes[k, 0], net, worth[1]
            elif net > gain[k, 1]:
                gain[k, 1], yes[k, 1] = net, worth[1]
    kind, price = (kids.kind, kids.price) if children_come else (adults.kind, adults.price)
    keep = np.empty(who.size)
    for k in range(who.size):
        keep[k] = price[who[k], coming[who[k]]]
    return coming[who], kind[who].astype(np.int64), step, keep, gain, yes


@light
def added(net, chance, gain, yes):  # type: ignore[no-untyped-def]
    """What one more to be asked adds to the best two there are, where the best is asked first and the next only after a no."""
    if net > gain[0]:
        return net - chance * (gain[0] + (1.0 - yes[0]) * gain[1])
    if net > gain[1]:
        return (1.0 - yes[0]) * (net - chance * gain[1])
    return (1.0 - yes[0]) * (1.0 - yes[1]) * max(0.0, net)


@compiled
def keeping_volunteers(come, starts, row, worths, stay, here, futures):  # type: ignore[no-untyped-def]
    """The prices of volunteers from the children who come; ``stay``: how surely each stays for a week, shape as the prices'."""
    n, cohorts, weeks = stay.shape
    price = np.zeros((n, cohorts, weeks + 1), np.float32)
    for week in range(weeks - 1, -1, -1):
        for v in range(n):
            first, last = (0, 1) if v < here else (1, cohorts)
            for q in range(first, last):
                if stay[v, q, week] <= 0.0:
                    continue
                later, more = price[v, q, week + 1], 0.0
                for k in range(starts[week + 1], starts[week + 2]):
                    pair = row[come.kind[k], v]
                    if pair >= 0:
                        worth = worths[pair, come.step[k]]
                        more += added(worth[0] - worth[1] * (come.keep[k] + later), worth[1], come.gain[k], come.yes[k])
                price[v, q, week] = stay[v, q, week] * (later + more / futures)
    return price[:, :, :weeks].copy()


@compiled
def keeping_children(come, starts, row, worths, stay, here, futures, birthday, known):  # type: ignore[no-untyped-def]
    """The prices of children from the volunteers who come; ``known``: the day from which each cohort is."""
    n, cohorts, weeks = stay.shape
    price, most = np.zeros((n, cohorts, weeks + 1), np.float32), worths.shape[1] - 1
    for week in range(weeks - 1, -1, -1):
        for c in range(n):
            first, last = (0, 1) if c < here else (1, cohorts)
            for q in range(first, last):
                if stay[c, q, week] <= 0.0:
                    continue
                later, more = price[c, q, week + 1], 0.0
                step = steps_of(7.0 * (week + 1), known[q] + birthday[c], most)
                for k in range(starts[week + 1], starts[week + 2]):
                    pair = row[c, come.kind[k]]
                    if pair >= 0:
                        worth = worths[pair, step]
                        more += added(worth[0] - worth[1] * (come.keep[k] + later), worth[1], come.gain[k], come.yes[k])
                price[c, q, week] = stay[c, q, week] * (later + more / futures)
    return price[:, :, :weeks].copy()
