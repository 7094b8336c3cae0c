"""Calendar rule: together."""

from matcher.bodies import Code, Mask
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Hvem der mødes", "en": "Who meets together"},
    reason={
        "da": "Mødet er for andre programmer.",
        "en": "The meeting is for other programmes.",
    },
    examples=[
        holds(volunteer_programme=0b001, meeting_programmes=0b011),
        fails(volunteer_programme=0b100, meeting_programmes=0b011),
    ],
)
def together(volunteer_programme: Code, meeting_programmes: Code) -> Mask:
    """A volunteer comes to meetings for the programme of the friendship that counts (the setting ``together``)."""
    return (volunteer_programme & meeting_programmes) != 0
