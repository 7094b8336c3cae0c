"""What if more volunteers had a car, or a bicycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.fields import Code, given
from scenarios.people import Facts, ShareOfVolunteers

if TYPE_CHECKING:
    from matcher.records import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport(ShareOfVolunteers):
    """A share of the volunteers who travel otherwise travel by ``by``; ``transport`` is how they travel today."""

    by: str = given(Code(("car", "bike", "public")))

    def is_so(self, row: Volunteer) -> bool:
        """Whether the volunteer travels so already."""
        return row.transport == self.by

    def become(self, row: Volunteer) -> Facts:  # noqa: ARG002  the same for all
        """How they travel."""
        return {"transport": self.by}
