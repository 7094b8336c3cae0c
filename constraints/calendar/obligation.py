"""Calendar rule: obligation."""

from matcher.calendar.obligations import rounded_share
from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="volunteer",
    span="year",
    soft=True,
    title={"da": "Møder i det første år", "en": "Meetings in the first year"},
    reason={
        "da": "Den frivillige har {number} møder; {min_meetings}–{max_meetings} i hele det første år.",
        "en": "The volunteer has {number} meetings; {min_meetings} to {max_meetings} in the whole first year.",
    },
    examples=[
        answers(Count(least=4, most=6), volunteer_passed_before=0, volunteer_passed_after=365, volunteer_days=365),
        answers(Count(least=2, most=3), volunteer_passed_before=183, volunteer_passed_after=365, volunteer_days=365),
        answers(Count(least=1, most=1), volunteer_passed_before=10, volunteer_passed_after=56, volunteer_days=366),
        answers(Count(least=0, most=0), volunteer_passed_before=0, volunteer_passed_after=30, volunteer_days=365),
    ],
)
def obligation(
    volunteer_passed_before: int, volunteer_passed_after: int, volunteer_days: int, min_meetings: int = 4, max_meetings: int = 6
) -> Count:
    """The meetings a volunteer owes in the year by the share of her first year that passes in it (forpligtelse).

    Of ``volunteer_days`` days, so many have passed on 1 January of the year and of the next. Whole numbers, halves up; the
    least is never above the most. The least is a wish, the first level of the plan.
    """
    owed, allowed = (
        rounded_share(number, volunteer_passed_after, volunteer_days)
        - rounded_share(number, volunteer_passed_before, volunteer_days)
        for number in (min_meetings, max_meetings)
    )
    return Count(least=min(owed, allowed), most=allowed)
