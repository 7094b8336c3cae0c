"""Calendar rule: inside_first_year."""

from matcher.bodies import Mask, Number
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Det første år", "en": "The first year"},
    reason={
        "da": "Dagen er uden for venskabets første 12 måneder.",
        "en": "The day is outside the friendship's first 12 months.",
    },
    examples=[
        holds(day=100, volunteer_first_day=100, volunteer_last_day=464),
        fails(day=465, volunteer_first_day=100, volunteer_last_day=464),
        fails(day=99, volunteer_first_day=100, volunteer_last_day=464),
    ],
)
def inside_first_year(day: Number, volunteer_first_day: Number, volunteer_last_day: Number) -> Mask:
    """A volunteer meets within the first 12 months of the friendship that counts (første år)."""
    return (volunteer_first_day <= day) & (day <= volunteer_last_day)
