"""The calendar's account: who lacks how many meetings, the levels of the objective, their bounds, and what is called optimal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.check.calendar_homes import changes, read_homes
from matcher.check.calendar_settings import LEVELS
from matcher.check.calendar_shape import Held
from matcher.check.calendar_spread import could_lead
from matcher.check.calendar_world import SLACK_METRES, YearWorld

HAIR_MINUTES = 0.0006
"""What writing a minute with three decimals may add or take, and a little of floating point."""


def missing(world: YearWorld, meetings: Sequence[Held]) -> dict[str, int]:
    """Planned volunteers who have fewer meetings in the year than they owe, and how many fewer."""
    had = Counter(v for held in meetings for v in dict.fromkeys(held.volunteers))
    short = {v: planned.owed.least - had[v] for v, planned in world.planned.items()}
    return {v: number for v, number in short.items() if number > 0}


def unmet_faults(plan: Mapping[str, Any], short: Mapping[str, int]) -> Iterator[str]:
    """Whether the list names just those who lack meetings, once each, with the right number."""
    told = Counter(row["volunteer_id"] for row in plan["unmet"])
    for volunteer_id in sorted(short.keys() | told.keys()):
        due = 1 if volunteer_id in short else 0
        if told[volunteer_id] != due:
            yield f"unmet: volunteer {volunteer_id} {told[volunteer_id]} times, should be {due}"
    for row in plan["unmet"]:
        right = short.get(row["volunteer_id"])
        if right is not None and row["missing"] != right:
            yield f"unmet: volunteer {row['volunteer_id']} lacks {right}, not {row['missing']}"
        if not str(row.get("reason", "not told here")).strip():
            yield f"unmet: volunteer {row['volunteer_id']} without a reason"


def objective_faults(
    world: YearWorld, plan: Mapping[str, Any], meetings: Sequence[Held], short: Mapping[str, int]
) -> Iterator[str]:
    """Whether each level of the objective is what the plan's own rows give."""
    told = plan["objective"]
    least_way, most_way = (_minutes(world, meetings, shift) for shift in (-SLACK_METRES, SLACK_METRES))
    windows: dict[str, tuple[float, float]] = {
        "unmet": (sum(short.values()),) * 2,
        "meetings": (len(meetings),) * 2,
        "changes": (changes(meetings, read_homes(plan)),) * 2,
        "travel_minutes": (least_way, most_way),
        "load_spread": _spread(world, meetings),
    }
    for level in LEVELS:
        least, most = windows[level]
        if not least <= told[level] <= most:
            right = f"{least:g}" if least == most else f"{least:.3f} to {most:.3f}"
            yield f"objective: {level} is {told[level]:g}, {right} would be right"


def bound_faults(world: YearWorld, plan: Mapping[str, Any]) -> Iterator[str]:
    """Whether no bound lies above its value, and a plan called optimal reaches its bounds to within the levels' slack."""
    for level in LEVELS:
        value, bound = plan["objective"][level], plan["bound"][level]
        hair = HAIR_MINUTES if level == "travel_minutes" else 0.0
        if bound > value + hair:
            yield f"bound: {level} is {bound:g}, above its value {value:g}"
        slack = world.settings.numbers.get(f"calendar.slack.{level}", 0.0)
        if plan["status"] == "optimal" and value > bound + slack + hair:
            yield f"plan: called optimal, but {level} is {value:g}, and its bound {bound:g}"


def _minutes(world: YearWorld, meetings: Sequence[Held], shift: float) -> float:
    """All ways one way, were each ``shift`` metres longer; where no place is known it adds nothing."""
    ways = [way for held in meetings for v in held.volunteers if (way := world.minutes(v, held.venue_id, shift)) is not None]
    return sum(ways) + (HAIR_MINUTES if shift > 0 else -HAIR_MINUTES) * (len(ways) + 1)


def _spread(world: YearWorld, meetings: Sequence[Held]) -> tuple[int, int]:
    """Most minus fewest meetings over those who could lead any: the answers that a metre more or less allows."""
    led = Counter(held.matcher_id for held in meetings)
    answers = []
    for shift in (-SLACK_METRES, SLACK_METRES):
        loads = [led[m] for m in could_lead(world, shift) | (led.keys() & world.leads.keys())]
        answers.append(max(loads, default=0) - min(loads, default=0))
    return min(answers), max(answers)
