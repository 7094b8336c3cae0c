"""The facts that calendar rules ask for, by name: plain values of the day, a volunteer, a matcher, a venue, a meeting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.calendar.bodies import NEVER, SLOT_BITS, Span
from matcher.columns import FIXED, Facts
from matcher.geography.distance import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matcher.calendar.obligations import FirstYear
    from matcher.records import Case, Matcher, Venue, Volunteer

PROGRAMME_BITS = FIXED["programme"]


def bits(words: Iterable[str], vocabulary: Mapping[str, int]) -> int:
    """A list of words as bits."""
    return sum(vocabulary[word] for word in set(words))


def of_case(case: Case) -> dict[str, Any]:
    """Facts that concern everybody."""
    closures = tuple((row.start.toordinal(), row.end.toordinal()) for row in case.closures)
    return {"planning_day": case.planning_date.toordinal(), "closures": closures}


def of_volunteer(volunteer: Volunteer, first_year: FirstYear, year: int) -> dict[str, Any]:
    """Facts of a first-year volunteer."""
    return {
        "volunteer_slots": bits(volunteer.availability, SLOT_BITS),
        "volunteer_programme": PROGRAMME_BITS[first_year.programme],
        "volunteer_first_day": first_year.first.toordinal(),
        "volunteer_last_day": first_year.last.toordinal(),
        "volunteer_pause": _pause(volunteer),
        "volunteer_stops_on": NEVER if volunteer.stops_on is None else volunteer.stops_on.toordinal(),
        "volunteer_days": first_year.days,
        "volunteer_passed_before": first_year.passed(date(year, 1, 1)),
        "volunteer_passed_after": first_year.passed(date(year + 1, 1, 1)),
    }


def _pause(volunteer: Volunteer) -> tuple[Span, ...]:
    first, last = volunteer.paused_from, volunteer.paused_until
    if first is None and last is None:
        return ()
    return ((-NEVER if first is None else first.toordinal(), NEVER if last is None else last.toordinal()),)


def of_matcher(matcher: Matcher) -> dict[str, Any]:
    """Facts of a matcher."""
    return {
        "matcher_slots": bits(matcher.availability, SLOT_BITS),
        "matcher_programmes": bits(matcher.programmes, PROGRAMME_BITS),
        "matcher_absent": _spans(matcher.absent),
        "matcher_max_meetings_per_month": matcher.max_meetings_per_month,
    }


def of_venue(venue: Venue) -> dict[str, Any]:
    """Facts of a venue."""
    return {
        "venue_slots": bits(venue.availability, SLOT_BITS),
        "venue_closed": _spans(venue.closed),
        "venue_capacity": venue.capacity,
    }


def of_programmes(programmes: Iterable[str]) -> dict[str, Any]:
    """Facts of a meeting for these programmes."""
    return {"meeting_programmes": bits(programmes, PROGRAMME_BITS)}


def minutes_between(facts: Facts, volunteer: Volunteer, venue: Venue) -> float:
    """Estimated minutes one way (contract section 2); NaN where a place is unknown."""
    here, there = facts.place(volunteer), facts.place(venue)  # type: ignore[arg-type]  # a venue has a person's columns of place
    pace = 60.0 * facts.number("travel.detour") / facts.number(f"travel.{volunteer.transport}_kmh")
    return float(distance_km(*here, *there) * pace + facts.number(f"travel.{volunteer.transport}_minutes"))


def _spans(ranges: Iterable[tuple[date, date]]) -> tuple[Span, ...]:
    return tuple((first.toordinal(), last.toordinal()) for first, last in ranges)
