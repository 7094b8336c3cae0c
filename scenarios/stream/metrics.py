"""What a replication is measured by: contract section 5's metrics, for all and by the children's gender, programme and town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.duration.hazard import DAYS_A_MONTH
from scenarios.stream.prepare import GROUPS
from scenarios.stream.prices import ready_stream
from scenarios.stream.run import simulate
from scenarios.stream.state import FIRST_VISIT, FOREVER, HOME_VISIT, INTERVIEW, MEETING, PROPOSAL, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from scenarios.stream.prepare import Prepared
    from scenarios.stream.run import History
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
Measured: TypeAlias = dict[tuple[str, str], float]
METRICS = (
    "friendships",
    "friendship_years",
    "lasting_12_months",
    "wait_median_days",
    "wait_p90_days",
    "wait_longest_days",
    "unmatched_after_365_days",
    "offers_per_match",
    "matcher_hours_per_match",
)
"""
``friendships``
    begin within the years.
``friendship_years``
    lived within the years, by friendships that begin in them and by those that were there.
``lasting_12_months``
    share of the friendships that begin which last 12 calendar months, so are there on the day of the year at which they began;
    those cut off by the end of the years go on as planned.
``wait_median_days``, ``wait_p90_days``, ``wait_longest_days``
    of the children on the list at any time: from their registration, or the end of their last friendship, until one begins, they
    leave, or the years end.
``unmatched_after_365_days``
    children who wait when the years end, and have for more than 365 days.
``offers_per_match``
    offers opened for each friendship that begins.
``matcher_hours_per_match``
    interviews, home visits, proposals and meetings for each friendship that begins; what follows it is not in. In a group: the
    hours for its children, and of those for volunteers what falls on a friendship.

A quotient without friendships is ``nan``.
"""
LONG_WAIT = 365.0
MATCHING = [INTERVIEW, HOME_VISIT, PROPOSAL, MEETING, FIRST_VISIT]


def stream_metrics(world: World, years: float, replication: int, seed: int) -> Measured:
    """All metrics of one replication; for many of one world: ``ready_stream`` once, then ``simulate`` and ``measured``.

    Returns
    -------
    Measured
        By metric and group; the group is blank for all, else ``gender=boy`` and so on.
    """
    ready = ready_stream(world, years)
    return measured(ready, simulate(ready, seed, replication))


def replicated(ready: Prepared, replications: Iterable[int], seed: int, *, mirrored: bool = False) -> list[Measured]:
    """The metrics of some replications.

    ``mirrored``: each odd one is the antithetic of the one before (``scenarios.stream.bands.halves`` for their bands).
    """
    if mirrored:
        return [measured(ready, simulate(ready, seed, one // 2, mirrored=bool(one % 2))) for one in replications]
    return [measured(ready, simulate(ready, seed, one)) for one in replications]


def measured(ready: Prepared, history: History, groups: Sequence[str] = GROUPS) -> Measured:
    """All metrics of a history, for all and by some groups of children."""
    tally = _tally(ready, history)
    found = dict(_of_group(tally, tally, ""))
    for name in groups:
        words, codes = ready.groups[name]
        for word, part in zip(words, _split(tally, codes, len(words)), strict=True):
            found.update(_of_group(part, tally, f"{name}={word}"))
    return found


class _Tally(NamedTuple):
    """What the metrics count, for some children, each with the child's row in the table (``*_of``)."""

    new_of: IntArray
    lasted: FloatArray
    bond_of: IntArray
    lived: FloatArray
    wait_of: IntArray
    waited: FloatArray
    still: npt.NDArray[np.bool_]
    child_of: IntArray
    offers: FloatArray
    hours: FloatArray
    volunteer_hours: float


def _tally(ready: Prepared, history: History) -> _Tally:
    """Gather it for all children."""
    end, kids, bonds, waits = 7.0 * history.weeks, history.kids, history.bonds, history.waits
    count, spells = int(bonds.count[0]), slice(0, int(waits.count[0]))
    lived = np.minimum(bonds.ended[:count], end) - np.clip(bonds.begun[:count], 0.0, end)
    bond_of = kids.kind[bonds.child[:count]]
    return _Tally(
        new_of=bond_of[history.before :],
        lasted=lasted(ready, history),
        bond_of=bond_of,
        lived=np.maximum(0.0, lived),
        wait_of=kids.kind[waits.child[spells]],
        waited=np.maximum(0.0, np.minimum(waits.stop[spells], end) - waits.start[spells]),
        still=waits.stop[spells] == FOREVER,
        child_of=kids.kind,
        offers=kids.offers,
        hours=kids.hours,
        volunteer_hours=float(history.used[MATCHING].sum() - kids.hours.sum()),
    )


def _split(tally: _Tally, codes: IntArray, size: int) -> Iterator[_Tally]:
    """The same for each group of children; ``codes``: the group of each row of the table."""

    def parts(of: IntArray, *values: npt.NDArray[Any]) -> list[list[Any]]:
        code = codes[of]
        order = np.argsort(code, kind="stable")
        cuts = np.searchsorted(code[order], np.arange(1, size))
        return [np.split(value[order], cuts) for value in (of, *values)]

    columns = [
        *parts(tally.new_of, tally.lasted),
        *parts(tally.bond_of, tally.lived),
        *parts(tally.wait_of, tally.waited, tally.still),
        *parts(tally.child_of, tally.offers, tally.hours),
    ]
    for k in range(size):
        yield _Tally._make((*(column[k] for column in columns), tally.volunteer_hours))


def _of_group(part: _Tally, whole: _Tally, group: str) -> Iterator[tuple[tuple[str, str], float]]:
    """The metrics of some children; hours for volunteers are shared by all friendships alike."""
    many, waited = len(part.lasted), part.waited
    values = dict.fromkeys(METRICS, np.nan)
    values["friendships"] = float(many)
    values["friendship_years"] = float(part.lived.sum() / YEAR)
    values["unmatched_after_365_days"] = float((part.still & (waited > LONG_WAIT)).sum())
    if many:
        values["lasting_12_months"] = float(part.lasted.mean())
        values["offers_per_match"] = float(part.offers.sum() / many)
        values["matcher_hours_per_match"] = float(part.hours.sum() / many + whole.volunteer_hours / len(whole.lasted))
    if waited.size:
        in_order = np.sort(waited)
        values["wait_median_days"] = _quantile(in_order, 0.5)
        values["wait_p90_days"] = _quantile(in_order, 0.9)
        values["wait_longest_days"] = float(in_order[-1])
    for metric, value in values.items():
        yield (metric, group), value


def _quantile(in_order: FloatArray, share: float) -> float:
    """By straight lines between the sorted values."""
    place = share * (len(in_order) - 1)
    low = int(place)
    high = min(low + 1, len(in_order) - 1)
    return float(in_order[low] + (place - low) * (in_order[high] - in_order[low]))


def lasted(ready: Prepared, history: History) -> FloatArray:
    """Whether each new friendship lasts 12 months, 1 or 0; one that the years cut off goes on with the contacts planned."""
    bonds, rates, baseline = history.bonds, ready.rates, ready.belief.baseline
    new = slice(history.before, int(bonds.count[0]))
    begun, ended = bonds.begun[new], bonds.ended[new]
    year = days_of_year(ready.world.case.planning_date, begun)
    age = np.clip(7.0 * history.weeks - begun, 0.0, year)
    rest = baseline.cumulative(year / DAYS_A_MONTH) - baseline.cumulative(age / DAYS_A_MONTH)
    given = np.exp(rates.contact_log * (rates.contacts - rates.usual) / 12.0)
    goes_on = bonds.lived[new] + rest * bonds.ratio[new] * given < bonds.limit[new]
    last = np.minimum(history.kids.grown[bonds.child[new]], history.adults.stops[bonds.adult[new]])
    cut_off = goes_on & (last >= begun + year)
    lasts: FloatArray = np.where(ended < FOREVER, ended - begun >= year, cut_off).astype(np.float64)
    return lasts


def days_of_year(first: date, begun: FloatArray) -> FloatArray:
    """Days from each one, counted from the ``first``, to the same day of the next year (of February, its last at most)."""
    day = np.datetime64(first, "D") + np.floor(begun).astype(np.int64)
    month = day.astype("datetime64[M]")
    then = (month + 12).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return np.asarray((np.minimum(then, (month + 13).astype("datetime64[D]") - 1) - day).astype(np.float64))
