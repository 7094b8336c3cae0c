"""Clashes against all plans listed: infeasible, irreducible, and the ways out are ways, the cheapest there are."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from constraints.rulebook import load_rulebook
from matcher.assignment.limits import UNLIMITED, Limit
from matcher.candidates import Candidates
from matcher.clash import clash_of, explained
from matcher.clash import deletion as clash_deletion
from matcher.clash.deletion import irreducible
from matcher.clash.demands import Demand, Ground, demands_of
from matcher.clash.ways import Change, after
from matcher.engine import Engine
from matcher.errors import CertificateError, InfeasibleError
from matcher.geography.postcodes import load_postcodes
from matcher.planlimits import PlanLimit, PlanLimits
from matcher.question import DEFAULT, Question
from matcher.records import Case, Decision, Quota
from tests.assignment.brute import subsets
from tests.edge_cases import TODAY, dense_case
from tests.volume import volume

EASY = load_rulebook(TODAY).with_settings({"travel_time.max_minutes": 500.0})


def question_of(
    pairs: list[tuple[int, int]], places: list[int], locks: list[int], limits: list[PlanLimit], n_children: int
) -> Question:
    """A question about children B0, B1, ... and volunteers V0, V1, ... with these places."""
    people: Any = SimpleNamespace(
        children=[SimpleNamespace(child_id=f"B{i}", registered_on=date(2026, 1, 1)) for i in range(n_children)],
        volunteers=[SimpleNamespace(volunteer_id=f"V{j}", places=n) for j, n in enumerate(places)],
        facts=SimpleNamespace(free_places=lambda volunteer: volunteer.places),
    )
    columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    nothing: Any = None
    found = Candidates(people, nothing, nothing, columns[:, 0], columns[:, 1], np.ones(len(columns), dtype=np.int64), ())
    return Question(candidates=found, limits=PlanLimits.of(limits, n_children), locked=np.array(sorted(locks), dtype=np.int64))


def quota(key: str, members: list[int], least: int = 0, most: int = UNLIMITED, kind: Any = "quota") -> PlanLimit:
    limit = Limit(members=np.array(members, dtype=np.int32), least=least, most=most)
    return PlanLimit(kind=kind, key=key, limit=limit)


def random_question(seed: int) -> Question:
    """Few pairs, many locks, and limits that nest or cross."""
    draw = random.Random(seed)
    n_children, n_volunteers = draw.randint(1, 5), draw.randint(1, 4)
    every = list(itertools.product(range(n_children), range(n_volunteers)))
    pairs = draw.sample(every, min(len(every), draw.randint(1, 9)))
    locks = draw.sample(range(len(pairs)), min(len(pairs), draw.choice((0, 0, 1, 2, 3, 4))))
    with_pairs = sorted({i for i, _ in pairs})
    limits = []
    for n in range(draw.randint(0, 4)):
        members = sorted(draw.sample(with_pairs, draw.randint(0, len(with_pairs))))
        least, most = draw.choice((0, 0, 1, 2, 3)), draw.choice((0, 1, 2, 3, UNLIMITED))
        kind = draw.choice(("quota", "matcher"))
        limits.append(quota(f"gender=g{n}", members, least if kind == "quota" else 0, most, kind))
    draw.shuffle(limits)
    return question_of(pairs, [draw.choice((1, 1, 2)) for _ in range(n_volunteers)], locks, limits, n_children)


class Referee:
    """All sets of pairs, and which of them keep a demand; told by ids and numbers alone."""

    def __init__(self, question: Question) -> None:
        self.pairs = list(zip(question.candidates.child.tolist(), question.candidates.volunteer.tolist(), strict=True))
        self.plans = subsets(len(self.pairs))
        self.members = {(one.kind, one.key): set(one.limit.members.tolist()) for one in question.limits.limits}
        demands = demands_of(question, {})
        loose_children = {one.facts["child"] for one in demands if one.code == "one_match"}
        loose_volunteers = {one.facts["volunteer"] for one in demands if one.code == "places"}
        self.base = np.ones(len(self.plans), dtype=np.bool_)
        for i, child in enumerate(question.people.children):
            if child.child_id not in loose_children:
                self.base &= self.number([pair[0] == i for pair in self.pairs]) <= 1
        for j, volunteer in enumerate(question.people.volunteers):
            if volunteer.volunteer_id not in loose_volunteers:
                self.base &= self.number([pair[1] == j for pair in self.pairs]) <= question.people.facts.free_places(volunteer)

    def number(self, counted: list[bool]) -> Any:
        return self.plans @ np.array(counted, dtype=np.int64)

    def kept(self, one: Demand) -> Any:
        facts = one.facts
        if one.code == "lock":
            return self.number([facts["child"] == f"B{i}" and facts["volunteer"] == f"V{j}" for i, j in self.pairs]) >= one.number
        if one.code == "one_match":
            return self.number([facts["child"] == f"B{i}" for i, _ in self.pairs]) <= one.number
        if one.code == "places":
            return self.number([facts["volunteer"] == f"V{j}" for _, j in self.pairs]) <= one.number
        used = self.number([i in self.members[facts["kind"], facts["key"]] for i, _ in self.pairs])
        return used >= one.number if one.code == "quota_least" else used <= one.number

    def possible(self, demands: tuple[Demand, ...]) -> bool:
        fits = self.base.copy()
        for one in demands:
            fits &= self.kept(one)
        return bool(fits.any())

    def changes(self, one: Demand) -> list[Change]:
        """Every change of a demand, the smallest first."""
        if one.code == "one_match":
            return []
        numbers = range(one.number - 1, -1, -1) if one.at_least else range(one.number + 1, len(self.pairs) + 1)
        return [Change(demand=one, becomes=number) for number in numbers]

    def cheapest(self, demands: tuple[Demand, ...], number: int) -> int | None:
        """The fewest units with which so many changed demands make everything possible."""
        sets = [
            changes
            for chosen in itertools.combinations(demands, number)
            for changes in itertools.product(*map(self.changes, chosen))
            if self.possible(after(demands, *changes))
        ]
        return min((sum(one.units for one in changes) for changes in sets), default=None)


def judge(question: Question) -> str:
    """Check everything that is said about one question; which kind it was."""
    referee, demands = Referee(question), demands_of(question, {})
    if referee.possible(demands):
        assert irreducible(Ground.of(question.pairs, demands), demands) == ()
        question.solved(DEFAULT)
        return "possible"
    with pytest.raises(InfeasibleError):
        question.solved(DEFAULT)
    found = clash_of(question)
    assert not referee.possible(found.demands)
    for one in found.demands:
        assert referee.possible(clash_deletion.without(found.demands, one))
    of_this = [way for way in found.ways if len(way.changes) == 1]
    assert {way.changes[0].demand.order for way in of_this} == {d.order for d in found.demands if d.code != "one_match"}
    asked = {one.order: one for one in demands}
    for way in found.ways:
        changes = [Change(demand=asked[one.demand.order], becomes=one.becomes) for one in way.changes]
        new = after(demands, *changes)
        assert referee.possible(new) == (not way.still)
        if way.still:
            assert {one.order for one in way.still} <= {one.order for one in new}
            assert not referee.possible(way.still)
            assert all(referee.possible(clash_deletion.without(way.still, one)) for one in way.still)
    assert_smallest(referee, found.demands, {way.changes[0].demand.order: way.changes[0].units for way in of_this if way.still})
    assert [way.cost for way in found.ways] == sorted(way.cost for way in found.ways)
    whole = [way for way in found.ways if not way.still]
    if whole or not question.limits.arrangement.crossing:
        assert_cheapest(referee, demands, whole)
    else:  # many clashes at once, under limits that cross: then only one or two changes are looked for
        assert referee.cheapest(demands, 1) is referee.cheapest(demands, 2) is None
    nested = "crossing" if question.limits.arrangement.crossing else "nested"
    return f"{nested}, {'with' if any(way.still for way in found.ways) else 'without'} another clash"


def assert_smallest(referee: Referee, clash: tuple[Demand, ...], units: dict[Any, int]) -> None:
    """The changes that end only this clash are the smallest that do."""
    for one in clash:
        if one.order in units:
            enough = [change.units for change in referee.changes(one) if referee.possible(after(clash, change))]
            assert min(enough) == units[one.order]


def assert_cheapest(referee: Referee, demands: tuple[Demand, ...], whole: list[Any]) -> None:
    """What makes everything possible: the cheapest change, else the cheapest two, else some of which none can be spared."""
    assert whole
    number = len(whole[0].changes)
    if number <= 2:
        assert whole[0].cost[1] == referee.cheapest(demands, number)
    for fewer in range(1, min(number, 3)):
        assert referee.cheapest(demands, fewer) is None
    if number > 2:
        one_less = [clash_deletion.without(whole[0].changes, change) for change in whole[0].changes]
        names = {one.order: one for one in demands}
        for changes in one_less:
            assert not referee.possible(after(demands, *(replace(c, demand=names[c.demand.order]) for c in changes)))


def test_clashes_and_ways_out_against_all_plans() -> None:
    wanted, kinds, seed = volume(ci=300, long=5_000), dict[str, int](), 0
    while sum(n for kind, n in kinds.items() if kind != "possible") < wanted:
        kind = judge(random_question(seed))
        kinds[kind] = kinds.get(kind, 0) + 1
        seed += 1
    assert len(kinds) == 5, kinds


def brought_together(seed: int, draw: random.Random) -> Any:
    """A case with more locks and quotas than it can hold, its rows in some order."""
    case = dense_case(seed)
    pairs = Engine.of(case, EASY, load_postcodes()).assign().eligible_pairs
    some = random.Random(seed).sample(pairs, min(len(pairs), 4))
    locks = [Decision(child_id=p.child_id, volunteer_id=p.volunteer_id, kind="lock", by="M1") for p in some]
    quotas = [
        Quota(dimension="programme", value="voksenven", at_least=4),
        Quota(dimension="gender", value="girl", at_most=1),
        Quota(dimension="matcher", value="M2", at_least=3),
    ]
    rows = {
        "decisions": [*case.decisions, *locks],
        "quotas": quotas,
        "children": list(case.children),
        "volunteers": list(case.volunteers),
    }
    for table in rows.values():
        draw.shuffle(table)
    return case.model_copy(update={name: tuple(table) for name, table in rows.items()})


def refusal(case: Any) -> InfeasibleError | None:
    try:
        Engine.of(case, EASY, load_postcodes()).assign()
    except InfeasibleError as error:
        return error
    return None


def test_the_order_of_rows_changes_nothing() -> None:
    refused = 0
    for seed in range(volume(ci=12, long=300)):
        draw = random.Random(seed)
        answers = [refusal(brought_together(seed, draw)) for _ in range(3)]
        assert len({None if one is None else repr((one.clashing, one.ways_out)) for one in answers}) == 1
        refused += answers[0] is not None
    assert refused > 5


def test_who_locked_is_said_where_it_is_a_matchers_id() -> None:
    case = next(case for case in map(dense_case, range(100)) if Engine.of(case, EASY, load_postcodes()).assign().eligible_pairs)
    pair = Engine.of(case, EASY, load_postcodes()).assign().eligible_pairs[0]
    rows = [Decision(child_id=pair.child_id, volunteer_id=pair.volunteer_id, kind="lock", by=by) for by in ("Somebody", "M1")]
    quotas = (Quota(dimension="gender", value=next(c.gender for c in case.children if c.child_id == pair.child_id), at_most=0),)
    for row, by in zip(rows, ({}, {"by": "M1"}), strict=True):
        found = refusal(case.model_copy(update={"decisions": (row,), "quotas": quotas}))
        assert found is not None
        said = dict(found.clashing)
        assert said["lock"] == {"child": pair.child_id, "volunteer": pair.volunteer_id, **by}
        assert said["quota_most"]["number"] == "0"
        assert {way.changes[0][0] for way in found.ways_out} == {"lock", "quota_most"}


def test_a_quota_that_nobody_can_meet_is_a_clash_of_its_own() -> None:
    """Whatever else clashes: it comes first, and the places that volunteers have are facts behind it."""
    asked = question_of([(0, 0), (1, 0), (2, 1)], [1, 1], [0, 1], [quota("gender=girl", [0, 1, 2], 3)], 3)
    found = explained(asked, Case(planning_date=TODAY, children=(), volunteers=()))
    assert found.clashing == (("quota_alone", {"kind": "quota", "key": "gender=girl", "number": "3", "possible": "2"}),)
    assert {code for way in found.ways_out for code, _ in way.changes} >= {"quota_least", "places"}


def test_a_second_opinion_that_differs_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question_of([(0, 0), (1, 0)], [1], [0, 1], [], 2)
    assert [one.code for one in clash_of(asked).demands] == ["lock", "lock", "places"]
    monkeypatch.setattr(clash_deletion, "refuted", lambda *_: False)
    with pytest.raises(CertificateError, match="second opinion"):
        clash_of(asked)


def test_a_question_with_a_plan_has_no_clash() -> None:
    with pytest.raises(CertificateError, match="one is possible"):
        clash_of(question_of([(0, 0)], [1], [0], [], 1))
