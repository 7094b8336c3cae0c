"""Judges a calendar: every meeting, every limit, the home groups, the account, and what is called optimal.

>>> from datetime import date
>>> vetted = {"programmes": ("voksenven",), "birth_date": date(1990, 1, 1), "gender": "man", "postcode": "2750"}
>>> bond = {"friendship_id": "V1", "child_id": "B1", "volunteer_id": "F1", "programme": "voksenven",
...         "started_on": date(2026, 7, 1)}
>>> case = {"planning_date": date(2026, 11, 1), "volunteers": [{"volunteer_id": "F1", **vetted}], "friendships": [bond],
...         "matchers": [{"matcher_id": "M1", "postcode": "2750"}]}
>>> world = read_year(case, {}, {"2750": (55.73, 12.36)}, 2027, public_holidays(2027))
>>> levels = {"unmet": 2, "meetings": 0, "changes": 0, "travel_minutes": 0.0, "load_spread": 0}
>>> plan = {"year": 2027, "meetings": [], "groups": [{"volunteer_id": "F1", "group": "G1", "matcher_id": "M1"}],
...         "unmet": [{"volunteer_id": "F1", "missing": 1}], "objective": levels, "bound": levels, "status": "optimal"}
>>> check_calendar(world, plan)
['unmet: volunteer F1 lacks 2, not 1']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from matcher.check.calendar_counts import count_faults
from matcher.check.calendar_days import holiday_faults, public_holidays
from matcher.check.calendar_homes import home_faults
from matcher.check.calendar_meetings import meeting_faults, standing_faults
from matcher.check.calendar_replan import broken_promises, promise_faults, promise_shape, world_from
from matcher.check.calendar_shape import read_held, year_shape
from matcher.check.calendar_sums import bound_faults, missing, objective_faults, unmet_faults
from matcher.check.calendar_world import YearWorld, read_year


def check_calendar(world: YearWorld, plan: Mapping[str, Any]) -> list[str]:
    """Find everything that is wrong with a year's calendar; an empty list accepts it.

    Parameters
    ----------
    world : YearWorld
        The case and the year.
    plan : mapping
        ``year``; ``meetings``: rows of meeting_id, date, slot, venue_id, matcher_id, programme (codes), group and volunteers
        (ids), in the order of meeting_id; ``groups``: rows of volunteer_id, group, matcher_id; ``unmet``: rows of volunteer_id,
        missing and, where it is told, reason; both in the order of volunteer_id; ``objective`` and ``bound``: a number for each
        level; ``status``: ``optimal`` or ``feasible``.

    Returns
    -------
    list of str
        Violations, each a sentence with the ids.

    Notes
    -----
    A bound is not derived anew: that nothing lies between it and the value, or that no plan lies below it, is the engine's
    word. Seen is a bound above its own value, and ``optimal`` where a bound is not reached.
    """
    faults = year_shape(plan)
    if faults:
        return faults
    if plan["year"] != world.year:
        return [f"plan: of the year {plan['year']}, asked was {world.year}"]
    meetings = read_held(world, plan)
    short = missing(world, meetings)
    return [
        *holiday_faults(world.year, world.told_holidays),
        *_in_order(plan),
        *standing_faults(world, meetings),
        *(fault for held in meetings for fault in meeting_faults(world, held)),
        *count_faults(world, meetings),
        *home_faults(world, plan, meetings),
        *unmet_faults(plan, short),
        *objective_faults(world, plan, meetings, short),
        *bound_faults(world, plan),
    ]


def check_replan(world: YearWorld, before: Mapping[str, Any], after: Mapping[str, Any], from_date: date) -> list[str]:
    """Find everything that is wrong with a calendar that was planned anew from a date on; an empty list accepts it.

    Parameters
    ----------
    world : YearWorld
        The case as it is now, and the year.
    before, after : mapping
        The earlier plan and the new one, as in ``check_calendar``. ``after`` has ``changed_promises`` too: rows of volunteer_id,
        date, slot, venue_id as they were promised and are not kept, in this order.
    from_date : date
        Nothing before it moves. Where the planning date is later, nothing before that one does.

    Returns
    -------
    list of str
        Violations, each a sentence with the ids.

    Notes
    -----
    That no plan breaks fewer promises is the engine's word.
    """
    earlier = [f"earlier {fault}" for fault in year_shape(before)] or (
        [] if before["year"] == world.year else [f"earlier plan: of the year {before['year']}, asked was {world.year}"]
    )
    faults = [*earlier, *year_shape(after), *promise_shape(after)]
    if faults:
        return faults
    now = world_from(world, before, from_date)
    broken = broken_promises(before, after, now.floor)
    return [*check_calendar(now, after), *promise_faults(after["changed_promises"], broken)]


def _in_order(plan: Mapping[str, Any]) -> Iterator[str]:
    """Rows by their ids, and no id twice."""
    yield from _rising("meetings", [row["meeting_id"] for row in plan["meetings"]])
    for row in plan["meetings"]:
        yield from _rising(f"meeting {row['meeting_id']}, volunteers", row["volunteers"])
        if len({*row["programme"]}) != len(row["programme"]):
            yield f"meeting {row['meeting_id']}: a programme stands there twice"
    for table in ("groups", "unmet"):
        yield from _rising(table, [row["volunteer_id"] for row in plan[table]])


def _rising(name: str, ids: Sequence[str]) -> Iterator[str]:
    for before, after in pairwise(ids):
        if before == after:
            yield f"{name}: {after} twice"
        elif before > after:
            yield f"{name}: {after} comes after {before}: not in the order of ids"


__all__ = ["YearWorld", "check_calendar", "check_replan", "public_holidays", "read_year"]
