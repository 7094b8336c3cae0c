"""Eligibility rule: volunteer_age."""

from matcher.bodies import FAMILIEVEN, STOREBROR, VOKSENVEN, Code, Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Den frivilliges alder", "en": "The volunteer's age"},
    reason={
        "da": "Den frivillige er {volunteer_age} år; mindst {min_years}, og i Storebror {min_storebror}–{max_storebror}.",
        "en": "The volunteer is {volunteer_age}; at least {min_years}, and for Storebror {min_storebror}–{max_storebror}.",
    },
    examples=[
        fails(child_programme=VOKSENVEN, volunteer_age=17.0),
        holds(child_programme=VOKSENVEN, volunteer_age=18.0),
        holds(child_programme=FAMILIEVEN, volunteer_age=81.0),
        fails(child_programme=STOREBROR, volunteer_age=19.0),
        holds(child_programme=STOREBROR, volunteer_age=20.0),
        holds(child_programme=STOREBROR, volunteer_age=35.0),
        fails(child_programme=STOREBROR, volunteer_age=36.0),
    ],
    locked=True,
)
def volunteer_age(
    child_programme: Code,
    volunteer_age: Number,
    min_years: float = 18.0,
    min_storebror: float = 20.0,
    max_storebror: float = 35.0,
) -> Mask:
    """The volunteer is of age, and for Storebror/Storesøster close enough in age to be a big brother or sister."""
    in_storebror = (volunteer_age >= min_storebror) & (volunteer_age <= max_storebror)
    return (volunteer_age >= min_years) & ((child_programme != STOREBROR) | in_storebror)
