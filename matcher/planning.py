"""The solver's arrays as a plan in the association's words: who gets whom, who gets nobody and why, and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from matcher.ask import ask
from matcher.assignment.best import Solved
from matcher.assignment.pairs import ScoredPairs
from matcher.candidates import Candidates, IntArray
from matcher.results import Assignment, Pair, Prices, Status, Unmatched
from matcher.table import People


def assignment_of(
    candidates: Candidates, pairs: ScoredPairs, solved: Solved, limited_matchers: tuple[str, ...], data_hash: str
) -> Assignment:
    """Name what the solver found.

    Parameters
    ----------
    limited_matchers
        Matchers with a limit on new friendships, in the order of the solver's groups.
    """
    listed = named_pairs(candidates)
    return Assignment(
        status=Status.OPTIMAL,
        pairs=tuple(listed[k] for k in np.flatnonzero(solved.chosen)),
        unmatched=tuple(_unmatched(candidates, pairs, solved, limited_matchers)),
        eligible_pairs=listed,
        forbidden_pairs=_named(candidates.people, candidates.forbidden),
        total=solved.total,
        bound=solved.bound,
        prices=_prices(candidates, solved, limited_matchers),
        data_hash=data_hash,
    )


def named_pairs(candidates: Candidates) -> tuple[Pair, ...]:
    """Every eligible pair by ids, in their order."""
    rows = zip(candidates.child.tolist(), candidates.volunteer.tolist(), candidates.points.tolist(), strict=True)
    return _named(candidates.people, rows)


def _named(people: People, rows: Iterable[tuple[int, int, int]]) -> tuple[Pair, ...]:
    children = [c.child_id for c in people.children]
    volunteers = [v.volunteer_id for v in people.volunteers]
    return tuple(Pair(children[i], volunteers[j], points) for i, j, points in rows)


def _prices(candidates: Candidates, solved: Solved, limited_matchers: tuple[str, ...]) -> Prices:
    people, prices = candidates.people, solved.prices
    return Prices(
        match_bonus=prices.match_weight,
        children={c.child_id: u for c, u in zip(people.children, prices.left.tolist(), strict=True)},
        volunteers={v.volunteer_id: w for v, w in zip(people.volunteers, prices.right.tolist(), strict=True)},
        matchers=dict(zip(limited_matchers, prices.group.tolist(), strict=True)),
    )


def _unmatched(
    candidates: Candidates, pairs: ScoredPairs, solved: Solved, limited_matchers: tuple[str, ...]
) -> Iterator[Unmatched]:
    """Each child without an active friendship and without a match, with the first reason that holds.

    ``own_rule``: a rule about the child alone fails. ``no_eligible``: no volunteer passes the rules. ``all_forbidden``: those
    who do are forbidden by a matcher. ``matcher_limit``: the matcher's new friendships are used up. ``others_fit``: every
    volunteer who could is needed more elsewhere in the best plan.
    """
    people = candidates.people
    matched = np.zeros(len(people.children), dtype=np.bool_)
    matched[candidates.child[solved.chosen]] = True
    _, _, in_group = pairs.counts(solved.chosen)
    own = _own_failures(candidates)
    degree = np.diff(candidates.starts)
    forbidden = Counter(i for i, _, _ in candidates.forbidden)
    for i, child in enumerate(people.children):
        if matched[i] or people.facts.child_active.get(child.child_id):
            continue
        group = int(pairs.group[i])
        if own.get(i):
            yield Unmatched(child_id=child.child_id, code="own_rule", facts={"rules": own[i]})
        elif not degree[i] and i in forbidden:
            yield Unmatched(child_id=child.child_id, code="all_forbidden", facts={"forbidden": forbidden[i]})
        elif not degree[i]:
            yield Unmatched(child_id=child.child_id, code="no_eligible", facts={})
        elif group >= 0 and in_group[group] >= pairs.group_limit[group]:
            yield Unmatched(child_id=child.child_id, code="matcher_limit", facts={"matcher": limited_matchers[group]})
        else:
            yield Unmatched(child_id=child.child_id, code="others_fit", facts={"eligible": int(degree[i])})


def _own_failures(candidates: Candidates) -> dict[int, tuple[str, ...]]:
    """Rules about a child alone that fail, by child."""
    people, rulebook = candidates.people, candidates.rulebook
    everyone: IntArray = np.arange(len(people.children))
    failed: dict[int, tuple[str, ...]] = {}
    for rule in rulebook.eligibility:
        if rule.sides == "child" and len(everyone):
            for i in np.flatnonzero(~np.broadcast_to(ask(people, rulebook, rule, everyone, everyone), everyone.shape)):
                failed[int(i)] = (*failed.get(int(i), ()), rule.key)
    return failed
