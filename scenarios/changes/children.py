"""What if more children waited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.records import PROGRAMMES
from scenarios.fields import MOST_PEOPLE, Whole, given, refused
from scenarios.homes import births, homes_in
from scenarios.people import OfChildren, fresh_ids, with_rows
from scenarios.population.children import Waits, age_bounds, draw_children
from scenarios.population.figures import PROGRAMME, Draws, figure
from scenarios.population.towns import load_towns

if TYPE_CHECKING:
    from matcher.records import Child
    from scenarios.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Children(OfChildren):
    """So many children more on the list: drawn like those of ``matcher sample``, but for what is given.

    Each has just had its home visit, and was put on the list as long ago as that takes.
    """

    number: int = given(Whole(1, MOST_PEOPLE))

    def consistent(self) -> None:
        """Raise where no programme that is asked for has children of that age."""
        if self.age is not None and not self._programmes():
            asked = (self.programme,) if self.programme else PROGRAMMES
            spans = [figure(f"programmes.ages.{name}")["range"] for name in asked]
            raise refused("span", least=str(min(low for low, _ in spans)), most=str(max(high for _, high in spans)), field="age")

    def apply(self, world: World, seed: int) -> World:
        """Add them; with the same seed, more of them leave the first ones as they are."""
        draws, case = Draws(seed, "children", self.number), world.case
        programmes = self._drawn_programmes(draws)
        low, high = age_bounds(programmes)
        lag = draws.whole_in("visit", "children.visit_lag_days")
        waits = Waits(
            programmes=programmes,
            waited=lag,
            until=np.zeros_like(lag),
            age=draws.whole("age", low + lag, high),
            homes=load_towns().homes(draws),
        )
        matchers = sorted(row.matcher_id for row in case.matchers)
        people = draw_children(draws, fresh_ids(case, "B", self.number), waits, case.planning_date, matchers or ("",))
        said = self._said(world, draws, programmes)
        new = [_visited(row.model_copy(update=facts), world) for row, facts in zip(people, said, strict=True)]
        return replace(world, case=with_rows(case, "children", "child_id", (*case.children, *new)))

    def _programmes(self) -> dict[str, tuple[int, int]]:
        """The programmes that may be, with the ages that may be in each."""
        found = {}
        for name in (self.programme,) if self.programme else PROGRAMMES:
            low, high = figure(f"programmes.ages.{name}")["range"]
            first, last = (low, high) if self.age is None else (max(low, self.age[0]), min(high, self.age[1]))
            if first <= last:
                found[name] = (first, last)
        return found

    def _drawn_programmes(self, draws: Draws) -> list[str]:
        """A programme for each, by the mix of those that may be."""
        possible = list(self._programmes())
        mix = draws.pick_evenly(PROGRAMME, "programmes.mix")
        other = draws.whole("other programme", 0, len(possible) - 1).tolist()
        return [name if name in possible else possible[i] for name, i in zip(mix, other, strict=True)]

    def _said(self, world: World, draws: Draws, programmes: list[str]) -> list[dict[str, Any]]:
        """What is given of each of them."""
        rows: list[dict[str, Any]] = [{} for _ in range(self.number)]
        if self.gender is not None:
            for row in rows:  # a wish and an initiative that were drawn for another gender are not theirs
                row.update(gender=self.gender, wants_gender=None, initiative=())
        if self.municipality is not None:
            name, codes = homes_in(world, self.municipality, draws)
            for row, code in zip(rows, codes, strict=True):
                row.update(postcode=code, municipality=name, latitude=None, longitude=None)
        if self.age is not None:
            born = {name: births(draws, world.case.planning_date, span) for name, span in self._programmes().items()}
            for i, row in enumerate(rows):
                row.update(birth_date=born[programmes[i]][i])
        return rows


def _visited(child: Child, world: World) -> Child:
    """The child, whose home visit was today."""
    born = max(child.birth_date, child.registered_on)  # nobody is put on the list unborn
    return child.model_copy(
        update={"registered_on": born, "home_visit_on": world.case.planning_date, "matcher_id": child.matcher_id or None}
    )
