"""Calendar rule: venue_closed."""

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import Span, outside
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Mødestedets lukkedage", "en": "The venue's closed days"},
    reason={
        "da": "Mødestedet er lukket.",
        "en": "The venue is closed.",
    },
    examples=[
        fails(day=5, venue_closed=((3, 5), (9, 9))),
        holds(day=6, venue_closed=((3, 5), (9, 9))),
    ],
)
def venue_closed(day: Number, venue_closed: tuple[Span, ...]) -> Mask:
    """No meeting while the venue is closed."""
    return outside(day, venue_closed)
