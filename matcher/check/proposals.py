"""Judges ranked proposals: the facts of each row, the order, what was left out, and what each choice would cost the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from matcher.check.choices import Choices
from matcher.check.costs import PlanCosts, PlanPrices
from matcher.check.network import Listed, by_person
from matcher.check.pair import SLACK_METRES, failing, holds, minutes, part_windows
from matcher.check.shape import proposals_shape
from matcher.check.world import World

Row = Mapping[str, Any]
Side = Literal["child_id", "volunteer_id"]
_OTHER: Mapping[Side, Side] = {"child_id": "volunteer_id", "volunteer_id": "child_id"}
ROUNDING = 1e-9  # minutes: what two orders of the same sums may differ by


def check_proposals(
    world: World,
    proposals: Sequence[Row],
    plan: Mapping[str, Any] | None,
    *,
    top: int | None = None,
    of: Side = "child_id",
    asked: Collection[str] | None = None,
    minutes_step: float = 0.0,
    costs_at_most: int = 20_000_000,
) -> list[str]:
    """Find everything that is wrong with a list of proposals; an empty list accepts it.

    Parameters
    ----------
    world : World
        The case.
    proposals : sequence of mappings
        ``child_id``, ``rank``, ``volunteer_id``, ``points``, ``parts`` (points by criterion), ``minutes``, ``plan_cost`` (or
        None), ``matches_lost`` (or None); where there are any, ``exact`` (False: the two costs are only a lower bound) and
        ``robust`` (``always``, ``sometimes``, ``never``: whether the pair is in every, some or no plan with as many matches
        as the best and at most one hundredth of its total less).
    plan : mapping or None
        As ``check_plan`` takes it and has accepted it. Without it nothing is said about what was left out or about costs.
    top : int, optional
        How many rows each person was to get; None: not known, so a list that is only too short is not found.
    of : {"child_id", "volunteer_id"}
        Whose lists these are: volunteers for each child, or children for each volunteer.
    asked : collection of str, optional
        Ids of the persons whose lists were asked for; None: of everybody.
    minutes_step : float
        The step to which the minutes were rounded, such as 0.1; 0: not rounded.
    costs_at_most : int
        Up to so many children in the list times eligible pairs, the costs are worked out anew, where the plan is proved
        optimal by its prices and limits nest. Elsewhere a cost must not be below what the prices say it is at least.

    Returns
    -------
    list of str
        Violations, each a sentence with the ids.
    """
    judge = ProposalsJudge(world, plan, costs_at_most=costs_at_most)
    return judge.faults(proposals, top=top, of=of, asked=asked, minutes_step=minutes_step)


class ProposalsJudge:
    """Judges lists of proposals beside one plan, one after another: what is true of the plan alone is found out once.

    The prices are proved, and pairs sorted by person, when the first list is judged; each list is judged in full. The arguments
    are those of ``check_proposals``. The plan must not change, and no two threads may ask at once.
    """

    def __init__(self, world: World, plan: Mapping[str, Any] | None, *, costs_at_most: int = 20_000_000) -> None:
        self._world = world
        self._prices = None if plan is None else PlanPrices(world, plan)
        self._costs_at_most = costs_at_most

    def faults(
        self,
        proposals: Sequence[Row],
        *,
        top: int | None = None,
        of: Side = "child_id",
        asked: Collection[str] | None = None,
        minutes_step: float = 0.0,
    ) -> list[str]:
        """Find everything that is wrong with a list of proposals; an empty list accepts it."""
        faults = proposals_shape(self._world, proposals)
        if faults:
            return faults
        lists: dict[str, list[Row]] = defaultdict(list)
        for row in proposals:
            lists[row[of]].append(row)
            faults += [f"proposal {_name(row)}: {wrong}" for wrong in _facts(self._world, row, minutes_step)]
        for person, rows in lists.items():
            faults += [f"proposals of {person}: {wrong}" for wrong in _ranking(rows, of, top)]
        if asked is not None:
            faults += [f"proposals of {person}: not asked for" for person in sorted(lists.keys() - set(asked))]
        if self._prices is None:
            return faults
        choices = Choices.beside(self._prices, proposals, self._costs_at_most)
        for row in proposals:
            faults += [f"proposal {_name(row)}: {wrong}" for wrong in choices.faults(row)]
        could = self._of_volunteers if of == "volunteer_id" else self._of_children
        return [*faults, *_left_out(could, lists, choices.costs, of, top, asked)]

    @cached_property
    def _of_children(self) -> Mapping[str, Sequence[Listed]]:
        return {} if self._prices is None else by_person(self._prices.plan["eligible_pairs"], 0)

    @cached_property
    def _of_volunteers(self) -> Mapping[str, Sequence[Listed]]:
        return {} if self._prices is None else by_person(self._prices.plan["eligible_pairs"], 1)


def _name(row: Row) -> str:
    return f"{row['child_id']}-{row['volunteer_id']}"


def _facts(world: World, row: Row, step: float) -> Iterator[str]:
    child, volunteer = world.children[row["child_id"]], world.volunteers[row["volunteer_id"]]
    if not holds(world, child, volunteer, -SLACK_METRES):
        yield f"not eligible ({', '.join(failing(world, child, volunteer))})"
        return
    for name, (least, most) in part_windows(world, child, volunteer).items():
        if not least <= row["parts"][name] <= most:
            yield f"{name} gives {row['parts'][name]} points, {least} to {most} would be right"
    if sum(row["parts"].values()) != row["points"]:
        yield f"the parts give {sum(row['parts'].values())} points, not {row['points']}"
    least_minutes, most_minutes = (minutes(world, child, volunteer, shift) for shift in (-SLACK_METRES, SLACK_METRES))
    said, slack = row["minutes"], step / 2 + ROUNDING
    if least_minutes is None or most_minutes is None:
        if said is not None:
            yield f"{said} minutes, but a place is unknown"
    elif said is None or not least_minutes - slack <= said <= most_minutes + slack:
        yield f"{said} minutes, {least_minutes:.3f} to {most_minutes:.3f} would be right"


def _ranking(rows: Sequence[Row], of: Side, top: int | None) -> Iterator[str]:
    other = _OTHER[of]
    if [row["rank"] for row in rows] != list(range(1, len(rows) + 1)):
        yield f"ranks are {[row['rank'] for row in rows]}, not 1 to {len(rows)} in order"
    if len({row[other] for row in rows}) < len(rows):
        yield "somebody is proposed twice"
    if top is not None and len(rows) > top:
        yield f"{len(rows)} rows, at most {top}"
    keys = [_key(row["points"], row["plan_cost"], row[other]) for row in rows]
    for number, (before, after) in enumerate(pairwise(keys), start=2):
        if before > after:
            yield f"rank {number} should stand before the one above it"


def _key(points: int, plan_cost: int | None, other: str) -> tuple[int, bool, int, str]:
    """Highest score first, then lowest cost (a blank one last), then the id."""
    return -points, plan_cost is None, plan_cost or 0, other


def _left_out(
    could: Mapping[str, Sequence[Listed]],
    lists: Mapping[str, Sequence[Row]],
    costs: PlanCosts | None,
    of: Side,
    top: int | None,
    asked: Collection[str] | None,
) -> Iterator[str]:
    """Pairs that should have been proposed instead of, or beside, those that are."""
    for person in could if asked is None else sorted(could.keys() & set(asked)):
        points_of = {volunteer_id if of == "child_id" else child_id: points for child_id, volunteer_id, points in could[person]}
        rows = lists.get(person, ())
        due = len(points_of) if top is None else min(top, len(points_of))
        if len(rows) < due and (top is not None or not rows):
            yield f"proposals of {person}: {len(rows)} rows, should be {due}"
        elif rows:
            yield from _better(person, rows, points_of, costs, of)


def _better(person: str, rows: Sequence[Row], points_of: Mapping[str, int], costs: PlanCosts | None, of: Side) -> Iterator[str]:
    """Those left out who rank before the last who was proposed; without exact costs, by the score alone."""
    other, last = _OTHER[of], rows[-1]
    proposed = {row[other] for row in rows}
    lowest = _key(last["points"], last["plan_cost"], last[other])
    for somebody, points in points_of.items():
        if somebody in proposed or points < last["points"]:
            continue
        pair = (person, somebody) if of == "child_id" else (somebody, person)
        if points > last["points"] or (costs is not None and _key(points, costs.of(*pair)[0], somebody) < lowest):
            yield f"proposals of {person}: {somebody} ranks before {last[other]}, but is left out"
