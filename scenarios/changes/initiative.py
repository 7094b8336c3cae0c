"""What if an initiative, such as Bryd Boblen, took in more of the children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.case import words
from scenarios.fields import given, share, text
from scenarios.people import OfChildren

if TYPE_CHECKING:
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(OfChildren):
    """A share of the waiting children who are not in the initiative come into it; a quota may then count them."""

    name: str = given(text)
    share: float = share()

    def apply(self, world: World, seed: int) -> World:
        """Take them in."""
        name = words.canonical_word("initiatives", self.name)[0]
        return self.with_share(
            world,
            seed,
            self.share,
            lambda row: name in row.initiative,
            lambda row: {"initiative": (*row.initiative, name)},
        )
