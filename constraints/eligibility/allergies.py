"""Eligibility rule: allergies."""

from matcher.bodies import Mask, Set, both, count
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Allergi", "en": "Allergies"},
    reason={
        "da": "Den frivillige har {clashing_animals}, som barnet ikke tåler.",
        "en": "The volunteer has {clashing_animals}, which the child is allergic to.",
    },
    examples=[
        holds(child_allergies=0b01, volunteer_pets=0b10),
        fails(child_allergies=0b01, volunteer_pets=0b11),
        holds(child_allergies=0b01, volunteer_pets=0),
        holds(child_allergies=0, volunteer_pets=0b11),
    ],
    uncertain=lambda child_allergies, volunteer_pets: (count(child_allergies) > 0) & (count(volunteer_pets) == 0),
    warning={
        "da": "Barnet har allergi, og den frivilliges kæledyr er ikke oplyst.",
        "en": "The child has an allergy, and the volunteer's pets are not stated.",
    },
    locked=True,
)
def allergies(child_allergies: Set, volunteer_pets: Set) -> Mask:
    """The volunteer has no pet (kæledyr) that the child is allergic to. Unknown pets hold, with a warning."""
    return count(both(child_allergies, volunteer_pets)) == 0
