"""Calendar rule: volunteer_paused."""

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import Span, outside
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Pause", "en": "Pause"},
    reason={
        "da": "Den frivillige holder pause.",
        "en": "The volunteer is on a pause.",
    },
    examples=[
        fails(day=7, volunteer_pause=((5, 7),)),
        holds(day=8, volunteer_pause=((5, 7),)),
        holds(day=8, volunteer_pause=()),
    ],
)
def volunteer_paused(day: Number, volunteer_pause: tuple[Span, ...]) -> Mask:
    """A volunteer on a pause (pause) is not called in; a pause without an end lasts."""
    return outside(day, volunteer_pause)
