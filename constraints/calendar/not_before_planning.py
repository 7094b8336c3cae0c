"""Calendar rule: not_before_planning."""

from matcher.bodies import Mask, Number
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Planlægningsdatoen", "en": "The planning date"},
    reason={
        "da": "Dagen er før planlægningsdatoen.",
        "en": "The day is before the planning date.",
    },
    examples=[
        holds(day=10, planning_day=10),
        fails(day=9, planning_day=10),
    ],
)
def not_before_planning(day: Number, planning_day: Number) -> Mask:
    """Nothing new lies before the planning date (planlægningsdato)."""
    return day >= planning_day
