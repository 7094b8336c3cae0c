"""What the plain stream of ``whatif_simpy`` writes down, and what is measured of it: contract section 5's metrics, for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.whatif_facts import YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.whatif_facts import Facts

FIRST_YEAR = 365.0


@dataclass(slots=True, eq=False)
class Child:
    """Days are counted from the start; ``broken``: whether a friendship has ended that its record does not know."""

    kind: int
    birthday: float
    grown: float
    outgrown: float
    listed: float
    gives_up: float
    known_broken: bool
    visited: bool = False
    broken: bool = False
    gone: bool = False
    friends: int = 0
    event: Any = None
    barred: set[Volunteer] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Volunteer:
    """``late``: whether a certificate runs out before it is renewed."""

    kind: int
    birthday: float
    age: int
    capacity: int
    stops: float
    leaves: float
    certificate: float
    late: bool
    calendar: int
    visited: bool = False
    quits: bool = False
    gone: bool = False
    friends: int = 0
    offers: int = 0
    event: Any = None
    process: Any = None


@dataclass(slots=True, eq=False)
class Bond:
    """A friendship; ``left``: hazard, baseline times ratio, that it can still take."""

    child: Child
    volunteer: Volunteer
    begun: float
    planned: float
    ratio: float
    left: float
    new: bool
    ended: float = inf


@dataclass(slots=True, eq=False)
class Wait:
    """A time on the list."""

    start: float
    stop: float = inf


def metrics(facts: Facts, bonds: Sequence[Bond], waits: Sequence[Wait], *, asked: int, used: float) -> dict[str, float]:
    """All metrics of a replication; ``asked``: offers opened, ``used``: hours for matching."""
    end = 7.0 * facts.weeks
    new = [bond for bond in bonds if bond.new]
    waited = np.array([max(0.0, min(wait.stop, end) - wait.start) for wait in waits])
    quantiles = np.quantile(waited, [0.5, 0.9, 1.0]).tolist()
    return {
        "friendships": float(len(new)),
        "friendship_years": sum(min(bond.ended, end) - max(bond.begun, 0.0) for bond in bonds) / YEAR,
        "lasting_12_months": float(np.mean([_lasts(facts, bond, end) for bond in new])),
        **dict(zip(("wait_median_days", "wait_p90_days", "wait_longest_days"), quantiles, strict=True)),
        "unmatched_after_365_days": float(sum(wait.stop == inf and end - wait.start > FIRST_YEAR for wait in waits)),
        "offers_per_match": asked / len(new),
        "matcher_hours_per_match": used / len(new),
    }


def _lasts(facts: Facts, bond: Bond, end: float) -> bool:
    """Whether a friendship lasts 12 months; one that the end cut off goes on with the contacts planned."""
    year = facts.days_of_year(bond.begun)
    if bond.ended < inf:
        return bond.ended - bond.begun >= year
    if min(bond.child.grown, bond.volunteer.stops) < bond.begun + year:
        return False
    age = min(year, end - bond.begun)
    rest = facts.lasting.summed(year) - facts.lasting.summed(age)
    extra = facts.contact_log * (facts.settings.contacts_first_year - facts.usual_contacts) / 12.0
    return rest * bond.ratio * float(np.exp(extra)) < bond.left
