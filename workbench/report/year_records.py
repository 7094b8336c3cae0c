"""What is shown of a planned year, as frozen records: every name, date and count is looked up already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.records import SettingValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why a day has no meetings: the rule's title by language, and what the case calls the closure, if it is one."""

    title: Mapping[str, str]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeeting:
    """A meeting with the names of its place and matcher. ``clock`` is ``19:00-21:00``; ``seats`` is None where nobody counted."""

    meeting_id: str
    date: date
    clock: str
    place: str
    town: str
    matcher: str
    group: str
    programme: tuple[str, ...]
    volunteers: tuple[str, ...]
    seats: int | None
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPerson:
    """A planned volunteer: her group, her meetings, how many she is owed, may have at most, and lacks, and why."""

    volunteer_id: str
    group: str
    matcher: str
    dates: tuple[date, ...]
    owed: int
    most: int
    missing: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLoad:
    """A matcher or venue: ``months`` are the meetings of each month, ``most`` what a month or a meeting holds; None: unknown."""

    name: str
    town: str
    months: tuple[int, ...]
    most: int | None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """A home group, its home matcher, its members and the meetings held for it."""

    group: str
    matcher: str
    members: tuple[str, ...]
    meetings: tuple[ShownMeeting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """A promise that is not kept, and the dates that the volunteer has now."""

    volunteer_id: str
    dates: tuple[date, ...]
    date: date
    clock: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLevel:
    """A level of the objective; ``bound``: the least proved possible given the levels before; ``slack``: what it may give up."""

    level: str
    value: float
    bound: float
    slack: float


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """A whole year to be shown.

    ``settings`` are those of the calendar that differ: what they are, and what is usual. ``proved``: every level is proved, to
    within its slack. ``cut``: the search was stopped.
    """

    year: int
    planning_date: date
    meetings: tuple[ShownMeeting, ...]
    people: tuple[ShownPerson, ...]
    matchers: tuple[ShownLoad, ...]
    venues: tuple[ShownLoad, ...]
    groups: tuple[ShownGroup, ...]
    changed: tuple[ShownChange, ...]
    closed: Mapping[date, Closed]
    levels: tuple[ShownLevel, ...]
    settings: Mapping[str, tuple[SettingValue, SettingValue]]
    proved: bool
    cut: bool
    seed: int | None
    data_hash: str
