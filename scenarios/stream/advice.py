"""Match a pair now, or keep both for others? Two futures beside each other: one in which the pair is asked today, one never.

Both have the same draws. Still the difference swings by about 100 score points a future in a region, for whom others are asked
about changes in its wake; so the sign that few futures show is chance. They end by the width of the band, never by its sign: who
stops as soon as the band leaves 0 out is sure too often. Antithetic draws, and the pair's own answer as a control variate, leave
the band as wide (measured).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from matcher.duration.hazard import survival
from matcher.errors import RuleError, TimeLimitError
from scenarios.runs import interrupts_heard
from scenarios.stream.bands import Band, careful
from scenarios.stream.limits import has_room_today
from scenarios.stream.prices import ready_stream
from scenarios.stream.proposing import free_adults_of, waiting_kids
from scenarios.stream.run import roster, simulate
from scenarios.stream.state import GONE, MONTH
from scenarios.stream.windows import points_then

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from scenarios.stream.prepare import Prepared
    from scenarios.stream.run import History
    from scenarios.world import World

NOBODY, NEWCOMER = "", "newcomer"
MOST, CHECKS = 1600, (100, 200, 400, 800)
"""Futures at most, and after how many it is asked whether they are enough; a fixed few, so that they are the same everywhere."""
WIDE = 5.0
"""They are enough once the half of the band is at most so many score points, or friendship-months."""
CHUNK, FEWEST = 10, 10
"""Futures between two looks at the clock; and how many an answer rests on at least where time or patience ends before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What simulated futures say of asking a pair now.

    Attributes
    ----------
    child_id, volunteer_id : the pair.
    now : whether to ask now: everybody's gain is greater on average than if the pair were kept for others.
    gain : what all friendships count more if the pair is asked now, in score points (or friendship-months), with its band;
        ``worth`` says which count.
    sure : whether the band leaves 0 out.
    says_yes : chance that the pair goes through all four gates.
    child_kept_for, volunteer_kept_for : with whom each begins a friendship most often if kept: an id, ``newcomer`` for somebody
        who is not in the case yet, blank for nobody.
    child_kept_share, volunteer_kept_share : in which share of the futures.
    volunteer_lost, volunteer_lost_now : share of futures in which the volunteer leaves without a friendship, if kept, if asked.
    child_left, child_left_now : share in which the child has found no friend when the years end, likewise.
    futures : how many were simulated.
    cut : whether time, or whoever asked, ended it before there were enough.
    policy, objective : when everybody else is matched, and what a friendship counts.
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
    cut: bool
    policy: str
    objective: str


class Outcome(NamedTuple):
    """What one future brought: what its friendships count, and of the pair with whom each began one, and who is left without."""

    worth: float
    child_with: str
    volunteer_with: str
    child_left: bool
    volunteer_lost: bool


Fork: TypeAlias = tuple[Outcome, Outcome]
"""The same future twice: the pair asked today, and never."""


def advice(
    world: World,
    child_id: str,
    volunteer_id: str,
    *,
    years: float = 2.0,
    futures: int = MOST,
    seed: int = 1,
    wide: float = WIDE,
    left: Callable[[], float | None] = lambda: None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Advice:
    """Wait or match, for one pair, under the world's policy for everybody else.

    Parameters
    ----------
    futures, wide
        So many are simulated at most; fewer where the half of the gain's band is at most ``wide`` at one of the ``CHECKS``.
    left
        Tells how many seconds there are still; None where there is no limit.
    told
        Is told how many futures are done, and of how many at most.

    Raises
    ------
    RuleError
        An id is not in the case, or the pair cannot be asked today (one is not free, a rule fails, or a limit is used up).
    TimeLimitError, KeyboardInterrupt
        Before there was anything to go by; later, the answer rests on the futures that are done.
    """
    ready = ready_stream(world, years)
    pair = _place(ready.children.ids, child_id, "child"), _place(ready.volunteers.ids, volunteer_id, "volunteer")
    _can_be_asked(ready, pair, seed)
    found, cut = _enough(ready, pair, seed, futures, wide, left, told)
    asked, kept = zip(*found, strict=True)
    gain = _gain(found)
    child_for, child_share = _most_often([one.child_with for one in kept])
    volunteer_for, volunteer_share = _most_often([one.volunteer_with for one in kept])
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
        volunteer_lost=float(np.mean([one.volunteer_lost for one in kept])),
        volunteer_lost_now=float(np.mean([one.volunteer_lost for one in asked])),
        child_left=float(np.mean([one.child_left for one in kept])),
        child_left_now=float(np.mean([one.child_left for one in asked])),
        futures=gain.replications,
        cut=cut,
        policy=world.stream.policy,
        objective=world.stream.objective,
    )


def worth(ready: Prepared, history: History) -> float:
    """What the friendships that began in a replication count.

    Their scores: of each child the first new one only, else it would be a gain that a friendship breaks and another follows. Or
    the months that they are expected to last: of all, since a break is counted on in these.
    """
    child, volunteer, begun = _new(history)
    if not ready.rates.by_months:
        first = np.unique(child, return_index=True)[1]
        points = points_then(history.kids, history.adults, ready.kinds, child[first], volunteer[first], begun[first])
        return float(points.sum()) / 1000.0
    belief = ready.belief
    months = np.arange(ready.rates.months.shape[1])
    ratio = history.bonds.ratio[history.before : int(history.bonds.count[0])]
    alive = survival(belief.baseline.cumulative(months), np.log(ratio)[:, None], belief.variance)
    left = (history.kids.grown[child] - begun) / MONTH
    return float((alive * (months < left[:, None])).sum())


def _new(history: History) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Child, volunteer and first day of the friendships that began in a replication, in the order in which they did."""
    new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
    return bonds.child[new], bonds.adult[new], bonds.begun[new]


# Futures with the pair and without


def _enough(
    ready: Prepared,
    pair: tuple[int, int],
    seed: int,
    most: int,
    wide: float,
    left: Callable[[], float | None],
    told: Callable[[int, int], None],
) -> tuple[list[Fork], bool]:
    """As many futures as the band needs, and whether time or whoever asked ended them before; as ``advice``."""
    found: list[Fork] = []
    try:
        for fork in _forks(ready, pair, seed, left):
            found.append(fork)
            if len(found) % CHUNK == 0:
                told(len(found), most)
            if len(found) == most or (len(found) in CHECKS and _half(_gain(found)) <= wide):
                break
    except (KeyboardInterrupt, TimeLimitError):
        if len(found) < FEWEST:
            raise
        return found, True
    return found, False


def _forks(ready: Prepared, pair: tuple[int, int], seed: int, left: Callable[[], float | None]) -> Iterator[Fork]:
    """One future after another; raises ``TimeLimitError`` where less time is left than the longest took."""
    longest, before = 0.0, left()
    for future in count():
        now = left()
        if now is not None and before is not None:
            longest, before = max(longest, before - now), now
            if now <= longest:
                raise TimeLimitError
        with interrupts_heard():
            asked, kept = simulate(ready, seed, future, first=pair), simulate(ready, seed, future, apart=pair)
            fork = _outcome(ready, asked, pair), _outcome(ready, kept, pair)
        yield fork


def _outcome(ready: Prepared, history: History, pair: tuple[int, int]) -> Outcome:
    child_with, volunteer_with = (_partner(ready, history, pair[side], side=side) for side in (0, 1))
    return Outcome(
        worth=worth(ready, history),
        child_with=child_with,
        volunteer_with=volunteer_with,
        child_left=child_with == NOBODY,
        volunteer_lost=volunteer_with == NOBODY and bool(history.adults.state[pair[1]] == GONE),
    )


def _gain(forks: Sequence[Fork]) -> Band:
    return careful([asked.worth - kept.worth for asked, kept in forks])


def _half(band: Band) -> float:
    return 0.5 * (band.high - band.low)


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
    own, other = _new(history)[:2][:: 1 if side == 0 else -1]
    at = np.flatnonzero(own == who)
    if not len(at):
        return NOBODY
    ids = (ready.volunteers if side == 0 else ready.children).ids
    return ids[other[at[0]]] if other[at[0]] < len(ids) else NEWCOMER


def _most_often(names: list[str]) -> tuple[str, float]:
    name, times = min(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return name, times / len(names)
