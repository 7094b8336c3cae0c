"""Calendar rule: meeting_size."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="meeting",
    span="meeting",
    title={"da": "Mødets størrelse", "en": "Size of a meeting"},
    reason={
        "da": "{number} frivillige; mindst {min_volunteers}, højst {max_volunteers}; stedet har {venue_capacity} pladser.",
        "en": "{number} volunteers; at least {min_volunteers}, at most {max_volunteers}; the venue seats {venue_capacity}.",
    },
    examples=[
        answers(Count(least=4, most=10), venue_capacity=12),
        answers(Count(least=4, most=8), venue_capacity=8),
        answers(Count(least=5, most=11), venue_capacity=12, min_volunteers=5, max_volunteers=11),
    ],
)
def meeting_size(venue_capacity: int, min_volunteers: int = 4, max_volunteers: int = 10) -> Count:
    """A meeting has 4 to 10 volunteers, and no more than its venue seats (mødets størrelse)."""
    return Count(least=min_volunteers, most=min(max_volunteers, venue_capacity))
