"""A change that is a matcher's word on one pair."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.records import Decision
from scenarios.change import Change
from scenarios.fields import given, one_of, refused, text

if TYPE_CHECKING:
    from scenarios.world import World

BY = "what if"
OPPOSITE = {"lock": "forbid", "forbid": "lock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPair(Change, ABC):
    """A decision on a child and a volunteer of the case."""

    child_id: str = given(text)
    volunteer_id: str = given(text)

    def decided(self, world: World, rule: str = "") -> World:
        """The world with the decision; raises ``UsageError`` where the case does not have the two, or says the opposite."""
        one_of(self.child_id, (row.child_id for row in world.case.children), "child_unknown", field="child_id")
        one_of(self.volunteer_id, (row.volunteer_id for row in world.case.volunteers), "volunteer_unknown", field="volunteer_id")
        pair = (self.child_id, self.volunteer_id)
        if any((row.child_id, row.volunteer_id, row.kind) == (*pair, OPPOSITE.get(self.kind)) for row in world.case.decisions):
            raise refused("locked_and_forbidden", field="")
        row = Decision.model_validate({"child_id": pair[0], "volunteer_id": pair[1], "kind": self.kind, "rule": rule, "by": BY})
        rows = sorted((*world.case.decisions, row), key=lambda one: (one.child_id, one.volunteer_id, one.kind, one.rule))
        return replace(world, case=world.case.model_copy(update={"decisions": tuple(rows)}))
