"""Eligibility rule: interview."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Samtale", "en": "Interview"},
    reason={
        "da": "Samtalen med den frivillige er først om {days_to_go} dage.",
        "en": "The volunteer's interview is only in {days_to_go} days.",
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
