"""Eligibility rule: child_wants_gender."""

from matcher.bodies import ANY_GENDER, FEMALE, MALE, OTHER, Code, Mask, both
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Barnets ønske om køn", "en": "The child's wish of gender"},
    reason={
        "da": "Barnets ønske er {child_wants_gender}; den frivillige er {volunteer_gender}.",
        "en": "The child's wish is {child_wants_gender}; the volunteer is {volunteer_gender}.",
    },
    examples=[
        holds(child_wants_gender=FEMALE, volunteer_gender=FEMALE),
        fails(child_wants_gender=FEMALE, volunteer_gender=MALE),
        fails(child_wants_gender=MALE, volunteer_gender=OTHER),
        holds(child_wants_gender=ANY_GENDER, volunteer_gender=MALE),
        holds(child_wants_gender=ANY_GENDER, volunteer_gender=OTHER),
    ],
    relax=(Relax(column="child_wants_gender", how="accept", to="any", consent="family"),),
)
def child_wants_gender(child_wants_gender: Code, volunteer_gender: Code) -> Mask:
    """The volunteer is of the gender that the child wishes for, or the wish is any.

    Without a stated wish a girl gets a woman and a boy a man in Voksenven and Storebror/Storesøster; in Familieven, and
    where the child's gender is ``other``, anyone fits. A volunteer of gender ``other`` fits the wish any only.
    Source: crossing gender makes no consistent difference (Kanchewa 2014), but what a family wishes is honoured.
    """
    return both(child_wants_gender, volunteer_gender) != 0
