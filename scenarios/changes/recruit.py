"""What if more people became volunteers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scenarios.fields import MOST_PEOPLE, Whole, given, refused
from scenarios.homes import births, homes_in
from scenarios.people import OfVolunteers, fresh_ids, with_rows
from scenarios.population.figures import Draws, figure
from scenarios.population.volunteers import Given, draw_volunteers

if TYPE_CHECKING:
    from datetime import date

    from matcher.records import Volunteer
    from scenarios.world import World

ADULT = 18


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
        known = Given(
            vetted=True,
            programmes=None if self.programmes is None else [self.programmes] * self.number,
            genders=None if self.gender is None else [self.gender] * self.number,
        )
        people = draw_volunteers(draws, fresh_ids(world.case, "V", self.number), day, known)
        said = self._said(world, draws, day)
        new = [self._offering(row.model_copy(update=facts), facts) for row, facts in zip(people, said, strict=True)]
        return replace(world, case=with_rows(world.case, "volunteers", "volunteer_id", (*world.case.volunteers, *new)))

    def _said(self, world: World, draws: Draws, day: date) -> list[dict[str, Any]]:
        """What is given of each of them."""
        said: dict[str, Any] = {"transport": self.transport, "capacity": self.capacity}
        rows = [{name: value for name, value in said.items() if value is not None} for _ in range(self.number)]
        if self.municipality is not None:
            name, codes = homes_in(world, self.municipality, draws)
            for row, code in zip(rows, codes, strict=True):
                row.update(postcode=code, municipality=name, latitude=None, longitude=None)
        if self.age is not None:
            for row, born in zip(rows, births(draws, day, self.age), strict=True):
                row.update(birth_date=born)
        return rows

    def _offering(self, person: Volunteer, facts: dict[str, Any]) -> Volunteer:
        """Nobody of another age offers storebror unless that is asked for."""
        if self.programmes is not None or "birth_date" not in facts or "storebror" not in person.programmes:
            return person
        low, high = figure("volunteers.brother_ages")["range"]
        if self.age is not None and low <= self.age[0] and self.age[1] <= high:
            return person
        kept = dict.fromkeys("voksenven" if word == "storebror" else word for word in person.programmes)
        return person.model_copy(update={"programmes": tuple(kept)})
