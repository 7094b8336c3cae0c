"""Calendar rule: matcher_available."""

from matcher.bodies import Code, Mask
from matcher.calendar.bodies import free_in
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Matcherens tider", "en": "The matcher's times"},
    reason={
        "da": "Matcheren kan ikke på det tidspunkt.",
        "en": "The matcher is not free at that time.",
    },
    examples=[
        holds(slot=0b10, matcher_slots=0b11),
        fails(slot=0b100, matcher_slots=0b11),
        holds(slot=0b100, matcher_slots=0),
        fails(slot=0b001, matcher_slots=0),
    ],
)
def matcher_available(slot: Code, matcher_slots: Code) -> Mask:
    """The matcher has the weekly slot free (ledige tider); blank is any evening of the week."""
    return free_in(slot, matcher_slots)
