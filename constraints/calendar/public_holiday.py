"""Calendar rule: public_holiday."""

from datetime import date
from functools import cache

import holidays

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import dates_of, one_of
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@cache
def holidays_of(year: int) -> tuple[date, ...]:
    """The public holidays (helligdage) of a year."""
    return tuple(sorted(holidays.country_holidays("DK", years=year)))


@open_rule(
    title={"da": "Helligdage", "en": "Public holidays"},
    reason={
        "da": "Dagen er en helligdag.",
        "en": "The day is a public holiday.",
    },
    examples=[
        fails(day=date(2027, 3, 26).toordinal()),
        holds(day=date(2027, 4, 23).toordinal()),
        fails(day=date(2023, 5, 5).toordinal()),
    ],
)
def public_holiday(day: Number) -> Mask:
    """No meeting on a public holiday in Denmark (helligdag). The prayer day (store bededag) is none since 2024."""
    years = {one.year for one in dates_of(day)}
    return ~one_of(day, [one.toordinal() for year in sorted(years) for one in holidays_of(year)])
