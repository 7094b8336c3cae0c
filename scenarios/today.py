"""Mode ``today``: the best plan of a world, and the year's calendar where it is asked for, measured for all and by group."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from constraints.calendar.public_holiday import holidays_of
from constraints.calendar_rules import load_calendar
from matcher.ask import minutes_between
from matcher.calendar.engine import CalendarEngine
from matcher.calendar.running.watch import Effort
from matcher.results import Status
from matcher.session import Session
from scenarios.people import befriended, home_of, places_of

if TYPE_CHECKING:
    from matcher.records import Child
    from matcher.results import Assignment
    from scenarios.world import World

METRICS = ("matched", "unmatched", "total_score", "eligible_pairs", "children_without_eligible", "median_minutes")
"""
``matched``, ``unmatched``
    children without an active friendship who get a match in the best plan, and who do not.
``total_score``
    of the plan's pairs.
``eligible_pairs``, ``children_without_eligible``
    pairs that every rule allows (forbidden ones too), and the children without an active friendship who have none.
``median_minutes``
    travel time one way of the plan's pairs; blank where there is none.
"""
CALENDAR_METRICS = ("unmet", "meetings")
"""Missing obligations and meetings of the year's plan, as found with a quick search."""
GROUPS = ("gender", "programme", "municipality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value, and the children it is made of: how many of them are real, and how many a scenario added."""

    value: Decimal | None
    real: int
    added: int

    @property
    def is_small(self) -> bool:
        """Whether it says something of a few real children: fewer than five, unless all of them were added."""
        return self.real < SMALL and not (self.real == 0 and self.added > 0)


SMALL = 5
Measures = Mapping[tuple[str, str], Measured]
"""By metric and group; the group is blank for all, else such as ``gender=boy``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Today:
    """What a world comes to today: its session (warm for the next), its plan, and the measures."""

    session: Session
    plan: Assignment
    measures: Measures


def today(world: World, *, real: frozenset[str], before: Session | None = None, year: int | None = None) -> Today:
    """Make the best plan of a world, and measure it; with ``year`` the calendar of that year too.

    Parameters
    ----------
    real
        Ids of the children who are in the association's own case.
    before
        The session of another world: where the rules are the same, only what differs is worked out anew. The answer is the same.

    Raises
    ------
    InfeasibleError
        Locks and limits cannot all hold, or pinned meetings clash.
    KeyboardInterrupt
        Also where a search has taken it for the end of its time: half a search is no answer to compare with.
    """
    session = session_of(world, before)
    plan = session.assign()
    if plan.status is not Status.OPTIMAL:
        raise KeyboardInterrupt
    calendar = {} if year is None else dict(_calendar(world, year))
    return Today(session=session, plan=plan, measures={**_measures(world, session, plan, real), **calendar})


def session_of(world: World, before: Session | None) -> Session:
    """The session of a world, from that of another where it can know something already."""
    if before is not None and before.rulebook == world.rulebook and before.postcodes == world.postcodes:
        return before.with_case(world.case)
    return Session.of(world.case, world.rulebook, world.postcodes)


def _calendar(world: World, year: int) -> Iterator[tuple[tuple[str, str], Measured]]:
    engine = CalendarEngine(
        case=world.case,
        rulebook=world.rulebook,
        book=load_calendar(world.rulebook.all_values()),
        postcodes=world.postcodes,
        number=year,
        holidays=holidays_of(year),
    )
    found = engine.plan(effort=Effort.QUICK).plan
    if found.cut:
        raise KeyboardInterrupt
    for metric, value in zip(CALENDAR_METRICS, (found.objective.unmet, len(found.meetings)), strict=True):
        yield (metric, ""), Measured(value=Decimal(value), real=0, added=0)


def _measures(world: World, session: Session, plan: Assignment, real: frozenset[str]) -> dict[tuple[str, str], Measured]:
    friends = befriended(world.case)
    waiting = [row for row in session.people.children if row.child_id not in friends]
    known = _Known.of(session, plan, real)
    found = dict(known.of_group("", waiting))
    places = places_of(world)
    groups: dict[str, list[Child]] = defaultdict(list)
    for child in waiting:
        for name, word in zip(GROUPS, (child.gender, child.programme, home_of(child, places)), strict=True):
            if word is not None:
                groups[f"{name}={word}"].append(child)
    for group in sorted(groups, key=lambda one: (GROUPS.index(one.partition("=")[0]), one)):
        found.update(known.of_group(group, groups[group]))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of each child, by id: points and minutes of the match, and the number of eligible pairs."""

    points: Mapping[str, int]
    minutes: Mapping[str, float]
    eligible: Mapping[str, int]
    real: frozenset[str]

    @classmethod
    def of(cls, session: Session, plan: Assignment, real: frozenset[str]) -> _Known:
        child = np.array([session.child_index(pair.child_id) for pair in plan.pairs], dtype=np.int64)
        volunteer = np.array([session.volunteer_index(pair.volunteer_id) for pair in plan.pairs], dtype=np.int64)
        minutes = minutes_between(session.people, child, volunteer).tolist() if plan.pairs else []
        eligible: dict[str, int] = defaultdict(int)
        for pair in (*plan.eligible_pairs, *plan.forbidden_pairs):
            eligible[pair.child_id] += 1
        return cls(
            points={pair.child_id: pair.points for pair in plan.pairs},
            minutes={pair.child_id: value for pair, value in zip(plan.pairs, minutes, strict=True)},
            eligible=eligible,
            real=real,
        )

    def of_group(self, group: str, children: Sequence[Child]) -> Iterator[tuple[tuple[str, str], Measured]]:
        ids = [row.child_id for row in children]
        matched = [name for name in ids if name in self.points]
        able = [name for name in ids if self.eligible.get(name)]
        values = (
            (Decimal(len(matched)), matched),
            (Decimal(len(ids) - len(matched)), [name for name in ids if name not in self.points]),
            (Decimal(sum(self.points[name] for name in matched)).scaleb(-3), matched),
            (Decimal(sum(self.eligible[name] for name in able)), able),
            (Decimal(len(ids) - len(able)), [name for name in ids if not self.eligible.get(name)]),
            (self._median(matched), matched),
        )
        for metric, (value, whom) in zip(METRICS, values, strict=True):
            own = sum(name in self.real for name in whom)
            yield (metric, group), Measured(value=value, real=own, added=len(whom) - own)

    def _median(self, matched: Sequence[str]) -> Decimal | None:
        known = [self.minutes[name] for name in matched if not math.isnan(self.minutes[name])]
        return Decimal(f"{statistics.median(known):.3f}") if known else None
