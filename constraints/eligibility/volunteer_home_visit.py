"""Eligibility rule: volunteer_home_visit."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Hjemmebesøg hos den frivillige", "en": "Home visit to the volunteer"},
    reason={
        "da": "Hjemmebesøget hos den frivillige er først om {days_to_go} dage.",
        "en": "The home visit to the volunteer is only in {days_to_go} days.",
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
