"""What if more families accepted a friend of another gender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given
from scenarios.people import Facts, ShareOfChildren
from scenarios.population.shared import wished_adult

if TYPE_CHECKING:
    from matcher.records import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes(ShareOfChildren):
    """The wish of a share of the children who do not have it yet becomes ``accept``; of those who come later too.

    A volunteer's own wish may still keep the two apart: ``volunteer_wishes`` changes that.
    """

    accept: str = given(Code(("any", "woman", "man")))

    def is_so(self, row: Child) -> bool:
        """Whether the child has the wish already."""
        return wished_adult(row) == self.accept

    def become(self, row: Child) -> Facts:  # noqa: ARG002  the same for all
        """The wish."""
        return {"wants_gender": self.accept}
