"""Calendar rule: quiet_day."""

from datetime import date

import numpy as np

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import dates_of
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Grundlovsdag, juleaften og nytårsaften", "en": "Constitution Day, Christmas Eve and New Year's Eve"},
    reason={
        "da": "Der holdes ikke møder den dag.",
        "en": "No meetings are held on that day.",
    },
    examples=[
        fails(day=date(2027, 6, 5).toordinal()),
        fails(day=date(2027, 12, 31).toordinal()),
        holds(day=date(2027, 12, 23).toordinal()),
        holds(day=date(2027, 6, 5).toordinal(), days=("12-24",)),
    ],
)
def quiet_day(day: Number, days: tuple[str, ...] = ("06-05", "12-24", "12-31")) -> Mask:
    """No meeting on days that are kept like holidays: Constitution Day (grundlovsdag), Christmas Eve, New Year's Eve."""
    quiet = [f"{one:%m-%d}" in days for one in dates_of(day)]
    return ~np.array(quiet, dtype=np.bool_).reshape(np.shape(day))
