"""What a contestant hands in, as a plan of the year: the same records, levels and checks for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.calendar.draft import draft_of
from matcher.calendar.finish import met_of, year_plan
from matcher.calendar.groups.grouping import Groups, grouped, settled
from matcher.calendar.measure import leaders
from matcher.calendar.plan import MINUTE

if TYPE_CHECKING:
    from matcher.calendar.draft import Draft
    from matcher.calendar.limits import Limit
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import YearPlan
    from matcher.calendar.year import Year

Tell = Callable[[str, float, float | None], None]
"""Is told of a level, its best value and its bound (None: none known), as they change; values are those of the plan's levels."""


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Sessions held with their matchers, who comes, and the groups; ``label`` is by session, ``home`` by volunteer."""

    led: tuple[tuple[int, int], ...]
    entries: tuple[int, ...]
    label: Mapping[int, int]
    home: tuple[int, ...]
    matcher: tuple[int, ...]

    @classmethod
    def of(cls, draft: Draft) -> Grouped:
        """The draft with the groups that the planner's own first step makes of it."""
        groups = grouped(met_of(draft))
        held = draft.held.tolist()
        return cls(
            led=tuple(zip(held, draft.matcher.tolist(), strict=True)),
            entries=tuple(draft.entries.tolist()),
            label=dict(zip(held, groups.label.tolist(), strict=True)),
            home=tuple(groups.home.tolist()),
            matcher=tuple(groups.matcher.tolist()),
        )

    def plan(self, sessions: Sessions) -> YearPlan:
        """As records. Homes, labels and groups' matchers get better where exchanging them helps; meetings stay as they are."""
        draft = draft_of(sessions, list(self.led), list(self.entries))
        met = met_of(draft)
        groups = Groups(
            label=np.array([self.label[s] for s in draft.held.tolist()], dtype=np.int64),
            home=np.array(self.home, dtype=np.int64),
            matcher=np.array(self.matcher, dtype=np.int64),
        )
        return year_plan(draft, settled(met, groups))


@dataclass(frozen=True, kw_only=True)
class Few:
    """What a contestant is written for: the numbers of the contract's rules where nothing is fixed before.

    ``gap`` : days between two meetings of one volunteer, by volunteer; ``most`` : meetings of the year, likewise.
    ``a_month`` : meetings that each matcher may lead. ``members`` : of a group. ``able`` : matchers who count for the spread.
    """

    gap: tuple[int, ...]
    most: tuple[int, ...]
    a_month: tuple[int, ...]
    members: int
    able: tuple[int, ...]

    @classmethod
    def of(cls, sessions: Sessions, members: int) -> Few:
        """Read them from the limits; raises ``ValueError`` where there is more than these."""
        year = sessions.year
        if year.fixed:
            raise ValueError("the peers are written for years in which nothing is fixed")
        volunteers = [_by_span(limits, {"year", "days"}) for limits in sessions.volunteer_limits]
        matchers = [_by_span(limits, {"date", "month"}) for limits in sessions.matcher_limits]
        if any(one["days"].most != 1 for one in volunteers) or any(one["date"].most != 1 for one in matchers):
            raise ValueError("the peers are written for one meeting in a span of days, and one a day")
        return cls(
            gap=tuple(one["days"].days for one in volunteers),
            most=tuple(one["year"].most for one in volunteers),
            a_month=tuple(one["month"].most for one in matchers),
            members=members,
            able=tuple(year.matcher_index[name] for name in leaders(year)),
        )


def _by_span(limits: Iterable[Limit], spans: set[str]) -> dict[str, Limit]:
    found = {limit.span: limit for limit in limits}
    if set(found) != spans:
        raise ValueError(f"the peers are written for limits in {sorted(spans)}, and these are in {sorted(found)}")
    return {str(span): limit for span, limit in found.items()}


def able_to_lead(sessions: Sessions) -> list[list[int]]:
    """The matchers who could lead each session."""
    year: Year = sessions.year
    could = sessions.matcher_open[:, sessions.time] & year.leads[:, sessions.of_set]
    return [np.flatnonzero(could[:, s]).tolist() for s in range(len(sessions))]


def in_minutes(thousandths: float) -> float:
    """Travel as the plan's level has it."""
    return thousandths / MINUTE
