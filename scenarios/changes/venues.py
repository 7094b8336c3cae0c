"""What if there were more rooms for network meetings, or fewer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scenarios.change import Change
from scenarios.fields import Whole, count_or_names, given, one_of, refused, text
from scenarios.homes import homes_in
from scenarios.people import drawn, enough, fresh_ids, municipality_of, places_of, with_rows
from scenarios.population.figures import Draws
from scenarios.population.organisation import draw_venues

if TYPE_CHECKING:
    from matcher.records import Case, Venue
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Venues(Change):
    """Venues more (``add``: how many) or fewer (``lose``: how many, or their ids).

    New ones are drawn like those of ``matcher sample``, in ``municipality`` and with ``capacity`` where these are given; those
    that go are drawn among such. A meeting that is set at one of these is no longer set.
    """

    add: int | None = given(Whole(1, 1000), None)
    lose: int | tuple[str, ...] | None = given(count_or_names, None)
    municipality: str | None = given(text, None)
    capacity: int | None = given(Whole(1, 10_000), None)

    def consistent(self) -> None:
        """Raise unless just one of the two is asked for."""
        if (self.add is None) == (self.lose is None):
            raise refused("add_or_lose", field="add")

    def apply(self, world: World, seed: int) -> World:
        """Add them, or take them away."""
        if self.lose is not None:
            return replace(world, case=_fewer(world.case, self.lose, self._such(world), seed))
        new = self._new(world, seed, self.add or 0)
        return replace(world, case=with_rows(world.case, "venues", "venue_id", (*world.case.venues, *new)))

    def _such(self, world: World) -> list[str]:
        """The ids of the venues that are as asked for."""
        asked = None if self.municipality is None else municipality_of(world, self.municipality)
        places = places_of(world)
        return sorted(
            row.venue_id
            for row in world.case.venues
            if (asked is None or (row.postcode in places and places[row.postcode].municipality == asked))
            and self.capacity in {None, row.capacity}
        )

    def _new(self, world: World, seed: int, number: int) -> list[Venue]:
        case = world.case
        years = (case.planning_date.year, case.planning_date.year + 1)
        found = [row.model_copy(update={"name": ""}) for row in draw_venues(seed, fresh_ids(case, "L", number), years)]
        if self.capacity is not None:
            found = [row.model_copy(update={"capacity": self.capacity}) for row in found]
        if self.municipality is not None:
            _, codes = homes_in(world, self.municipality, Draws(seed, "venues", number))
            nowhere = {"latitude": None, "longitude": None}
            found = [row.model_copy(update={"postcode": code, **nowhere}) for row, code in zip(found, codes, strict=True)]
        return found


def _fewer(case: Case, number: int | tuple[str, ...], ids: list[str], seed: int) -> Case:
    """The case without some of the venues of these ``ids``."""
    for name in number if isinstance(number, tuple) else ():
        one_of(name, ids, "venue_unknown", field="lose")
    asked = number if isinstance(number, int) else len(number)
    enough(len(ids), asked, "venues")
    gone = frozenset(number) if isinstance(number, tuple) else drawn(seed, "lose venues", ids, asked)
    return case.model_copy(
        update={
            "venues": tuple(row for row in case.venues if row.venue_id not in gone),
            "meetings": tuple(row for row in case.meetings if row.venue_id not in gone),
        }
    )
