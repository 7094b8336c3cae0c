"""The association's own friendships as the fit takes them: how long each was watched, whether it ended, and what is known of it.

What is approximated: interests, homes, wishes and availability are those of today, since a case holds no earlier ones; ages
and earlier broken friendships are those of the day a friendship began. A fact of somebody who is no longer in the case is
taken as the mean of that fact over the friendships that have it. A friendship that was struck from the list when it ended
is nowhere to be seen, and makes all look longer than they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.dates import add_months, completed_years, months_until
from matcher.duration.hazard import GROWN, OLDEST, TYPICAL, FloatArray, facts_of_pairs, load_priors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matcher.records import Case, Child, Friendship, Volunteer
    from matcher.table import People

IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

OF_CHILD = frozenset({"child_year", "girl", "broken_before", "parent_wants_long"})
OF_VOLUNTEER = frozenset({"volunteer_decade"})
"""Facts of one person; the others are of both."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Friendships that have begun, as they were seen up to a day; shape (friendships,) each but ``facts``.

    Attributes
    ----------
    facts : in the units of the ratios, shape (friendships, ratios).
    known : whether both people are in the case.
    started, seen_from, stopped : days (``date.toordinal``): the start, the first day it was watched, the last.
    ended : whether it ended on ``stopped``; an end at the child's age of 18 or later is none.
    """

    facts: FloatArray
    known: Mask
    started: IntArray
    seen_from: IntArray
    stopped: IntArray
    ended: Mask

    def __len__(self) -> int:
        """How many friendships."""
        return len(self.started)

    @property
    def entry(self) -> IntArray:
        """Calendar months, begun ones too, at which each friendship was first watched (left truncation); 0 from its start."""
        return months_of_each(months_begun, self.started, self.seen_from)

    @property
    def months(self) -> IntArray:
        """Whole calendar months lived; one that ended did so in the month that then began."""
        return months_of_each(months_lived, self.started, self.stopped)

    def some(self, mask: Mask) -> History:
        """Some of the friendships."""
        return History(
            facts=self.facts[mask],
            known=self.known[mask],
            started=self.started[mask],
            seen_from=self.seen_from[mask],
            stopped=self.stopped[mask],
            ended=self.ended[mask],
        )

    def seen_on(self, day: date) -> History:
        """What was known on an earlier day: friendships begun before it, watched until it at most."""
        last = day.toordinal()
        ours = self.some((self.started < last) & (self.seen_from < last))
        ours = replace(ours, ended=ours.ended & (ours.stopped <= last), stopped=np.minimum(ours.stopped, last))
        return ours.some(ours.entry <= ours.months)

    def begun_since(self, day: date) -> History:
        """Friendships that began on a day or later."""
        return self.some(self.started >= day.toordinal())


def months_lived(started: date, last: date) -> int:
    """Whole calendar months from the first day to the last: a year of friendship ends on the day of the year at which it began.

    >>> months_lived(date(2025, 3, 1), date(2026, 3, 1)), months_lived(date(2025, 3, 1), date(2026, 2, 28))
    (12, 11)
    """
    return months_until(last, started)


def months_begun(started: date, last: date) -> int:
    """The same, with a month that has begun counted whole.

    >>> months_begun(date(2025, 3, 1), date(2026, 3, 1)), months_begun(date(2025, 3, 1), date(2026, 3, 2))
    (12, 13)
    """
    whole = months_lived(started, last)
    return whole + (add_months(started, whole) < last)


def months_of_each(count: Callable[[date, date], int], started: IntArray, last: IntArray) -> IntArray:
    """Months of each friendship, given its days (``date.toordinal``)."""
    days = zip(started.tolist(), last.tolist(), strict=True)
    return np.array([count(date.fromordinal(first), date.fromordinal(end)) for first, end in days], dtype=np.int64)


def months_in_pieces(ages: FloatArray, months: Sequence[float]) -> FloatArray:
    """Months spent in each piece of a baseline up to some ages, shape (ages, pieces); ``months``: where the pieces begin."""
    widths = np.append(np.diff(months), np.inf)
    return np.asarray(np.clip(ages[:, None] - np.array(months), 0.0, widths))


def history_of(case: Case, people: People, listed_from: date | None = None) -> History:
    """The friendships of a case up to its planning date.

    Parameters
    ----------
    listed_from
        The day the list began, where it holds no friendship that had ended before: older ones are watched from then on.
    """
    children = {one.child_id: (place, one) for place, one in enumerate(people.children)}
    volunteers = {one.volunteer_id: (place, one) for place, one in enumerate(people.volunteers)}
    rows = sorted(
        (row for row in case.friendships if row.started_on <= case.planning_date),
        key=lambda row: (row.started_on, row.friendship_id),
    )
    places = np.array(
        [(children.get(row.child_id, (-1,))[0], volunteers.get(row.volunteer_id, (-1,))[0]) for row in rows], dtype=np.int64
    ).reshape(-1, 2)
    ours = [children[row.child_id][1] if row.child_id in children else None for row in rows]
    others = [volunteers[row.volunteer_id][1] if row.volunteer_id in volunteers else None for row in rows]
    stops = [last_seen(row, child, case.planning_date) for row, child in zip(rows, ours, strict=True)]
    started = np.array([row.started_on.toordinal() for row in rows], dtype=np.int64)
    stopped = np.array([day.toordinal() for day, _ in stops], dtype=np.int64)
    watched = started if listed_from is None else np.maximum(started, listed_from.toordinal())
    found = History(
        facts=_filled(_facts(case, people, rows, places, ours, others)),
        known=(places[:, 0] >= 0) & (places[:, 1] >= 0),
        started=started,
        seen_from=watched,
        stopped=stopped,
        ended=np.array([ended for _, ended in stops], dtype=np.bool_),
    )
    return found.some(found.entry <= found.months)


def last_seen(row: Friendship, child: Child | None, today: date) -> tuple[date, bool]:
    """The last day of a friendship that has been seen, and whether it broke then; when the child is 18 it is over unbroken."""
    ended = row.ended_on if row.ended_on is not None and row.ended_on <= today else None
    last = ended or today
    grown = date.max if child is None else add_months(child.birth_date, 12 * GROWN)
    if last >= grown:
        return max(grown, row.started_on), False
    return last, ended is not None


def _facts(
    case: Case,
    people: People,
    rows: Sequence[Friendship],
    places: IntArray,
    ours: Sequence[Child | None],
    others: Sequence[Volunteer | None],
) -> FloatArray:
    """What is known of each friendship, NaN where somebody is not in the case."""
    names = list(load_priors().ratios)
    facts = np.full((len(rows), len(names)), np.nan)
    here = places >= 0
    if people.children and people.volunteers:
        found = facts_of_pairs(people, np.maximum(places[:, 0], 0), np.maximum(places[:, 1], 0))
        for at, name in enumerate(names):
            there = here[:, 0] if name in OF_CHILD else here[:, 1] if name in OF_VOLUNTEER else here.all(axis=1)
            facts[there, at] = found[there, at]
    broken = _broken_before(case, rows, {one.child_id: one.previous_friendships for one in people.children})
    for row, (friendship, child, volunteer) in enumerate(zip(rows, ours, others, strict=True)):
        if child is not None:
            age = completed_years(child.birth_date, friendship.started_on)
            facts[row, names.index("child_year")] = age - TYPICAL["child_years"]
            facts[row, names.index("broken_before")] = broken[row]
        if volunteer is not None:
            years = min(completed_years(volunteer.birth_date, friendship.started_on), OLDEST)
            facts[row, names.index("volunteer_decade")] = (years - TYPICAL["volunteer_years"]) / 10.0
    return facts


def _broken_before(case: Case, rows: Sequence[Friendship], counted: Mapping[str, int]) -> list[bool]:
    """Whether the child had a friendship that broke before each began: of those counted today, the later ones are not."""
    ends: dict[str, list[date]] = {}
    for row in case.friendships:
        if row.ended_on is not None and row.ended_on <= case.planning_date:
            ends.setdefault(row.child_id, []).append(row.ended_on)

    def before(row: Friendship) -> bool:
        own = ends.get(row.child_id, [])
        later = sum(day > row.started_on for day in own) + (row.ended_on == row.started_on)  # whose own end is none before it
        return counted.get(row.child_id, 0) > later or len(own) > later

    return [before(row) for row in rows]


def _filled(facts: FloatArray) -> FloatArray:
    """Unknown facts as the mean of the known ones, so that who has left the case tells nothing of what lasts."""
    known = ~np.isnan(facts)
    means = np.where(known, facts, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, facts, means)
