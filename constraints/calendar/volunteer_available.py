"""Calendar rule: volunteer_available."""

from matcher.bodies import Code, Mask
from matcher.calendar.bodies import free_in
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Den frivilliges tider", "en": "The volunteer's times"},
    reason={
        "da": "Den frivillige kan ikke på det tidspunkt.",
        "en": "The volunteer is not free at that time.",
    },
    examples=[
        holds(slot=0b10, volunteer_slots=0b11),
        fails(slot=0b100, volunteer_slots=0b11),
        holds(slot=0b100, volunteer_slots=0),
        fails(slot=0b001, volunteer_slots=0),
    ],
)
def volunteer_available(slot: Code, volunteer_slots: Code) -> Mask:
    """The volunteer has the weekly slot free (ledige tider); blank is any evening of the week."""
    return free_in(slot, volunteer_slots)
