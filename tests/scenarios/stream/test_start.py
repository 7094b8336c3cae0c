"""What a scenario leaves as it was at its start: how people answer, and how many matchers are assumed; and who comes later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenarios.changes.initiative import Initiative
from scenarios.changes.lose import Lose
from scenarios.changes.matchers import Matchers
from scenarios.changes.programmes import Programmes
from scenarios.changes.setting import Setting
from scenarios.changes.transport import Transport
from scenarios.changes.volunteer_wishes import VolunteerWishes
from scenarios.changes.weight import Weight
from scenarios.changes.wishes import Wishes
from scenarios.chunks import packed
from scenarios.population.shared import wished_adult, wished_child
from scenarios.scenario import Scenario
from scenarios.stream.bands import band
from scenarios.stream.metrics import measured, replicated
from scenarios.stream.prepare import prepared
from scenarios.stream.run import roster, simulate
from scenarios.world import World
from tests.scenarios.stream.worlds import changed, small_world
from tests.volume import volume

HOURS = 7.0


def after(world: World, *change) -> World:
    return Scenario(name="other", mode="stream", change=change).world(world)


def hours(world: World) -> float:
    return float(prepared(changed(world, newcomers=5), 1.0).rates.budget.max())


def at_work() -> World:
    """Six matchers who are never away."""
    case = small_world().case
    rows = tuple(row.model_copy(update={"absent": ()}) for row in case.matchers)
    return replace(small_world(), case=case.model_copy(update={"matchers": rows}))


def without_table() -> World:
    return replace(small_world(), case=small_world().case.model_copy(update={"matchers": ()}))


# Matchers


@pytest.mark.parametrize("lost", [1, 5, 6])
def test_whoever_loses_all_matchers_has_no_hours(lost):
    assert hours(at_work()) == 6 * HOURS
    assert hours(after(at_work(), Matchers(lose=lost))) == (6 - lost) * HOURS


@pytest.mark.parametrize(("change", "matchers"), [({"add": 1}, 7), ({"add": 3}, 9), ({"lose": 2}, 4), ({"lose": 6}, 0)])
def test_a_case_without_matchers_loses_and_gets_some_beside_those_that_are_assumed(change, matchers):
    found = prepared(changed(after(without_table(), Matchers(**change)), newcomers=5), 1.0).rates.budget
    assert found.max() == matchers * HOURS
    both = after(without_table(), Matchers(add=1), Matchers(lose=7))
    assert hours(both) == 0.0


def test_whoever_loses_volunteers_keeps_the_matchers_that_are_assumed():
    case = without_table().case
    many = replace(without_table(), case=case.model_copy(update={"friendships": case.friendships * 40}))
    assert many.untabled_matchers > 6
    assert after(many, Lose(number=5)).untabled_matchers == many.untabled_matchers


# How people answer


@pytest.mark.parametrize(
    "change",
    [
        Weight(criterion="languages", value=300),
        Setting(name="criteria.interests.enough", value=1),
        Setting(name="travel.detour", value=2.0),
    ],
)
def test_the_same_people_say_yes_as_often_however_they_are_scored(change):
    ready, other = prepared(small_world(), 2.0), prepared(after(small_world(), change), 2.0)
    assert ready.kinds.judged is ready.kinds.points
    both = np.argwhere((ready.kinds.row >= 0) & (other.kinds.row >= 0))
    rows, others = (one.kinds.row[both[:, 0], both[:, 1]] for one in (ready, other))
    told = (ready.kinds.points[rows] >= 0) & (other.kinds.points[others] >= 0)
    assert told.sum() > 1000
    assert (ready.kinds.points[rows][told] != other.kinds.points[others][told]).any()
    assert (ready.kinds.judged[rows][told] == other.kinds.judged[others][told]).all()
    assert ((other.kinds.judged < 0) == (other.kinds.points < 0)).all()


def test_a_rule_that_scores_nothing_takes_no_second_table():
    other = prepared(after(small_world(), Setting(name="child_certificate.max_months", value=12)), 1.0)
    assert other.kinds.judged is other.kinds.points


def test_a_weight_hardly_changes_how_many_friendships_begin():
    """If people answered by the new weights, many more would say yes, as nearly all have a language in common."""
    count = range(volume(ci=40, long=400))
    other = after(small_world(), Weight(criterion="languages", value=300))
    rows, changed_, believed = (
        replicated(prepared(one, 2.0), count, 1) for one in (small_world(), other, replace(other, answers_by=None))
    )

    def gap(some, metric):
        return band([row[metric, ""] - before[metric, ""] for row, before in zip(some, rows, strict=True)])

    assert abs(gap(changed_, "friendships").value) < 1.0
    assert gap(changed_, "offers_per_match").value > 0.0  # it asks pairs who say yes less often
    assert gap(believed, "friendships").low > 1.0


# Who comes later


def pool(world: World):
    ready = prepared(world, 1.0)
    return ready.child_records[ready.children.here :], ready.volunteer_records[ready.volunteers.here :]


CHANGES = {
    "wishes": (
        Wishes(accept="any", gender="boy", share=0.5),
        0,
        lambda row: wished_adult(row) == "any",
        lambda row: row.gender == "boy",
    ),
    "initiative": (
        Initiative(name="Bryd Boblen", gender="girl", share=0.5),
        0,
        lambda row: bool(row.initiative),
        lambda row: row.gender == "girl",
    ),
    "volunteer_wishes": (
        VolunteerWishes(accept="any", gender="woman", share=0.5),
        1,
        lambda row: all(wished_child(row, programme) == "any" for programme in row.programmes),
        lambda row: row.gender == "woman",
    ),
    "transport": (Transport(by="car", share=0.5), 1, lambda row: row.transport == "car", lambda _: True),
    "programmes": (Programmes(offer="storebror", share=0.5), 1, lambda row: "storebror" in row.programmes, lambda _: True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_people_holds_for_those_who_come_later(name):
    change, side, is_so, concerned = CHANGES[name]
    before, later = pool(small_world())[side], pool(after(small_world(), change))[side]
    others = [k for k, row in enumerate(before) if concerned(row) and not is_so(row)]
    become = [k for k, row in enumerate(later) if row != before[k]]
    assert set(become) <= set(others)
    assert len(become) == pytest.approx(0.5 * len(others), abs=0.51)
    assert all(is_so(later[k]) for k in become)
    all_of_them = pool(after(small_world(), replace(change, share=1.0)))[side]
    assert all(all_of_them[k] == later[k] for k in become)  # a larger share has those of a smaller one too


def test_one_change_more_leaves_the_draws_of_the_others():
    wishes, transport = CHANGES["wishes"][0], CHANGES["transport"][0]
    one, both = pool(after(small_world(), wishes)), pool(after(small_world(), transport, wishes))
    assert one[0] == both[0]
    ready, other = prepared(small_world(), 2.0), prepared(after(small_world(), transport, wishes), 2.0)
    for side, then in zip(roster(ready, 1, 0), roster(other, 1, 0), strict=True):
        for name in ("key", "kind", "due", "leave", "birthday"):
            assert np.array_equal(getattr(side, name), getattr(then, name))


def test_a_share_of_nobody_changes_nothing():
    ready, other = prepared(small_world(), 2.0), prepared(after(small_world(), Wishes(accept="any", share=0.0)), 2.0)
    for replication in range(3):
        one, two = (measured(it, simulate(it, 1, replication)) for it in (ready, other))
        assert one.keys() == two.keys()
        assert np.array_equal(list(one.values()), list(two.values()), equal_nan=True)


def test_what_families_accept_counts_more_with_every_year_that_new_ones_come():
    change = Wishes(accept="any", gender="boy")
    gains = []
    for later in (False, True):
        world = after(small_world(), change)
        other = prepared(world if later else replace(world, later=()), 3.0)
        ready = prepared(small_world(), 3.0)
        count = range(volume(ci=20, long=200))
        gaps = [
            b["friendships", ""] - a["friendships", ""]
            for a, b in zip(replicated(ready, count, 1), replicated(other, count, 1), strict=True)
        ]
        gains.append(np.mean(gaps))
    assert gains[1] > gains[0] + 1.0


def test_such_a_world_goes_to_another_process():
    assert packed(after(small_world(), CHANGES["wishes"][0], Weight(criterion="languages", value=30)))


# Since when a child waits, and who may come


def test_whoever_loses_a_friend_waits_from_that_day():
    world = small_world()
    lost = Lose(number=6, free=False).apply(world, 1)
    again = {row.child_id for row in world.case.friendships if row.active_on(world.case.planning_date)}
    again -= {row.child_id for row in lost.case.friendships if row.active_on(world.case.planning_date)}
    ready = prepared(lost, 1.0)
    listed = dict(zip(ready.children.ids, ready.standing.listed, strict=False))
    assert again
    assert {listed[name] for name in again} == {0.0}
    ended = {row.child_id: row.ended_on for row in lost.case.friendships if row.ended_on is not None}
    for row in lost.case.children:
        since = max(row.registered_on, ended.get(row.child_id, row.registered_on))
        assert listed[row.child_id] == -(world.case.planning_date - since).days


def test_whoever_comes_later_may_be_paired_under_tighter_rules():
    tight = (
        Setting(name="course.min_hours", value=30),
        Setting(name="child_certificate.max_months", value=3),
        Setting(name="volunteer_age.max_storebror", value=28),
        Setting(name="child_age.max_voksenven", value=9),
    )
    ready = prepared(after(small_world(), *tight), 1.0)
    later = slice(ready.volunteers.here, None)
    assert ready.vetted[later].all()
    assert ready.kinds.child_ok[ready.children.here :, 0].all()
    reached = (ready.kinds.row[:, later] >= 0).sum() / (prepared(small_world(), 1.0).kinds.row[:, later] >= 0).sum()
    assert reached > 0.6
