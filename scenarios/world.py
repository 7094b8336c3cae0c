"""A world that could be: a case, the rules in force, the map, and how the stream runs. A change makes another one of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.duration.fit import Fit
from matcher.records import Case, Postcode
from matcher.rules import Rulebook
from scenarios.population.organisation import matcher_count
from scenarios.stream.settings import StreamSettings

if TYPE_CHECKING:
    from scenarios.change import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a scenario may change.

    Attributes
    ----------
    case, rulebook, postcodes : what the engine is asked about (``matcher.engine.Engine.of``).
    stream : how people come, are asked, leave, and stay friends over time, and the policy by which they are matched.
    history : what the association's own friendships say of how long they last, where the stream goes by them.
    later : changes, each with its seed, that whoever comes later has gone through too.
    answers_by : the rulebook by whose scores people say yes or no; None: the one in force. A scenario's is that of its start,
        as nobody answers otherwise because the association weighs otherwise.
    assumed_matchers : how many matchers there are beside those of the table; None: where it is empty, as many as a synthetic
        case with so many friendships has. A scenario's are those of its start, and what it takes away or adds.
    """

    case: Case
    rulebook: Rulebook
    postcodes: Mapping[str, Postcode]
    stream: StreamSettings
    history: Fit | None = None
    later: tuple[tuple[Change, int], ...] = ()
    answers_by: Rulebook | None = None
    assumed_matchers: int | None = None

    @property
    def judge(self) -> Rulebook:
        """The rulebook by whose scores people answer."""
        return self.rulebook if self.answers_by is None else self.answers_by

    @property
    def followers(self) -> tuple[str, ...]:
        """Ids of all matchers, whoever may follow a child that comes: blank for those beside the table."""
        return (*sorted(row.matcher_id for row in self.case.matchers), *[""] * self.untabled_matchers) or ("",)

    @property
    def untabled_matchers(self) -> int:
        """How many matchers there are beside those of the table."""
        if self.assumed_matchers is not None:
            return self.assumed_matchers
        active = sum(row.active_on(self.case.planning_date) for row in self.case.friendships)
        return 0 if self.case.matchers else matcher_count(active)


def started(world: World) -> World:
    """The same world, before anything changes: how people answer and how many matchers are assumed is held as it is."""
    return replace(world, answers_by=world.judge, assumed_matchers=world.untabled_matchers)
