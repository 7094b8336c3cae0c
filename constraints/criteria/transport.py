"""Criterion: transport."""

from matcher.bodies import BIKE, CAR, PUBLIC, Code, Share, choose, clip01
from matcher.rules import criterion, earns


@criterion(
    title={"da": "Transport", "en": "Transport"},
    weight=2,
    reason={"da": "den frivilliges transport: {volunteer_transport}", "en": "the volunteer's transport: {volunteer_transport}"},
    examples=[
        earns(1.0, volunteer_transport=CAR),
        earns(0.5, volunteer_transport=BIKE),
        earns(0.5, volunteer_transport=PUBLIC),
    ],
)
def transport(volunteer_transport: Code, car: float = 1.0, bike: float = 0.5, public: float = 0.5) -> Share:
    """A car makes outings together easier than a bike or public transport.

    Source: meeting the practical request of a car goes with fewer early ends (Lymburner 2006).
    """
    return clip01(choose(volunteer_transport == CAR, car, choose(volunteer_transport == BIKE, bike, public)))
