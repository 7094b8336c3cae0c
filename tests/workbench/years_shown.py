"""A planned year whose ids and names are as hostile as free text can be, for the Excel year plan and the printable year."""

from __future__ import annotations

from datetime import date
from functools import cache

from matcher.calendar.anew.promises import Promise
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import first_plan
from matcher.calendar.year import Year
from matcher.records import Case, Meeting, Venue
from tests.calendar.years import along, year_of
from workbench.report.year_records import YearView
from workbench.report.year_view import view_of

HOSTILE = (
    "=1+1",
    "<script>alert(1)</script>",
    '" onmouseover="alert(2)',
    "' & <b>",
    "Åse 😀",
    "\u202eomvendt",
    "kilde http://example.org/x",
    "@SUM(A1)",
    "$body ${style}",
    "v" * 300,
)
PLACE, LEADER, GROUP = "Hus <i>&amp;</i> \"nr. 1\" 'x'", "=Bo </td><td>", "<i>vild gruppe</i>"
CHILD = "hemmeligt-barn-"


@cache
def planned() -> tuple[Year, YearPlan]:
    """A year of which two months have passed, with a fact that names a matcher and a venue nobody knows."""
    case = _renamed(along(66, 1))
    fact = {"meeting_id": "+fact", "date": date(2027, 1, 13), "slot": "wed_evening", "venue_id": "<u>ukendt</u>", "group": GROUP}
    pinned = {"meeting_id": "-fast", "date": date(2027, 12, 25), "slot": "sat_evening", "pinned": True}
    place, leader = case.venues[0].venue_id, case.matchers[0].matcher_id
    meetings = (
        Meeting(**fact, matcher_id="M-væk", programme=("voksenven",), volunteers=(HOSTILE[0], "gæst")),
        Meeting(**pinned, venue_id=place, matcher_id=leader, programme=("storebror", "familieven"), volunteers=(HOSTILE[1],)),
    )
    year = year_of(case.model_copy(update={"planning_date": date(2027, 2, 10), "meetings": meetings}))
    return year, first_plan(year)


def _renamed(case: Case) -> Case:
    """The case with hostile volunteers, two matchers of one name, a venue without one, and children whose ids tell."""
    people = dict(zip(sorted({row.volunteer_id for row in case.friendships if row.ended_on is None}), HOSTILE, strict=False))

    def who(name: str) -> str:
        return people.get(name, name)

    bonds = [{"volunteer_id": who(row.volunteer_id), "child_id": CHILD + row.child_id} for row in case.friendships]
    first, second, third, *others = case.matchers
    names = ({"name": LEADER}, {"name": "Ida"}, {"name": "Ida"})
    leaders = [row.model_copy(update=told) for row, told in zip((first, second, third), names, strict=True)]
    place = case.venues[0].model_copy(update={"name": PLACE})
    empty = Venue(venue_id="L-tom", postcode="0999", capacity=8)
    return case.model_copy(
        update={
            "children": tuple(row.model_copy(update={"child_id": CHILD + row.child_id}) for row in case.children),
            "volunteers": tuple(row.model_copy(update={"volunteer_id": who(row.volunteer_id)}) for row in case.volunteers),
            "friendships": tuple(row.model_copy(update=bond) for row, bond in zip(case.friendships, bonds, strict=True)),
            "matchers": (*leaders, *others),
            "venues": (place, *case.venues[1:], empty),
        }
    )


@cache
def shown(*, replanned: bool = False) -> YearView:
    """What is shown of it; ``replanned``: two promises are not kept, one of them to a guest."""
    year, plan = planned()
    one = plan.meetings[-2]
    when = {"date": one.date, "slot": one.slot, "venue_id": one.venue_id}
    lost = [Promise(volunteer_id=name, **when) for name in (one.volunteers[0], "gæst")] if replanned else []
    return view_of(
        year,
        plan,
        unmet={name: f"Fordi {name} < alt" for name in plan.unmet},
        seats_left={row.meeting_id: k % 5 for k, row in enumerate(plan.meetings) if row.date >= plan.planning_date},
        changed=lost,
        seed=7,
    )
