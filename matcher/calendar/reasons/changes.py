"""Changes that could help somebody to one more meeting, as data, and what stands in the year once they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from matcher.calendar.bodies import EVENINGS, NEVER, SLOT_BITS
from matcher.calendar.reasons.sides import limits_in, side_of

if TYPE_CHECKING:
    from matcher.calendar.reasons.standing import Standing
    from matcher.calendar.rules import CalendarBook
    from matcher.calendar.year import Mask

KINDS = (
    "seats",
    "volunteer_slot",
    "travel",
    "matcher_month",
    "venue_slot",
    "matcher_slot",
    "pause",
    "stays",
    "apart",
    "least",
    "most",
    "venue_new",
)
"""Every kind of change, the smallest first. ``travel``, ``apart``, ``least`` and ``most`` move a setting; the others, a row."""
SETTINGS = ("travel", "apart", "least", "most")
SHARED = ("seats", "matcher_month", "venue_slot", "matcher_slot", "apart", "least", "most", "venue_new")
"""Kinds that help several at once."""
NEW_VENUE = "new"
PLENTY = 10**6
Fact = str | int | float


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: its kind, and facts that say which.

    ``volunteer_slot``, ``matcher_slot``, ``venue_slot``: one more weekly slot. ``seats``: a venue seats more. ``matcher_month``:
    more meetings in any month. ``pause``, ``stays``: the days that bound a pause or end a volunteer's time, as ISO dates, blank
    where open; no pause any more where both are, and ``was`` its only day. ``venue_new``: a venue, open every evening, in a
    postcode. Settings: the rule, the parameter, its new value. ``was``, ``becomes`` and ``more`` are in its unit.
    """

    kind: str
    facts: Mapping[str, Fact]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal changes."""
        return (self.kind, *sorted(self.facts.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A postcode in which a venue could be; ``minutes``, shape (V,): the estimated journey of each volunteer one way."""

    postcode: str
    municipality: str
    minutes: npt.NDArray[np.float64]


Places = Mapping[str, Place]
"""By postcode."""


def changed(base: Standing, change: Change, places: Places) -> Standing:
    """What stands once a change is made."""
    facts, year = change.facts, base.year
    if change.kind in SETTINGS:
        return _with_setting(base, change)
    if change.kind == "venue_new":
        return _with_venue(base, places[str(facts["postcode"])].minutes)
    if change.kind == "seats":
        at = year.venue_index[str(facts["venue"])]
        most = base.most.copy()
        most[at] = size(year.book, {**year.facts_of_venues[at], "venue_capacity": facts["becomes"]})[1]
        return replace(base, most=most)
    if change.kind == "matcher_month":
        m = year.matcher_index[str(facts["matcher"])]
        known = {**base.matchers.facts[m], "matcher_max_meetings_per_month": facts["becomes"]}
        return replace(base, matchers=base.matchers.limited(m, limits_in(year.book, "matcher", known)))
    return _told(base, change)


def size(book: CalendarBook, venue: Mapping[str, Any]) -> tuple[int, int]:
    """The strictest least and most of a meeting in a venue."""
    counts = [book.answer(rule, venue) for rule in book.counts_of("meeting")]
    return max([1, *(c.least for c in counts)]), min((c.most for c in counts if c.most is not None), default=PLENTY)


def with_slot(slots: int, slot: str) -> int:
    """A weekly availability with one slot more; blank is any evening."""
    return int(slots or EVENINGS) | SLOT_BITS[slot]


def days_of(facts: Mapping[str, Fact]) -> tuple[tuple[int, int], ...]:
    """A pause from its two days; none where both are blank."""
    first, last = str(facts["paused_from"]), str(facts["paused_until"])
    if not first and not last:
        return ()
    begin = date.fromisoformat(first).toordinal() if first else -NEVER
    return ((begin, date.fromisoformat(last).toordinal() if last else NEVER),)


def _told(base: Standing, change: Change) -> Standing:
    """Somebody's or a venue's own facts are others."""
    facts, year = change.facts, base.year
    if change.kind == "matcher_slot":
        m = year.matcher_index[str(facts["matcher"])]
        slots = with_slot(base.matchers.facts[m]["matcher_slots"], str(facts["slot"]))
        return replace(base, matchers=base.matchers.told(m, year.facts_of_case, matcher_slots=slots))
    if change.kind == "venue_slot":
        at = year.venue_index[str(facts["venue"])]
        slots = with_slot(base.venues.facts[at]["venue_slots"], str(facts["slot"]))
        return replace(base, venues=base.venues.told(at, year.facts_of_case, venue_slots=slots))
    v = year.volunteer_index[str(facts["volunteer"])]
    told: dict[str, Any]
    if change.kind == "volunteer_slot":
        told = {"volunteer_slots": with_slot(base.volunteers.facts[v]["volunteer_slots"], str(facts["slot"]))}
    elif change.kind == "pause":
        told = {"volunteer_pause": days_of(facts)}
    else:
        told = {"volunteer_stops_on": date.fromisoformat(str(facts["stops_on"])).toordinal()}
    return replace(base, volunteers=base.volunteers.told(v, year.facts_of_case, **told))


def _with_setting(base: Standing, change: Change) -> Standing:
    facts, year = change.facts, base.year
    book = year.book.with_settings({f"calendar.{facts['rule']}.{facts['parameter']}": facts["becomes"]})
    if change.kind == "travel":
        near = {
            rule.key: np.asarray(book.answer(rule, {"minutes": base.journey})) for rule in book.opens_of("volunteer", "venue")
        }
        return replace(base, near=near)
    if change.kind == "apart":
        return replace(base, volunteers=base.volunteers.ruled(book, "volunteer"))
    sizes = [size(book, venue) for venue in base.venues.facts]
    least, most = np.array(sizes, dtype=np.int64).reshape(-1, 2).T
    return replace(base, least=least, most=most)


def _with_venue(base: Standing, journey: npt.NDArray[np.float64]) -> Standing:
    """A venue more, of room for all that a meeting may have."""
    book, year = base.year.book, base.year
    most = size(book, {"venue_capacity": PLENTY})[1]
    facts = {"venue_slots": 0, "venue_closed": (), "venue_capacity": most}
    alone = side_of(book, "venue", base.times, year.facts_of_case, (facts,), ((),))
    side = base.venues
    near = _near(book, journey)
    return replace(
        base,
        venues=replace(
            side,
            facts=(*side.facts, facts),
            taken=(*side.taken, ()),
            limits=(*side.limits, *alone.limits),
            opens={key: np.vstack([mask, alone.opens[key]]) for key, mask in side.opens.items()},
            counts={key: np.vstack([mask, alone.counts[key]]) for key, mask in side.counts.items()},
        ),
        near={key: np.column_stack([mask, near[key]]) for key, mask in base.near.items()},
        least=np.append(base.least, size(book, facts)[0]),
        most=np.append(base.most, most),
        journey=np.column_stack([base.journey, journey]),
        venue_ids=(*base.venue_ids, NEW_VENUE),
    )


def _near(book: CalendarBook, minutes: npt.NDArray[np.float64]) -> dict[str, Mask]:
    return {rule.key: np.asarray(book.answer(rule, {"minutes": minutes})) for rule in book.opens_of("volunteer", "venue")}
