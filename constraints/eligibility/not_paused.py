"""Eligibility rule: not_paused."""

from matcher.bodies import Mask, Number
from matcher.rules import Relax, eligibility, fails, holds

NAN, NEVER, LONG_AGO = float("nan"), float("inf"), float("-inf")


@eligibility(
    title={"da": "Pause", "en": "Pause"},
    reason={
        "da": "Den frivillige holder pause; den slutter om {volunteer_pause_ends_in} dage.",
        "en": "The volunteer is on a pause that ends in {volunteer_pause_ends_in} days.",
    },
    unknown={"da": "Den frivillige holder pause uden slutdato.", "en": "The volunteer is on a pause with no end date."},
    examples=[
        holds(volunteer_pause_starts_in=NEVER, volunteer_pause_ends_in=NAN),
        holds(volunteer_pause_starts_in=1.0, volunteer_pause_ends_in=30.0),
        fails(volunteer_pause_starts_in=0.0, volunteer_pause_ends_in=30.0),
        fails(volunteer_pause_starts_in=-30.0, volunteer_pause_ends_in=0.0),
        holds(volunteer_pause_starts_in=-30.0, volunteer_pause_ends_in=-1.0),
        fails(volunteer_pause_starts_in=-30.0, volunteer_pause_ends_in=NAN),
        fails(volunteer_pause_starts_in=LONG_AGO, volunteer_pause_ends_in=0.0),
    ],
    relax=(Relax(column="volunteer_pause_ends_in", how="wait", consent="nobody", step=30.0),),
)
def not_paused(volunteer_pause_starts_in: Number, volunteer_pause_ends_in: Number) -> Mask:
    """The planning date is outside the volunteer's pause (pause); its first and last day belong to it.

    A pause with an open end lasts until further notice; one with an open beginning began long ago.
    """
    return (volunteer_pause_starts_in > 0.0) | (volunteer_pause_ends_in < 0.0)
