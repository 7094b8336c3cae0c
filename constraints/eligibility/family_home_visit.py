"""Eligibility rule: family_home_visit."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Hjemmebesøg hos familien", "en": "Home visit to the family"},
    reason={
        "da": "Datoen for hjemmebesøget hos familien ligger {days_to_go} dage ude i fremtiden.",
        "en": "The date of the home visit to the family lies {days_to_go} days in the future.",
    },
    unknown={"da": "Familien har ikke haft hjemmebesøg.", "en": "The family has had no home visit."},
    examples=[
        holds(child_home_visit_days=700.0),
        holds(child_home_visit_days=0.0),
        fails(child_home_visit_days=-1.0),
        fails(child_home_visit_days=float("nan")),
    ],
    facts={"days_to_go": lambda child_home_visit_days: -child_home_visit_days},
    locked=True,
)
def family_home_visit(child_home_visit_days: Number) -> Mask:
    """The matchers' home visit (hjemmebesøg) to the family was made on or before the planning date.

    Until then the child is not ready to be matched.
    """
    return child_home_visit_days >= 0.0
