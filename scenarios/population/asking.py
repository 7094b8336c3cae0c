"""Who has been asked: declines and offers between children who wait and free volunteers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matcher.records import Child, Decline, Offer, Volunteer
from scenarios.population.figures import Draws, figure
from scenarios.population.shared import days_before, wished_adult, wished_child

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_TRIES = 8
Pair = tuple[int, int, int]


def fits(child: Child, volunteer: Volunteer) -> bool:
    """Whether a matcher would think of the pair at all: the programme, and the gender that each wishes."""
    return (
        child.programme in volunteer.programmes
        and wished_adult(child) in {"any", volunteer.gender}
        and wished_child(volunteer, child.programme) in {"any", child.gender}
    )


def _ready(volunteer: Volunteer) -> bool:
    papers = (volunteer.interview_on, volunteer.home_visit_on, volunteer.criminal_record_on, volunteer.child_certificate_on)
    return all(papers) and (volunteer.course_hours or 0.0) >= 20.0 and volunteer.paused_from is None


def pairs(draws: Draws, children: Sequence[Child], volunteers: Sequence[Volunteer]) -> list[Pair]:
    """At most ``draws.count`` pairs who fit, of visited children and ready volunteers: index of the draw, child, volunteer."""
    seen = [i for i, child in enumerate(children) if child.home_visit_on is not None]
    ready = [j for j, volunteer in enumerate(volunteers) if _ready(volunteer)]
    if not seen or not ready:
        return []
    left = draws.whole("child", 0, len(seen) - 1).tolist()
    right = (draws.uniform("volunteer", _TRIES) * len(ready)).astype(int).tolist()
    found = []
    for n, i in enumerate(left):
        for j in right[n]:
            if fits(children[seen[i]], volunteers[ready[j]]):
                found.append((n, seen[i], ready[j]))
                break
    return found


def _count(name: str, children: Sequence[Child]) -> int:
    return round(len(children) * float(figure(name)["share"]))


def draw_declines(seed: int, children: Sequence[Child], volunteers: Sequence[Volunteer], planning_date: date) -> list[Decline]:
    """Pairs that were proposed since both were ready, and declined."""
    draws = Draws(seed, "decline", _count("asking.declines", children))
    part = draws.uniform("part").tolist()
    said_by = draws.pick("by", "asking.declined_by")
    reasons = draws.pick("reason", "asking.reasons")
    found: dict[tuple[str, str], Decline] = {}
    for n, i, j in pairs(draws, children, volunteers):
        child, volunteer = children[i], volunteers[j]
        since = max(child.home_visit_on or planning_date, volunteer.criminal_record_on or planning_date)
        found[child.child_id, volunteer.volunteer_id] = Decline(
            child_id=child.child_id,
            volunteer_id=volunteer.volunteer_id,
            declined_on=days_before(planning_date, int(part[n] * (planning_date - since).days)),
            declined_by=said_by[n],  # type: ignore[arg-type]
            reason=reasons[n],
        )
    return list(found.values())


def draw_offers(
    seed: int, children: Sequence[Child], volunteers: Sequence[Volunteer], planning_date: date, declines: Sequence[Decline]
) -> list[Offer]:
    """Offers of the last weeks: each child and volunteer in one at most, and in none that was declined."""
    counts: list[tuple[Literal["open", "closed"], int]] = [
        ("open", _count("asking.open_offers", children)),
        ("closed", _count("asking.closed_offers", children)),
    ]
    declined = {(row.child_id, row.volunteer_id) for row in declines}
    asked: set[str] = set()
    found = []
    for state, count in counts:
        draws = Draws(seed, f"{state} offer", count)
        days = draws.whole("days", 1, 10).tolist()
        for n, i, j in pairs(draws, children, volunteers):
            ids = children[i].child_id, volunteers[j].volunteer_id
            if ids in declined or not asked.isdisjoint(ids):
                continue
            asked.update(ids)
            opened = days_before(planning_date, days[n])
            found.append(
                Offer(child_id=ids[0], volunteer_id=ids[1], opened_on=opened, state=state, by=children[i].matcher_id or "")
            )
    return found
