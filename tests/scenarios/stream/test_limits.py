"""Limits of matchers and quotas over time: no window of months has more matches than they allow, and they are all felt."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.errors import RuleError
from matcher.records import Decision, Matcher, Quota
from scenarios.changes.matchers import Matchers
from scenarios.stream.advice import advice
from scenarios.stream.metrics import measured
from scenarios.stream.prepare import prepared
from scenarios.stream.run import History, roster, simulate
from scenarios.stream.state import ACTIVE, MONTH, READY
from scenarios.world import World
from tests.scenarios.stream.worlds import changed, small_world
from tests.volume import volume

PLENTY = {"matcher_hours_per_week": 80.0}
"""So many hours that they hold nobody back."""
REPLICATIONS = range(volume(ci=4, long=60))


def with_matchers(world: World, *limits: int | None) -> World:
    """The same world with no offer open yet, its children followed in turn by as many matchers."""
    matchers = tuple(
        Matcher(matcher_id=f"M{k}", postcode="2750", max_new_friendships=limit) for k, limit in enumerate(limits, start=1)
    )
    children = tuple(
        child.model_copy(update={"matcher_id": f"M{1 + at % len(limits)}"}) for at, child in enumerate(world.case.children)
    )
    return replace(world, case=world.case.model_copy(update={"matchers": matchers, "children": children, "offers": ()}))


def with_quotas(world: World, *quotas: Quota) -> World:
    return replace(world, case=world.case.model_copy(update={"quotas": quotas}))


def begun(history: History) -> tuple[Any, Any]:
    """The child's row in the table, and the day, of each new friendship."""
    new = slice(history.before, int(history.bonds.count[0]))
    return history.kids.kind[history.bonds.child[new]], history.bonds.begun[new]


def most_in_a_window(days: Any, months: float) -> int:
    """The most friendships that begin within so many months."""
    return max((int(((days >= day) & (days < day + months * MONTH)).sum()) for day in days), default=0)


@pytest.mark.parametrize("policy", ["greedy", "weekly", "quarterly"])
@pytest.mark.parametrize("months", [3.0, 12.0])
def test_a_matcher_takes_on_no_more_than_the_limit_within_the_months(policy, months):
    world = changed(with_matchers(small_world(), 3, 0, None), policy=policy, limit_months=months, **PLENTY)
    ready = prepared(world, 2.0)
    own = np.array([child.matcher_id for child in ready.child_records])
    reached = 0
    for replication in REPLICATIONS:
        kinds, days = begun(simulate(ready, 1, replication))
        reached = max(reached, most_in_a_window(days[own[kinds] == "M1"], months))
        assert not (own[kinds] == "M2").any()
        assert most_in_a_window(days[own[kinds] == "M3"], months) > 3
    assert reached == 3


def test_two_matchers_fewer_are_felt_beyond_their_hours():
    world = changed(with_matchers(small_world(), 2, 2, 2, 2), **PLENTY)
    friendships = {}
    for kept, asked in ((4, None), (2, Matchers(lose=2, take_over=True))):
        ready = prepared(asked.apply(world, 1) if asked else world, 2.0)
        rows = [measured(ready, simulate(ready, 1, replication), groups=()) for replication in REPLICATIONS]
        friendships[kept] = [row["friendships", ""] for row in rows]
        followed = np.array([child.matcher_id is not None for child in ready.child_records])
        for replication in REPLICATIONS:
            kinds, _ = begun(simulate(ready, 1, replication))
            assert followed[kinds].sum() <= 2 * 2 * kept
    assert np.mean(friendships[2]) < 0.6 * np.mean(friendships[4])


def test_a_limit_that_is_never_reached_changes_nothing():
    free, high = (prepared(with_matchers(small_world(), limit, limit), 2.0) for limit in (None, 1000))
    for replication in REPLICATIONS:
        one, other = (measured(ready, simulate(ready, 1, replication)) for ready in (free, high))
        assert all(one[key] == other[key] or (math.isnan(one[key]) and math.isnan(other[key])) for key in one)


def test_at_most_holds_together_with_a_matchers_limit():
    world = with_quotas(
        changed(with_matchers(small_world(), 5, None), **PLENTY),
        Quota(dimension="gender", value="boy", at_most=4),
        Quota(dimension="programme", value="voksenven", at_most=6),
    )
    ready = prepared(world, 2.0)
    boys = np.array([child.gender == "boy" for child in ready.child_records])
    friends = np.array([child.programme == "voksenven" for child in ready.child_records])
    own = np.array([child.matcher_id == "M1" for child in ready.child_records])
    for replication in REPLICATIONS:
        kinds, days = begun(simulate(ready, 1, replication))
        for some, most in ((boys, 4), (friends, 6), (own, 5)):
            assert most_in_a_window(days[some[kinds]], 12.0) <= most
        assert (~boys[kinds]).any()


def test_a_volunteer_whom_a_limit_leaves_free_is_asked_for_another_child_at_once():
    """All hours, one round: with the boys held back, as many girls get an offer as would with no boys at all."""
    world = changed(small_world(), policy="quarterly", **PLENTY)
    no_boys = with_quotas(world, Quota(dimension="gender", value="boy", at_most=0))
    only_girls = replace(
        world,
        case=world.case.model_copy(
            update={
                "children": tuple(child for child in world.case.children if child.gender != "boy"),
                "offers": (),
                "friendships": (),
            }
        ),
    )
    held = replace(no_boys, case=no_boys.case.model_copy(update={"offers": (), "friendships": ()}))
    opened = [simulate(prepared(one, 0.1), 1, 0).asks.opened[0] for one in (held, only_girls)]
    assert opened[0] == opened[1] > 0


def test_a_locked_pair_waits_until_there_is_room_and_there_is_no_advice_until_then():
    asked, advised = {}, {}
    for limit in (0, None):
        world = changed(with_matchers(small_world(), limit), **PLENTY)
        ready = prepared(world, 1.0)
        kids, adults = roster(ready, 1, 0)
        free = (kids.state == READY)[:, None] & ((adults.state == ACTIVE) & (adults.friends == 0))
        child, volunteer = np.argwhere(free & (ready.kinds.row[kids.kind][:, adults.kind] >= 0))[0].tolist()
        pair = {"child_id": ready.children.ids[child], "volunteer_id": ready.volunteers.ids[volunteer]}
        locked = world.case.model_copy(update={"decisions": (Decision(kind="lock", by="leader", **pair),)})
        asked[limit] = simulate(prepared(replace(world, case=locked), 0.1), 1, 0).kids.offers[child]
        with suppress(RuleError):
            advised[limit] = advice(world, *pair.values(), years=0.5, futures=2)
    assert asked == {0: 0, None: 1}
    assert advised.keys() == {None}
