"""Eligibility rule: child_age."""

from matcher.bodies import FAMILIEVEN, STOREBROR, VOKSENVEN, Code, Mask, Number, by_programme
from matcher.rules import eligibility, fails, holds


def _youngest(child_programme: Code, min_voksenven: float, min_storebror: float, min_familieven: float) -> Number:
    return by_programme(child_programme, min_voksenven, min_storebror, min_familieven)


def _oldest(child_programme: Code, max_voksenven: float, max_storebror: float, max_familieven: float) -> Number:
    return by_programme(child_programme, max_voksenven, max_storebror, max_familieven)


@eligibility(
    title={"da": "Barnets alder", "en": "The child's age"},
    reason={
        "da": "Barnet er {child_age} år; {child_programme} er for {youngest}–{oldest} år.",
        "en": "The child is {child_age}; {child_programme} is for ages {youngest}–{oldest}.",
    },
    examples=[
        fails(child_programme=VOKSENVEN, child_age=5.0),
        holds(child_programme=VOKSENVEN, child_age=6.0),
        holds(child_programme=VOKSENVEN, child_age=12.0),
        fails(child_programme=VOKSENVEN, child_age=13.0),
        fails(child_programme=STOREBROR, child_age=10.0),
        holds(child_programme=STOREBROR, child_age=11.0),
        holds(child_programme=STOREBROR, child_age=15.0),
        fails(child_programme=STOREBROR, child_age=16.0),
        holds(child_programme=FAMILIEVEN, child_age=0.0),
        holds(child_programme=FAMILIEVEN, child_age=6.0),
        fails(child_programme=FAMILIEVEN, child_age=7.0),
    ],
    facts={"youngest": _youngest, "oldest": _oldest},
    locked=True,
)
def child_age(
    child_programme: Code,
    child_age: Number,
    min_voksenven: float = 6.0,
    max_voksenven: float = 12.0,
    min_storebror: float = 11.0,
    max_storebror: float = 15.0,
    min_familieven: float = 0.0,
    max_familieven: float = 6.0,
) -> Mask:
    """The child's age, in completed years, is within its programme's bounds.

    Voksenven 6–12, Storebror/Storesøster 11–15, Familieven 0–6 (there the youngest child of the family counts).
    """
    youngest = by_programme(child_programme, min_voksenven, min_storebror, min_familieven)
    oldest = by_programme(child_programme, max_voksenven, max_storebror, max_familieven)
    return (child_age >= youngest) & (child_age <= oldest)
