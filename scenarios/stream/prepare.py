"""A world made ready for the loop, once for all replications: everybody who may appear, and what is known of all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from matcher.columns import Facts
from matcher.dates import completed_years
from matcher.duration.hazard import OLDEST
from matcher.records import PROGRAMMES
from matcher.table import People
from scenarios.stream.draws import keys_of
from scenarios.stream.lasting import belief_of, with_history
from scenarios.stream.limits import counted
from scenarios.stream.newcomers import new_children, new_volunteers
from scenarios.stream.rates import arrivals_by_week, rates_of
from scenarios.stream.readiness import readiness
from scenarios.stream.standing import Standing, standing
from scenarios.stream.state import FOREVER, WEEKS_A_YEAR, YEAR, Kinds, Rates
from scenarios.stream.table import STEPS, pair_table
from scenarios.vetting import child_ages, fully_vetted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from matcher.duration.belief import Belief
    from matcher.records import Child, Volunteer
    from scenarios.stream.keeping import Prices
    from scenarios.world import World

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
NAMES = {"child_id", "volunteer_id", "matcher_id"}
One = TypeVar("One", "Child", "Volunteer")
GROUPS = ("gender", "programme", "municipality")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One side of everybody who may appear, by row of the table; those of the case first, in an order of their own.

    Attributes
    ----------
    key : uint64, names their draws; made of facts that a scenario does not change, never of their ids.
    here : how many are of the case; the others are newcomers.
    birthday : days until the next birthday, from when each is known.
    ids : ids of those of the case.
    """

    key: npt.NDArray[np.uint64]
    here: int
    birthday: FloatArray
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Attributes: the world; its weeks; everybody; what is known of them, and believed; the children's groups by row and name.

    ``prices`` are for the policy of bid prices.
    """

    world: World
    weeks: int
    children: Side
    volunteers: Side
    child_records: tuple[Child, ...]
    volunteer_records: tuple[Volunteer, ...]
    kinds: Kinds
    rates: Rates
    grown: FloatArray
    outgrown: FloatArray
    standing: Standing
    belief: Belief
    able: npt.NDArray[np.bool_]
    vetted: npt.NDArray[np.bool_]
    calendar: npt.NDArray[np.int32]
    coming: tuple[FloatArray, FloatArray]
    groups: Mapping[str, tuple[tuple[str, ...], IntArray]]
    prices: Prices | None = None


def prepared(world: World, years: float, *, unlimited: bool = False) -> Prepared:
    """Make a world ready for so many years; ``unlimited``: with matchers' hours without end, and no limits."""
    world, weeks = with_history(world), max(1, round(years * WEEKS_A_YEAR))
    belief = belief_of(world)
    settings, case, day = world.stream, world.case, world.case.planning_date
    spans = tuple((name, child_ages(world, name)) for name in PROGRAMMES)
    new_kids = new_children(settings.newcomers, settings.newcomers_seed, day, world.followers, spans)
    drawn = new_volunteers(settings.newcomers, settings.newcomers_seed, day)
    new_adults = tuple(fully_vetted(row, world, fixed=False) for row in drawn)
    for change, seed in world.later:
        new_kids, new_adults = change.of_new_children(world, new_kids, seed), change.of_new_volunteers(world, new_adults, seed)
    kids = in_own_order(case.children, _child_key) + new_kids
    adults = in_own_order(case.volunteers, _volunteer_key) + new_adults
    people = People(kids, adults, Facts.of(case, world.rulebook.all_values(), world.postcodes))
    table = pair_table(world, people, min(STEPS, int(years) + 1), belief.log_ratios)
    ready = readiness(people, world.rulebook, weeks)
    rates = rates_of(world, weeks, ready.valid_days, unlimited=unlimited, belief=belief)
    birthday = _birthdays(kids, day)
    ages = np.array([completed_years(child.birth_date, day) for child in kids], dtype=np.float64)
    return Prepared(
        world=world,
        weeks=weeks,
        children=_side(kids, len(case.children), _child_key, birthday, lambda row: row.child_id),
        volunteers=_side(adults, len(case.volunteers), _volunteer_key, _birthdays(adults, day), lambda row: row.volunteer_id),
        child_records=kids,
        volunteer_records=adults,
        kinds=Kinds(
            row=table.row,
            points=table.points,
            judged=table.judged,
            log_ratio=table.log_ratio,
            child_ok=ready.child_ok,
            weeks=ready.weeks,
            counts=counted(case, kids),
            ageing=np.maximum(0, OLDEST - people.values("volunteer_age")).astype(np.int64),  # type: ignore[operator]
        ),
        rates=rates,
        grown=birthday + YEAR * np.maximum(0.0, 17.0 - ages) - np.where(ages >= 18, FOREVER, 0.0),
        outgrown=np.where(ready.last_step < 0, -1.0, birthday + YEAR * ready.last_step),
        standing=standing(case, people, belief, (len(case.children), len(case.volunteers))),
        belief=belief,
        able=ready.able,
        vetted=ready.vetted,
        calendar=ready.calendar,
        coming=(
            arrivals_by_week(settings, settings.children_per_year, day, weeks),
            arrivals_by_week(settings, settings.volunteers_per_year, day, weeks),
        ),
        groups=_groups(kids, people.facts),
    )


def in_own_order(records: Sequence[One], key: Callable[[One], str]) -> tuple[One, ...]:
    """By the facts that name their draws, then by all they say but their ids: the same whatever they are called."""
    return tuple(sorted(records, key=lambda row: (key(row), row.model_dump_json(exclude=NAMES))))


def _child_key(child: Child) -> str:
    return f"{child.birth_date} {child.registered_on} {child.gender} {child.postcode} {child.programme}"


def _volunteer_key(volunteer: Volunteer) -> str:
    return f"{volunteer.birth_date} {volunteer.interview_on} {volunteer.gender} {volunteer.postcode}"


def _side(records: Sequence[One], here: int, key: Callable[[One], str], birthday: FloatArray, name: Callable[[One], str]) -> Side:
    seen: dict[str, int] = {}
    texts = []
    for row in records[:here]:
        text = key(row)
        seen[text] = seen.get(text, 0) + 1
        texts.append(f"{text} {seen[text]}")
    return Side(key=keys_of(texts), here=here, birthday=birthday, ids=tuple(name(row) for row in records[:here]))


def _birthdays(people: Sequence[Child | Volunteer], day: date) -> FloatArray:
    """Days until each one's next birthday."""
    ages = np.array([completed_years(one.birth_date, day) for one in people], dtype=np.float64)
    lived = np.array([(day - one.birth_date).days for one in people], dtype=np.float64)
    return np.maximum(1.0, np.ceil((ages + 1.0) * YEAR - lived))


def _groups(kids: Sequence[Child], facts: Facts) -> dict[str, tuple[tuple[str, ...], IntArray]]:
    """The genders, programmes and municipalities there are, and each child's own by its place among them."""

    def municipality(child: Child) -> str:
        row = facts.postcodes.get(child.postcode)
        return child.municipality or (row.municipality if row else None) or ""

    words: dict[str, list[str]] = {
        "gender": [child.gender for child in kids],
        "programme": [child.programme for child in kids],
        "municipality": [municipality(child) for child in kids],
    }
    found = {}
    for name, own in words.items():
        there, codes = np.unique(np.array(own, dtype=np.str_), return_inverse=True)
        found[name] = tuple(there.tolist()), codes.astype(np.int64)
    return found
