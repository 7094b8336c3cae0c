"""Criterion: volunteer_stability."""

from matcher.bodies import Number, Share, choose, clip01, known, most
from matcher.rules import criterion, earns

NAN = float("nan")


@criterion(
    title={"da": "Den frivilliges stabilitet", "en": "The volunteer's stability"},
    weight=8,
    reason={
        "da": "den frivillige er {volunteer_age} år og kan fortsætte i {volunteer_months_left} måneder",
        "en": "the volunteer is {volunteer_age} and can go on for {volunteer_months_left} months",
    },
    unknown={
        "da": "den frivillige er {volunteer_age} år og har ingen slutdato",
        "en": "the volunteer is {volunteer_age} and has no last day",
    },
    examples=[
        earns(0.5, volunteer_age=18.0, volunteer_months_left=NAN),
        earns(1.0, volunteer_age=48.0, volunteer_months_left=NAN),
        earns(1.0, volunteer_age=70.0, volunteer_months_left=48.0),
        earns(0.25, volunteer_age=18.0, volunteer_months_left=12.0),
        earns(0.625, volunteer_age=33.0, volunteer_months_left=30.0),
        earns(0.25, volunteer_age=18.0, volunteer_months_left=-1.0),
    ],
)
def volunteer_stability(
    volunteer_age: Number,
    volunteer_months_left: Number,
    young_years: float = 18.0,
    settled_years: float = 48.0,
    short_months: float = 12.0,
    long_months: float = 48.0,
) -> Share:
    """A volunteer's steadiness rises slowly with age, and with the months until a known last day.

    A quarter for everybody, half by age, a quarter by the months left (all of it where no last day is known).
    Source: 0.195 months longer per year of the mentor's age (SSWR 2012); two thirds of the early ends come from the
    mentor's side, by moving or lack of time (STAR study, NCJ 251484).
    """
    settled = clip01((volunteer_age - young_years) / most(settled_years - young_years, 0.001))
    staying = clip01((volunteer_months_left - short_months) / most(long_months - short_months, 0.001))
    return 0.25 + 0.5 * settled + 0.25 * choose(known(volunteer_months_left), staying, 1.0)
