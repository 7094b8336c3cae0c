"""Eligibility rule: travel_time."""

from matcher.bodies import Mask, Number, blank, given, least
from matcher.rules import Relax, eligibility, fails, holds

NAN = float("nan")


def _no_place(minutes: Number) -> Mask:
    return blank(minutes)


@eligibility(
    title={"da": "Rejsetid", "en": "Travel time"},
    reason={
        "da": "Rejsen tager {minutes} minutter; højst {limit}.",
        "en": "The journey takes {minutes} minutes; at most {limit}.",
    },
    unknown={"da": "Mindst et af stederne er ukendt.", "en": "At least one of the places is unknown."},
    unknown_when=_no_place,
    examples=[
        holds(minutes=45.0, child_max_minutes=NAN, volunteer_max_minutes=NAN),
        fails(minutes=45.1, child_max_minutes=NAN, volunteer_max_minutes=NAN),
        fails(minutes=31.0, child_max_minutes=30.0, volunteer_max_minutes=60.0),
        fails(minutes=46.0, child_max_minutes=60.0, volunteer_max_minutes=NAN),
        holds(minutes=58.0, child_max_minutes=60.0, volunteer_max_minutes=60.0),
        fails(minutes=NAN, child_max_minutes=60.0, volunteer_max_minutes=60.0),
    ],
    facts={
        "limit": lambda child_max_minutes, volunteer_max_minutes, max_minutes: least(
            given(child_max_minutes, max_minutes), given(volunteer_max_minutes, max_minutes)
        )
    },
    relax=(
        Relax(column="child_max_minutes", how="raise", consent="family", step=10.0),
        Relax(column="volunteer_max_minutes", how="raise", consent="volunteer", step=10.0),
    ),
)
def travel_time(minutes: Number, child_max_minutes: Number, volunteer_max_minutes: Number, max_minutes: float = 45.0) -> Mask:
    """Estimated travel time (rejsetid) one way is within both people's limits.

    A person who has stated no limit is taken to accept ``max_minutes``. Where no place is known the rule does not hold.
    """
    return minutes <= least(given(child_max_minutes, max_minutes), given(volunteer_max_minutes, max_minutes))
