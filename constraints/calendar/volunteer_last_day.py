"""Calendar rule: volunteer_last_day."""

from matcher.bodies import Mask, Number
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Sidste dag", "en": "Last day"},
    reason={
        "da": "Den frivillige er stoppet.",
        "en": "The volunteer has stopped.",
    },
    examples=[
        holds(day=7, volunteer_stops_on=7),
        fails(day=8, volunteer_stops_on=7),
    ],
)
def volunteer_last_day(day: Number, volunteer_stops_on: Number) -> Mask:
    """A volunteer is not called in after her known last day (sidste dag)."""
    return day <= volunteer_stops_on
