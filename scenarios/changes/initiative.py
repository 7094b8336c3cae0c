"""What if an initiative, such as Bryd Boblen, took in more of the children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.case import words
from scenarios.fields import given, text
from scenarios.people import Facts, ShareOfChildren

if TYPE_CHECKING:
    from matcher.records import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(ShareOfChildren):
    """A share of the waiting children who are not in the initiative come into it; a quota may then count them."""

    name: str = given(text)

    @property
    def word(self) -> str:
        """Its name as it is spelled."""
        return words.canonical_word("initiatives", self.name)[0]

    def is_so(self, row: Child) -> bool:
        """Whether the child is in it already."""
        return self.word in row.initiative

    def become(self, row: Child) -> Facts:
        """The initiative beside those that the child is in."""
        return {"initiative": (*row.initiative, self.word)}
