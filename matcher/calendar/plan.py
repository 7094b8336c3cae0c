"""A year's plan as frozen records; what is counted stands beside the best that is proved possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["optimal", "feasible"]
"""``optimal``: every level equals its bound, to within its slack; ``feasible``: some level is not proved."""
MINUTE = 1000
"""Travel is summed in whole thousandths of a minute, so that sums are exact and the same in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeeting:
    """A network meeting (netværksmøde) and who attends; ``pinned``: it was set before, as a fact or by somebody's decision."""

    meeting_id: str
    date: date
    slot: str
    venue_id: str
    matcher_id: str
    programme: tuple[str, ...]
    group: str
    volunteers: tuple[str, ...]
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of the objective in the contract's order. ``travel_minutes`` is one way, with three exact decimals."""

    unmet: int
    meetings: int
    changes: int
    travel_minutes: float
    load_spread: int

    def values(self) -> tuple[float, ...]:
        """The levels in order."""
        return (self.unmet, self.meetings, self.changes, self.travel_minutes, self.load_spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """A whole year: its meetings by date, slot and id, home groups and their matchers, and what cannot be met.

    Attributes
    ----------
    home : the home group of each planned volunteer.
    group_matcher : the home matcher of each group.
    unmet : how many meetings each volunteer lacks, where any.
    objective, bound : the levels' values, and the least that is proved possible given the earlier levels as reported.
    cut : whether the clock or Ctrl-C ended the search: then another run may answer otherwise.
    seconds : when each level was done, counted from the start; beside the plan, not part of it.
    """

    year: int
    planning_date: date
    meetings: tuple[PlannedMeeting, ...]
    home: Mapping[str, str]
    group_matcher: Mapping[str, str]
    unmet: Mapping[str, int]
    objective: Levels
    bound: Levels
    status: Status
    cut: bool = False
    data_hash: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
