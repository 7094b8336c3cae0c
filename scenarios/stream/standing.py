"""How things stand on the planning date: who waits since when, who is being asked, and which friendships there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.dates import completed_years
from matcher.duration.hazard import DAYS_A_MONTH, OLDEST, TYPICAL, facts_of_pairs
from scenarios.stream.state import FOREVER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matcher.duration.belief import Belief
    from matcher.records import Case, Child, Volunteer
    from matcher.table import People

FloatArray: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Active:
    """Active friendships by row of the table: days of beginning and known end, hazard ratio, and hazard lived so far."""

    child: Counts
    volunteer: Counts
    begun: FloatArray
    planned: FloatArray
    ratio: FloatArray
    lived: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """People of the case in the order of the table, days counted from the planning date; FOREVER or ``nan`` for none.

    ``offers`` are rows (child, volunteer, day), ``locked`` pairs (child, volunteer). ``broken`` is of everybody who may appear:
    -1 where the record says that a friendship broke (the table knows it), else 0. ``capacity`` is of everybody too.
    """

    listed: FloatArray
    visited: npt.NDArray[np.bool_]
    child_friends: Counts
    broken: npt.NDArray[np.int8]
    waited: FloatArray
    certificate: FloatArray
    stops: FloatArray
    volunteer_friends: Counts
    capacity: Counts
    active: Active
    offers: FloatArray
    locked: tuple[tuple[int, int], ...]


def standing(case: Case, people: People, belief: Belief, here: tuple[int, int]) -> Standing:
    """Gather it. ``people``: everybody who may appear; the first ``here`` of either side are of the case."""
    day, (children, volunteers) = case.planning_date, (people.children, people.volunteers)
    kids, adults = children[: here[0]], volunteers[: here[1]]
    child = {row.child_id: place for place, row in enumerate(kids)}
    volunteer = {row.volunteer_id: place for place, row in enumerate(adults)}
    active = _active(case, people, belief, child, volunteer)
    friends = np.bincount(active.child, minlength=len(kids)).astype(np.int32)
    opened = {child[o.child_id]: (volunteer[o.volunteer_id], o.opened_on) for o in case.offers if o.state == "open"}
    offers = [(float(c), float(v), _days(on, day, 0.0)) for c, (v, on) in sorted(opened.items()) if not friends[c]]
    return Standing(
        listed=np.array([_days(on, day, 0.0) for on in _waiting_since(case, kids)]),
        visited=np.array([c.home_visit_on is not None for c in kids], dtype=np.bool_),
        child_friends=friends,
        broken=np.array([-1 if c.previous_friendships else 0 for c in children], dtype=np.int8),
        waited=np.array([max(0.0, -_days(v.interview_on, day, 0.0)) for v in adults]),
        certificate=np.array([_days(v.child_certificate_on, day, np.nan) for v in adults]),
        stops=np.array([_days(v.stops_on, day, FOREVER) for v in adults]),
        volunteer_friends=np.bincount(active.volunteer, minlength=len(adults)).astype(np.int32),
        capacity=np.array([v.capacity for v in volunteers], dtype=np.int32),
        active=active,
        offers=np.array(offers).reshape(-1, 3),
        locked=tuple(sorted((child[d.child_id], volunteer[d.volunteer_id]) for d in case.decisions if d.kind == "lock")),
    )


def _waiting_since(case: Case, kids: Sequence[Child]) -> list[date]:
    """Since when each child has waited: whoever has had a friend, since the last friendship ended."""
    ended: dict[str, date] = {}
    for row in case.friendships:
        if row.ended_on is not None and row.ended_on <= case.planning_date:
            ended[row.child_id] = max(row.ended_on, ended.get(row.child_id, row.ended_on))
    return [max(row.registered_on, ended.get(row.child_id, row.registered_on)) for row in kids]


def _active(case: Case, people: People, belief: Belief, child: dict[str, int], volunteer: dict[str, int]) -> Active:
    """The active friendships, with the hazard that they have lived through."""
    day = case.planning_date
    rows = [f for f in case.friendships if f.active_on(day)]
    rows.sort(key=lambda f: (child[f.child_id], volunteer[f.volunteer_id], f.started_on))
    c = np.array([child[f.child_id] for f in rows], dtype=np.int32)
    v = np.array([volunteer[f.volunteer_id] for f in rows], dtype=np.int32)
    begun = np.array([_days(f.started_on, day, 0.0) for f in rows])
    facts = facts_of_pairs(people, c.astype(np.intp), v.astype(np.intp))
    for row, f in enumerate(rows):  # all facts are of today, but these are known of the day on which it began
        ages = aged_facts(people.children[c[row]], people.volunteers[v[row]], f.started_on)
        facts[row, [belief.names.index(name) for name in ages]] = list(ages.values())
    ratio = np.exp(facts @ belief.log_ratios)
    return Active(
        child=c,
        volunteer=v,
        begun=begun,
        planned=np.array([_days(f.ended_on, day, FOREVER) for f in rows]),
        ratio=ratio,
        lived=ratio * belief.baseline.cumulative(np.maximum(0.0, -begun) / DAYS_A_MONTH),
    )


def aged_facts(child: Child, volunteer: Volunteer, day: date) -> dict[str, float]:
    """What the ages of the two say on a day, in the units of the ratios."""
    years = completed_years(child.birth_date, day), min(completed_years(volunteer.birth_date, day), OLDEST)
    return {
        "child_year": years[0] - TYPICAL["child_years"],
        "volunteer_decade": (years[1] - TYPICAL["volunteer_years"]) / 10.0,
    }


def _days(one: date | None, day: date, blank: float) -> float:
    return blank if one is None else float((one - day).days)
