"""What if a pair were forbidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.decided import OnPair

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid(OnPair):
    """The pair is in no plan."""

    def apply(self, world: World, seed: int) -> World:  # noqa: ARG002  nothing is drawn
        """Add the decision."""
        return self.decided(world)
