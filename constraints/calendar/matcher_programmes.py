"""Calendar rule: matcher_programmes."""

from matcher.bodies import Code, Mask
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Matcherens programmer", "en": "The matcher's programmes"},
    reason={
        "da": "Matcheren følger ikke alle mødets programmer.",
        "en": "The matcher does not follow all the meeting's programmes.",
    },
    examples=[
        holds(matcher_programmes=0b111, meeting_programmes=0b101),
        fails(matcher_programmes=0b011, meeting_programmes=0b101),
    ],
)
def matcher_programmes(matcher_programmes: Code, meeting_programmes: Code) -> Mask:
    """The matcher's programmes include all that meet together."""
    return (meeting_programmes & ~matcher_programmes) == 0
