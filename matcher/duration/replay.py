"""Past decisions beside what the engine would have proposed on the day: the shadow of a year of matches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.candidates import parts_of, passing
from matcher.duration.belief import SURE
from matcher.duration.history import last_seen, months_lived
from matcher.duration.measures import mean_within
from matcher.duration.past import case_before
from matcher.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from matcher.records import Case, Friendship, Postcode
    from matcher.rules import Rulebook

TOPS = (1, 3, 5)
HORIZON = 12
FEWEST, FEWEST_ENDS = 10, 5
"""Friendships of each kind that it takes to compare how long they lasted, and how many of them must have ended by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One friendship beside the engine's list of that day.

    Attributes
    ----------
    known : whether both people are still in the case; else all that follows but ``months`` and ``ended`` is empty.
    failed : rules of today that the pair failed on the day.
    rank : 1 plus the eligible volunteers with a higher score; None where the pair was not eligible.
    eligible : eligible volunteers of the child on the day.
    points, best_points : thousandths, of the volunteer chosen and of the best eligible one.
    best, planned : the volunteer of the highest score (the smallest id of several), and the one of the best plan of all who
        waited; blank for nobody.
    waiting, free : children who waited (the friendship's own too), and volunteers whom the rules about them alone allowed.
    months, ended : whole months lived so far, and whether it ended.
    """

    friendship_id: str
    started_on: date
    child_id: str
    volunteer_id: str
    known: bool
    failed: tuple[str, ...] = ()
    rank: int | None = None
    eligible: int | None = None
    points: int | None = None
    best_points: int | None = None
    best: str = ""
    planned: str = ""
    waiting: int | None = None
    free: int | None = None
    months: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Months that friendships lasted of their first 12 on average: ranked in the upper half of their list, and in the lower.

    Lists of one tell nothing and are left out; the middle one of an odd number is in the lower half.
    ``difference`` with its 95 % band: high minus low. None where ``enough`` is False: of a kind there are fewer than ten, or
    fewer than five that ended within 12 months, or none that was watched so long.
    """

    high_friendships: int
    low_friendships: int
    enough: bool
    high: float | None = None
    low: float | None = None
    difference: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """All friendships begun since a day beside the engine's lists; ``unfinished`` ones were not replayed in time."""

    rows: tuple[Replayed, ...]
    unfinished: int
    lasting: Lasting

    @property
    def replayed(self) -> tuple[Replayed, ...]:
        """Those whose people are both in the case."""
        return tuple(row for row in self.rows if row.known)

    @property
    def ranked(self) -> tuple[Replayed, ...]:
        """Those that were eligible by today's rules."""
        return tuple(row for row in self.rows if row.rank is not None)

    def in_top(self, top: int) -> int:
        """How many the engine would have had among its first so many."""
        return sum(row.rank is not None and row.rank <= top for row in self.rows)

    @property
    def median_rank(self) -> float | None:
        """The middle rank of those that were eligible."""
        return float(median(row.rank for row in self.ranked if row.rank is not None)) if self.ranked else None

    @property
    def median_eligible(self) -> float | None:
        """How many eligible volunteers such a list had, in the middle."""
        return float(median(row.eligible for row in self.ranked if row.eligible is not None)) if self.ranked else None

    @property
    def median_below_best(self) -> float | None:
        """Points of a score that the one chosen lay below the best, in the middle of those that were eligible."""
        below = [
            (row.best_points - row.points) / 1000.0
            for row in self.ranked
            if row.best_points is not None and row.points is not None
        ]
        return median(below) if below else None

    @property
    def chance_in_top(self) -> Mapping[int, float]:
        """How many would be among the first so many if each list were in random order."""
        return {top: sum(min(1.0, top / row.eligible) for row in self.ranked if row.eligible) for top in TOPS}

    @property
    def failed(self) -> Mapping[str, int]:
        """How many pairs failed each rule, the most frequent first."""
        return dict(
            sorted(Counter(rule for row in self.rows for rule in row.failed).items(), key=lambda item: (-item[1], item[0]))
        )


def shadow(
    case: Case,
    rulebook: Rulebook,
    postcodes: Mapping[str, Postcode],
    since: date,
    *,
    told: Callable[[int, int], None] = lambda _number, _all: None,
    in_time: Callable[[], bool] = lambda: True,
) -> Shadow:
    """Replay every friendship that began from a day on, up to the planning date, in the order in which they began.

    ``told`` hears how far it is; when ``in_time`` says no, the others are left out.
    """
    asked = sorted(
        (row for row in case.friendships if since <= row.started_on <= case.planning_date),
        key=lambda row: (row.started_on, row.friendship_id),
    )
    rows: list[Replayed] = []
    for number, friendship in enumerate(asked, start=1):
        if not in_time():
            break
        told(number, len(asked))
        rows.append(_replayed(case, rulebook, postcodes, friendship))
    return Shadow(rows=tuple(rows), unfinished=len(asked) - len(rows), lasting=lasting_by_rank(rows))


def _replayed(case: Case, rulebook: Rulebook, postcodes: Mapping[str, Postcode], friendship: Friendship) -> Replayed:
    """One friendship beside the list and the plan of its day."""
    child = next((one for one in case.children if one.child_id == friendship.child_id), None)
    last, ended = last_seen(friendship, child, case.planning_date)
    row = Replayed(
        friendship_id=friendship.friendship_id,
        started_on=friendship.started_on,
        child_id=friendship.child_id,
        volunteer_id=friendship.volunteer_id,
        known=False,
        months=months_lived(friendship.started_on, last),
        ended=ended,
    )
    then = case_before(case, friendship)
    if child is None or all(one.volunteer_id != friendship.volunteer_id for one in then.volunteers):
        return row
    return replace(row, known=True, **_beside(Engine.of(then, rulebook, postcodes), friendship))


def _beside(engine: Engine, friendship: Friendship) -> dict[str, Any]:
    """What the engine says of the pair on the day, and whom it has for the child."""
    people, found = engine.people, engine.candidates
    i, j = engine.child_index(friendship.child_id), engine.volunteer_index(friendship.volunteer_id)
    failed = engine.failing(friendship.child_id, friendship.volunteer_id)
    own = slice(int(found.starts[i]), int(found.starts[i + 1]))
    points = int(parts_of(people, engine.rulebook, np.array([i]), np.array([j])).sum())
    scores = found.points[own]
    pairs = engine.question.pairs
    planned = pairs.right[engine.solved.chosen & (pairs.left == i)]
    return {
        "failed": failed,
        "rank": None if failed else 1 + int((scores > points).sum()),
        "eligible": len(scores),
        "points": points,
        "best_points": int(scores.max()) if len(scores) else None,
        "best": people.volunteers[int(found.volunteer[own][scores.argmax()])].volunteer_id if len(scores) else "",
        "planned": people.volunteers[int(planned[0])].volunteer_id if len(planned) else "",
        "waiting": len(people.children),
        "free": int(passing(people, engine.rulebook, "volunteer").sum()),
    }


def _says_something(side: Sequence[Replayed]) -> bool:
    ends = sum(row.ended and row.months < HORIZON for row in side)
    return len(side) >= FEWEST and ends >= FEWEST_ENDS and max(row.months for row in side) >= HORIZON


def lasting_by_rank(rows: Sequence[Replayed]) -> Lasting:
    """Those ranked high beside those ranked low."""
    sides: tuple[list[Replayed], list[Replayed]] = ([], [])
    for row in rows:
        if row.rank is not None and (row.eligible or 0) > 1:
            sides[2 * row.rank > (row.eligible or 0)].append(row)
    high, low = (len(side) for side in sides)
    if not all(_says_something(side) for side in sides):
        return Lasting(high_friendships=high, low_friendships=low, enough=False)
    (value, spread), (other, other_spread) = (
        mean_within(np.array([row.months for row in side]), np.array([row.ended for row in side]), HORIZON) for side in sides
    )
    difference, away = value - other, SURE * float(np.sqrt(spread + other_spread))
    return Lasting(
        high_friendships=high,
        low_friendships=low,
        enough=True,
        high=value,
        low=other,
        difference=(difference, difference - away, difference + away),
    )
