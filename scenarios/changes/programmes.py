"""What if more volunteers offered a programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.records import PROGRAMMES
from scenarios.fields import Code, given, share
from scenarios.people import OfVolunteers

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Programmes(OfVolunteers):
    """A share of the volunteers who do not offer ``offer`` offer it too; ``programmes`` are what they offer today."""

    offer: str = given(Code(PROGRAMMES))
    share: float = share()

    def apply(self, world: World, seed: int) -> World:
        """Let them offer it."""
        return self.with_share(
            world,
            seed,
            self.share,
            lambda row: self.offer in row.programmes,
            lambda row: {"programmes": (*row.programmes, self.offer)},
        )
