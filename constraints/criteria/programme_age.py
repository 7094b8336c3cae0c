"""Criterion: programme_age."""

from matcher.bodies import FAMILIEVEN, STOREBROR, VOKSENVEN, Code, Number, Share, by_programme, clip01, most
from matcher.rules import criterion, earns, of


def _years_left(
    child_programme: Code, child_age: Number, max_voksenven: float, max_storebror: float, max_familieven: float
) -> Number:
    return most(0.0, by_programme(child_programme, max_voksenven, max_storebror, max_familieven) - child_age + 1.0)


@criterion(
    title={"da": "År tilbage i programmet", "en": "Years left in the programme"},
    weight=8,
    reason={
        "da": "barnet er {child_age} år og har {years_left} år tilbage i {child_programme}",
        "en": "the child is {child_age}; years left in {child_programme}: {years_left}",
    },
    facts={"years_left": _years_left},
    examples=[
        earns(1.0, child_programme=VOKSENVEN, child_age=6.0),
        earns(1.0 / 7.0, child_programme=VOKSENVEN, child_age=12.0),
        earns(0.0, child_programme=VOKSENVEN, child_age=13.0),
        earns(0.6, child_programme=STOREBROR, child_age=13.0),
        earns(1.0, child_programme=FAMILIEVEN, child_age=0.0),
        earns(1.0, child_programme=STOREBROR, child_age=9.0),
    ],
)
def programme_age(
    child_programme: Code,
    child_age: Number,
    min_voksenven: float = of("child_age"),
    max_voksenven: float = of("child_age"),
    min_storebror: float = of("child_age"),
    max_storebror: float = of("child_age"),
    min_familieven: float = of("child_age"),
    max_familieven: float = of("child_age"),
) -> Share:
    """A child early in its programme's age span has more years left in it.

    The share of the span's years that are left, the current one counted, by the age bounds of the rule child_age.
    Source: each year of age shortens a friendship by 0.76 months (SSWR 2012), and older youths' end earlier (Grossman &
    Rhodes 2002).
    """
    youngest = by_programme(child_programme, min_voksenven, min_storebror, min_familieven)
    oldest = by_programme(child_programme, max_voksenven, max_storebror, max_familieven)
    return clip01((oldest - child_age + 1.0) / most(oldest - youngest + 1.0, 1.0))
