"""Eligibility rule: criminal_record."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Straffeattest", "en": "Criminal record"},
    reason={
        "da": "Datoen for straffeattesten ligger {days_to_go} dage ude i fremtiden.",
        "en": "The date of the criminal record lies {days_to_go} days in the future.",
    },
    unknown={"da": "Straffeattesten er ikke set endnu.", "en": "The criminal record has not been seen."},
    examples=[
        holds(volunteer_criminal_record_days=700.0),
        holds(volunteer_criminal_record_days=0.0),
        fails(volunteer_criminal_record_days=-1.0),
        fails(volunteer_criminal_record_days=float("nan")),
    ],
    facts={"days_to_go": lambda volunteer_criminal_record_days: -volunteer_criminal_record_days},
    locked=True,
)
def criminal_record(volunteer_criminal_record_days: Number) -> Mask:
    """The volunteer's criminal record (straffeattest) was seen on or before the planning date."""
    return volunteer_criminal_record_days >= 0.0
