"""Match a pair now, or keep both for others? Two futures beside each other: one in which the pair is asked today, one never."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.duration.hazard import survival
from matcher.errors import RuleError
from scenarios.stream.bands import Band, band
from scenarios.stream.limits import has_room_today
from scenarios.stream.prices import ready_stream
from scenarios.stream.proposing import free_adults_of, waiting_kids
from scenarios.stream.run import roster, simulate
from scenarios.stream.state import FOREVER, MONTH
from scenarios.stream.windows import points_then

if TYPE_CHECKING:
    from scenarios.stream.prepare import Prepared
    from scenarios.stream.run import History
    from scenarios.world import World

NOBODY, NEWCOMER = "", "newcomer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What simulated futures say of asking a pair now.

    Attributes
    ----------
    child_id, volunteer_id : the pair.
    now : whether to ask now: everybody's gain is greater on average than if the pair were kept for others.
    gain : what all friendships count more if the pair is asked now, in score points (or friendship-months), with its band.
    sure : whether the band leaves 0 out.
    says_yes : chance that the pair goes through all four gates.
    child_kept_for, volunteer_kept_for : with whom each begins a friendship most often if kept: an id, ``newcomer`` for somebody
        who is not in the case yet, blank for nobody.
    child_kept_share, volunteer_kept_share : in which share of the futures.
    volunteer_lost, volunteer_lost_now : share of futures in which the volunteer leaves without a friendship, if kept, if asked.
    child_left, child_left_now : share in which the child has found no friend when the years end, likewise.
    futures : how many were simulated.
    """

    child_id: str
    volunteer_id: str
    now: bool
    gain: Band
    sure: bool
    says_yes: float
    child_kept_for: str
    child_kept_share: float
    volunteer_kept_for: str
    volunteer_kept_share: float
    volunteer_lost: float
    volunteer_lost_now: float
    child_left: float
    child_left_now: float
    futures: int


def advice(world: World, child_id: str, volunteer_id: str, *, years: float = 2.0, futures: int = 100, seed: int = 1) -> Advice:
    """Wait or match, for one pair, under the world's policy for everybody else.

    Raises
    ------
    RuleError
        An id is not in the case, or the pair cannot be asked today (one is not free, a rule fails, or a limit is used up).
    """
    ready = ready_stream(world, years)
    pair = _place(ready.children.ids, child_id, "child"), _place(ready.volunteers.ids, volunteer_id, "volunteer")
    _can_be_asked(ready, pair, seed)
    asked = [simulate(ready, seed, future, first=pair) for future in range(futures)]
    kept = [simulate(ready, seed, future, apart=pair) for future in range(futures)]
    gain = band([worth(ready, a) - worth(ready, b) for a, b in zip(asked, kept, strict=True)])
    child_for, child_share = _most_often([_partner(ready, history, pair[0], side=0) for history in kept])
    volunteer_for, volunteer_share = _most_often([_partner(ready, history, pair[1], side=1) for history in kept])
    return Advice(
        child_id=child_id,
        volunteer_id=volunteer_id,
        now=gain.value >= 0.0,
        gain=gain,
        sure=not gain.low <= 0.0 <= gain.high,
        says_yes=float(ready.rates.joint[min(1000, int(ready.kinds.judged[ready.kinds.row[pair], 0, 0]) // 100)]),
        child_kept_for=child_for,
        child_kept_share=child_share,
        volunteer_kept_for=volunteer_for,
        volunteer_kept_share=volunteer_share,
        volunteer_lost=_without(kept, pair[1], side=1),
        volunteer_lost_now=_without(asked, pair[1], side=1),
        child_left=_without(kept, pair[0], side=0),
        child_left_now=_without(asked, pair[0], side=0),
        futures=futures,
    )


def worth(ready: Prepared, history: History) -> float:
    """What the friendships that began in a replication count: their scores, or the months that they are expected to last."""
    new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
    child, volunteer, begun = bonds.child[new], bonds.adult[new], bonds.begun[new]
    if not ready.rates.by_months:
        return float(points_then(history.kids, history.adults, ready.kinds, child, volunteer, begun).sum()) / 1000.0
    belief = ready.belief
    months = np.arange(ready.rates.months.shape[1])
    alive = survival(belief.baseline.cumulative(months), np.log(bonds.ratio[new])[:, None], belief.variance)
    left = (history.kids.grown[child] - begun) / MONTH
    return float((alive * (months < left[:, None])).sum())


def _place(ids: tuple[str, ...], name: str, what: str) -> int:
    if name not in ids:
        raise RuleError(f"no {what} of the case is called so")
    return ids.index(name)


def _points(ready: Prepared, pair: tuple[int, int]) -> int:
    row = ready.kinds.row[pair]
    return -1 if row < 0 else int(ready.kinds.points[row, 0, 0])


def _can_be_asked(ready: Prepared, pair: tuple[int, int], seed: int) -> None:
    """Whether both are free today, and rules and limits allow them."""
    kids, adults = roster(ready, seed, 0)
    free = pair[0] in waiting_kids(kids, ready.kinds, 0.0), pair[1] in free_adults_of(adults, ready.kinds, ready.rates, 0.0, 0)
    if not all(free) or _points(ready, pair) < 0 or not has_room_today(ready, pair[0]):
        raise RuleError("the pair cannot be asked today: one of the two is not free, or a rule or a limit keeps them apart")


def _partner(ready: Prepared, history: History, who: int, *, side: int) -> str:
    """With whom somebody of the case begins the first new friendship."""
    new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
    own, other = (bonds.child[new], bonds.adult[new])[:: 1 if side == 0 else -1]
    at = np.flatnonzero(own == who)
    if not len(at):
        return NOBODY
    ids = (ready.volunteers if side == 0 else ready.children).ids
    return ids[other[at[0]]] if other[at[0]] < len(ids) else NEWCOMER


def _most_often(names: list[str]) -> tuple[str, float]:
    name, times = min(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return name, times / len(names)


def _without(histories: list[History], who: int, *, side: int) -> float:
    """Share of futures in which somebody gets no new friendship: a volunteer who has left, a child at all."""
    lost = 0
    for history in histories:
        new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
        alone = not (who == (bonds.child if side == 0 else bonds.adult)[new]).any()
        gone = side == 0 or history.adults.leave[who] <= 7.0 * history.weeks or history.adults.stops[who] < FOREVER
        lost += alone and bool(gone)
    return lost / len(histories)
