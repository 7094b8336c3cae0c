"""Looks up what the Excel year plan and the printable year both show of a planned year."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.settings import LEVELS
from matcher.geography.postcodes import load_postcodes
from workbench.report.year_records import (
    Closed,
    ShownChange,
    ShownGroup,
    ShownLevel,
    ShownLoad,
    ShownMeeting,
    ShownPerson,
    YearView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matcher.calendar.anew.promises import Promise
    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.calendar.year import Year
    from matcher.records import Venue


def view_of(
    year: Year,
    plan: YearPlan,
    *,
    unmet: Mapping[str, str],
    seats_left: Mapping[str, int],
    changed: Sequence[Promise] = (),
    seed: int | None = None,
) -> YearView:
    """Look up everything that is shown of a plan.

    Parameters
    ----------
    year, plan : what was asked, and the answer.
    unmet : a finished sentence by volunteer: why she lacks meetings.
    seats_left : places for those past their first year, by meeting.
    changed : promises that a replanning does not keep.
    seed : of the random choices; None is not shown.
    """
    look = _Looking(year, plan)
    meetings = tuple(look.meeting(row, seats_left.get(row.meeting_id)) for row in plan.meetings)
    return YearView(
        year=plan.year,
        planning_date=plan.planning_date,
        meetings=meetings,
        people=tuple(look.person(name, unmet.get(name, "")) for name in year.volunteers),
        matchers=look.matchers(),
        venues=look.venues(),
        groups=look.groups(meetings),
        changed=tuple(look.change(row) for row in changed),
        closed=_closed(year),
        levels=_levels(year, plan),
        settings={key: (year.book[key], one.default) for key, one in year.book.settings.items() if year.book[key] != one.default},
        proved=plan.status == "optimal",
        cut=plan.cut,
        seed=seed,
        data_hash=plan.data_hash,
    )


class _Looking:
    """Looks up names, dates and counts of one plan."""

    def __init__(self, year: Year, plan: YearPlan) -> None:
        self.year, self.plan = year, plan
        led, used = (row.matcher_id for row in plan.meetings), (row.venue_id for row in plan.meetings)
        self.matcher = _labels({**dict.fromkeys(led, ""), **{row.matcher_id: row.name for row in year.case.matchers}})
        self.place = _labels({**dict.fromkeys(used, ""), **{row.venue_id: row.name for row in year.case.venues}})
        self.venue = {row.venue_id: row for row in year.case.venues}
        self.towns = {**load_postcodes(), **{row.postcode: row for row in year.case.postcodes}}
        self.dates: dict[str, list[date]] = {}
        for row in plan.meetings:
            for name in row.volunteers:
                self.dates.setdefault(name, []).append(row.date)

    def town(self, venue: Venue | None) -> str:
        """Postcode and municipality; blank where the place is not in the case."""
        if venue is None:
            return ""
        known = self.towns.get(venue.postcode)
        return f"{venue.postcode} {(known and known.municipality) or ''}".strip()

    def clock(self, slot: str) -> str:
        """From when to when."""
        return str(self.year.book[f"calendar.times.{slot.partition('_')[2]}"])

    def meeting(self, row: PlannedMeeting, seats: int | None) -> ShownMeeting:
        """A meeting with its names."""
        return ShownMeeting(
            meeting_id=row.meeting_id,
            date=row.date,
            clock=self.clock(row.slot),
            place=self.place[row.venue_id],
            town=self.town(self.venue.get(row.venue_id)),
            matcher=self.matcher[row.matcher_id],
            group=row.group,
            programme=row.programme,
            volunteers=row.volunteers,
            seats=seats,
            pinned=row.pinned,
        )

    def person(self, name: str, why: str) -> ShownPerson:
        """A planned volunteer."""
        place, group = self.year.volunteer_index[name], self.plan.home[name]
        return ShownPerson(
            volunteer_id=name,
            group=group,
            matcher=self.home_matcher(group),
            dates=tuple(self.dates.get(name, ())),
            owed=int(self.year.owed[place]),
            most=int(self.year.allowed[place]),
            missing=self.plan.unmet.get(name, 0),
            why=why,
        )

    def home_matcher(self, group: str) -> str:
        """Name of a group's matcher; blank where it has none."""
        name = self.plan.group_matcher.get(group, "")
        return self.matcher.get(name, name)

    def matchers(self) -> tuple[ShownLoad, ...]:
        """Every matcher of the case, and whoever else leads."""
        most = {row.matcher_id: row.max_meetings_per_month for row in self.year.case.matchers}
        count = Counter((row.matcher_id, row.date.month) for row in self.plan.meetings)
        return tuple(
            ShownLoad(
                name=label,
                town="",
                months=tuple(count[name, month] for month in range(1, 13)),
                most=most.get(name),
                groups=tuple(group for group, home in sorted(self.plan.group_matcher.items()) if home == name),
            )
            for name, label in sorted(self.matcher.items())
        )

    def venues(self) -> tuple[ShownLoad, ...]:
        """Every venue of the case, and wherever else a meeting is."""
        count = Counter((row.venue_id, row.date.month) for row in self.plan.meetings)
        return tuple(
            ShownLoad(
                name=label,
                town=self.town(self.venue.get(name)),
                months=tuple(count[name, month] for month in range(1, 13)),
                most=self.venue[name].capacity if name in self.venue else None,
            )
            for name, label in sorted(self.place.items())
        )

    def groups(self, meetings: Sequence[ShownMeeting]) -> tuple[ShownGroup, ...]:
        """Every group that has members or meetings."""
        return tuple(
            ShownGroup(
                group=group,
                matcher=self.home_matcher(group),
                members=tuple(name for name, home in sorted(self.plan.home.items()) if home == group),
                meetings=tuple(row for row in meetings if row.group == group),
            )
            for group in sorted({*self.plan.home.values(), *(row.group for row in meetings)})
        )

    def change(self, row: Promise) -> ShownChange:
        """A promise that is not kept."""
        return ShownChange(
            volunteer_id=row.volunteer_id,
            date=row.date,
            clock=self.clock(row.slot),
            place=self.place.get(row.venue_id, row.venue_id),
            dates=tuple(self.dates.get(row.volunteer_id, ())),
        )


def _labels(names: Mapping[str, str]) -> dict[str, str]:
    """What each id is called: its name, or its id where it has none; name and id where others are called the same."""
    often = Counter(name or key for key, name in names.items())
    return {key: f"{name} ({key})" if name and often[name] > 1 else name or key for key, name in names.items()}


def _closed(year: Year) -> dict[date, Closed]:
    """Days that rules on the day alone leave out, whatever the planning date."""
    first = date(year.year, 1, 1)
    days = np.arange(first.toordinal(), date(year.year, 12, 31).toordinal() + 1)
    facts = {**year.facts_of_case, "planning_day": first.toordinal(), "day": days}
    found: dict[date, Closed] = {}
    for rule in year.book.opens_of():
        for place in np.flatnonzero(~np.asarray(year.book.answer(rule, facts), dtype=np.bool_)).tolist():
            day = first + timedelta(days=place)
            what = next((row.what for row in year.case.closures if row.start <= day <= row.end), "")
            found.setdefault(day, Closed(title=rule.title, what=what))
    return found


def _levels(year: Year, plan: YearPlan) -> tuple[ShownLevel, ...]:
    """Every level, with the slack that a setting gives it; the last one has none."""
    slack = {level: float(year.book[f"calendar.slack.{level}"]) for level in LEVELS[:-1]}
    rows: Iterable[tuple[str, float, float]] = zip(LEVELS, plan.objective.values(), plan.bound.values(), strict=True)
    return tuple(ShownLevel(level=level, value=value, bound=bound, slack=slack.get(level, 0.0)) for level, value, bound in rows)
