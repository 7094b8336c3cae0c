"""What if matches were made at once, or by the month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from scenarios.change import Change
from scenarios.fields import Plain, given, refused
from scenarios.stream.settings import OBJECTIVES, POLICIES

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Change):
    """When matches are made over time (``name``), and what they are to be best at (``objective``)."""

    only_in: ClassVar[str] = "stream"
    name: str | None = given(Plain(POLICIES), None)
    objective: str | None = given(Plain(OBJECTIVES), None)

    def consistent(self) -> None:
        """Raise where nothing is changed."""
        if self.name is None and self.objective is None:
            raise refused("field_missing", field="name")

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Put the policy in force."""
        asked = {name: value for name, value in (("policy", self.name), ("objective", self.objective)) if value is not None}
        return replace(world, stream=world.stream.with_values(asked))
