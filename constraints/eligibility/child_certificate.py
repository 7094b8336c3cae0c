"""Eligibility rule: child_certificate."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Børneattest", "en": "Child certificate"},
    reason={
        "da": "Børneattesten er set for {volunteer_child_certificate_months} måneder siden; højst {max_months}.",
        "en": "The child certificate was seen {volunteer_child_certificate_months} months ago; at most {max_months}.",
    },
    unknown={"da": "Børneattesten er ikke set endnu.", "en": "The child certificate has not been seen yet."},
    examples=[
        holds(volunteer_child_certificate_months=0.0),
        holds(volunteer_child_certificate_months=24.0),
        fails(volunteer_child_certificate_months=25.0),
        fails(volunteer_child_certificate_months=float("nan")),
        fails(volunteer_child_certificate_months=13.0, max_months=12.0),
    ],
    locked=True,
)
def child_certificate(volunteer_child_certificate_months: Number, max_months: float = 24.0) -> Mask:
    """The certificate that the volunteer may work with children (børneattest) was seen, and not too long ago.

    Months that have begun since count whole: exactly 24 months ago holds, one day more is 25. One that is dated after the
    planning date has not been seen yet. Source: Danish law asks for the certificate (lov om indhentelse af børneattest);
    how often it is renewed is the association's own rule.
    """
    return volunteer_child_certificate_months <= max_months
