"""Eligibility rule: child_free."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Barnet er ledigt", "en": "The child is free"},
    reason={
        "da": "Barnet har allerede en ven eller et tilbud (venskaber: {child_active_friendships}; tilbud: {child_open_offers}).",
        "en": "The child has a friend or an offer already (friends: {child_active_friendships}; offers: {child_open_offers}).",
    },
    examples=[
        holds(child_active_friendships=0.0, child_open_offers=0.0),
        fails(child_active_friendships=1.0, child_open_offers=0.0),
        fails(child_active_friendships=0.0, child_open_offers=1.0),
    ],
    locked=True,
)
def child_free(child_active_friendships: Number, child_open_offers: Number) -> Mask:
    """The child has no active friendship (aktivt venskab) and nobody is being asked for it now (åbent tilbud)."""
    return (child_active_friendships == 0.0) & (child_open_offers == 0.0)
