"""Eligibility rule: smoke_free."""

from matcher.bodies import Mask, Number, blank
from matcher.rules import eligibility, fails, holds


@eligibility(
    title={"da": "Rygning", "en": "Smoke-free"},
    reason={
        "da": "Barnet skal have en ikke-ryger, og den frivillige ryger.",
        "en": "The child needs a non-smoker, and the volunteer smokes.",
    },
    examples=[
        holds(child_smoke_free=1.0, volunteer_smoker=0.0),
        fails(child_smoke_free=1.0, volunteer_smoker=1.0),
        holds(child_smoke_free=0.0, volunteer_smoker=1.0),
        holds(child_smoke_free=1.0, volunteer_smoker=float("nan")),
    ],
    uncertain=lambda child_smoke_free, volunteer_smoker: (child_smoke_free == 1.0) & blank(volunteer_smoker),
    warning={
        "da": "Barnet skal have en ikke-ryger, og det er ikke oplyst, om den frivillige ryger.",
        "en": "The child needs a non-smoker, and whether the volunteer smokes is not stated.",
    },
    locked=True,
)
def smoke_free(child_smoke_free: Number, volunteer_smoker: Number) -> Mask:
    """The volunteer does not smoke where the child needs a smoke-free home (røgfrit). Unknown holds, with a warning."""
    return (child_smoke_free != 1.0) | (volunteer_smoker != 1.0)
