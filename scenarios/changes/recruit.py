"""What if more people became volunteers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.dates import completed_years
from scenarios.fields import MOST_PEOPLE, Whole, given, refused
from scenarios.homes import births, homes_in
from scenarios.people import OfVolunteers, fresh_ids, with_rows
from scenarios.population.figures import Draws
from scenarios.population.volunteers import Given, draw_volunteers
from scenarios.vetting import ADULT, fully_vetted, volunteer_ages

if TYPE_CHECKING:
    from datetime import date

    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit(OfVolunteers):
    """So many volunteers more: drawn like those of ``matcher sample``, but for what is given, and fully vetted."""

    number: int = given(Whole(1, MOST_PEOPLE))

    def consistent(self) -> None:
        """Nobody under 18 is vetted."""
        if self.age is not None and self.age[0] < ADULT:
            raise refused("span", least=str(ADULT), most="120", field="age")

    def apply(self, world: World, seed: int) -> World:
        """Add them; with the same seed, more of them leave the first ones as they are."""
        draws, day = Draws(seed, "recruit", self.number), world.case.planning_date
        ages = self._ages(world)
        born = None if self.age is None else births(draws, day, ages)
        known = Given(
            vetted=True,
            years=None if born is None else np.array([completed_years(one, day) for one in born], dtype=np.int64),
            programmes=None if self.programmes is None else [self.programmes] * self.number,
            genders=None if self.gender is None else [self.gender] * self.number,
        )
        people = draw_volunteers(draws, fresh_ids(world.case, "V", self.number), day, known)
        said = self._said(world, draws, born)
        drawn = (row.model_copy(update=facts) for row, facts in zip(people, said, strict=True))
        new = [fully_vetted(row, world, fixed=self.programmes is not None) for row in drawn]
        return replace(world, case=with_rows(world.case, "volunteers", "volunteer_id", (*world.case.volunteers, *new)))

    def _ages(self, world: World) -> tuple[int, int]:
        """The ages asked for at which the rules let somebody be a volunteer of these programmes; raises where there are none."""
        low, high = volunteer_ages(world, self.programmes or ())
        first, last = self.age or (low, high)
        if max(first, low) > min(last, high):
            raise refused("span", least=str(low), most=str(high), field="age")
        return max(first, low), min(last, high)

    def _said(self, world: World, draws: Draws, born: list[date] | None) -> list[dict[str, Any]]:
        """What is given of each of them."""
        said: dict[str, Any] = {"transport": self.transport, "capacity": self.capacity}
        rows = [{name: value for name, value in said.items() if value is not None} for _ in range(self.number)]
        if self.municipality is not None:
            name, codes = homes_in(world, self.municipality, draws)
            for row, code in zip(rows, codes, strict=True):
                row.update(postcode=code, municipality=name, latitude=None, longitude=None)
        if born is not None:
            for row, birth_date in zip(rows, born, strict=True):
                row.update(birth_date=birth_date)
        return rows
