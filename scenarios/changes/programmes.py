"""What if more volunteers offered a programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.records import PROGRAMMES
from scenarios.fields import Code, given
from scenarios.people import Facts, ShareOfVolunteers

if TYPE_CHECKING:
    from matcher.records import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Programmes(ShareOfVolunteers):
    """A share of the volunteers who do not offer ``offer`` offer it too; ``programmes`` are what they offer today."""

    offer: str = given(Code(PROGRAMMES))

    def is_so(self, row: Volunteer) -> bool:
        """Whether the volunteer offers it already."""
        return self.offer in row.programmes

    def become(self, row: Volunteer) -> Facts:
        """The programme beside those that are offered."""
        return {"programmes": (*row.programmes, self.offer)}
