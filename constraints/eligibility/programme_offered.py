"""Eligibility rule: programme_offered."""

from matcher.bodies import FAMILIEVEN, STOREBROR, VOKSENVEN, Code, Mask, both
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Program", "en": "Programme"},
    reason={
        "da": "Den frivillige tilbyder {volunteer_programmes}, ikke {child_programme}.",
        "en": "The volunteer offers {volunteer_programmes}, not {child_programme}.",
    },
    examples=[
        holds(child_programme=VOKSENVEN, volunteer_programmes=VOKSENVEN | FAMILIEVEN),
        fails(child_programme=STOREBROR, volunteer_programmes=VOKSENVEN | FAMILIEVEN),
        fails(child_programme=FAMILIEVEN, volunteer_programmes=0),
    ],
    relax=(Relax(column="volunteer_programmes", how="add", consent="volunteer"),),
)
def programme_offered(child_programme: Code, volunteer_programmes: Code) -> Mask:
    """The volunteer offers the child's programme: Voksenven, Storebror/Storesøster or Familieven."""
    return both(child_programme, volunteer_programmes) != 0
