"""Criterion: expected_length."""

from matcher.bodies import Number, Share, choose, clip01, known, least, most
from matcher.rules import criterion, earns

NAN = float("nan")


@criterion(
    title={"da": "Forventet længde", "en": "Expected length"},
    weight=12,
    reason={
        "da": "familien forventer {child_expects_months} måneder, den frivillige {volunteer_expects_months}",
        "en": "the family expects {child_expects_months} months, the volunteer {volunteer_expects_months}",
    },
    unknown={"da": "mindst den ene har ikke oplyst forventet længde", "en": "expected length of at least one side not stated"},
    examples=[
        earns(0.5, child_expects_months=NAN, volunteer_expects_months=24.0),
        earns(0.5, child_expects_months=24.0, volunteer_expects_months=NAN),
        earns(1.0, child_expects_months=24.0, volunteer_expects_months=24.0),
        earns(0.5, child_expects_months=6.0, volunteer_expects_months=6.0),
        earns(0.75, child_expects_months=15.0, volunteer_expects_months=15.0),
        earns(0.75, child_expects_months=24.0, volunteer_expects_months=48.0),
        earns(0.5, child_expects_months=0.0, volunteer_expects_months=0.0),
    ],
)
def expected_length(
    child_expects_months: Number, volunteer_expects_months: Number, short_months: float = 6.0, long_months: float = 24.0
) -> Share:
    """Both expect a long friendship, and about equally long: half of it for each.

    The shorter expectation rises from nothing at ``short_months`` to all at ``long_months``; agreement is the shorter over
    the longer. Half where one side has stated none.
    Source: mentors who want two to four years last best, and parents who want long last longer (STAR study, NCJ 251484;
    SSWR 2019); that a mismatch shortens is a prior.
    """
    shorter = least(child_expects_months, volunteer_expects_months)
    longer = most(child_expects_months, volunteer_expects_months)
    long_enough = clip01((shorter - short_months) / most(long_months - short_months, 0.001))
    agreement = choose(longer > 0.0, shorter / most(longer, 0.001), 1.0)
    return choose(known(child_expects_months) & known(volunteer_expects_months), 0.5 * long_enough + 0.5 * agreement, 0.5)
