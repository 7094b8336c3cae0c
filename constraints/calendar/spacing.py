"""Calendar rule: spacing."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="volunteer",
    span="days",
    title={"da": "Afstand mellem møder", "en": "Days between meetings"},
    reason={
        "da": "Der er ikke {min_days} dage mellem møderne.",
        "en": "There are not {min_days} days between the meetings.",
    },
    examples=[
        answers(Count(most=1, days=28)),
        answers(Count(most=1, days=14), min_days=14),
    ],
)
def spacing(min_days: int = 28) -> Count:
    """Two meetings of one volunteer lie at least 28 days apart (mindst fire uger imellem); never two a day."""
    return Count(most=1, days=max(1, min_days))
