"""What a plan is asked to hold, one demand at a time: locks, places, limits; and which of them a plan keeps."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.assignment.limits import Limit
from matcher.assignment.pairs import Int, Mask, ScoredPairs
from matcher.planlimits import PlanLimit
from matcher.question import Question
from matcher.records import Case

Code: TypeAlias = Literal["quota_least", "quota_most", "matcher_most", "lock", "one_match", "places"]
CODES: tuple[Code, ...] = ("quota_least", "quota_most", "matcher_most", "lock", "one_match", "places")
"""In the order in which demands are listed; the later ones are given up first where a clash does not need them."""
FACTS: frozenset[Code] = frozenset({"one_match", "places"})
"""What nobody has decided: a child gets one match, and a volunteer has so many places."""
PLANS_KEPT = 16
LOOSE = 2**31 - 1
"""Stands for a capacity that no demand of a set restricts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Something that a plan must hold; it can be left out, and its number can be changed.

    Attributes
    ----------
    code : its kind.
    facts : ids of whom it names: ``child``, ``volunteer``, ``by``; or ``kind`` and ``key`` of a limit.
    number : the least or the most; 1 for a lock.
    who : int64; the number of the locked pair, the child, the volunteer, or the children of a limit.
    """

    code: Code
    facts: Mapping[str, str]
    number: int
    who: Int

    @property
    def order(self) -> tuple[int, tuple[str, ...], int]:
        """Its place in a list of demands: the same whatever the order of rows."""
        names = ("volunteer", "child", "by") if self.code == "lock" else sorted(self.facts)
        return CODES.index(self.code), tuple(self.facts.get(name, "") for name in names), self.number

    @property
    def at_least(self) -> bool:
        """Whether more matches keep it; else fewer do."""
        return self.code in {"quota_least", "lock"}

    def with_number(self, number: int) -> Demand:
        """The same demand with another number."""
        return replace(self, number=number)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What holds whatever is demanded: the pairs, and the capacities of those whom no demand is about.

    ``plans`` and ``known`` are what has been found on the way: plans, and clashes. They change no answer, only its time.
    """

    pairs: ScoredPairs
    left_capacity: Int
    right_capacity: Int
    plans: deque[Mask] = field(default_factory=lambda: deque(maxlen=PLANS_KEPT))
    known: list[tuple[Demand, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, pairs: ScoredPairs, demands: Sequence[Demand]) -> Ground:
        """Children and volunteers whose capacity is one of the ``demands`` have none of their own."""
        left, right = pairs.left_capacity.copy(), pairs.right_capacity.copy()
        left[_named(demands, "one_match")] = LOOSE
        right[_named(demands, "places")] = LOOSE
        return cls(pairs=pairs, left_capacity=left, right_capacity=right)

    def capacities(self, demands: Sequence[Demand]) -> tuple[Int, Int]:
        """Places of the children and volunteers under some demands."""
        left, right = self.left_capacity.copy(), self.right_capacity.copy()
        for one in demands:
            if one.code in FACTS:
                (left if one.code == "one_match" else right)[one.who] = one.number
        return left, right

    def count(self, demand: Demand, plan: Mask) -> int:
        """How many matches of a plan (a mask of the pairs) a demand is about."""
        return _number(demand, plan, *self.pairs.counts(plan)[:2])

    def keeps(self, demands: Sequence[Demand], plan: Mask) -> bool:
        """Whether a plan keeps all capacities and all demands; counted from the pairs, with no solver."""
        lefts, rights, _ = self.pairs.counts(plan)
        if (lefts > self.left_capacity).any() or (rights > self.right_capacity).any():
            return False
        counted = ((one, _number(one, plan, lefts, rights)) for one in demands)
        return all(n >= one.number if one.at_least else n <= one.number for one, n in counted)

    def seen(self, demands: Sequence[Demand]) -> Mask | None:
        """A plan found before that keeps the demands."""
        return next((plan for plan in reversed(self.plans) if self.keeps(demands, plan)), None)

    def clashes(self, demands: Sequence[Demand]) -> bool:
        """Whether a clash found before is among the demands."""
        return any(all(one in demands for one in clash) for clash in self.known)


def lockers(case: Case) -> dict[tuple[str, str], str]:
    """Who locked which pair, where that is the id of a matcher; a name is not repeated."""
    known = {m.matcher_id for m in case.matchers} | {c.matcher_id for c in case.children}
    rows = sorted((d.by, d.child_id, d.volunteer_id) for d in case.decisions if d.kind == "lock" and d.by in known)
    return {(child, volunteer): by for by, child, volunteer in reversed(rows)}


def demands_of(question: Question, locked_by: Mapping[tuple[str, str], str]) -> tuple[Demand, ...]:
    """All demands of a question, in order; a demand that is stated twice is one."""
    fixed = np.searchsorted(question.kept, question.locked)
    found = [*_of_limits(question.limits.limits), *_of_locks(question, fixed, locked_by), *_of_places(question, fixed)]
    once = {one.order: one for one in found}
    return tuple(once[order] for order in sorted(once))


def limits_of(demands: Sequence[Demand]) -> list[Limit]:
    """The demands on several children together, as the solvers hold them."""
    found = []
    for one in demands:
        members = one.who.astype(np.int32)
        if one.code == "quota_least":
            found.append(Limit(members=members, least=one.number))
        elif one.code in {"quota_most", "matcher_most"}:
            found.append(Limit(members=members, most=one.number))
    return found


def _of_limits(limits: Sequence[PlanLimit]) -> Iterator[Demand]:
    for one in limits:
        facts, who = {"kind": one.kind, "key": one.key}, one.limit.members.astype(np.int64)
        if one.limit.least > 0:
            yield Demand(code="quota_least", facts=facts, number=one.limit.least, who=who)
        if one.limit.most < len(who):
            yield Demand(
                code="quota_most" if one.kind == "quota" else "matcher_most", facts=facts, number=one.limit.most, who=who
            )


def _of_locks(question: Question, fixed: Int, locked_by: Mapping[tuple[str, str], str]) -> Iterator[Demand]:
    people, pairs = question.people, question.pairs
    for k in fixed.tolist():
        pair = (people.children[int(pairs.left[k])].child_id, people.volunteers[int(pairs.right[k])].volunteer_id)
        facts = {"child": pair[0], "volunteer": pair[1]} | ({"by": locked_by[pair]} if pair in locked_by else {})
        yield Demand(code="lock", facts=facts, number=1, who=_one(k))


def _of_places(question: Question, fixed: Int) -> Iterator[Demand]:
    """The places of volunteers who have a lock, and the one match of children who have several."""
    people, pairs = question.people, question.pairs
    for j in np.unique(pairs.right[fixed]).tolist():
        facts = {"volunteer": people.volunteers[j].volunteer_id}
        yield Demand(code="places", facts=facts, number=int(pairs.right_capacity[j]), who=_one(j))
    for i, locks in Counter(pairs.left[fixed].tolist()).items():
        if locks > pairs.left_capacity[i]:
            facts = {"child": people.children[i].child_id}
            yield Demand(code="one_match", facts=facts, number=int(pairs.left_capacity[i]), who=_one(i))


def _number(demand: Demand, plan: Mask, lefts: Int, rights: Int) -> int:
    counted = plan if demand.code == "lock" else rights if demand.code == "places" else lefts
    return int(counted[demand.who].sum())


def _one(index: int) -> Int:
    return np.array([index], dtype=np.int64)


def _named(demands: Sequence[Demand], code: Code) -> npt.NDArray[np.int64]:
    return np.array([int(one.who[0]) for one in demands if one.code == code], dtype=np.int64)
