"""The years that all contestants plan: synthetic people, rules and obligations of the contract, four kinds of year."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from constraints.calendar_rules import load_calendar
from constraints.rulebook import load_rulebook
from matcher.calendar.judge import CalendarJudge
from matcher.calendar.planner import first_plan
from matcher.calendar.verify import violations
from matcher.calendar.year import Year
from matcher.check.calendar_days import public_holidays
from matcher.errors import CertificateError
from matcher.geography.postcodes import load_postcodes
from matcher.records import SLOTS, Meeting
from scenarios.synthetic import synthetic_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matcher.calendar.plan import YearPlan
    from matcher.records import Case, SettingValue

YEAR, PLANNED_ON, HALF = 2027, date(2026, 12, 1), date(2027, 6, 1)
OBLIGED_SHARE = 0.955
"""Of the friendships drawn, so many have a volunteer of their own who is obliged in the year."""


@dataclass(frozen=True)
class Question:
    """A case, the calendar's settings that differ from the defaults, and the year as the planner sees it."""

    case: Case
    settings: Mapping[str, SettingValue] = field(default_factory=dict)

    @cached_property
    def year(self) -> Year:
        """Ask all rules."""
        general = load_rulebook(self.case.planning_date).all_values()
        return Year.of(self.case, load_calendar(self.settings), general, load_postcodes(), YEAR)

    def faults(self, plan: YearPlan) -> list[str]:
        """What the rules and the independent checker say against a plan; nothing where both accept it."""
        found = [f"{one.rule}: {one.who} {one.where}" for one in violations(self.year, plan)]
        values = {**load_rulebook(self.case.planning_date).all_values(), **self.settings}
        judge = CalendarJudge.of(self.case, values, load_postcodes(), YEAR, public_holidays(YEAR))
        try:
            judge.accepts(plan, {})
        except CertificateError as refused:
            found.append(str(refused))
        return found


def along(obliged: int, seed: int) -> Question:
    """Friendships begin from eleven months before the planning date to eight months after it; evenings; all meet together."""
    return _begun(obliged, seed, -330, 250)


def before(obliged: int, seed: int) -> Question:
    """All friendships begun before the planning date, as in the trial that the aims are from."""
    return _begun(obliged, seed, -330, -1)


def daytime(obliged: int, seed: int) -> Question:
    """Every other venue is open in the afternoons alone; matchers can lead then too."""
    case = along(obliged, seed).case
    afternoons = tuple(slot for slot in SLOTS if slot.endswith("afternoon"))
    evenings = tuple(slot for slot in SLOTS if slot.endswith("evening"))
    venues = [row.model_copy(update={"availability": afternoons}) if k % 2 else row for k, row in enumerate(case.venues)]
    matchers = [row.model_copy(update={"availability": (*afternoons, *evenings)}) for row in case.matchers]
    return Question(case.model_copy(update={"venues": tuple(venues), "matchers": tuple(matchers)}))


def apart(obliged: int, seed: int) -> Question:
    """Familieven's volunteers meet by themselves."""
    return replace(along(obliged, seed), settings={"together": ("voksenven+storebror", "familieven")})


def half(obliged: int, seed: int) -> Question:
    """The plain plan's first five months have been held; the planning date is 1 June."""
    started = along(obliged, seed)
    columns = ("meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group", "volunteers")
    held = [row for row in first_plan(started.year).meetings if row.date < HALF]
    meetings = tuple(Meeting.model_validate({name: getattr(row, name) for name in columns}) for row in held)
    return Question(started.case.model_copy(update={"planning_date": HALF, "meetings": meetings}))


def _begun(obliged: int, seed: int, first: int, last: int) -> Question:
    draw, friendships = random.Random(seed), round(obliged / OBLIGED_SHARE)
    case = synthetic_case(children=20, volunteers=10, seed=seed, planning_date=PLANNED_ON, friendships=friendships)
    begun = [
        row
        if row.ended_on is not None
        else row.model_copy(update={"started_on": PLANNED_ON + timedelta(days=draw.randint(first, last))})
        for row in case.friendships
    ]
    return Question(case.model_copy(update={"friendships": tuple(begun)}))


KINDS: Mapping[str, Callable[[int, int], Question]] = {
    "along": along,
    "before": before,
    "daytime": daytime,
    "apart": apart,
    "half": half,
}
