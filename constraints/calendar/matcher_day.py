"""Calendar rule: matcher_day."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="matcher",
    span="date",
    title={"da": "Matcherens dag", "en": "The matcher's day"},
    reason={
        "da": "Matcheren leder {number} møder den dag; højst {max_meetings}.",
        "en": "The matcher leads {number} meetings that day; at most {max_meetings}.",
    },
    examples=[
        answers(Count(most=1)),
        answers(Count(most=2), max_meetings=2),
    ],
)
def matcher_day(max_meetings: int = 1) -> Count:
    """A matcher leads one meeting a day."""
    return Count(most=max_meetings)
