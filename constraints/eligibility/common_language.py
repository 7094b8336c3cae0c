"""Eligibility rule: common_language."""

from matcher.bodies import Mask, Set, both, count
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Fælles sprog", "en": "Common language"},
    reason={
        "da": "Barnet taler {child_languages}, den frivillige {volunteer_languages}; mindst {min_common} fælles sprog.",
        "en": "The child speaks {child_languages}, the volunteer {volunteer_languages}; at least {min_common} in common.",
    },
    examples=[
        holds(child_languages=0b01, volunteer_languages=0b11),
        fails(child_languages=0b01, volunteer_languages=0b10),
        fails(child_languages=0b01, volunteer_languages=0b11, min_common=2.0),
    ],
)
def common_language(child_languages: Set, volunteer_languages: Set, min_common: float = 1.0) -> Mask:
    """The child and the volunteer have a language (sprog) in common; who has stated none speaks Danish."""
    return count(both(child_languages, volunteer_languages)) >= min_common
