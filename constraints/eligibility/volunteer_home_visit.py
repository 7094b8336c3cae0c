"""Eligibility rule: volunteer_home_visit."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Hjemmebesøg hos den frivillige", "en": "Home visit to the volunteer"},
    reason={
        "da": "Datoen for hjemmebesøget hos den frivillige ligger {days_to_go} dage ude i fremtiden.",
        "en": "The date of the home visit to the volunteer lies {days_to_go} days in the future.",
    },
    unknown={"da": "Den frivillige har ikke haft hjemmebesøg.", "en": "The volunteer has had no home visit."},
    examples=[
        holds(volunteer_home_visit_days=700.0),
        holds(volunteer_home_visit_days=0.0),
        fails(volunteer_home_visit_days=-1.0),
        fails(volunteer_home_visit_days=float("nan")),
    ],
    facts={"days_to_go": lambda volunteer_home_visit_days: -volunteer_home_visit_days},
    locked=True,
)
def volunteer_home_visit(volunteer_home_visit_days: Number) -> Mask:
    """The home visit (hjemmebesøg) to the volunteer was made on or before the planning date."""
    return volunteer_home_visit_days >= 0.0
