"""What if more volunteers had a car, or a bicycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given, share
from scenarios.people import OfVolunteers

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport(OfVolunteers):
    """A share of the volunteers who travel otherwise travel by ``by``; ``transport`` is how they travel today."""

    by: str = given(Code(("car", "bike", "public")))
    share: float = share()

    def apply(self, world: World, seed: int) -> World:
        """Change how they travel."""
        by = {"transport": self.by}
        return self.with_share(world, seed, self.share, lambda row: row.transport == self.by, lambda _: by)
