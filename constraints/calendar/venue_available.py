"""Calendar rule: venue_available."""

from matcher.bodies import Code, Mask
from matcher.calendar.bodies import free_in
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Mødestedets tider", "en": "The venue's times"},
    reason={
        "da": "Mødestedet er ikke ledigt på det tidspunkt.",
        "en": "The venue is not free at that time.",
    },
    examples=[
        holds(slot=0b10, venue_slots=0b11),
        fails(slot=0b100, venue_slots=0b11),
        holds(slot=0b100, venue_slots=0),
        fails(slot=0b001, venue_slots=0),
    ],
)
def venue_available(slot: Code, venue_slots: Code) -> Mask:
    """The venue has the weekly slot free (ledige tider); blank is any evening of the week."""
    return free_in(slot, venue_slots)
