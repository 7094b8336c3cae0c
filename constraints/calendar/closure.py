"""Calendar rule: closure."""

from matcher.bodies import Mask, Number
from matcher.calendar.bodies import Span, outside
from matcher.calendar.rules import open_rule
from matcher.functions import fails, holds


@open_rule(
    title={"da": "Lukkedage", "en": "Closures"},
    reason={
        "da": "Dagen er en lukkedag.",
        "en": "The day is closed.",
    },
    examples=[
        fails(day=5, closures=((3, 5),)),
        holds(day=6, closures=((3, 5),)),
        holds(day=6, closures=()),
    ],
)
def closure(day: Number, closures: tuple[Span, ...]) -> Mask:
    """No meeting on days that the case closes, such as school breaks (lukkedage)."""
    return outside(day, closures)
