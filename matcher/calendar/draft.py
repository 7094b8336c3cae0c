"""A plan in numbers, on its way to a ``YearPlan``: sessions held, who leads them, who comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.year import Int


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """Sessions held (new ones, sorted), their matchers, and the entries of who comes (joiners of pinned meetings too).

    ``held`` and ``matcher`` have shape (K,), ``entries`` shape (A,), sorted: places in ``Sessions.who``.
    """

    sessions: Sessions
    held: Int
    matcher: Int
    entries: Int

    @cached_property
    def comes(self) -> Int:
        """How many of these attendances each volunteer has, shape (V,)."""
        return np.bincount(self.sessions.who[self.entries], minlength=len(self.sessions.year.volunteers))

    @cached_property
    def missing(self) -> Int:
        """What each volunteer still lacks, shape (V,)."""
        missing: Int = np.maximum(self.sessions.year.need - self.comes, 0)
        return missing

    @property
    def unmet(self) -> int:
        """Level 1."""
        return int(self.missing.sum())

    @property
    def meetings(self) -> int:
        """Level 2, without the fixed meetings."""
        return len(self.held)

    @property
    def travel(self) -> int:
        """Level 4 without the fixed attendances, in thousandths of a minute."""
        return int(self.sessions.entry_minutes[self.entries].sum())

    @property
    def rank(self) -> tuple[int, int, int]:
        """What is compared before groups are known: unmet, meetings, travel."""
        return self.unmet, self.meetings, self.travel


def draft_of(sessions: Sessions, led: list[tuple[int, int]], entries: list[int]) -> Draft:
    """A draft from (session, matcher) pairs and entries in any order."""
    ordered = sorted(led)
    return Draft(
        sessions=sessions,
        held=np.array([s for s, _ in ordered], dtype=np.int64),
        matcher=np.array([m for _, m in ordered], dtype=np.int64),
        entries=np.array(sorted(entries), dtype=np.int64),
    )
