"""A case as it was on the day a friendship began, as far as it can still be known.

A case holds what is known today. What it says of the past: who was on the waiting list by ``registered_on``, who had been
vetted by the dates of vetting, who was in a friendship, who had said no. What it does not say: people who have left, earlier
homes, interests and availability, when a volunteer came other than by the interview, and dates that a renewal has overwritten.
So a certificate or criminal record of a later day counts as seen for a volunteer who had begun a friendship by then, the
hours of the course are today's, and a last day that was still to come was not known. Locks, forbidden pairs and limits have no
dates and are left out; a waiver stays, for somebody gave it to that pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from matcher.records import Case, Child, Friendship, Volunteer


def case_before(case: Case, friendship: Friendship) -> Case:
    """The case on the day that a friendship began, before it and all others of that day did.

    Its children are those who waited then, and the friendship's own.
    """
    day = friendship.started_on
    befriended = tuple(row.model_copy(update={"ended_on": _known(row.ended_on, day)}) for row in case.friendships)
    begun = tuple(row for row in befriended if row.started_on < day)
    taken = {row.child_id for row in begun if row.active_on(day)} - {friendship.child_id}
    vetted = {row.volunteer_id for row in case.friendships if row.started_on <= day}
    own = {friendship.child_id}
    return case.model_copy(
        update={
            "planning_date": day,
            "children": tuple(
                _child_then(one, case, day)
                for one in case.children
                if one.child_id in own or (one.registered_on <= day and one.birth_date <= day and one.child_id not in taken)
            ),
            "volunteers": tuple(
                _volunteer_then(one, day, one.volunteer_id in vetted) for one in case.volunteers if one.birth_date <= day
            ),
            "friendships": begun,
            "declines": tuple(row for row in case.declines if row.declined_on <= day),
            "offers": tuple(
                row for row in case.offers if row.opened_on <= day and row.state == "open" and row.child_id not in own
            ),
            "decisions": tuple(row for row in case.decisions if row.kind == "waive"),
            "quotas": (),
            "matchers": (),
        }
    )


def _known(end: date | None, day: date) -> date | None:
    return end if end is not None and end <= day else None


def _child_then(one: Child, case: Case, day: date) -> Child:
    """Friendships that broke later had not broken yet."""
    later = sum(row.child_id == one.child_id and row.ended_on is not None and row.ended_on > day for row in case.friendships)
    return one.model_copy(update={"previous_friendships": max(0, one.previous_friendships - later)}) if later else one


def _volunteer_then(one: Volunteer, day: date, vetted: bool) -> Volunteer:
    """What may be renewed was seen before by who had a friendship; an end to come was not known."""
    seen = {
        name: min(day, seen_on) if vetted and seen_on is not None else seen_on
        for name, seen_on in (
            ("criminal_record_on", one.criminal_record_on),
            ("child_certificate_on", one.child_certificate_on),
        )
    }
    return one.model_copy(update={**seen, "stops_on": _known(one.stops_on, day)})
