"""Eligibility rule: volunteer_wants_age."""

from matcher.bodies import Mask, Number, given
from matcher.rules import Relax, eligibility, fails, holds

NAN = float("nan")


@eligibility(
    title={"da": "Den frivilliges ønske om alder", "en": "The volunteer's wish of age"},
    reason={
        "da": "Barnet er {child_age} år; den frivillige ønsker fra {volunteer_wants_age_min} til {volunteer_wants_age_max} år.",
        "en": "The child is {child_age}; the volunteer wishes from {volunteer_wants_age_min} to {volunteer_wants_age_max} years.",
    },
    examples=[
        holds(child_age=6.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
        fails(child_age=5.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
        holds(child_age=9.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
        fails(child_age=10.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
        holds(child_age=0.0, volunteer_wants_age_min=NAN, volunteer_wants_age_max=9.0),
        holds(child_age=15.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=NAN),
        holds(child_age=8.0, volunteer_wants_age_min=NAN, volunteer_wants_age_max=NAN),
    ],
    relax=(
        Relax(column="volunteer_wants_age_min", how="lower", consent="volunteer"),
        Relax(column="volunteer_wants_age_max", how="raise", consent="volunteer"),
    ),
)
def volunteer_wants_age(child_age: Number, volunteer_wants_age_min: Number, volunteer_wants_age_max: Number) -> Mask:
    """The child's age, in completed years, is within the volunteer's wish; a side that is left blank is open."""
    return (child_age >= given(volunteer_wants_age_min, child_age)) & (child_age <= given(volunteer_wants_age_max, child_age))
