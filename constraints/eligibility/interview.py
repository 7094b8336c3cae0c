"""Eligibility rule: interview."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Samtale", "en": "Interview"},
    reason={
        "da": "Datoen for samtalen med den frivillige ligger {days_to_go} dage ude i fremtiden.",
        "en": "The date of the volunteer's interview lies {days_to_go} days in the future.",
    },
    unknown={"da": "Samtalen med den frivillige er ikke holdt.", "en": "The volunteer has not been interviewed."},
    examples=[
        holds(volunteer_interview_days=700.0),
        holds(volunteer_interview_days=0.0),
        fails(volunteer_interview_days=-1.0),
        fails(volunteer_interview_days=float("nan")),
    ],
    facts={"days_to_go": lambda volunteer_interview_days: -volunteer_interview_days},
    locked=True,
)
def interview(volunteer_interview_days: Number) -> Mask:
    """The interview (samtale) with the volunteer was held on or before the planning date."""
    return volunteer_interview_days >= 0.0
