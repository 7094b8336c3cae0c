"""Calendar rule: meeting_travel."""

from matcher.bodies import Mask, Number
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Rejsetid til møder", "en": "Travel to meetings"},
    reason={
        "da": "Rejsen til mødestedet tager mere end {max_minutes} minutter.",
        "en": "The journey to the venue takes more than {max_minutes} minutes.",
    },
    examples=[
        holds(minutes=60.0),
        fails(minutes=60.1),
        fails(minutes=float("nan")),
        fails(minutes=50.0, max_minutes=45.0),
    ],
)
def meeting_travel(minutes: Number, max_minutes: float = 60.0) -> Mask:
    """The estimated journey from volunteer to venue is within the limit (rejsetid); an unknown place is not."""
    return minutes <= max_minutes
