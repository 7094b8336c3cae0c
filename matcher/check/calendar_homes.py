"""Home groups: who belongs where, and how often somebody meets with another group or under another matcher."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.check.calendar_shape import Held
from matcher.check.calendar_world import YearWorld

Homes = Mapping[str, tuple[str, str]]
"""A volunteer's home group and that group's home matcher."""


def read_homes(plan: Mapping[str, Any]) -> Homes:
    """Volunteer to home group and home matcher."""
    return {row["volunteer_id"]: (row["group"], row["matcher_id"]) for row in plan["groups"]}


def home_faults(world: YearWorld, plan: Mapping[str, Any], meetings: Sequence[Held]) -> Iterator[str]:
    """Whether each planned volunteer has one home group, and each group one matcher (known, if any is) and few enough members."""
    rows = plan["groups"]
    yield from _everybody_once(world, rows)
    matchers, most = defaultdict(set), world.settings.whole("calendar.group_size.max_members")
    for row in rows:
        matchers[row["group"]].add(row["matcher_id"])
    members = Counter(row["group"] for row in rows)
    for group, leads in sorted(matchers.items()):
        if not group.strip():
            yield "groups: a home group has no name"
        if len(leads) > 1:
            yield f"group {group}: several home matchers ({', '.join(sorted(leads))})"
        if members[group] > most:
            yield f"group {group}: {members[group]} home members, at most {most}"
        nobody = set() if world.leads else {""}  # where there is no matcher at all, a group has none either
        for matcher_id in sorted(leads - world.leads.keys() - nobody):
            yield f"group {group}: matcher {matcher_id} is not known"
    for held in meetings:
        if held.kept is None and held.group not in matchers:
            yield f"{held.name}: group {held.group!r} is nobody's home, so it has no home matcher"


def _everybody_once(world: YearWorld, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    homes = Counter(row["volunteer_id"] for row in rows)
    for volunteer_id in sorted(world.planned.keys() | homes.keys()):
        due = 1 if volunteer_id in world.planned else 0
        if homes[volunteer_id] != due:
            yield f"volunteer {volunteer_id}: {homes[volunteer_id]} home groups, should be {due}"


def changes(meetings: Sequence[Held], homes: Homes) -> int:
    """Attendances outside one's home group, and attendances under another matcher than its home matcher."""
    count = 0
    for held in meetings:
        for group, matcher_id in (homes[v] for v in held.volunteers if v in homes):
            count += (held.group != group) + (held.matcher_id != matcher_id)
    return count
