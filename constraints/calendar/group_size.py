"""Calendar rule: group_size."""

from matcher.calendar.rules import Count, answers, count_rule


@count_rule(
    of="group",
    span="always",
    title={"da": "Gruppens størrelse", "en": "Size of a group"},
    reason={
        "da": "Gruppen har {number} medlemmer; højst {max_members}.",
        "en": "The group has {number} members; at most {max_members}.",
    },
    examples=[
        answers(Count(most=10)),
        answers(Count(most=8), max_members=8),
    ],
)
def group_size(max_members: int = 10) -> Count:
    """A group has at most 10 home members (hjemmegruppe)."""
    return Count(most=max_members)
