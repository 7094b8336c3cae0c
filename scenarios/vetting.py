"""What the rules in force ask of new people, so that whoever is added fully vetted is so under tighter rules than usual too."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from matcher.dates import add_months, completed_years, months_ago
from scenarios.population.figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matcher.records import Volunteer
    from scenarios.world import World

ADULT, OLDEST = 18, 120
MOST_MONTHS = 12 * 100
OTHERWISE = "voksenven"
"""What somebody offers who is outside the ages of storebror."""


def child_ages(world: World, programme: str) -> tuple[int, int]:
    """The ages in completed years that the rules leave of a programme's own, first and last; none where they are backwards."""
    low, high = figure(f"programmes.ages.{programme}")["range"]
    first, last = (_asked(world, f"child_age.{end}_{programme}", age) for end, age in (("min", low), ("max", high)))
    return max(low, ceil(first)), min(high, floor(last))


def volunteer_ages(world: World, programmes: Iterable[str]) -> tuple[int, int]:
    """The ages in completed years at which somebody may offer all of these programmes; none where they are backwards."""
    least = max(ADULT, ceil(_asked(world, "volunteer_age.min_years", ADULT)))
    if "storebror" not in programmes:
        return least, OLDEST
    low, high = figure("volunteers.brother_ages")["range"]
    first, last = (_asked(world, f"volunteer_age.{end}_storebror", age) for end, age in (("min", low), ("max", high)))
    return max(least, ceil(first), low), min(floor(last), high)


def fully_vetted(row: Volunteer, world: World, *, fixed: bool) -> Volunteer:
    """The volunteer with a certificate as fresh, a course as long and an age as the rules ask.

    Parameters
    ----------
    fixed
        Whether the programmes are given: then the age gives way, else an offer of storebror does.
    """
    day = world.case.planning_date
    programmes = row.programmes if fixed else _offered(row, world)
    age = completed_years(row.birth_date, day)
    low, high = volunteer_ages(world, programmes)
    born = add_months(row.birth_date, 12 * (age - min(max(age, low), max(low, high))))
    seen, months = row.child_certificate_on or day, floor(_asked(world, "child_certificate.max_months", MOST_MONTHS))
    if months_ago(seen, day) > months:
        seen = add_months(day, -months)
    hours = max(row.course_hours or 0.0, _asked(world, "course.min_hours", 0.0))
    facts = {"programmes": programmes, "birth_date": born, "child_certificate_on": seen, "course_hours": hours}
    return row.model_copy(update=facts)


def _offered(row: Volunteer, world: World) -> tuple[str, ...]:
    """What the volunteer offers; not storebror outside its ages."""
    low, high = volunteer_ages(world, row.programmes)
    if low <= completed_years(row.birth_date, world.case.planning_date) <= high:
        return row.programmes
    return tuple(dict.fromkeys(OTHERWISE if word == "storebror" else word for word in row.programmes))


def _asked(world: World, key: str, usual: float) -> float:
    """A setting in force; as usual where the association has taken its rule away."""
    return world.rulebook.number(key) if key in world.rulebook.settings else usual
