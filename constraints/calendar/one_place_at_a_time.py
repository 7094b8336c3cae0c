"""Calendar rule: one_place_at_a_time."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of=("volunteer", "matcher"),
    span="slot",
    title={"da": "Ét sted ad gangen", "en": "One place at a time"},
    reason={
        "da": "Samme person har {number} møder på samme tidspunkt.",
        "en": "The same person has {number} meetings at the same time.",
    },
    examples=[
        answers(Count(most=1)),
    ],
)
def one_place_at_a_time() -> Count:
    """Nobody is in two places in one slot (ét sted ad gangen)."""
    return Count(most=1)
