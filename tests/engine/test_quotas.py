"""Quotas, floors and the longest waiting first: the engine's answers against all plans enumerated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from matcher.engine import Engine
from matcher.errors import InfeasibleError
from matcher.fairness import floors, waited_longest
from matcher.geography.postcodes import load_postcodes
from matcher.question import Planning
from matcher.records import Case, Quota
from matcher.results import Proof
from tests.edge_cases import TODAY, dense_case
from tests.engine.test_engine import EASY, Plan, all_plans, rank, tie_key
from tests.volume import volume

VALUES = {
    "gender": ("girl", "boy"),
    "programme": ("voksenven", "storebror", "familieven"),
    "matcher": ("M1", "M2"),
    "initiative": ("bryd_boblen",),
}


def desk_of(case: Case, **planning: object) -> Engine:
    return Engine.of(case, EASY, load_postcodes(), Planning(**planning))


def tight_case(seed: int) -> Case:
    """A small case in which nearly all pairs are eligible and volunteers are few."""
    case, draw = dense_case(seed), random.Random(seed)
    years = {"voksenven": 9, "storebror": 13, "familieven": 3}
    fits = {"allergies": (), "smoke_free": False, "availability": ()}
    children = tuple(
        c.model_copy(update={**fits, "birth_date": TODAY.replace(year=TODAY.year - years[c.programme]), "initiative": some})
        for c in case.children
        for some in [("bryd_boblen",) if draw.random() < 0.4 else ()]
    )
    adult = {"birth_date": TODAY.replace(year=TODAY.year - 27), "availability": (), "capacity": 1}
    volunteers = tuple(v.model_copy(update=adult) for v in case.volunteers)[: draw.randint(2, 4)]
    known = {v.volunteer_id for v in volunteers}
    kept = {
        name: tuple(row for row in getattr(case, name) if row.volunteer_id in known)
        for name in ("friendships", "declines", "offers", "decisions")
    }
    return case.model_copy(update={"children": children, "volunteers": volunteers, **kept})


def random_quotas(seed: int) -> tuple[Quota, ...]:
    draw = random.Random(seed)
    rows = []
    for _ in range(draw.randint(1, 3)):
        dimension = draw.choice(list(VALUES))
        least = draw.choice([None, 0, 1, 2])
        most = draw.choice([None, (least or 0) + draw.randint(0, 2)])
        rows.append(Quota(dimension=dimension, value=draw.choice(VALUES[dimension]), at_least=least, at_most=most))
    return tuple(rows)


def counts(case: Case, quota: Quota, plan: Plan) -> int:
    children = {child.child_id: child for child in case.children}
    field = {"matcher": "matcher_id"}.get(quota.dimension, quota.dimension)
    said = [getattr(children[child_id], field) for child_id, _, _ in plan]
    return sum(quota.value in (one if isinstance(one, tuple) else (one,)) for one in said)


def keeps(case: Case, plan: Plan) -> bool:
    return all(
        (q.at_least or 0) <= counts(case, q, plan) and (q.at_most is None or counts(case, q, plan) <= q.at_most)
        for q in case.quotas
    )


def cases(number: int) -> Iterator[tuple[Case, list[Plan]]]:
    """Cases with quotas, and every plan that they allow."""
    for seed in range(number):
        bare = tight_case(seed)
        case = bare.model_copy(update={"quotas": random_quotas(seed)})
        yield case, [plan for plan in all_plans(desk_of(bare), bare) if keeps(case, plan)]


def test_plan_and_costs_keep_the_quotas() -> None:
    proofs, refused = set(), 0
    for case, plans in cases(volume(ci=60, long=3_000)):
        desk = desk_of(case)
        if not plans:
            with pytest.raises(InfeasibleError):
                desk.assign()
            refused += 1
            continue
        best = max(map(rank, plans))
        plan = desk.assign()
        expected = min((p for p in plans if rank(p) == best), key=lambda p: tie_key(case, p))
        assert {pair[:2] for pair in plan.pairs} == {pair[:2] for pair in expected}
        assert (plan.matched, plan.total, plan.bound) == (*best, best[1])
        proofs.add(plan.proof)
        slack = best[1] // 100
        for row in desk.proposals(top=10):
            pair = (row.child_id, row.volunteer_id, row.points)
            holding = [rank(p) for p in plans if pair in p]
            cost = (best[1] - max(holding)[1], best[0] - max(holding)[0]) if holding else (None, None)
            assert row.exact
            assert (row.plan_cost, row.matches_lost) == cost
            near = [pair in p for p in plans if rank(p)[0] == best[0] and rank(p)[1] >= best[1] - slack]
            word = "always" if all(near) else "sometimes" if any(near) else "never"
            assert row.robust == word
    assert proofs == set(Proof)
    assert refused


def test_the_longest_waiting_come_first() -> None:
    paid = 0
    for case, plans in cases(volume(ci=60, long=3_000)):
        if not plans:
            continue
        kept = [plan for plan in plans if len(plan) == max(map(rank, plans))[0]]
        first = []
        for child in sorted(case.children, key=lambda c: (c.registered_on, c.child_id)):
            having = [plan for plan in kept if child.child_id in {pair[0] for pair in plan}]
            if having:
                kept = having
                first.append(child.child_id)
        best = max(map(rank, kept))
        expected = min((p for p in kept if rank(p) == best), key=lambda p: tie_key(case, p))
        plan = desk_of(case, max_wait_first=True).assign()
        assert plan.guaranteed == tuple(first)
        assert {pair[:2] for pair in plan.pairs} == {pair[:2] for pair in expected}
        assert plan.price == max(map(rank, plans))[1] - best[1]
        paid += plan.price > 0
    assert paid


@pytest.mark.parametrize("solver", ["kernel", "flow", "mip", "cp_sat"])
def test_every_solver_writes_the_same_plan(solver: str) -> None:
    for seed in range(volume(ci=4, long=100)):
        case = tight_case(seed)
        assert desk_of(case, solver=solver).assign() == desk_of(case).assign()


def test_the_price_of_floors_is_that_of_the_best_plan_with_them() -> None:
    priced = 0
    for seed in range(volume(ci=15, long=300)):
        case = tight_case(seed)
        desk = desk_of(case)
        plans = all_plans(desk, case)
        best = max(map(rank, plans))
        for floor in floors(desk.question, desk.solved, desk.planning):
            quota = Quota(dimension=floor.dimension, value=floor.value, at_least=floor.at_least)
            allowed = [rank(plan) for plan in plans if counts(case, quota, plan) >= floor.at_least]
            assert floor.most == max(counts(case, quota, plan) for plan in plans)
            assert (floor.matches_lost, floor.gives_up) == (best[0] - max(allowed)[0], best[1] - max(allowed)[1])
            priced += 1
        *_, last = waited_longest(desk.question, desk.solved, desk.planning)
        assert last.gives_up == desk_of(case, max_wait_first=True).assign().price
    assert priced


def test_what_a_limit_costs_is_what_all_would_gain_without_it() -> None:
    binding = 0
    for case, plans in cases(volume(ci=25, long=500)):
        if not plans:
            continue
        desk = desk_of(case)
        for use in desk.limit_uses():
            if use.kind == "quota":
                others = tuple(q for q in case.quotas if f"{q.dimension}={q.value}" != use.key)
                free = desk_of(case.model_copy(update={"quotas": others})).assign()
                plan = desk.assign()
                assert (use.matches_lost, use.gives_up) == (free.matched - plan.matched, free.total - plan.total)
                binding += bool(use.gives_up or use.matches_lost)
    assert binding


def test_rows_of_one_quota_are_one_limit() -> None:
    case = tight_case(3)
    rows = (Quota(dimension="gender", value="boy", at_most=2), Quota(dimension="gender", value=" Boy ", at_most=1))
    both = desk_of(case.model_copy(update={"quotas": rows})).assign()
    one = desk_of(case.model_copy(update={"quotas": rows[1:]})).assign()
    assert replace(both, data_hash="", prices=one.prices) == replace(one, data_hash="")
