"""Calendar rule: one_meeting_in_a_venue."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="venue",
    span="slot",
    title={"da": "Ét møde pr. sted", "en": "One meeting in a venue"},
    reason={
        "da": "Mødestedet har {number} møder på samme tidspunkt.",
        "en": "The venue has {number} meetings at the same time.",
    },
    examples=[
        answers(Count(most=1)),
    ],
)
def one_meeting_in_a_venue() -> Count:
    """A venue holds one meeting in a slot."""
    return Count(most=1)
