"""Eligibility rule: common_slots."""

from matcher.bodies import Code, Mask, both, count
from matcher.rules import Relax, eligibility, fails, holds


@eligibility(
    title={"da": "Fælles tider", "en": "Slots in common"},
    reason={
        "da": "Fælles tider om ugen: {common_slots_count}; mindst {min_common}.",
        "en": "{common_slots_count} weekly slots in common; at least {min_common}.",
    },
    examples=[
        holds(child_slots=0b011, volunteer_slots=0b110),
        fails(child_slots=0b001, volunteer_slots=0b110),
        holds(child_slots=0, volunteer_slots=0b1),
        holds(child_slots=0b1, volunteer_slots=0),
        fails(child_slots=0b011, volunteer_slots=0b110, min_common=2.0),
    ],
    uncertain=lambda child_slots, volunteer_slots: (child_slots == 0) | (volunteer_slots == 0),
    warning={"da": "Mindst den ene har ikke oplyst sine tider.", "en": "The slots of at least one side are not stated."},
    relax=(
        Relax(column="child_slots", how="add", consent="family"),
        Relax(column="volunteer_slots", how="add", consent="volunteer"),
    ),
)
def common_slots(child_slots: Code, volunteer_slots: Code, min_common: float = 1.0) -> Mask:
    """Weekly slots (ledige tider) that both have free. Unknown on either side holds, with a warning."""
    return (child_slots == 0) | (volunteer_slots == 0) | (count(both(child_slots, volunteer_slots)) >= min_common)
