"""Which pairs are eligible and how well each fits: people in, sparse scored pairs out. One pass, no detours.

Rules about one person are asked once a person. Rules and criteria about two are asked of all pairs of those who remain: by
NumPy where they are few, in the fused loop where they are many. Facts about single pairs (declines, earlier friendships,
decisions) are joined at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.ask import IndexArray, ask, plain_values, stated_minutes
from matcher.loops import ready_for
from matcher.records import Case
from matcher.rules import Eligibility, Rulebook
from matcher.table import People

IntArray: TypeAlias = npt.NDArray[np.int64]
Scored: TypeAlias = tuple[IntArray, IntArray, IntArray]
"""Child, volunteer and points of each pair, sorted by (child, volunteer)."""

PAIRS_A_STEP = 32
"""How many pairs NumPy asks and scores in a step of ``matcher.loops``."""
BLOCK = 65_536
"""So many pairs are asked at a time: their arrays stay in the processor's cache."""


@dataclass(frozen=True)
class PairFacts:
    """What is known of single pairs, by index (child, volunteer): a few among millions."""

    declined: frozenset[tuple[int, int]]
    befriended: frozenset[tuple[int, int]]
    forbidden: frozenset[tuple[int, int]]
    locked: frozenset[tuple[int, int]]
    waived: Mapping[tuple[int, int], frozenset[str]]

    @classmethod
    def of(cls, case: Case, people: People, rulebook: Rulebook) -> PairFacts:
        """Gather them; rows that name people who are not in the case say nothing. A locked rule cannot be waived."""
        child = {c.child_id: i for i, c in enumerate(people.children)}
        volunteer = {v.volunteer_id: j for j, v in enumerate(people.volunteers)}

        def pairs(rows: Iterable[Any]) -> frozenset[tuple[int, int]]:
            known = (r for r in rows if r.child_id in child and r.volunteer_id in volunteer)
            return frozenset((child[r.child_id], volunteer[r.volunteer_id]) for r in known)

        unlocked = {rule.key for rule in rulebook.eligibility if not rule.locked}
        waived: dict[tuple[int, int], frozenset[str]] = {}
        for row in case.decisions:
            if row.kind == "waive" and row.rule in unlocked:
                for pair in pairs([row]):
                    waived[pair] = waived.get(pair, frozenset()) | {row.rule}
        return cls(
            declined=pairs(case.declines),
            befriended=pairs(case.friendships),
            forbidden=pairs(d for d in case.decisions if d.kind == "forbid"),
            locked=pairs(d for d in case.decisions if d.kind == "lock"),
            waived=waived,
        )

    def sparse(self, pair: tuple[int, int]) -> dict[str, float]:
        """The ``pair_*`` values of one pair."""
        return {"pair_declined": float(pair in self.declined), "pair_befriended": float(pair in self.befriended)}

    def sparse_columns(self, child: int, volunteers: int) -> dict[str, npt.NDArray[np.float64]]:
        """The ``pair_*`` values of one child with every volunteer, shape (volunteers,) each."""
        found = {}
        for name, pairs in (("pair_declined", self.declined), ("pair_befriended", self.befriended)):
            found[name] = np.zeros(volunteers)
            found[name][[j for i, j in pairs if i == child]] = 1.0
        return found

    @property
    def touched(self) -> frozenset[tuple[int, int]]:
        """Pairs whose answer may differ from what the loop says."""
        return self.declined | self.befriended | self.forbidden | frozenset(self.waived)


@dataclass(frozen=True)
class Candidates:
    """Eligible pairs, sorted by (child, volunteer), with their points.

    Attributes
    ----------
    child, volunteer
        Indices into ``people``, shape (pairs,).
    points
        Scores in thousandths, shape (pairs,).
    forbidden
        Pairs (child, volunteer, points) that every rule allows and a matcher has forbidden: in no plan and no proposal.
    """

    people: People
    rulebook: Rulebook
    pair_facts: PairFacts
    child: IntArray
    volunteer: IntArray
    points: IntArray
    forbidden: tuple[tuple[int, int, int], ...]

    def __len__(self) -> int:
        """Number of eligible pairs."""
        return len(self.points)

    @cached_property
    def starts(self) -> IntArray:
        """Where each child's pairs begin, shape (children + 1,)."""
        return np.searchsorted(self.child, np.arange(len(self.people.children) + 1)).astype(np.int64)

    def minutes(self, pair: tuple[int, int]) -> float | None:
        """Travel minutes one way of a pair by index; None where a place is unknown."""
        return stated_minutes(self.people, self.people.children[pair[0]], self.people.volunteers[pair[1]])

    def parts(self, index: IndexArray) -> IntArray:
        """Points of each criterion for some of the pairs, shape (len(index), criteria); rows add up to the score."""
        child, volunteer = self.child[index], self.volunteer[index]
        return parts_of(self.people, self.rulebook, child, volunteer)


def parts_of(people: People, rulebook: Rulebook, child: IntArray, volunteer: IntArray) -> IntArray:
    """Points of each criterion for pairs by index, eligible or not, shape (pairs, criteria)."""
    columns = [
        np.floor(ask(people, rulebook, criterion, child, volunteer) * float(cap) + 0.5)
        for criterion, cap in zip(rulebook.criteria, rulebook.caps, strict=True)
    ]
    return np.stack([np.broadcast_to(c, child.shape) for c in columns], axis=-1).astype(np.int64)


def find_candidates(case: Case, people: People, rulebook: Rulebook) -> Candidates:
    """Find every eligible pair of a case and its score.

    Returns
    -------
    Candidates
        Pairs in the order of their ids, whatever the order of the rows.
    """
    pair_facts = PairFacts.of(case, people, rulebook)
    child, volunteer, points = _scored(people, rulebook)
    if pair_facts.touched:
        child, volunteer, points = _joined(people, rulebook, pair_facts, (child, volunteer, points))
    barred = np.isin(child * len(people.volunteers) + volunteer, _keys(people, pair_facts.forbidden))
    rows = zip(child[barred].tolist(), volunteer[barred].tolist(), points[barred].tolist(), strict=True)
    open_ = ~barred
    return Candidates(people, rulebook, pair_facts, child[open_], volunteer[open_], points[open_], tuple(rows))


def _keys(people: People, pairs: Iterable[tuple[int, int]]) -> IntArray:
    """One number a pair, rising in the pairs' order."""
    return np.array(sorted(i * len(people.volunteers) + j for i, j in pairs), dtype=np.int64)


def passing(people: People, rulebook: Rulebook, side: str) -> npt.NDArray[np.bool_]:
    """Who passes all rules that ask about the ``child`` alone, or the ``volunteer`` alone; shape (people,)."""
    everyone = np.arange(len(people.children if side == "child" else people.volunteers))
    ok = np.ones(len(everyone), dtype=np.bool_)
    for rule in rulebook.eligibility:
        if rule.sides == side:
            ok &= np.broadcast_to(ask(people, rulebook, rule, everyone, everyone), ok.shape)
    return ok


def pair_rules(rulebook: Rulebook) -> tuple[Eligibility, ...]:
    """Rules that ask about two people."""
    return tuple(rule for rule in rulebook.eligibility if rule.sides == "pair")


def _scored(people: People, rulebook: Rulebook) -> Scored:
    """The pairs that the rules allow among those who pass the rules about one person, and their points."""
    children = np.flatnonzero(passing(people, rulebook, "child"))
    volunteers = np.flatnonzero(passing(people, rulebook, "volunteer"))
    if not len(children) or not len(volunteers):
        nobody = np.zeros(0, dtype=np.int64)
        return nobody, nobody, nobody
    if ready_for(len(children) * len(volunteers) // PAIRS_A_STEP):
        from matcher.fused import fused_pairs  # noqa: PLC0415  it compiles, or loads what is compiled

        return fused_pairs(people, rulebook, pair_rules(rulebook), children, volunteers)
    return _pairs_by_blocks(people, rulebook, children, volunteers)


def _pairs_by_blocks(people: People, rulebook: Rulebook, children: IndexArray, volunteers: IndexArray) -> Scored:
    """What the fused loop answers, by the same bodies on NumPy arrays: some children with all volunteers at a time."""
    rules, wide = pair_rules(rulebook), volunteers[None, :]
    parts: list[Scored] = []
    for some in np.array_split(children, -(-len(children) * len(volunteers) // BLOCK)):
        ok = np.ones((len(some), len(volunteers)), dtype=np.bool_)
        for rule in rules:
            ok &= ask(people, rulebook, rule, some[:, None], wide)
        i, j = np.nonzero(ok)
        child, volunteer = some[i].astype(np.int64), volunteers[j].astype(np.int64)
        parts.append((child, volunteer, parts_of(people, rulebook, child, volunteer).sum(axis=1)))
    child, volunteer, points = (np.concatenate(column) for column in zip(*parts, strict=True))
    return child, volunteer, points


def _joined(people: People, rulebook: Rulebook, pair_facts: PairFacts, found: Scored) -> Scored:
    """Take out the pairs that single facts rule out, and put in those that waivers allow."""
    child, volunteer, points = found
    width = len(people.volunteers)
    touched = _keys(people, pair_facts.touched)
    keep = ~np.isin(child * width + volunteer, touched)
    again = [divmod(int(key), width) for key in touched]
    eligible = [pair for pair in again if not failing(people, rulebook, pair_facts, pair)]
    back = np.array(eligible, dtype=np.int64).reshape(-1, 2)
    new_child = np.concatenate([child[keep], back[:, 0]])
    new_volunteer = np.concatenate([volunteer[keep], back[:, 1]])
    scores = parts_of(people, rulebook, back[:, 0], back[:, 1]).sum(axis=1) if len(back) else back[:, 0]
    new_points = np.concatenate([points[keep], scores])
    order = np.lexsort((new_volunteer, new_child))
    return new_child[order], new_volunteer[order], new_points[order]


def failing(people: People, rulebook: Rulebook, pair_facts: PairFacts, pair: tuple[int, int]) -> tuple[str, ...]:
    """Keys of the rules that one pair fails and nobody has waived."""
    child, volunteer = people.children[pair[0]], people.volunteers[pair[1]]
    waived = pair_facts.waived.get(pair, frozenset())
    return tuple(
        rule.key
        for rule in rulebook.eligibility
        if rule.key not in waived
        and not rule.body(**plain_values(people, rulebook, rule, child, volunteer, pair_facts.sparse(pair)))
    )
