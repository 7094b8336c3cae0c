"""Eligibility rule: volunteer_wants_gender."""

from matcher.bodies import ANY_GENDER, FAMILIEVEN, FEMALE, MALE, OTHER, VOKSENVEN, Code, Mask, Number, both
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Den frivilliges ønske om køn", "en": "The volunteer's wish of gender"},
    reason={
        "da": "Den frivilliges ønske er {volunteer_wants_gender}; barnet er {child_gender}.",
        "en": "The volunteer's wish is {volunteer_wants_gender}; the child is {child_gender}.",
    },
    examples=[
        holds(child_gender=FEMALE, child_programme=VOKSENVEN, volunteer_wants_gender=FEMALE, volunteer_states_gender=1.0),
        fails(child_gender=MALE, child_programme=VOKSENVEN, volunteer_wants_gender=FEMALE, volunteer_states_gender=0.0),
        holds(child_gender=MALE, child_programme=FAMILIEVEN, volunteer_wants_gender=FEMALE, volunteer_states_gender=0.0),
        fails(child_gender=MALE, child_programme=FAMILIEVEN, volunteer_wants_gender=FEMALE, volunteer_states_gender=1.0),
        fails(child_gender=OTHER, child_programme=VOKSENVEN, volunteer_wants_gender=MALE, volunteer_states_gender=0.0),
        holds(child_gender=OTHER, child_programme=VOKSENVEN, volunteer_wants_gender=ANY_GENDER, volunteer_states_gender=1.0),
    ],
    relax=(Relax(column="volunteer_wants_gender", how="accept", to="any", consent="volunteer"),),
)
def volunteer_wants_gender(
    child_gender: Code, child_programme: Code, volunteer_wants_gender: Code, volunteer_states_gender: Number
) -> Mask:
    """The child is of the gender that the volunteer wishes for, or the wish is any.

    Without a stated wish it is the volunteer's own gender in Voksenven and Storebror/Storesøster, and any in Familieven and
    where the volunteer's gender is ``other``. A child of gender ``other`` fits the wish any only.
    """
    any_by_default = (volunteer_states_gender == 0.0) & (child_programme == FAMILIEVEN)
    return any_by_default | (both(volunteer_wants_gender, child_gender) != 0)
