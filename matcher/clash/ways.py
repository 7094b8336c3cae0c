"""The ways out of a clash, cheapest first, each found and checked by asking for a plan.

A change takes a lock away, gives a volunteer a place more, or moves a limit by a number of matches; each lock, place and
match counts as one unit. That a child gets one match is not for changing. For every demand of a clash the smallest change
that ends this clash is found. Then what makes everything possible: the cheapest single change; where there is none, the
cheapest pair, which must touch every clash; where there is none either, a set of a few changes of which none can be spared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matcher.assignment.limits import arranged
from matcher.clash.deletion import Demands, changed, irreducible, without
from matcher.clash.demands import Demand, Ground, limits_of
from matcher.clash.plans import plan_of
from matcher.errors import CertificateError

MOST_CHANGES = 12
"""A set of more changes is no way out that a person would follow."""
MOST_CROSSING = 4
"""Where limits cross, every clash takes long to find: no more are looked for one after another."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """One demand with another number, or (``becomes`` 0 of a lock) without it."""

    demand: Demand
    becomes: int

    @property
    def units(self) -> int:
        """How much is changed: locks, places or matches."""
        return abs(self.becomes - self.demand.number)

    @property
    def new(self) -> Demand | None:
        """The demand after the change."""
        return None if self.demand.at_least and not self.becomes else self.demand.with_number(self.becomes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """Changes that end a clash; ``still``: what clashes even then, empty where there is a plan for everything else."""

    changes: tuple[Change, ...]
    still: Demands = ()

    @property
    def cost(self) -> tuple[bool, int, int]:
        """Those that make everything possible first; then the units, then the number of changes."""
        return bool(self.still), sum(one.units for one in self.changes), len(self.changes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """All demands, and the clashes among them known so far: whoever changes none of a clash's demands is left with it."""

    ground: Ground
    demands: Demands
    known: list[Demands] = field(default_factory=list)

    def ends_known(self, touched: Sequence[Demand]) -> bool:
        """Whether every known clash has one of the demands."""
        return all(any(one in clash for one in touched) for clash in self.known)

    def still(self, touched: Sequence[Demand], demands: Demands) -> Demands:
        """A clash of ``demands``, which are all demands with those ``touched`` changed or left out."""
        for clash in self.known:
            if not any(one in clash for one in touched):
                return clash
        clash = irreducible(self.ground, demands)
        if clash and all(one in self.demands for one in clash):
            self.known.append(clash)
        return clash


def ways_out(ground: Ground, demands: Demands, clash: Demands) -> tuple[Way, ...]:
    """Ways out of a clash among ``demands``: those that make everything possible first, and each kind cheapest first."""
    asked = Asked(ground=ground, demands=demands, known=[clash])
    of_this = [one for one in (smallest_change(ground, demand, clash) for demand in clash) if one is not None]
    found = [Way(changes=(one,), still=asked.still([one.demand], after(demands, one))) for one in of_this]
    whole = list(_alone(asked, [way for way in found if way.still]))
    if not whole and all(way.still for way in found):
        pair = _cheapest_pair(asked, [one.demand for one in of_this])
        whole = [pair] if pair is not None else list(_together(asked, clash))
    return tuple(sorted([*found, *whole], key=lambda way: way.cost))


def after(demands: Demands, *changes: Change) -> Demands:
    """The demands with some of them changed."""
    for one in changes:
        demands = changed(demands, one.demand, one.new)
    return demands


def smallest_change(ground: Ground, demand: Demand, demands: Demands) -> Change | None:
    """The smallest change of one of ``demands`` (perhaps of no unit) that lets all hold, by halving; None where none does."""
    plan = None if demand.code == "one_match" else plan_of(ground, without(demands, demand))
    if plan is None:
        return None
    works, fails = ground.count(demand, plan), demand.number
    if (works >= fails) if demand.at_least else (works <= fails):
        return Change(demand=demand, becomes=fails)
    if plan_of(ground, demands) is not None:
        return Change(demand=demand, becomes=fails)
    while abs(works - fails) > 1:
        middle = (works + fails) // 2
        found = plan_of(ground, changed(demands, demand, demand.with_number(middle)))
        works, fails = (works, middle) if found is None else (middle, fails)
    return Change(demand=demand, becomes=works)


def _alone(asked: Asked, halfway: Sequence[Way]) -> Iterator[Way]:
    """Where a demand's smallest change leaves another clash: the larger one that makes everything possible, if there is one."""
    for way in halfway:
        demand = way.changes[0].demand
        larger = smallest_change(asked.ground, demand, asked.demands) if asked.ends_known([demand]) else None
        if larger is not None:
            yield Way(changes=(larger,))


def _cheapest_pair(asked: Asked, firsts: Sequence[Demand]) -> Way | None:
    """The cheapest two changes that make everything possible: one of this clash, and one of what clashes without it."""
    best: Way | None = None
    for one in firsts:
        rest = without(asked.demands, one)
        for other in asked.still([one], rest):
            if (
                asked.ends_known([one, other])
                and other.code != "one_match"
                and plan_of(asked.ground, without(rest, other)) is not None
            ):
                way = _pair(asked, one, other)
                best = way if best is None or way.cost < best.cost else best
            if best is not None and best.cost[1] == len(best.changes):  # one unit each: none is cheaper
                return best
    return best


def _pair(asked: Asked, one: Demand, other: Demand) -> Way:
    """The cheapest changes of just these two, of which neither is enough: each number of the one with the best of the other."""
    step = -1 if one.at_least else 1
    least = smallest_change(asked.ground, other, without(asked.demands, one))
    first = smallest_change(asked.ground, one, without(asked.demands, other))
    best: Way | None = None
    while first is not None and least is not None and (best is None or first.units + least.units < best.cost[1]):
        second = smallest_change(asked.ground, other, after(asked.demands, first))
        if second is not None and (best is None or first.units + second.units < best.cost[1]):
            best = Way(changes=(first, second))
        first = Change(demand=one, becomes=first.becomes + step)
    if best is None:
        raise CertificateError(["two changes that make everything possible together are not found again"])
    return best


def _together(asked: Asked, clash: Demands) -> Iterator[Way]:
    """The first demand of clash after clash, until none is left; then each change as small as the others allow, none to spare."""
    crossing = arranged(limits_of(asked.demands), asked.ground.pairs.n_left).crossing
    gone: list[Demand] = []
    while clash:
        if len(gone) == (MOST_CROSSING if crossing else MOST_CHANGES):
            return
        gone.append(next(one for one in clash if one.code != "one_match"))
        clash = asked.still(gone, without(asked.demands, *gone))
    changes: list[Change] = []
    for k, demand in enumerate(gone):
        one = smallest_change(asked.ground, demand, after(without(asked.demands, *gone[k + 1 :]), *changes))
        if one is not None and one.units:
            changes.append(one)
    yield Way(changes=tuple(changes))
