"""Mode today: measures counted again by hand, differences, small groups, and what holds whatever is changed."""

from __future__ import annotations

import dataclasses
import statistics
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from matcher.engine import Engine
from matcher.errors import InfeasibleError, TimeLimitError
from matcher.records import Quota
from matcher.results import Status
from matcher.session import Session
from scenarios import compare as comparing
from scenarios import over_time
from scenarios.changes.children import Children
from scenarios.changes.forbid import Forbid
from scenarios.changes.lose import Lose
from scenarios.changes.matchers import Matchers
from scenarios.changes.quota import Quota as QuotaChange
from scenarios.changes.recruit import Recruit
from scenarios.changes.setting import Setting
from scenarios.changes.transport import Transport
from scenarios.changes.venues import Venues
from scenarios.changes.weight import Weight
from scenarios.changes.wishes import Wishes
from scenarios.compare import compare
from scenarios.comparison import Comparison
from scenarios.people import befriended
from scenarios.scenario import Scenario
from scenarios.today import GROUPS, METRICS, Measured, today
from scenarios.world import World
from tests.scenarios.worlds import shuffled, world, world_of
from tests.volume import volume

REAL = frozenset(row.child_id for row in world().case.children)
CHANGES = (
    Recruit(number=6),
    Lose(number=6),
    Children(number=6, programme="voksenven"),
    Wishes(accept="any", share=0.5),
    Transport(by="car"),
    Setting(name="travel_time.max_minutes", value=60),
    Weight(criterion="interests", value=60),
    Matchers(lose=2, take_over=True),
    QuotaChange(dimension="gender", value="boy", at_most=4),
)


def asked(*changes: object, name: str = "A", **facts: object) -> Scenario:
    return Scenario(name=name, change=changes, **facts)  # type: ignore[arg-type]


@cache
def as_it_is(group: str = "") -> dict[str, Decimal | None]:
    return by_hand(world(), group)


def by_hand(one: World, group: str = "") -> dict[str, Decimal | None]:
    """The measures from the rows that ``matcher assign`` writes, and one pair's minutes at a time."""
    engine = Engine.of(one.case, one.rulebook, one.postcodes)
    plan, friends = engine.assign(), befriended(one.case)
    name, _, word = group.partition("=")
    inside = {
        row.child_id for row in one.case.children if row.child_id not in friends and (not group or getattr(row, name) == word)
    }
    pairs = [pair for pair in plan.pairs if pair.child_id in inside]
    eligible = [pair for pair in (*plan.eligible_pairs, *plan.forbidden_pairs) if pair.child_id in inside]
    minutes = [engine.why_pair(pair.child_id, pair.volunteer_id).minutes for pair in pairs]
    without = [row for row in plan.unmatched if row.child_id in inside]
    return {
        "matched": Decimal(len(pairs)),
        "unmatched": Decimal(len(without)),
        "total_score": sum((Decimal(pair.points) for pair in pairs), Decimal(0)) / 1000,
        "eligible_pairs": Decimal(len(eligible)),
        "children_without_eligible": Decimal(len(inside - {pair.child_id for pair in eligible})),
        "median_minutes": Decimal(f"{statistics.median(minutes):.3f}") if minutes else None,  # type: ignore[type-var]
    }


@pytest.mark.parametrize("group", ["", "gender=boy", "programme=storebror", "municipality=København"])
def test_measures_are_those_of_the_plan(group):
    found = today(world(), real=REAL).measures
    assert {name: found[name, group].value for name in METRICS} == as_it_is(group)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_the_warm_answer_is_that_of_solving_anew(change):
    after = change.apply(world(), 1)
    warm = today(after, real=REAL, before=today(world(), real=REAL).session)
    anew = today(after, real=REAL)
    assert warm.measures == anew.measures
    assert warm.plan == anew.plan
    assert {name: warm.measures[name, ""].value for name in METRICS} == by_hand(after)


def test_no_change_is_no_difference():
    found = compare([asked(), asked(name="B", baseline="A"), asked(name="C", seed=9)], world())
    assert len(found.rows) > 3 * 6 * 6
    assert {row.difference for row in found.rows if row.value is not None} == {Decimal(0)}
    assert all(row.difference is None for row in found.rows if row.value is None)
    assert found.pairs == ()


def test_rows_stand_in_the_contracts_order():
    rows = compare([asked()], world()).rows
    assert list(dict.fromkeys(row.metric for row in rows)) == list(METRICS)
    own = [row.group for row in rows if row.metric == "matched"]
    assert own[0] == ""
    assert list(dict.fromkeys(group.partition("=")[0] for group in own[1:])) == list(GROUPS)
    assert {(row.low, row.high, row.difference_low, row.difference_high) for row in rows} == {(None,) * 4}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_differences_and_pairs_are_those_of_the_two_plans(change):
    found = compare([asked(change)], world())
    after = asked(change).world(world())
    was, now = as_it_is(), by_hand(after)
    for metric in METRICS:
        row = found.value("A", metric)
        assert (row.value, row.baseline_value) == (now[metric], was[metric])
        assert row.difference == now[metric] - was[metric]
    old, new = (
        {pair.child_id: pair for pair in Engine.of(one.case, one.rulebook, one.postcodes).assign().pairs}
        for one in (world(), after)
    )
    moved = {name for name in {*old, *new} if (old[name][1] if name in old else "") != (new[name][1] if name in new else "")}
    assert {pair.child_id for pair in found.pairs} == moved
    for pair in found.pairs:
        assert pair.before == (old[pair.child_id].volunteer_id if pair.child_id in old else "")
        assert pair.points_after == (new[pair.child_id].points if pair.child_id in new else None)
        assert pair.how == ("gains" if not pair.before else "loses" if not pair.after else "changes")
    count = {how: sum(pair.how == how for pair in found.pairs) for how in ("gains", "loses")}
    assert count["gains"] - count["loses"] == found.value("A", "matched").difference


def test_the_order_of_rows_changes_nothing():
    scenarios = [asked(*CHANGES[:6]), asked(Lose(number=3, gender="woman"), name="B", baseline="A")]
    found = compare(scenarios, world())
    again = compare(scenarios, world_of(shuffled(world().case, 2)))
    assert (again.rows, again.pairs) == (found.rows, found.pairs)


@pytest.mark.parametrize("seed", range(volume(ci=3, long=100)))
def test_more_volunteers_never_lower_matched_and_fewer_free_ones_never_raise_it(seed):
    start = world(24, 18, seed=seed + 50, friendships=6)
    more = [asked(Recruit(number=n), name=f"+{n}", seed=seed) for n in (1, 4, 12)]
    fewer = [asked(Lose(number=n, free=True), name=f"-{n}", seed=seed) for n in (1, 4, 12)]
    found = compare([*more, *fewer], start)
    up, down = ([found.value(one.name, "matched").difference for one in some] for some in (more, fewer))
    assert 0 <= up[0] <= up[1] <= up[2]
    assert 0 >= down[0] >= down[1] >= down[2]


# Small groups


@pytest.mark.parametrize(
    ("real", "added", "small"), [(0, 0, True), (4, 0, True), (5, 0, False), (4, 40, True), (0, 1, False), (5, 1, False)]
)
def test_a_few_real_children_are_not_shown(real, added, small):
    assert Measured(value=Decimal(real + added), real=real, added=added).is_small is small


def test_small_groups_are_blank_with_their_difference_and_all_is_always_there():
    start = world(6, 5, friendships=0)
    found = compare([asked(Recruit(number=30))], start)
    plan, raw = found.rows, today(start, real=frozenset(row.child_id for row in start.case.children)).measures
    assert {row.metric for row in plan if not row.group and row.value is not None} == set(METRICS)
    counts = [row for row in plan if row.group and row.metric in {"matched", "unmatched", "children_without_eligible"}]
    assert [row for row in counts if row.value is not None and row.value < 5] == []
    assert any(raw[row.metric, row.group].value for row in counts if row.value is None)
    for row in plan:
        if row.group and raw[row.metric, row.group].is_small:
            assert (row.difference, row.baseline_value) == (None, None)


def test_children_that_a_scenario_adds_are_shown():
    start = world(8, 20, friendships=0)
    town = next(
        name for name in ("Dragør", "Vallensbæk", "Ishøj") if all(row.municipality != name for row in start.case.children)
    )
    found = compare([asked(Children(number=3, municipality=town))], start)
    row = found.value("A", "matched", f"municipality={town}")
    assert row.value is not None
    assert row.difference is None


# Scenarios without an answer, and interrupts


def test_a_scenario_without_a_plan_leaves_the_others():
    hard = QuotaChange(dimension="gender", value="girl", at_least=500)
    found = compare([asked(hard), asked(Recruit(number=3), name="B"), asked(name="C", baseline="A")], world())
    assert isinstance(found.refused["A"], InfeasibleError)
    assert found.refused.keys() == {"A"}
    assert found.without_baseline == {"C": found.without_baseline["C"]}
    assert found.without_baseline["C"].clashing == found.refused["A"].clashing
    assert found.unfinished == ()
    assert {row.scenario for row in found.rows} == {"B"}
    impossible = world().case.model_copy(update={"quotas": (Quota(dimension="gender", value="girl", at_least=500),)})
    with pytest.raises(InfeasibleError):
        compare([asked()], world_of(impossible))


def test_a_case_without_a_plan_leaves_what_needs_none():
    """A scenario beside another one, and one over time."""
    girls = sum(row.gender == "girl" for row in world().case.children)
    impossible = world().case.model_copy(update={"quotas": (Quota(dimension="gender", value="girl", at_least=girls + 1),)})
    mend = (Children(number=60, gender="girl"), Recruit(number=150, programmes=("voksenven", "familieven")))
    over_time = dataclasses.replace(asked(name="D"), mode="stream", years=1, replications=2)
    found = compare([asked(*mend), asked(*mend, name="B", baseline="A"), asked(name="C"), over_time], world_of(impossible))
    assert found.without_baseline.keys() == {"A"}
    assert found.refused.keys() == {"C"}
    assert {row.scenario for row in found.rows} == {"B", "D"}


def test_a_forbidden_pair_is_still_eligible():
    pair = today(world(), real=REAL).plan.pairs[0]
    found = compare([asked(Forbid(child_id=pair.child_id, volunteer_id=pair.volunteer_id))], world())
    assert found.value("A", "eligible_pairs").difference == 0
    assert found.value("A", "total_score").difference < 0


def test_an_interrupt_keeps_what_is_finished(monkeypatch):
    calls = []

    def interrupted(one: World, **facts: object) -> object:
        calls.append(one)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return today(one, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "today", interrupted)
    scenarios = [asked(Recruit(number=2)), asked(Recruit(number=3), name="B"), asked(name="C")]
    found = compare(scenarios, world())
    assert found.unfinished == ("B", "C")
    assert {row.scenario for row in found.rows} == {"A"}
    calls[:] = [world(), world()]
    with pytest.raises(KeyboardInterrupt):
        compare(scenarios, world())


def test_an_interrupt_inside_compiled_code_is_one(monkeypatch):
    calls = []

    def interrupted(one: World, **facts: object) -> object:
        calls.append(one)
        if len(calls) == 3:
            raise SystemError("a function returned a result with an exception set") from KeyboardInterrupt()
        return today(one, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "today", interrupted)
    found = compare([asked(Recruit(number=2)), asked(Recruit(number=3), name="B")], world())
    assert found.unfinished == ("B",)
    assert {row.scenario for row in found.rows} == {"A"}


def test_a_search_that_was_cut_is_no_answer(monkeypatch):
    assign = Session.assign
    monkeypatch.setattr(Session, "assign", lambda self: dataclasses.replace(assign(self), status=Status.FEASIBLE))
    with pytest.raises(KeyboardInterrupt):
        today(world(), real=REAL)


def test_time_that_runs_out_in_a_stream_keeps_what_is_finished(monkeypatch):
    seconds = [10.0]

    def ready(*_: Any) -> None:
        seconds[0] = 0.0

    monkeypatch.setattr(over_time, "made_ready", ready)
    over = {"mode": "stream", "years": 1, "replications": 20}
    found = compare([asked(), asked(name="B", **over)], world(10, 8, friendships=8), left=lambda: seconds[0])
    assert found.unfinished == ("B",)
    with pytest.raises(TimeLimitError):
        compare([asked(**over)], world(10, 8, friendships=8), left=lambda: seconds[0])


def test_a_scenario_is_not_begun_where_time_does_not_suffice(monkeypatch):
    """Each takes four seconds."""
    seconds, real = [10.0], comparing._Plans.make

    def make(plans: Any, one: Scenario) -> None:
        real(plans, one)
        seconds[0] -= 4.0

    monkeypatch.setattr(comparing._Plans, "make", make)
    scenarios = [asked(name=name) for name in "ABCD"]
    found = compare(scenarios, world(), left=lambda: seconds[0])
    assert found.unfinished == ("C", "D")


def test_a_named_baseline_is_what_is_compared_with():
    many = asked(Children(number=10, programme="voksenven"), name="flere")
    both = asked(Children(number=10, programme="voksenven"), Recruit(number=10), name="begge", baseline="flere")
    found: Comparison = compare([both, many], world())
    row = found.value("begge", "matched")
    assert row.baseline == "flere"
    assert row.baseline_value == found.value("flere", "matched").value
    assert row.difference == row.value - row.baseline_value >= 0


def test_the_calendar_of_the_year_is_planned_too():
    start = world(6, 5, friendships=40)
    found = compare([asked(), asked(Venues(lose=len(start.case.venues)), name="B")], start, year=2027)
    assert found.value("A", "unmet").difference == found.value("A", "meetings").difference == 0
    assert found.value("A", "meetings").value > 0
    assert found.value("B", "meetings").value == 0
    assert found.value("B", "unmet").difference > 0
    assert found.value("A", "meetings", "gender=boy") is None


# Over time


def test_over_time_no_change_is_no_difference_and_more_children_start_more_friendships():
    start = world(10, 8, friendships=8)
    over = {"mode": "stream", "years": 1, "replications": 3}
    found = compare([asked(**over), asked(Recruit(number=15), name="B", **over)], start)
    same = [row for row in found.rows if row.scenario == "A"]
    assert {row.difference for row in same if row.difference is not None} == {Decimal(0)}
    assert {row.metric for row in same if not row.group} >= {"friendships", "wait_median_days", "offers_per_match"}
    row = found.value("B", "friendships")
    assert row.low <= row.value <= row.high
    assert row.difference_low <= row.difference <= row.difference_high
    assert row.difference > 0
    assert found.pairs == ()
