"""Wait or match: what simulated futures say of one pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.errors import RuleError, TimeLimitError
from matcher.records import Friendship
from scenarios.stream import advice as module
from scenarios.stream.advice import CHECKS, CHUNK, FEWEST, MOST, NEWCOMER, WIDE, advice
from scenarios.stream.prepare import prepared
from scenarios.stream.proposing import free_adults_of, waiting_kids
from scenarios.stream.run import roster
from scenarios.stream.settings import OBJECTIVES, POLICIES
from scenarios.world import World
from tests.scenarios.stream.worlds import changed, small_world

CALM: dict[str, Any] = {
    "children_per_year": 0,
    "volunteers_per_year": 0,
    "child_leaves_per_month": 0,
    "volunteer_leaves_per_month": 0,
    "matcher_hours_per_week": 80,
    "renewed_in_time": 1,
}
"""Nobody comes, nobody loses patience, and there is time for all."""


def best_and_worst():
    """Two pairs of the first day, with the most and the fewest points."""
    ready = prepared(small_world(), 1.0)
    kids, adults = roster(ready, 1, 0)
    found = []
    for c in waiting_kids(kids, ready.kinds, 0.0):
        for v in free_adults_of(adults, ready.kinds, ready.rates, 0.0, 0):
            row = ready.kinds.row[c, v]
            if row >= 0 and ready.kinds.points[row, 0, 0] >= 0:
                found.append((int(ready.kinds.points[row, 0, 0]), ready.children.ids[c], ready.volunteers.ids[v]))
    return max(found), min(found)


def only(world: World, child_id: str, *volunteer_ids: str) -> World:
    """The same world with one child and some volunteers, whom nothing binds yet."""
    case, who = world.case, set(volunteer_ids)
    few = {
        "children": tuple(c for c in case.children if c.child_id == child_id),
        "volunteers": tuple(v for v in case.volunteers if v.volunteer_id in who),
        "friendships": (),
        "offers": (),
    }
    return replace(world, case=case.model_copy(update=few))


def with_volunteer(world: World, volunteer_id: str, **facts: Any) -> World:
    """The same world, and other facts about one volunteer."""
    rows = tuple(v.model_copy(update=facts) if v.volunteer_id == volunteer_id else v for v in world.case.volunteers)
    return replace(world, case=world.case.model_copy(update={"volunteers": rows}))


def half(found: module.Advice) -> float:
    return 0.5 * (found.gain.high - found.gain.low)


def test_advice_is_the_same_for_the_same_seed_and_says_what_it_rests_on():
    (points, child, volunteer), _ = best_and_worst()
    said, again = (advice(small_world(), child, volunteer, years=1.0, futures=10) for _ in range(2))
    assert said == again
    assert (said.child_id, said.volunteer_id, said.futures) == (child, volunteer, 10)
    assert said.now == (said.gain.value >= 0.0)
    assert said.gain.low <= said.gain.value <= said.gain.high
    names = {c.child_id for c in small_world().case.children} | {v.volunteer_id for v in small_world().case.volunteers}
    assert {said.child_kept_for, said.volunteer_kept_for} <= names | {"", NEWCOMER}
    for share in (said.child_kept_share, said.volunteer_kept_share, said.volunteer_lost, said.child_left, said.says_yes):
        assert 0.0 <= share <= 1.0
    assert points > 0


def test_where_nobody_else_comes_the_only_pair_is_asked_now():
    (_, child, volunteer), _ = best_and_worst()
    world = only(changed(small_world(), children_per_year=0, volunteers_per_year=0), child, volunteer)
    said = advice(world, child, volunteer)
    assert said.now
    assert said.sure
    assert said.gain.value > 10.0
    assert (said.child_kept_for, said.child_kept_share) == ("", 1.0)
    assert said.volunteer_lost_now < said.volunteer_lost
    assert said.child_left == 1.0


def test_who_is_not_there_or_not_free_is_refused():
    (_, child, volunteer), _ = best_and_worst()
    with pytest.raises(RuleError, match="no child"):
        advice(small_world(), "X", volunteer)
    busy = small_world().case.friendships[0]
    with pytest.raises(RuleError, match="cannot be asked"):
        advice(small_world(), busy.child_id, volunteer)
    assert child


def test_futures_end_by_the_width_of_the_band_and_not_by_its_sign():
    _, (_, child, volunteer) = best_and_worst()
    found = [advice(small_world(), child, volunteer, years=1.0, wide=wide, futures=230) for wide in (math.inf, 20.0, 0.0)]
    assert [one.futures for one in found] == [100, 100, 230]
    assert not any(one.cut for one in found)
    assert half(found[1]) <= 20.0
    usual = advice(small_world(), child, volunteer, years=1.0)
    assert usual.futures in {*CHECKS, MOST}
    assert half(usual) <= WIDE or usual.futures == MOST
    assert usual.futures > 100, "what 100 futures say has a band too wide to go by"


def test_another_seed_says_the_same():
    _, (_, child, volunteer) = best_and_worst()
    one, other = (advice(small_world(), child, volunteer, seed=seed) for seed in (1, 2))
    assert (one.now, one.sure) == (other.now, other.sure)
    assert abs(one.gain.value - other.gain.value) < half(one) + half(other)


@pytest.mark.parametrize("ends", [KeyboardInterrupt, None])
def test_what_is_done_counts_when_time_or_patience_ends(ends):
    """A clock that runs out, or an interrupt, after 50 futures: as if 50 had been asked for."""
    (_, child, volunteer), _ = best_and_worst()
    done = []

    def told(number: int, most: int) -> None:
        assert most == MOST
        done.append(number)
        if ends is not None and number == 50:
            raise ends

    def left() -> float | None:
        return None if ends is not None else 0.0 if done[-1:] == [50] else 1000.0

    found = advice(small_world(), child, volunteer, years=1.0, told=told, left=left)
    assert (found.futures, found.cut, done) == (50, True, list(range(CHUNK, 51, CHUNK)))
    assert replace(found, cut=False) == advice(small_world(), child, volunteer, years=1.0, futures=50)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeLimitError])
def test_before_there_is_anything_to_go_by_there_is_no_advice(monkeypatch, error):
    (_, child, volunteer), _ = best_and_worst()

    def simulated(play: Callable[..., Any]) -> Callable[..., Any]:
        def played(ready: Any, seed: int, future: int, **pair: Any) -> Any:
            if future == FEWEST - 1:
                raise error("")
            return play(ready, seed, future, **pair)

        return played

    monkeypatch.setattr(module, "simulate", simulated(module.simulate))
    with pytest.raises(error):
        advice(small_world(), child, volunteer, years=1.0)


def one_child_and_two_volunteers() -> tuple[str, list[tuple[float, float, str]]]:
    """A child and the two best for it, none of whom has a birthday while they may be asked: points, chance of yes, and id."""
    ready = prepared(small_world(), 1.0)
    kids, adults = roster(ready, 1, 0)
    free = [v for v in free_adults_of(adults, ready.kinds, ready.rates, 0.0, 0) if adults.birthday[v] > 200]
    for c in waiting_kids(kids, ready.kinds, 0.0):
        rows = {v: ready.kinds.row[c, v] for v in free if ready.kinds.row[c, v] >= 0}
        found = [
            (
                float(ready.kinds.points[row, 0, 0]) / 1000.0,
                float(ready.rates.joint[ready.kinds.judged[row, 0, 0] // 100]),
                ready.volunteers.ids[v],
            )
            for v, row in rows.items()
            if ready.kinds.points[row, 0, 0] >= 0
        ]
        if len(found) > 1 and kids.birthday[c] > 200:
            return ready.children.ids[c], sorted(found)[-2:]
    raise AssertionError("no such child")


def test_the_gain_is_the_one_worked_out_by_hand():
    """Asked now the child has the other one only after a no, kept at once: p s + (1 - p) q t - q t.

    Many friendships break within the years, and the child gets the other volunteer: that must not count twice.
    """
    child, [(t, q, other), (s, p, volunteer)] = one_child_and_two_volunteers()
    world = changed(only(small_world(), child, volunteer, other), **CALM, child_returns=(1, 1, 1, 0))
    found = advice(world, child, volunteer, years=3.0, wide=2.5)
    assert half(found) <= 2.5
    assert found.gain.low <= p * (s - q * t) <= found.gain.high


def test_a_volunteer_who_stops_in_nine_years_is_not_lost():
    (_, child, volunteer), _ = best_and_worst()
    world = changed(only(small_world(), child, volunteer), **CALM)
    day = world.case.planning_date
    for years_on, lost in ((9.0, 0.0), (1.2, 1.0)):
        stops = day + timedelta(days=365.25 * years_on)
        found = advice(with_volunteer(world, volunteer, stops_on=stops), child, volunteer, years=1.5, futures=20)
        assert found.volunteer_lost == lost


def test_a_volunteer_with_a_friend_and_a_free_place_is_not_lost():
    """Nobody who has a friend leaves because no other comes; the friendship here does not end within the weeks."""
    (_, child, volunteer), _ = best_and_worst()
    world = small_world()
    friend = next(c for c in world.case.children if c.child_id != child and c.programme == "voksenven")
    few = only(changed(world, **{**CALM, "volunteer_leaves_per_month": 0.9}), child, volunteer)
    bond = Friendship(
        friendship_id="F1",
        child_id=friend.child_id,
        volunteer_id=volunteer,
        programme=friend.programme,
        started_on=date(few.case.planning_date.year - 3, 1, 1),
    )
    case = few.case.model_copy(update={"children": (*few.case.children, friend), "friendships": (bond,)})
    bound = with_volunteer(replace(few, case=case), volunteer, capacity=2)
    ready = prepared(bound, 0.25)
    left = [
        module.simulate(ready, 1, future, apart=(ready.children.ids.index(child), ready.volunteers.ids.index(volunteer)))
        for future in range(20)
    ]
    at = ready.volunteers.ids.index(volunteer)
    assert any(one.adults.leave[at] < 7.0 * one.weeks for one in left), "or else this would show nothing"
    gone = sum(one.adults.friends[at] == 0 for one in left) / len(left)
    found = advice(bound, child, volunteer, years=0.25, futures=20)
    assert found.volunteer_lost <= gone < 1.0


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_policy_and_objective_advises_and_is_named(policy, objective):
    (_, child, volunteer), _ = best_and_worst()
    found = advice(changed(small_world(), policy=policy, objective=objective), child, volunteer, years=0.5, futures=10)
    assert (found.policy, found.objective, found.futures) == (policy, objective, 10)
