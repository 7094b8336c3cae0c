"""Limits on matches over time: matchers' ``max_new_friendships``, and quotas' ``at_most``.

The contract's limits are of one plan. Over time plans follow each other, and how often they are made says nothing of how many
friendships a matcher can take on. So here a limit holds for the matches of so many months together (``limit_months``): offers
that are open, and friendships that have begun in them. No single plan breaks it either. Friendships from before the stream do
not count, as they do not in the plan of today.

Of quotas' ``at_least`` nothing is made: a week's plan of one or two pairs cannot have some of each, and who should wait for
the sake of whom, and how long, the contract does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matcher.compiling import light
from matcher.planlimits import counts_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from matcher.records import Case, Child
    from scenarios.stream.prepare import Prepared


def limits_of(case: Case) -> npt.NDArray[np.int64]:
    """How many matches each limit allows: those of matchers, then those of quotas."""
    matchers = [row.max_new_friendships for row in case.matchers if row.max_new_friendships is not None]
    quotas = [row.at_most for row in case.quotas if row.at_most is not None]
    return np.array([*matchers, *quotas], dtype=np.int64)


def counted(case: Case, children: Sequence[Child]) -> npt.NDArray[np.bool_]:
    """Whose matches count for each limit, shape (limits, children)."""
    matchers = [row.matcher_id for row in case.matchers if row.max_new_friendships is not None]
    quotas = [row for row in case.quotas if row.at_most is not None]
    own = [[child.matcher_id == one for child in children] for one in matchers]
    said = [[counts_for(one, child) for child in children] for one in quotas]
    return np.array([*own, *said], dtype=np.bool_).reshape(len(matchers) + len(quotas), len(children))


def has_room_today(ready: Prepared, child: int) -> bool:
    """Whether no limit keeps a child of the case, by row, from a match on the planning date."""
    counts, now = ready.kinds.counts, ready.standing
    soon = now.active.child[now.active.begun > 0.0]
    taken = counts[:, np.concatenate([now.offers[:, 0].astype(np.int64), soon])].sum(axis=1)
    return bool(np.all((ready.rates.most > taken) | ~counts[:, child]))


@light
def make_room(ledger, asks, bonds, kids, kinds, rates, day):  # type: ignore[no-untyped-def]
    """What each limit has left: less the offers that are open, and the friendships that have begun within its days."""
    if ledger.room.size == 0:  # then there is nothing to count
        return
    for k in range(ledger.room.size):
        ledger.room[k] = rates.most[k]
    for place in range(asks.count[0]):
        if asks.stage[place] >= 0:
            take_room(ledger, kinds, kids.kind[asks.child[place]])
    first = max(0.0, day - rates.limit_days)
    for b in range(bonds.count[0]):
        if bonds.begun[b] > first:
            take_room(ledger, kinds, kids.kind[bonds.child[b]])


@light
def take_room(ledger, kinds, kind):  # type: ignore[no-untyped-def]
    """A match of a child of some kind counts for its limits."""
    for k in range(ledger.room.size):
        if kinds.counts[k, kind]:
            ledger.room[k] -= 1


@light
def has_room(ledger, kinds, kind):  # type: ignore[no-untyped-def]
    """Whether no limit keeps a child of some kind from a match."""
    free = True
    for k in range(ledger.room.size):
        free &= ledger.room[k] > 0 or not kinds.counts[k, kind]
    return free
