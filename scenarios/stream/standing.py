"""How things stand on the planning date: who waits since when, who is being asked, and which friendships there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.duration.hazard import DAYS_A_MONTH, load_priors, log_hazard_ratio
from scenarios.stream.state import FOREVER, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matcher.records import Child, Volunteer
    from matcher.table import People
    from scenarios.world import World

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


def standing(
    world: World, people: People, children: Sequence[Child], volunteers: Sequence[Volunteer], here: tuple[int, int]
) -> Standing:
    """Gather it. ``children`` and ``volunteers``: everybody who may appear; the first ``here`` are of the case."""
    case, day = world.case, world.case.planning_date
    kids, adults = children[: here[0]], volunteers[: here[1]]
    child = {row.child_id: place for place, row in enumerate(kids)}
    volunteer = {row.volunteer_id: place for place, row in enumerate(adults)}
    active = _active(world, people, child, volunteer)
    friends = np.bincount(active.child, minlength=len(kids)).astype(np.int32)
    opened = {child[o.child_id]: (volunteer[o.volunteer_id], o.opened_on) for o in case.offers if o.state == "open"}
    offers = [(float(c), float(v), _days(on, day, 0.0)) for c, (v, on) in sorted(opened.items()) if not friends[c]]
    return Standing(
        listed=np.array([_days(c.registered_on, day, 0.0) for c in kids]),
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


def _active(world: World, people: People, child: dict[str, int], volunteer: dict[str, int]) -> Active:
    """The active friendships, with the hazard that they have lived through."""
    case, day, priors = world.case, world.case.planning_date, load_priors()
    rows = [f for f in case.friendships if f.active_on(day)]
    rows.sort(key=lambda f: (child[f.child_id], volunteer[f.volunteer_id], f.started_on))
    c = np.array([child[f.child_id] for f in rows], dtype=np.int32)
    v = np.array([volunteer[f.volunteer_id] for f in rows], dtype=np.int32)
    begun = np.array([_days(f.started_on, day, 0.0) for f in rows])
    age = np.maximum(0.0, -begun)
    log_ratios = dict(zip(priors.ratios, priors.log_ratios, strict=True))
    since = age / YEAR * (log_ratios["child_year"] + log_ratios["volunteer_decade"] / 10.0)
    ratio = np.exp(log_hazard_ratio(people, c.astype(np.intp), v.astype(np.intp)) - since)
    return Active(
        child=c,
        volunteer=v,
        begun=begun,
        planned=np.array([_days(f.ended_on, day, FOREVER) for f in rows]),
        ratio=ratio,
        lived=ratio * priors.baselines[world.stream.baseline].cumulative(age / DAYS_A_MONTH),
    )


def _days(one: date | None, day: date, blank: float) -> float:
    return blank if one is None else float((one - day).days)
