"""The solver's arrays as a plan in the association's words: who gets whom, who gets nobody and why, and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from matcher.ask import ask
from matcher.assignment.best import Solved
from matcher.candidates import Candidates, IntArray
from matcher.question import Question
from matcher.results import Assignment, Pair, Prices, Proof, Reason, Status, Unmatched
from matcher.table import People

SPENT: Mapping[str, Reason] = {"matcher": "matcher_limit", "quota": "quota_limit"}


def assignment_of(
    question: Question,
    solved: Solved,
    data_hash: str,
    *,
    guaranteed: Sequence[int] | None = None,
    price: int = 0,
    status: str = "",
) -> Assignment:
    """Name what the solver found; ``guaranteed`` children came first, at the ``price`` of so many points.

    ``status`` is for a plan that rests on more than its own search.
    """
    candidates = question.candidates
    listed = named_pairs(candidates)
    children = candidates.people.children
    return Assignment(
        status=Status(status or solved.status),
        proof=Proof.SEARCH if question.limits.arrangement.crossing else Proof.PRICES,
        pairs=tuple(listed[k] for k in question.kept[solved.chosen]),
        unmatched=tuple(_unmatched(question, solved, ranked=guaranteed is not None)),
        eligible_pairs=listed,
        forbidden_pairs=_named(candidates.people, candidates.forbidden),
        total=solved.total,
        bound=solved.bound,
        prices=_prices(question, solved),
        data_hash=data_hash,
        guaranteed=None if guaranteed is None else tuple(children[i].child_id for i in guaranteed),
        price=price,
    )


def named_pairs(candidates: Candidates) -> tuple[Pair, ...]:
    """Every eligible pair by ids, in their order."""
    rows = zip(candidates.child.tolist(), candidates.volunteer.tolist(), candidates.points.tolist(), strict=True)
    return _named(candidates.people, rows)


def _named(people: People, rows: Iterable[tuple[int, int, int]]) -> tuple[Pair, ...]:
    children = [c.child_id for c in people.children]
    volunteers = [v.volunteer_id for v in people.volunteers]
    return tuple(Pair(children[i], volunteers[j], points) for i, j, points in rows)


def _prices(question: Question, solved: Solved) -> Prices:
    people, prices = question.people, solved.prices
    limits = question.limits.named_prices(prices.group, prices.crossing) if question.only is None else {}
    of_kind = {
        kind: {one.key: limits.get(one.name, 0) for one in question.limits.limits if one.kind == kind}
        for kind in ("matcher", "quota")
    }
    return Prices(
        match_bonus=prices.match_weight,
        children={c.child_id: u for c, u in zip(people.children, prices.left.tolist(), strict=True)},
        volunteers={v.volunteer_id: w for v, w in zip(people.volunteers, prices.right.tolist(), strict=True)},
        matchers=of_kind["matcher"],
        quotas=of_kind["quota"],
    )


def _unmatched(question: Question, solved: Solved, *, ranked: bool) -> Iterator[Unmatched]:
    """Each child without an active friendship and without a match, with the first reason that holds.

    ``own_rule``: a rule about the child alone fails. ``no_eligible``: no volunteer passes the rules. ``all_forbidden``: those
    who do are forbidden by a matcher. ``matcher_limit``, ``quota_limit``: the matcher's new friendships, or a quota's
    matches, are used up. ``others_waited``: those who have waited longer come first (``ranked``), and leave nobody.
    ``others_fit``: every volunteer who could is needed more elsewhere in the best plan.
    """
    candidates, people = question.candidates, question.people
    matched = np.zeros(len(people.children), dtype=np.bool_)
    matched[question.pairs.left[solved.chosen]] = True
    used = question.limits.matches(matched)
    own = _own_failures(candidates)
    degree = np.diff(candidates.starts)
    forbidden = Counter(i for i, _, _ in candidates.forbidden)
    for i, child in enumerate(people.children):
        if matched[i] or people.facts.child_active.get(child.child_id):
            continue
        spent = question.limits.used_up(i, used)
        if own.get(i):
            yield Unmatched(child_id=child.child_id, code="own_rule", facts={"rules": own[i]})
        elif not degree[i] and i in forbidden:
            yield Unmatched(child_id=child.child_id, code="all_forbidden", facts={"forbidden": forbidden[i]})
        elif not degree[i]:
            yield Unmatched(child_id=child.child_id, code="no_eligible", facts={})
        elif spent:
            yield Unmatched(child_id=child.child_id, code=SPENT[spent[0].kind], facts={spent[0].kind: spent[0].key})
        else:
            code: Reason = "others_waited" if ranked else "others_fit"
            yield Unmatched(child_id=child.child_id, code=code, facts={"eligible": int(degree[i])})


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
