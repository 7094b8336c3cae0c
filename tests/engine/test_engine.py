"""The engine's answers on small cases against all plans enumerated, with capacities, limits, locks and forbidden pairs."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rulebook import load_rulebook
from matcher import check
from matcher.engine import Engine
from matcher.errors import CertificateError, InfeasibleError, UsageError
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case, Decision
from matcher.results import Assignment
from tests.edge_cases import TODAY, dense_case, edge_case
from tests.volume import volume

RULEBOOK = load_rulebook(TODAY)
EASY = RULEBOOK.with_settings({"travel_time.max_minutes": 500.0})
Plan = tuple[tuple[str, str, int], ...]


def engine(case: Case) -> Engine:
    return Engine.of(case, EASY, load_postcodes())


def all_plans(desk: Engine, case: Case) -> list[Plan]:
    """Every allowed plan, by enumeration."""
    limits = {m.matcher_id: m.max_new_friendships for m in case.matchers if m.max_new_friendships is not None}
    matcher_of = {c.child_id: c.matcher_id for c in case.children}
    room = {v.volunteer_id: desk.people.facts.free_places(v) for v in case.volunteers}
    locks = {(d.child_id, d.volunteer_id) for d in case.decisions if d.kind == "lock"}
    choices: dict[str, list[tuple[str, str, int] | None]] = {c.child_id: [None] for c in desk.people.children}
    for pair in desk.assign().eligible_pairs:
        choices[pair.child_id].append(tuple(pair))
    plans = []
    for picks in itertools.product(*choices.values()):
        plan = tuple(p for p in picks if p is not None)
        used, by_matcher = Counter(v for _, v, _ in plan), Counter(matcher_of[c] for c, _, _ in plan)
        fits = all(n <= room[v] for v, n in used.items()) and all(by_matcher[m] <= limit for m, limit in limits.items())
        if fits and locks <= {(c, v) for c, v, _ in plan}:
            plans.append(plan)
    return plans


def rank(plan: Plan) -> tuple[int, int]:
    return len(plan), sum(points for _, _, points in plan)


def tie_key(case: Case, plan: Plan) -> list[str]:
    """Children by registration, then id; each the smallest volunteer, a match before none."""
    chosen = {child: volunteer for child, volunteer, _ in plan}
    order = sorted(case.children, key=lambda c: (c.registered_on, c.child_id))
    return [chosen.get(c.child_id, "~") for c in order]


@settings(max_examples=volume(ci=120, long=5_000), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_plan_and_costs_by_enumeration(seed: int) -> None:
    case = dense_case(seed)
    desk = engine(case)
    plan = desk.assign()
    plans = all_plans(desk, case)
    best = max(map(rank, plans))
    assert (plan.matched, plan.total) == best
    expected = min((p for p in plans if rank(p) == best), key=lambda p: tie_key(case, p))
    assert {pair[:2] for pair in plan.pairs} == {pair[:2] for pair in expected}
    for row in desk.proposals(top=10):
        holding = [rank(p) for p in plans if (row.child_id, row.volunteer_id, row.points) in p]
        if not holding:
            assert (row.plan_cost, row.matches_lost) == (None, None)
        else:
            matched, total = max(holding)
            assert (row.plan_cost, row.matches_lost) == (best[1] - total, best[0] - matched)


@settings(max_examples=volume(ci=80, long=3_000), deadline=None)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_locks_are_in_every_plan_or_explained(seed: int, data: st.DataObject) -> None:
    case = dense_case(seed)
    pairs = engine(case).assign().eligible_pairs
    if not pairs:
        return
    locked = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=3, unique=True))
    rows = tuple(Decision(child_id=p.child_id, volunteer_id=p.volunteer_id, kind="lock", by="M1") for p in locked)
    with_locks = case.model_copy(update={"decisions": (*case.decisions, *rows)})
    free = engine(case)
    allowed = [p for p in all_plans(free, case) if set(locked) <= set(p)]
    desk = engine(with_locks)
    if not allowed:
        with pytest.raises(InfeasibleError) as refused:
            desk.assign()
        assert refused.value.clashing
        return
    plan = desk.assign()
    assert set(locked) <= set(plan.pairs)
    assert (plan.matched, plan.total) == max(map(rank, allowed))
    for row in desk.proposals(top=10):
        holding = [rank(p) for p in allowed if (row.child_id, row.volunteer_id, row.points) in p]
        assert (row.plan_cost is None) == (not holding)


def test_a_lock_that_breaks_a_rule_is_named() -> None:
    case = edge_case(3)
    row = Decision(child_id="B000", volunteer_id="V000", kind="lock", by="M1")
    desk = engine(case.model_copy(update={"decisions": (row,)}))
    reasons = desk.why_pair("B000", "V000")
    assert not reasons.eligible
    with pytest.raises(InfeasibleError) as refused:
        desk.assign()
    [(code, facts)] = refused.value.clashing
    assert code == "lock_not_eligible"
    assert facts["rules"].split(";") == [v.rule for v in reasons.verdicts if not v.holds]


def test_forbidden_pairs_are_eligible_but_in_no_plan_and_no_proposal() -> None:
    seen = 0
    for seed in range(60):
        case = dense_case(seed)
        free = engine(case.model_copy(update={"decisions": ()}))
        pairs = free.assign().eligible_pairs
        barred = [pair for pair in pairs if pair.child_id == pairs[0].child_id] if pairs else []
        rows = tuple(Decision(child_id=p.child_id, volunteer_id=p.volunteer_id, kind="forbid", by="M1") for p in barred)
        plan = engine(case.model_copy(update={"decisions": rows})).assign()
        assert plan.forbidden_pairs == tuple(barred)
        assert set(plan.eligible_pairs) == set(pairs) - set(barred)
        if barred:
            assert [u.code for u in plan.unmatched if u.child_id == barred[0].child_id] == ["all_forbidden"]
            seen += 1
    assert seen


def test_unknown_ids_name_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        engine(edge_case(1)).proposals(children=["B00"])
    assert refused.value.code == "unknown_child"
    assert refused.value.facts["nearest"].startswith("B00")


@pytest.mark.parametrize("wrong", [{"total": 1}, {"bound": 1}])
def test_what_the_checker_refuses_is_withheld(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, int]) -> None:
    real = check.check_plan
    monkeypatch.setattr(
        check, "check_plan", lambda world, plan, **kw: real(world, {**plan, **{k: plan[k] + v for k, v in wrong.items()}}, **kw)
    )
    with pytest.raises(CertificateError):
        engine(dense_case(5)).assign()


def test_asking_for_a_volunteer_ranks_children_and_knows_the_whole_plan() -> None:
    for seed in range(40):
        desk = engine(dense_case(seed))
        whole = {(p.child_id, p.volunteer_id): p for p in desk.proposals(top=99)}
        volunteer = desk.people.volunteers[0].volunteer_id
        rows = desk.proposals(volunteers=[volunteer], top=3)
        assert [r.rank for r in rows] == list(range(1, len(rows) + 1))
        assert len(rows) == min(3, sum(v == volunteer for _, v in whole))
        for row in rows:
            twin = whole[row.child_id, row.volunteer_id]
            assert (row.points, row.plan_cost, row.matches_lost) == (twin.points, twin.plan_cost, twin.matches_lost)


def test_plan_is_frozen() -> None:
    plan: Assignment = engine(dense_case(1)).assign()
    with pytest.raises(AttributeError):
        plan.total = 0  # type: ignore[misc]
