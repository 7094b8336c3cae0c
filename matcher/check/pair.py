"""One pair: which rules fail, how many points, and what a hair's breadth of distance could change in that.

The engine's metre is within one metre of ours, so a verdict on the way, or its points, is accepted when some distance within
``SLACK_METRES`` gives it. A part that lies on a half to within ``HALF`` points may have been rounded either way.
"""

from __future__ import annotations

from matcher.check.facts import metres_between, minutes_for
from matcher.check.people import Child, Volunteer
from matcher.check.rules import PAIR_RULES, RULE_NAMES, longest_way, travel_time
from matcher.check.score import points, shares
from matcher.check.score import travel_time as travel_share
from matcher.check.settings import CRITERIA
from matcher.check.world import World

SLACK_METRES = 1.5
HALF = 1e-7
FORBIDDEN = "forbidden"


def minutes(world: World, child: Child, volunteer: Volunteer, shift: float = 0.0) -> float | None:
    """Estimated minutes one way, were they ``shift`` metres further apart; None where a place is unknown."""
    if child.place is None or volunteer.place is None:
        return None
    n, by = world.settings.numbers, volunteer.transport
    metres = max(0.0, metres_between(child.place, volunteer.place) + shift)
    return minutes_for(metres, n["travel.detour"], n[f"travel.{by}_kmh"], n[f"travel.{by}_minutes"])


def failing(world: World, child: Child, volunteer: Volunteer, shift: float = 0.0) -> list[str]:
    """Names of the rules that fail for the pair, in the contract's order; waived rules do not, a forbidden pair does."""
    n, pair = world.settings.numbers, (child.id, volunteer.id)
    fails = set(world.child_fails[child.id] | world.volunteer_fails[volunteer.id, child.programme])
    fails.update(name for name, holds in PAIR_RULES.items() if not holds(child, volunteer, n))
    if not travel_time(minutes(world, child, volunteer, shift), longest_way(child, volunteer, n)):
        fails.add("travel_time")
    if pair in world.met_before:
        fails.add("no_repeat")
    fails -= world.waived.get(pair, frozenset())
    names = [name for name in RULE_NAMES if name in fails]
    return [*names, FORBIDDEN] if pair in world.forbidden else names


def holds(world: World, child: Child, volunteer: Volunteer, shift: float) -> bool:
    """Whether nothing fails: the answer of ``failing``, found sooner."""
    pair = (child.id, volunteer.id)
    if pair in world.waived:
        return not failing(world, child, volunteer, shift)
    if world.child_fails[child.id] or world.volunteer_fails[volunteer.id, child.programme]:
        return False
    if pair in world.met_before or pair in world.forbidden:
        return False
    n = world.settings.numbers
    if not all(rule(child, volunteer, n) for rule in PAIR_RULES.values()):
        return False
    return travel_time(minutes(world, child, volunteer, shift), longest_way(child, volunteer, n))


def parts(world: World, child: Child, volunteer: Volunteer) -> dict[str, int]:
    """Points by criterion, in the contract's order."""
    way = _way_share(world, child, volunteer, 0.0)
    found = {"travel_time": way, **shares(child, volunteer, world.today, world.settings)}
    return {name: points(found[name], world.caps[name]) for name in CRITERIA}


def part_windows(world: World, child: Child, volunteer: Volunteer) -> dict[str, tuple[int, int]]:
    """The fewest and the most points of each criterion that a right engine may give.

    Of a criterion that the contract does not have, anything up to its most; where there is one, the thousandths that
    rounding leaves over may have gone to another.
    """
    found = shares(child, volunteer, world.today, world.settings)
    least = {"travel_time": _way_share(world, child, volunteer, SLACK_METRES), **found}
    most = {"travel_time": _way_share(world, child, volunteer, -SLACK_METRES), **found}
    windows = {
        name: (points(least[name], world.caps[name], -HALF), points(most[name], world.caps[name], HALF)) for name in CRITERIA
    }
    newer = [name for name in world.caps if name not in windows]
    if not newer:
        return windows
    return {name: (low - 1, high + 1) for name, (low, high) in windows.items()} | {
        name: (0, world.caps[name] + 1) for name in newer
    }


def points_window(world: World, child: Child, volunteer: Volunteer) -> tuple[int, int]:
    """The fewest and the most points in all that a right engine may give."""
    windows = part_windows(world, child, volunteer).values()
    return sum(low for low, _ in windows), sum(high for _, high in windows)


def _way_share(world: World, child: Child, volunteer: Volunteer, shift: float) -> float:
    n = world.settings.numbers
    near, limit = n["criteria.travel_time.near_minutes"], longest_way(child, volunteer, n)
    return travel_share(minutes(world, child, volunteer, shift), limit, near)
