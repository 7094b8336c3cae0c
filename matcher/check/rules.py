"""The contract's 22 rules on a pair (§2), each a plain predicate: true where the rule holds.

A rule asks the child alone, the volunteer alone (for a programme), or both. The tables at the end name them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date

from matcher.check.facts import months_away
from matcher.check.people import Child, Volunteer, fits_wish

Numbers = Mapping[str, float]


def done_by(day: date | None, today: date) -> bool:
    """Whether something was done, on or before ``today``."""
    return day is not None and day <= today


# The child alone


def child_age(child: Child, _today: date, n: Numbers) -> bool:
    """The age fits the child's programme."""
    return n[f"child_age.min_{child.programme}"] <= child.age <= n[f"child_age.max_{child.programme}"]


def family_home_visit(child: Child, today: date, _n: Numbers) -> bool:
    """The family has been visited."""
    return done_by(child.home_visit_on, today)


def child_free(child: Child, _today: date, _n: Numbers) -> bool:
    """No active friendship, and nobody is being asked."""
    return not child.befriended and not child.asked


# The volunteer alone, for a child of a programme


def programme_offered(volunteer: Volunteer, programme: str, _today: date, _n: Numbers) -> bool:
    """The volunteer offers the programme."""
    return programme in volunteer.programmes


def volunteer_age(volunteer: Volunteer, programme: str, _today: date, n: Numbers) -> bool:
    """Of age, and in Storebror neither too young nor too old for a big brother or sister."""
    of_age = volunteer.age >= n["volunteer_age.min_years"]
    if programme != "storebror":
        return of_age
    return of_age and n["volunteer_age.min_storebror"] <= volunteer.age <= n["volunteer_age.max_storebror"]


def criminal_record(volunteer: Volunteer, _programme: str, today: date, _n: Numbers) -> bool:
    """The criminal record (straffeattest) has been seen."""
    return done_by(volunteer.criminal_record_on, today)


def child_certificate(volunteer: Volunteer, _programme: str, today: date, n: Numbers) -> bool:
    """The child certificate (børneattest) has been seen, and is not too old."""
    seen = volunteer.child_certificate_on
    oldest = months_away(today, -math.floor(n["child_certificate.max_months"]))
    return seen is not None and oldest <= seen <= today


def interview(volunteer: Volunteer, _programme: str, today: date, _n: Numbers) -> bool:
    """The interview has been held."""
    return done_by(volunteer.interview_on, today)


def volunteer_home_visit(volunteer: Volunteer, _programme: str, today: date, _n: Numbers) -> bool:
    """The volunteer has been visited at home."""
    return done_by(volunteer.home_visit_on, today)


def course(volunteer: Volunteer, _programme: str, _today: date, n: Numbers) -> bool:
    """Enough hours of course; none known is not enough."""
    return volunteer.course_hours is not None and volunteer.course_hours >= n["course.min_hours"]


def not_paused(volunteer: Volunteer, _programme: str, today: date, _n: Numbers) -> bool:
    """Today is outside the pause; a missing end, on either side, is far away."""
    if volunteer.paused_from is None and volunteer.paused_until is None:
        return True
    begins, ends = volunteer.paused_from or date.min, volunteer.paused_until or date.max
    return not begins <= today <= ends


def stays_long_enough(volunteer: Volunteer, _programme: str, today: date, n: Numbers) -> bool:
    """No last day is known, or it lies far enough ahead."""
    needed = months_away(today, math.ceil(n["stays_long_enough.min_months"]))
    return volunteer.stops_on is None or volunteer.stops_on >= needed


def volunteer_capacity(volunteer: Volunteer, _programme: str, _today: date, _n: Numbers) -> bool:
    """There is room for one child more."""
    return volunteer.busy < volunteer.capacity


# Both together


def child_wants_gender(child: Child, volunteer: Volunteer, _n: Numbers) -> bool:
    """The volunteer's gender is the child's wish."""
    return fits_wish(child.wish, volunteer.gender)


def volunteer_wants_gender(child: Child, volunteer: Volunteer, _n: Numbers) -> bool:
    """The child's gender is the volunteer's wish."""
    return fits_wish(volunteer.wishes[child.programme], child.gender)


def volunteer_wants_age(child: Child, volunteer: Volunteer, _n: Numbers) -> bool:
    """The child's age is within the volunteer's wish; an open side asks nothing."""
    old_enough = volunteer.age_from is None or child.age >= volunteer.age_from
    return old_enough and (volunteer.age_to is None or child.age <= volunteer.age_to)


def common_language(child: Child, volunteer: Volunteer, n: Numbers) -> bool:
    """They share a language."""
    return len(child.languages & volunteer.languages) >= n["common_language.min_common"]


def common_slots(child: Child, volunteer: Volunteer, n: Numbers) -> bool:
    """They share a weekly slot; unknown on either side holds."""
    if not child.slots or not volunteer.slots:
        return True
    return len(child.slots & volunteer.slots) >= n["common_slots.min_common"]


def allergies(child: Child, volunteer: Volunteer, _n: Numbers) -> bool:
    """The volunteer has no known pet that the child is allergic to."""
    return child.allergies.isdisjoint(volunteer.pets)


def smoke_free(child: Child, volunteer: Volunteer, _n: Numbers) -> bool:
    """A child who needs it is not with a known smoker."""
    return not (child.smoke_free and volunteer.smoker)


def longest_way(child: Child, volunteer: Volunteer, n: Numbers) -> float:
    """The smaller of both limits in minutes; a blank one is the setting."""
    usual = n["travel_time.max_minutes"]
    return min(
        usual if child.max_minutes is None else child.max_minutes,
        usual if volunteer.max_minutes is None else volunteer.max_minutes,
    )


def travel_time(minutes: float | None, limit: float) -> bool:
    """The way is known, and no longer than the limit."""
    return minutes is not None and minutes <= limit


CHILD_RULES: Mapping[str, Callable[[Child, date, Numbers], bool]] = {
    "child_age": child_age,
    "family_home_visit": family_home_visit,
    "child_free": child_free,
}
VOLUNTEER_RULES: Mapping[str, Callable[[Volunteer, str, date, Numbers], bool]] = {
    "programme_offered": programme_offered,
    "volunteer_age": volunteer_age,
    "criminal_record": criminal_record,
    "child_certificate": child_certificate,
    "interview": interview,
    "volunteer_home_visit": volunteer_home_visit,
    "course": course,
    "not_paused": not_paused,
    "stays_long_enough": stays_long_enough,
    "volunteer_capacity": volunteer_capacity,
}
PAIR_RULES: Mapping[str, Callable[[Child, Volunteer, Numbers], bool]] = {
    "child_wants_gender": child_wants_gender,
    "volunteer_wants_gender": volunteer_wants_gender,
    "volunteer_wants_age": volunteer_wants_age,
    "common_language": common_language,
    "common_slots": common_slots,
    "allergies": allergies,
    "smoke_free": smoke_free,
}
RULE_NAMES = (
    "programme_offered",
    "child_age",
    "volunteer_age",
    "criminal_record",
    "child_certificate",
    "interview",
    "volunteer_home_visit",
    "course",
    "family_home_visit",
    "not_paused",
    "stays_long_enough",
    "child_wants_gender",
    "volunteer_wants_gender",
    "volunteer_wants_age",
    "common_language",
    "common_slots",
    "travel_time",
    "allergies",
    "smoke_free",
    "no_repeat",
    "child_free",
    "volunteer_capacity",
)
LOCKED = frozenset(
    {
        "child_age",
        "volunteer_age",
        "criminal_record",
        "child_certificate",
        "interview",
        "volunteer_home_visit",
        "course",
        "family_home_visit",
        "allergies",
        "smoke_free",
        "no_repeat",
        "child_free",
        "volunteer_capacity",
    }
)
