"""Eligibility rule: no_repeat."""

from matcher.bodies import Mask, Number
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Ikke prøvet før", "en": "Not tried before"},
    reason={
        "da": "Parret er prøvet før (afslag: {pair_declined}; venskab: {pair_befriended}).",
        "en": "The pair has been tried before (declined: {pair_declined}; friendship: {pair_befriended}).",
    },
    examples=[
        holds(pair_declined=0.0, pair_befriended=0.0),
        fails(pair_declined=1.0, pair_befriended=0.0),
        fails(pair_declined=0.0, pair_befriended=1.0),
    ],
    locked=True,
)
def no_repeat(pair_declined: Number, pair_befriended: Number) -> Mask:
    """Nobody has said no (afslag) to this pair, and the two have had no friendship (venskab) before."""
    return (pair_declined == 0.0) & (pair_befriended == 0.0)
