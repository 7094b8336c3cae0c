"""What if volunteers stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.session.rows import removed
from scenarios.fields import MOST_PEOPLE, Whole, given, yes_no
from scenarios.people import OfVolunteers, drawn, enough

if TYPE_CHECKING:
    from matcher.records import Case, Friendship
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Lose(OfVolunteers):
    """So many volunteers fewer, drawn among those who are as given.

    ``free``: only those without an active friendship or an open offer, or (false) only those with one. Active friendships of
    whoever is lost end on the planning date, so the children of these wait again; open offers fall away.
    """

    number: int = given(Whole(1, MOST_PEOPLE))
    free: bool | None = given(yes_no, None)

    def apply(self, world: World, seed: int) -> World:
        """Take them away, with the offers, declines and decisions that name them."""
        case, day = world.case, world.case.planning_date
        busy = {row.volunteer_id for row in case.friendships if row.active_on(day)}
        busy |= {row.volunteer_id for row in case.offers if row.state == "open"}
        found = [row for row in self.among(world) if self.free is None or self.free == (row.volunteer_id not in busy)]
        enough(len(found), self.number, "volunteers")
        gone = drawn(seed, "lose", (row.volunteer_id for row in found), self.number)
        left = removed(case, [row for row in found if row.volunteer_id in gone])
        theirs = [row for row in case.friendships if row.volunteer_id in gone and row.started_on <= day]
        ended = [_ended(row, case) for row in theirs]
        broken = Counter(row.child_id for row in theirs if row.active_on(day))
        tables = {
            "friendships": tuple(sorted((*left.friendships, *ended), key=lambda row: row.friendship_id)),
            "children": tuple(
                row.model_copy(update={"previous_friendships": row.previous_friendships + broken[row.child_id]})
                if row.child_id in broken
                else row
                for row in case.children
            ),
        }
        return replace(world, case=left.model_copy(update=tables))


def _ended(row: Friendship, case: Case) -> Friendship:
    """The friendship without its volunteer: past ones stay as they were."""
    return row.model_copy(update={"ended_on": case.planning_date}) if row.active_on(case.planning_date) else row
