"""Calls to child and parent in the first year of a friendship (opfølgning), spread evenly over the matchers' months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from matcher.dates import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matcher.records import Case, Child, Friendship, Matcher

MONTHS = 12
"""Months of a first year, the one in which the friendship begins being the first."""
Cell = tuple[str, date]
"""A matcher, and the first day of a month."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FollowUp:
    """One call; ``month`` is YYYY-MM, ``matcher_id`` is empty where nobody can make it."""

    friendship_id: str
    month: str
    matcher_id: str


def followups(case: Case, year: int, calls: int) -> tuple[FollowUp, ...]:
    """The calls of one year, by friendship and month.

    The first year of an active friendship is divided into ``calls`` parts of whole months, as even as they can be, with one
    call in each; the call is the year's in which the part's middle month lies. Of its months, one is chosen in that year with
    a day left on which the friendship lasts. Whoever follows the child calls, unless she is away on all such days of each of
    them; then, or where nobody is named, another matcher of the programme.

    No other choice of months and matchers is more even: it has the least sum of squares of calls over (matcher, month), and
    so the least greatest number too [1]_.

    .. [1] Harvey, Ladner, Lovász, Tamir, Semi-matchings for bipartite graphs and load balancing, Journal of Algorithms 59,
       2006: each item goes to the least loaded bin that a chain of moves can reach.
    """
    children = {row.child_id: row for row in case.children}
    active = [row for row in case.friendships if row.active_on(case.planning_date)]
    wanted = [
        (row.friendship_id, choices)
        for row in sorted(active, key=lambda row: row.friendship_id)
        for choices in _calls(case, row, follower(row, children), year, calls)
    ]
    cells = evenly([choices for _, choices in wanted])
    pairs = zip(wanted, cells, strict=True)
    return tuple(sorted(FollowUp(friendship_id=name, month=f"{m:%Y-%m}", matcher_id=who) for (name, _), (who, m) in pairs))


def follower(friendship: Friendship, children: Mapping[str, Child]) -> str:
    """The matcher who follows a friendship: its own, else the child's; empty where none is named."""
    child = children.get(friendship.child_id)
    return friendship.matcher_id or (child.matcher_id if child else None) or ""


def _calls(case: Case, friendship: Friendship, home: str, year: int, calls: int) -> Iterator[list[Cell]]:
    """The choices of each call of a friendship in the year: those nearest to the middle of its part first."""
    start = friendship.started_on.replace(day=1)
    for part in range(calls):
        first = MONTHS * part // calls
        last = max(first, MONTHS * (part + 1) // calls - 1)
        middle = (first + last) // 2
        ordered = sorted(range(first, last + 1), key=lambda k: (abs(k - middle), k))
        months = [add_months(start, k) for k in ordered]
        left = [month for month in months if month.year == year and _days(case, friendship, month)]
        if left and add_months(start, middle).year == year:
            yield _cells(case, friendship, home, left)


def _days(case: Case, friendship: Friendship, month: date) -> range:
    """The ordinals of a month's days that are not past and on which the friendship lasts, up to the day before its end."""
    first, next_month = max(month, case.planning_date, friendship.started_on), add_months(month, 1)
    return range(first.toordinal(), min(next_month, friendship.ended_on or next_month).toordinal())


def _cells(case: Case, friendship: Friendship, home: str, months: Sequence[date]) -> list[Cell]:
    """Who could call when; where nobody can, nobody in the middle."""
    known = {row.matcher_id: row for row in case.matchers}
    if home and not known:
        return [(home, month) for month in months]
    own = [known[home]] if home in known else []
    others = [row for name, row in sorted(known.items()) if name != home and friendship.programme in row.programmes]
    for able in (own, others):
        if cells := [(row.matcher_id, m) for m in months for row in able if _is_there(row, _days(case, friendship, m))]:
            return cells
    return [("", months[0])]


def _is_there(matcher: Matcher, days: range) -> bool:
    """Whether any of the days is outside the matcher's absences."""
    away = [(start.toordinal(), stop.toordinal()) for start, stop in matcher.absent]
    return any(all(not start <= day <= stop for start, stop in away) for day in days)


def evenly(choices: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Choose one cell for each item so that the sum of squares of the cells' loads is least; earlier choices win ties."""
    held: dict[Cell, list[int]] = {cell: [] for one in choices for cell in one}
    chosen: list[Cell] = []
    for item, own in enumerate(choices):
        chosen.append(own[0])
        reached, by = _reach(choices, held, item)
        while by[reached] != item:  # along the chain, each item moves on to the cell that the next one leaves
            mover = by[reached]
            held[chosen[mover]].remove(mover)
            held[reached].append(mover)
            chosen[mover], reached = reached, chosen[mover]
        held[reached].append(item)
        chosen[item] = reached
    return chosen


def _reach(choices: Sequence[Sequence[Cell]], held: Mapping[Cell, list[int]], item: int) -> tuple[Cell, dict[Cell, int]]:
    """The first least loaded cell that a chain of moves reaches, and the item by which each cell was reached."""
    least = min(map(len, held.values()))
    by: dict[Cell, int] = {}
    queue, best = [item], choices[item][0]
    for mover in queue:
        for cell in choices[mover]:
            if cell not in by:
                by[cell] = mover
                queue += held[cell]
                if len(held[cell]) < len(held[best]):
                    best = cell
        if len(held[best]) == least:
            break
    return best, by
