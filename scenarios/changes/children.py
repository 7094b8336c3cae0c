"""What if more children waited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from matcher.records import PROGRAMMES
from scenarios.fields import MOST_PEOPLE, Whole, given, refused
from scenarios.homes import births, homes_in
from scenarios.people import OfChildren, fresh_ids, with_rows
from scenarios.population.children import Waits, age_bounds, draw_children
from scenarios.population.figures import PROGRAMME, Draws, choices, figure, pick_index
from scenarios.population.towns import load_towns
from scenarios.vetting import child_ages

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from matcher.records import Child
    from scenarios.world import World

Ages: TypeAlias = "Mapping[str, tuple[int, int]]"
"""First and last age in completed years, by programme."""
AGES = 0, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Children(OfChildren):
    """So many children more on the list: drawn like those of ``matcher sample``, but for what is given.

    Each has just had its home visit, and was put on the list as long ago as that takes.
    """

    number: int = given(Whole(1, MOST_PEOPLE))

    def consistent(self) -> None:
        """Raise where no programme that is asked for has children of that age."""
        self._ages({name: figure(f"programmes.ages.{name}")["range"] for name in PROGRAMMES})

    def apply(self, world: World, seed: int) -> World:
        """Add them; with the same seed, more of them leave the first ones as they are."""
        draws, case = Draws(seed, "children", self.number), world.case
        ages = self._ages({name: child_ages(world, name) for name in PROGRAMMES})
        programmes = _drawn_programmes(draws, ages)
        low, high = age_bounds(programmes, ages)
        lag = draws.whole_in("visit", "children.visit_lag_days")
        waits = Waits(
            programmes=programmes,
            waited=lag,
            until=np.zeros_like(lag),
            age=draws.whole("age", low + lag, high),
            homes=load_towns().homes(draws),
        )
        people = draw_children(draws, fresh_ids(case, "B", self.number), waits, case.planning_date, world.followers)
        said = self._said(world, draws, programmes, ages)
        new = [_visited(row.model_copy(update=facts), world) for row, facts in zip(people, said, strict=True)]
        return replace(world, case=with_rows(case, "children", "child_id", (*case.children, *new)))

    def _ages(self, of: Ages) -> Ages:
        """The programmes that may be, with the ages asked for that may be in each; raises where there are none."""
        asked = {name: span for name, span in of.items() if self.programme in {None, name}}
        first, last = self.age or AGES
        found = {name: (max(low, first), min(high, last)) for name, (low, high) in asked.items()}
        found = {name: (low, high) for name, (low, high) in found.items() if low <= high}
        if not found:
            least, most = min(low for low, _ in asked.values()), max(high for _, high in asked.values())
            raise refused("span", least=str(least), most=str(most), field="age")
        return found

    def _said(self, world: World, draws: Draws, programmes: list[str], ages: Ages) -> list[dict[str, Any]]:
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
            born = {name: births(draws, world.case.planning_date, span) for name, span in ages.items()}
            for i, row in enumerate(rows):
                row.update(birth_date=born[programmes[i]][i])
        return rows


def _drawn_programmes(draws: Draws, possible: Container[str]) -> list[str]:
    """A programme for each, by the mix of those that may be."""
    mix = {name: weight for name, weight in zip(*choices("programmes.mix"), strict=True) if name in possible}
    index = pick_index(draws.even(PROGRAMME), list(mix.values()))
    return [list(mix)[i] for i in index]


def _visited(child: Child, world: World) -> Child:
    """The child, whose home visit was today."""
    born = max(child.birth_date, child.registered_on)  # nobody is put on the list unborn
    return child.model_copy(
        update={"registered_on": born, "home_visit_on": world.case.planning_date, "matcher_id": child.matcher_id or None}
    )
