"""What if more volunteers accepted a child of another gender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given, share
from scenarios.people import OfVolunteers
from scenarios.population.shared import wished_child

if TYPE_CHECKING:
    from matcher.records import Volunteer
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerWishes(OfVolunteers):
    """The wish of a share of the volunteers who do not have it yet, in every programme they offer, becomes ``accept``."""

    accept: str = given(Code(("any", "girl", "boy")))
    share: float = share()

    def apply(self, world: World, seed: int) -> World:
        """Change the wishes."""
        accept = {"wants_gender": self.accept}
        return self.with_share(world, seed, self.share, self._wished, lambda _: accept)

    def _wished(self, row: Volunteer) -> bool:
        return all(wished_child(row, programme) == self.accept for programme in row.programmes)
