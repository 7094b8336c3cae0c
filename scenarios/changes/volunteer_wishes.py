"""What if more volunteers accepted a child of another gender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given
from scenarios.people import Facts, ShareOfVolunteers
from scenarios.population.shared import wished_child

if TYPE_CHECKING:
    from matcher.records import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerWishes(ShareOfVolunteers):
    """The wish of a share of the volunteers who do not have it yet, in every programme they offer, becomes ``accept``."""

    accept: str = given(Code(("any", "girl", "boy")))

    def is_so(self, row: Volunteer) -> bool:
        """Whether the volunteer has the wish already."""
        return all(wished_child(row, programme) == self.accept for programme in row.programmes)

    def become(self, row: Volunteer) -> Facts:  # noqa: ARG002  the same for all
        """The wish."""
        return {"wants_gender": self.accept}
