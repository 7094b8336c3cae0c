"""Criterion: travel_time."""

from matcher.bodies import Mask, Number, Share, blank, choose, clip01, given, known, least, most
from matcher.rules import criterion, earns, of

NAN = float("nan")


def _no_place(minutes: Number) -> Mask:
    return blank(minutes)


@criterion(
    title={"da": "Rejsetid", "en": "Travel time"},
    weight=25,
    reason={"da": "{minutes} minutters rejse", "en": "{minutes} minutes' travel"},
    unknown={"da": "rejsetiden er ukendt", "en": "the travel time is unknown"},
    unknown_when=_no_place,
    examples=[
        earns(1.0, minutes=10.0, child_max_minutes=NAN, volunteer_max_minutes=NAN),
        earns(0.0, minutes=45.0, child_max_minutes=NAN, volunteer_max_minutes=60.0),
        earns(0.5, minutes=NAN, child_max_minutes=NAN, volunteer_max_minutes=NAN),
        earns(0.5, minutes=20.0, child_max_minutes=30.0, volunteer_max_minutes=45.0),
        earns(1.0, minutes=9.0, child_max_minutes=9.0, volunteer_max_minutes=45.0),
    ],
)
def travel_time(
    minutes: Number,
    child_max_minutes: Number,
    volunteer_max_minutes: Number,
    max_minutes: float = of("travel_time"),
    near_minutes: float = 10.0,
) -> Share:
    """Short journeys are kept up: all at ``near_minutes``, nothing at the smaller of both limits, a straight line between.

    Half where a place is unknown.
    Source: practical fit is the best-evidenced lever on how long a friendship lasts (Lymburner 2006). That each further ten
    minutes makes an end a tenth more likely is a prior; no study gives the size.
    """
    limit = least(given(child_max_minutes, max_minutes), given(volunteer_max_minutes, max_minutes))
    share = clip01((limit - minutes) / most(limit - near_minutes, 0.001))
    return choose(known(minutes), choose(minutes <= near_minutes, 1.0, share), 0.5)
