"""Calendar rule: matcher_absent."""

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import Span, outside
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Matcherens fravær", "en": "The matcher's absences"},
    reason={
        "da": "Matcheren er fraværende.",
        "en": "The matcher is absent.",
    },
    examples=[
        fails(day=5, matcher_absent=((3, 5), (9, 9))),
        holds(day=6, matcher_absent=((3, 5), (9, 9))),
    ],
)
def matcher_absent(day: Number, matcher_absent: tuple[Span, ...]) -> Mask:
    """No meeting while the matcher is absent."""
    return outside(day, matcher_absent)
