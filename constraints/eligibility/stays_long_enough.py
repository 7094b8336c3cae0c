"""Eligibility rule: stays_long_enough."""

from matcher.bodies import Mask, Number, given, most
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Bliver længe nok", "en": "Stays long enough"},
    reason={
        "da": "Den frivillige har {months_left} måneder tilbage; mindst {min_months}.",
        "en": "The volunteer has {months_left} months left; at least {min_months}.",
    },
    examples=[
        holds(volunteer_months_left=float("nan")),
        holds(volunteer_months_left=12.0),
        fails(volunteer_months_left=11.0),
        fails(volunteer_months_left=-3.0),
    ],
    facts={"months_left": lambda volunteer_months_left: most(volunteer_months_left, 0.0)},
    relax=(Relax(column="volunteer_months_left", how="raise", consent="volunteer", step=3.0),),
)
def stays_long_enough(volunteer_months_left: Number, min_months: float = 12.0) -> Mask:
    """The volunteer's last day, if one is known, is far enough away.

    Source: friendships shorter than half a year do harm, and the good comes after twelve months (Grossman & Rhodes 2002).
    """
    return given(volunteer_months_left, min_months) >= min_months
