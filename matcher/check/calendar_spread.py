"""Which matchers could lead a meeting of the year at all: the load is spread over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice

from matcher.check.calendar_days import slots_of
from matcher.check.calendar_people import Lead
from matcher.check.calendar_world import YearWorld, open_days

Moment = tuple[date, str]


def could_lead(world: YearWorld, shift: float = 0.0) -> set[str]:
    """Matchers for whom some meeting is possible by itself.

    There is an open day and slot in which the matcher is free, an open venue with seats enough, and enough planned volunteers
    of a set of programmes that the matcher has, each of whom could come by the rules about her alone.
    ``shift``: as if every way were so many metres longer.
    """
    return Chances(world, shift).leads()


class Chances:
    """Which meetings are possible by themselves. Each moment and each way is looked at once, and only when it matters."""

    def __init__(self, world: YearWorld, shift: float) -> None:
        self.world, self.shift = world, shift
        self.least = world.settings.whole("calendar.meeting_size.min_volunteers")
        self.longest = world.settings.numbers["calendar.meeting_travel.max_minutes"]
        self.people = {
            programmes: [
                v for v, planned in world.planned.items() if planned.owed.most > 0 and planned.owed.programme in programmes
            ]
            for programmes in world.settings.together
        }
        self.possible: dict[tuple[Moment, frozenset[str]], bool] = {}
        self.near: dict[tuple[str, str], bool] = {}

    def leads(self) -> set[str]:
        """The matchers with a chance."""
        moments = [(day, slot) for day in open_days(self.world) for slot in slots_of(day)]
        return {lead.id for lead in self.world.leads.values() if lead.most_a_month > 0 and self._any(lead, moments)}

    def _any(self, lead: Lead, moments: Sequence[Moment]) -> bool:
        sets = [programmes for programmes in self.people if programmes <= lead.programmes]
        return any(not lead.why_not(*moment) and any(self._possible(moment, each) for each in sets) for moment in moments)

    def _possible(self, moment: Moment, programmes: frozenset[str]) -> bool:
        key = (moment, programmes)
        if key not in self.possible:
            halls = (hall for hall in self.world.halls.values() if hall.capacity >= self.least and not hall.why_not(*moment))
            self.possible[key] = any(self._enough(moment, programmes, hall.id) for hall in halls)
        return self.possible[key]

    def _enough(self, moment: Moment, programmes: frozenset[str], hall_id: str) -> bool:
        free = (v for v in self.people[programmes] if not self.world.planned[v].why_not(*moment) and self._near(v, hall_id))
        return len(list(islice(free, self.least))) == self.least

    def _near(self, volunteer_id: str, hall_id: str) -> bool:
        key = (volunteer_id, hall_id)
        if key not in self.near:
            minutes = self.world.minutes(volunteer_id, hall_id, self.shift)
            self.near[key] = minutes is not None and minutes <= self.longest
        return self.near[key]
