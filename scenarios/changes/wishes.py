"""What if more families accepted a friend of another gender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given, share
from scenarios.people import OfChildren
from scenarios.population.shared import wished_adult

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes(OfChildren):
    """The wish of a share of the waiting children who do not have it yet becomes ``accept``.

    A volunteer's own wish may still keep the two apart: ``volunteer_wishes`` changes that.
    """

    accept: str = given(Code(("any", "woman", "man")))
    share: float = share()

    def apply(self, world: World, seed: int) -> World:
        """Change the wishes."""
        accept = {"wants_gender": self.accept}
        return self.with_share(world, seed, self.share, lambda row: wished_adult(row) == self.accept, lambda _: accept)
