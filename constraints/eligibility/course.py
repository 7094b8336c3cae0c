"""Eligibility rule: course."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Kursus", "en": "Course"},
    reason={
        "da": "Den frivillige har {volunteer_course_hours} timers kursus; mindst {min_hours}.",
        "en": "The volunteer has done {volunteer_course_hours} hours of the course; at least {min_hours}.",
    },
    unknown={"da": "Den frivilliges kursustimer er ikke oplyst.", "en": "The volunteer's course hours are not stated."},
    examples=[
        fails(volunteer_course_hours=19.5),
        holds(volunteer_course_hours=20.0),
        fails(volunteer_course_hours=float("nan")),
    ],
    locked=True,
)
def course(volunteer_course_hours: Number, min_hours: float = 20.0) -> Mask:
    """The volunteer has completed enough hours of the introductory course (kursus)."""
    return volunteer_course_hours >= min_hours
