"""Calendar rule: matcher_month."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="matcher",
    span="month",
    title={"da": "Matcherens måned", "en": "The matcher's month"},
    reason={
        "da": "Matcheren leder {number} møder i måneden; højst {matcher_max_meetings_per_month}.",
        "en": "The matcher leads {number} meetings in the month; at most {matcher_max_meetings_per_month}.",
    },
    examples=[
        answers(Count(most=4), matcher_max_meetings_per_month=4),
    ],
)
def matcher_month(matcher_max_meetings_per_month: int) -> Count:
    """A matcher leads only so many meetings in a calendar month."""
    return Count(most=matcher_max_meetings_per_month)
