"""Eligibility rule: volunteer_capacity."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Ledig plads hos den frivillige", "en": "The volunteer has room"},
    reason={
        "da": (
            "Den frivillige har ikke plads (aktive venskaber: {volunteer_active_friendships}; "
            "åbne tilbud: {volunteer_open_offers}; plads til {volunteer_capacity})."
        ),
        "en": (
            "The volunteer has no room (active friendships: {volunteer_active_friendships}; "
            "open offers: {volunteer_open_offers}; room for {volunteer_capacity})."
        ),
    },
    examples=[
        holds(volunteer_active_friendships=0.0, volunteer_open_offers=0.0, volunteer_capacity=1.0),
        fails(volunteer_active_friendships=1.0, volunteer_open_offers=0.0, volunteer_capacity=1.0),
        fails(volunteer_active_friendships=1.0, volunteer_open_offers=1.0, volunteer_capacity=2.0),
        holds(volunteer_active_friendships=1.0, volunteer_open_offers=0.0, volunteer_capacity=2.0),
        fails(volunteer_active_friendships=0.0, volunteer_open_offers=0.0, volunteer_capacity=0.0),
    ],
    locked=True,
)
def volunteer_capacity(volunteer_active_friendships: Number, volunteer_open_offers: Number, volunteer_capacity: Number) -> Mask:
    """The volunteer has a free place: active friendships and open offers together are fewer than the capacity."""
    return volunteer_active_friendships + volunteer_open_offers < volunteer_capacity
