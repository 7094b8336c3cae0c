"""Calendar rule: july."""

from datetime import date

import numpy as np

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import dates_of
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Juli", "en": "July"},
    reason={
        "da": "Der holdes ikke møder i juli.",
        "en": "No meetings are held in July.",
    },
    examples=[
        fails(day=date(2027, 7, 1).toordinal()),
        holds(day=date(2027, 8, 1).toordinal()),
        holds(day=date(2027, 7, 1).toordinal(), closed_month=0),
    ],
)
def july(day: Number, closed_month: int = 7) -> Mask:
    """July (``closed_month``; 0: none) has no meetings."""
    return ~np.array([one.month == closed_month for one in dates_of(day)], dtype=np.bool_).reshape(np.shape(day))
