"""Criterion: languages."""

from matcher.bodies import Set, Share, both, choose, count, most
from matcher.rules import criterion, earns


@criterion(
    title={"da": "Sprog", "en": "Languages"},
    weight=3,
    reason={"da": "fælles sprog: {common_languages}", "en": "languages in common: {common_languages}"},
    examples=[
        earns(1.0, child_languages=0b01, volunteer_languages=0b11),
        earns(0.5, child_languages=0b11, volunteer_languages=0b01),
        earns(0.0, child_languages=0b10, volunteer_languages=0b01),
    ],
)
def languages(child_languages: Set, volunteer_languages: Set) -> Share:
    """The share of the child's languages (sprog) that the volunteer speaks too; who has stated none speaks Danish.

    Source: cultural closeness goes with longer matches (Raposa 2018); that each of a child's languages counts alike is a prior.
    """
    spoken = count(child_languages)
    return choose(spoken > 0, count(both(child_languages, volunteer_languages)) / most(spoken, 1), 0.5)
