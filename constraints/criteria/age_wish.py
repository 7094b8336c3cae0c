"""Criterion: age_wish."""

from matcher.bodies import Mask, Number, Share, blank, choose, clip01, given, known, most
from matcher.rules import criterion, earns

NAN = float("nan")


def _no_wish(volunteer_wants_age_min: Number, volunteer_wants_age_max: Number) -> Mask:
    return blank(volunteer_wants_age_min) & blank(volunteer_wants_age_max)


@criterion(
    title={"da": "Den frivilliges ønske om alder", "en": "The volunteer's wish of age"},
    weight=4,
    reason={
        "da": "barnet er {child_age} år, ønsket er fra {volunteer_wants_age_min} til {volunteer_wants_age_max}",
        "en": "the child is {child_age}, the wish is from {volunteer_wants_age_min} to {volunteer_wants_age_max}",
    },
    unknown={"da": "den frivillige har intet ønske om alder", "en": "the volunteer has no wish of age"},
    unknown_when=_no_wish,
    examples=[
        earns(0.5, child_age=8.0, volunteer_wants_age_min=NAN, volunteer_wants_age_max=NAN),
        earns(0.0, child_age=5.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=NAN),
        earns(0.0, child_age=10.0, volunteer_wants_age_min=NAN, volunteer_wants_age_max=9.0),
        earns(1.0, child_age=6.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=NAN),
        earns(1.0, child_age=7.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
        earns(1.0 / 3.0, child_age=9.0, volunteer_wants_age_min=6.0, volunteer_wants_age_max=9.0),
    ],
)
def age_wish(
    child_age: Number, volunteer_wants_age_min: Number, volunteer_wants_age_max: Number, enough_years: float = 3.0
) -> Share:
    """The child stays within the age that the volunteer wishes for: all from ``enough_years`` ahead, nothing outside it.

    The current year counts; a blank upper age is far away. Half where nothing is wished for.
    Source: meeting practical requests, the age range among them, goes with fewer early ends (Lymburner 2006).
    """
    within = (child_age >= given(volunteer_wants_age_min, child_age)) & (child_age <= given(volunteer_wants_age_max, child_age))
    ahead = clip01((volunteer_wants_age_max - child_age + 1.0) / most(enough_years, 0.001))
    share = choose(within, choose(known(volunteer_wants_age_max), ahead, 1.0), 0.0)
    return choose(known(volunteer_wants_age_min) | known(volunteer_wants_age_max), share, 0.5)
