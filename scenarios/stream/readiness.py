"""What the rules about one person say over time: children by their age, volunteers by papers, certificates, pauses, last days.

Papers, visits and places are the stream's own events, so the rules are asked with these done and free; what is left are ages,
the validity of certificates, pauses, and how long somebody stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.ask import ask
from matcher.dates import months_until
from matcher.duration.hazard import DAYS_A_MONTH, GROWN

if TYPE_CHECKING:
    from matcher.rules import Rulebook
    from matcher.table import People

AGES = GROWN + 1
LONGEST_MONTHS = 240
CERTIFICATE = "volunteer_child_certificate_months"
VISITED = {"child_home_visit_days": 0.0, "child_active_friendships": 0.0, "child_open_offers": 0.0}
HELD = {"volunteer_active_friendships": 0.0, "volunteer_open_offers": 0.0}
NO_PAUSE = {"volunteer_pause_starts_in": float("inf"), "volunteer_pause_ends_in": float("nan")}
STAYS = {"volunteer_months_left": float("nan")}
PAPERS = {
    "volunteer_interview_days": 0.0,
    "volunteer_home_visit_days": 0.0,
    "volunteer_criminal_record_days": 0.0,
    "volunteer_course_hours": 1e6,
    CERTIFICATE: 0.0,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readiness:
    """Attributes: see below; days are counted from the planning date, steps are completed years from now.

    Attributes
    ----------
    child_ok : bool, shape (children, ``AGES``), whether the rules about the child alone hold at each step once it is visited.
    last_step : int64, shape (children,), the last step at which they hold; -1 for never.
    able : bool, shape (volunteers,), whether the rules about the volunteer alone hold with all papers.
    vetted : bool, shape (volunteers,), whether no paper is missing.
    valid_days : how long a certificate is valid.
    calendar : int32, shape (volunteers,), the row of ``weeks``, -1 for those who neither pause nor stop.
    weeks : bool, shape (rows, weeks), whether pauses and last days allow a new friendship in that week.
    """

    child_ok: npt.NDArray[np.bool_]
    last_step: npt.NDArray[np.int64]
    able: npt.NDArray[np.bool_]
    vetted: npt.NDArray[np.bool_]
    valid_days: float
    calendar: npt.NDArray[np.int32]
    weeks: npt.NDArray[np.bool_]


def readiness(people: People, rulebook: Rulebook, weeks: int) -> Readiness:
    """Ask the rules about one person, for every age of the children and every week of the volunteers."""
    steps = np.arange(AGES)
    children = np.arange(len(people.children))[:, None]
    age = people.values("child_age")[:, None] + steps  # type: ignore[call-overload]
    child_ok = _hold(people, rulebook, "child", children, {**VISITED, "child_age": age})
    everyone = np.arange(len(people.volunteers))
    seen = np.isnan(people.values(CERTIFICATE))
    certificate = {CERTIFICATE: np.where(seen, np.nan, 0.0)}
    calendar, rows = _calendar(people, rulebook, weeks)
    return Readiness(
        child_ok=child_ok,
        last_step=np.where(child_ok.any(axis=1), AGES - 1 - np.argmax(child_ok[:, ::-1], axis=1), -1),
        able=_hold(people, rulebook, "volunteer", everyone, {**HELD, **NO_PAUSE, **STAYS, **PAPERS}),
        vetted=_hold(people, rulebook, "volunteer", everyone, {**HELD, **NO_PAUSE, **STAYS, **certificate}),
        valid_days=_valid_days(people, rulebook),
        calendar=calendar,
        weeks=rows,
    )


def _hold(
    people: People, rulebook: Rulebook, side: str, index: npt.NDArray[np.int64], given: dict[str, Any]
) -> npt.NDArray[np.bool_]:
    """Whether all rules about one side hold for people by index, with what is given; shape as the two broadcast."""
    shape = np.broadcast_shapes(index.shape, *(np.shape(value) for value in given.values()))
    ok = np.ones(shape, dtype=np.bool_)
    for rule in rulebook.eligibility:
        if rule.sides == side:
            ok &= ask(people, rulebook, rule, index, index, given)
    return ok


def _valid_days(people: People, rulebook: Rulebook) -> float:
    """How many days a certificate is valid: until the first month in which a rule about it fails."""
    months, nobody = np.arange(LONGEST_MONTHS, dtype=np.float64), np.zeros(0, dtype=np.int64)
    ok = np.ones(LONGEST_MONTHS, dtype=np.bool_)
    for rule in rulebook.eligibility:
        if rule.needs == (CERTIFICATE,):
            ok &= ask(people, rulebook, rule, nobody, nobody, {CERTIFICATE: months})
    return float("inf") if ok.all() else max(1.0, float(np.argmin(ok) - 1) * DAYS_A_MONTH)


def _calendar(people: People, rulebook: Rulebook, weeks: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """The weeks in which those may be asked who pause, or have a last day."""
    some = [j for j, v in enumerate(people.volunteers) if v.paused_from or v.paused_until or v.stops_on]
    calendar = np.full(len(people.volunteers), -1, dtype=np.int32)
    calendar[some] = np.arange(len(some), dtype=np.int32)
    passed = 7 * np.arange(weeks)
    day = people.facts.planning_date
    left = [
        [
            np.nan if (stop := people.volunteers[j].stops_on) is None else months_until(stop, day + timedelta(days=int(d)))
            for d in passed
        ]
        for j in some
    ]
    index = np.array(some, dtype=np.int64)[:, None]
    given = {
        **HELD,
        **PAPERS,
        "volunteer_pause_starts_in": people.values("volunteer_pause_starts_in")[index] - passed,
        "volunteer_pause_ends_in": people.values("volunteer_pause_ends_in")[index] - passed,
        "volunteer_months_left": np.array(left, dtype=np.float64).reshape(len(some), weeks),
    }
    return calendar, _hold(people, rulebook, "volunteer", index, given)
