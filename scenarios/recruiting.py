"""Where one more volunteer would help most: what a typical newcomer adds to the best plan, by who it is and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from matcher.candidates import Candidates, find_candidates
from matcher.columns import Facts
from matcher.errors import CertificateError, TimeLimitError
from matcher.newcomers import ChildPrices
from matcher.results import Status
from matcher.session import Session
from matcher.table import People
from scenarios.people import drawn, fresh_ids, municipality_of
from scenarios.recruits import Kind, homes, kinds_in, newcomers

if TYPE_CHECKING:
    from matcher.records import Volunteer
    from scenarios.world import World

CHECKED = 20
"""So many newcomers, drawn among all, are also checked by making the plan anew."""
SHORT_LIST = 2
"""Where prices only bound, so many times the kinds that are asked for have their plans made anew."""
Told = Callable[[int, int, str], None]
"""Is told which municipality is begun: its number, how many there are, its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What one more volunteer of a kind adds to the best plan.

    Attributes
    ----------
    gains : matches and points (thousandths of score) that each of the typical people drawn adds.
    children : how many different children one of these could take with a gain.
    exact : whether the gains are what a plan made anew gives; else they are an estimate from prices that only bound.
    resolved : whether the plans were also made anew.
    """

    kind: Kind
    gains: tuple[tuple[int, int], ...]
    children: int
    exact: bool
    resolved: bool = False

    @property
    def matches(self) -> float:
        """Mean of the matches gained."""
        return sum(matches for matches, _ in self.gains) / len(self.gains)

    @property
    def points(self) -> float:
        """Mean of the points gained."""
        return sum(points for _, points in self.gains) / len(self.gains)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recruiting:
    """The worth of every kind, the best kinds first in ``best``, and how many plans were made anew."""

    session: Session
    worths: tuple[Worth, ...]
    best: tuple[Worth, ...]
    plans: int


def recruiting(
    world: World,
    *,
    seed: int,
    draws: int = 10,
    top: int = 5,
    municipalities: Sequence[str] = (),
    told: Told = lambda *_: None,
    left: Callable[[], float | None] = lambda: None,
) -> Recruiting:
    """Work out what one more volunteer would add, by gender, age, municipality and programme.

    Parameters
    ----------
    draws
        Typical people of each kind, drawn as the change ``recruit`` draws them, with one place each.
    top
        How many kinds are named as the best; each of their people is checked by making the plan anew.
    municipalities
        Where to look; none named: wherever somebody of the case lives.
    left
        The seconds that are left.

    Raises
    ------
    CertificateError
        A plan made anew is not what the prices say.
    InfeasibleError
        The case as it is has no feasible plan.
    TimeLimitError
        No seconds were ``left``.
    UsageError
        No municipality has that name.
    """
    session = Session.of(world.case, world.rulebook, world.postcodes)
    if session.solved.status != Status.OPTIMAL.value:
        raise TimeLimitError
    asked = list(dict.fromkeys(municipality_of(world, name) for name in municipalities)) or homes(world)
    groups: list[_Group] = []
    for number, name in enumerate(asked, start=1):
        if left() == 0:
            raise TimeLimitError
        told(number, len(asked), name)
        groups.append(_Group.of(world, name, draws, seed))
    prices = _prices(session, groups)
    worths = {one.kind: one for group in groups for one in group.worths(prices)}
    anew = _Anew(session, {kind: some for group in groups for kind, some in group.people.items()}, left)
    sample = drawn(seed, "recruit", map(str, range(len(worths) * draws)), CHECKED if prices.exact else 0)
    for number in sorted(map(int, sample)):
        anew.agrees(list(worths.values())[number // draws], number % draws)
    likely = sorted(worths.values(), key=_rank)[: top if prices.exact else SHORT_LIST * top]
    found = {one.kind: anew.worth(one) for one in likely}
    best = tuple(sorted(found.values(), key=_rank)[:top])
    return Recruiting(session=session, worths=tuple({**worths, **found}.values()), best=best, plans=anew.plans)


def _rank(one: Worth) -> tuple[float, float]:
    """Most matches first, then most points; of equal ones, the first stays the first."""
    return -one.matches, -one.points


def _prices(session: Session, groups: Sequence[_Group]) -> ChildPrices:
    reached = np.zeros(len(session.people.children), dtype=np.bool_)
    for group in groups:
        reached[group.candidates.child] = True
    return ChildPrices.of(session, reached, max((int(g.candidates.points.max(initial=0)) for g in groups), default=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    """The newcomers of one municipality, and whom of the children each could take."""

    people: Mapping[Kind, tuple[Volunteer, ...]]
    candidates: Candidates

    @classmethod
    def of(cls, world: World, municipality: str, draws: int, seed: int) -> _Group:
        people: dict[Kind, tuple[Volunteer, ...]] = {}
        kinds = list(kinds_in(world, municipality))
        names = fresh_ids(world.case, "V", len(kinds) * draws)
        for number, kind in enumerate(kinds):
            own = names[number * draws : (number + 1) * draws]
            rows = newcomers(world, kind, draws, seed)
            people[kind] = tuple(row.model_copy(update={"volunteer_id": name}) for row, name in zip(rows, own, strict=True))
        case = world.case.model_copy(update={"volunteers": tuple(row for some in people.values() for row in some)})
        everyone = People.of(case, Facts.of(case, world.rulebook.all_values(), world.postcodes))
        return cls(people=people, candidates=find_candidates(case, everyone, world.rulebook))

    def worths(self, prices: ChildPrices) -> Iterator[Worth]:
        """What each kind adds."""
        found, draws = self.candidates, len(next(iter(self.people.values())))
        gained, helps = prices.gains(found)
        by_kind = gained.reshape(-1, draws, 2).tolist()
        for number, kind in enumerate(self.people):
            own = helps & (found.volunteer // draws == number)
            gains = tuple((int(matches), int(points)) for matches, points in by_kind[number])
            yield Worth(kind=kind, gains=gains, children=len(np.unique(found.child[own])), exact=prices.exact)


@dataclass(slots=True)
class _Anew:
    """Plans made anew with one newcomer more."""

    session: Session
    people: Mapping[Kind, tuple[Volunteer, ...]]
    left: Callable[[], float | None]
    plans: int = 0

    def worth(self, one: Worth) -> Worth:
        """The same kind with the gains of plans made anew."""
        every = range(len(one.gains))
        if one.exact:
            for number in every:
                self.agrees(one, number)
            return replace(one, resolved=True)
        return replace(one, gains=tuple(self._gain(one.kind, number) for number in every), exact=True, resolved=True)

    def agrees(self, one: Worth, number: int) -> None:
        """Raise ``CertificateError`` where a plan made anew is not what the prices say."""
        gain = self._gain(one.kind, number)
        if gain != one.gains[number]:
            raise CertificateError([f"a newcomer adds {gain} by a plan made anew, and {one.gains[number]} by prices"])

    def _gain(self, kind: Kind, number: int) -> tuple[int, int]:
        if self.left() == 0:
            raise TimeLimitError
        self.plans += 1
        before, after = self.session.solved, self.session.add(self.people[kind][number]).solved
        if after.status != Status.OPTIMAL.value:
            raise TimeLimitError
        return after.matched - before.matched, after.total - before.total
