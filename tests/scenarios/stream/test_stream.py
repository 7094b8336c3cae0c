"""The stream: nobody vanishes or doubles, names and row order change nothing, and every draw has its own name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from scenarios.stream.advice import worth
from scenarios.stream.bands import differences
from scenarios.stream.metrics import METRICS, measured, stream_metrics
from scenarios.stream.prepare import prepared
from scenarios.stream.rates import rates_of
from scenarios.stream.roster import arriving
from scenarios.stream.run import roster, simulate
from scenarios.stream.settings import POLICIES
from scenarios.stream.state import ACTIVE, ASKED, COMING, FOREVER, FRIEND, GONE, LEFT, LISTED, OUTGROWN, READY, UNKNOWN, VETTING
from tests.scenarios.stream.worlds import changed, small_stream, small_world, world_of
from tests.volume import volume

REPLICATIONS = range(volume(ci=6, long=100))


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(a[k] == b[k] or (math.isnan(a[k]) and math.isnan(b[k])) for k in a)


def test_whoever_comes_in_the_last_week_is_on_the_list_too():
    ready = small_stream()
    for replication in REPLICATIONS:
        history = simulate(ready, 1, replication)
        kids, begun = history.kids, set(history.waits.child[: int(history.waits.count[0])].tolist())
        assert (kids.listed[kids.state == COMING] > 7.0 * history.weeks).all()
        came = np.flatnonzero((roster(ready, 1, replication)[0].state == COMING) & (kids.listed <= 7.0 * history.weeks))
        assert set(came.tolist()) <= begun


def test_greedy_asks_at_once_and_weekly_at_the_next_meeting():
    """Whoever is visited, or free again after a no: the first offer comes on the day itself, or in the next week."""
    world = changed(small_world(), acceptance=(1.0, 1.0, 1.0, 1.0), acceptance_slope=0.0, matcher_hours_per_week=100.0)
    waited = {}
    for policy in ("greedy", "weekly"):
        ready = prepared(changed(world, policy=policy), 2.0)
        days = []
        for replication in REPLICATIONS:
            history = simulate(ready, 1, replication)
            new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
            child, adult = bonds.child[new], bonds.adult[new]
            visited = 7.0 * np.ceil(np.maximum(history.kids.due[child], history.kids.listed[child]) / 7.0)
            first = (bonds.begun[new] - 30.0 - visited)[
                (child >= ready.children.here) & (adult >= 0) & (history.kids.returns[child] == 0)
            ]
            days += first.tolist()
        waited[policy] = np.array(days)
    assert waited["greedy"].min() == 0.0
    assert waited["weekly"].min() == 7.0


def test_greedy_asks_those_who_are_free_again_on_the_day_of_the_no():
    again = {}
    for policy in ("greedy", "weekly"):
        ready = _under(policy)
        asked = [simulate(ready, 1, replication) for replication in REPLICATIONS]
        opened = [history.asks.due[history.asks.stage == 0] - ready.rates.gate_days[0] for history in asked]
        again[policy] = sum(bool((days % 7.0).any()) for days in opened)
    assert again["greedy"] > 0
    assert again["weekly"] == 0


@pytest.mark.parametrize("policy", POLICIES[:4])
@pytest.mark.parametrize("replication", REPLICATIONS)
def test_nobody_vanishes_or_doubles(policy, replication):
    ready = prepared(changed(small_world(), policy=policy), 2.0) if replication == 0 else _under(policy)
    history = simulate(ready, 1, replication)
    kids, adults, bonds, waits, asks = history.kids, history.adults, history.bonds, history.waits, history.asks
    count, asked = int(bonds.count[0]), asks.stage[: asks.count[0]] >= 0
    on = bonds.ended[:count] == FOREVER
    friends = np.bincount(bonds.child[:count][on], minlength=len(kids.key))
    assert (friends == kids.friends).all()
    assert (friends <= 1).all()
    assert ((friends == 1) == (kids.state == FRIEND)).all()
    assert (np.bincount(bonds.adult[:count][on], minlength=len(adults.key)) == adults.friends).all()
    offers = np.bincount(asks.adult[: asks.count[0]][asked], minlength=len(adults.key))
    assert (offers == adults.offers).all()
    assert ((np.bincount(asks.child[: asks.count[0]][asked], minlength=len(kids.key)) == 1) == (kids.state == ASKED)).all()
    assert (adults.friends + adults.offers <= np.maximum(adults.capacity, adults.friends)).all()
    assert np.isin(kids.state, (COMING, LISTED, READY, ASKED, FRIEND, LEFT, OUTGROWN)).all()
    assert np.isin(adults.state, (UNKNOWN, VETTING, ACTIVE, GONE)).all()
    assert (adults.friends[adults.state == GONE] == 0).all()
    # A wait is open for exactly those who are on the list, one each; each wait that ended with a friend is a friendship.
    spells = slice(0, int(waits.count[0]))
    open_ = waits.stop[spells] == FOREVER
    listed = np.bincount(waits.child[spells][open_], minlength=len(kids.key))
    assert ((listed == 1) == np.isin(kids.state, (LISTED, READY, ASKED))).all()
    assert (waits.end[spells] == FRIEND).sum() == count - history.before
    # No pair twice, and hours add up.
    assert len(set(zip(bonds.child[:count].tolist(), bonds.adult[:count].tolist(), strict=True))) == count
    assert history.used.min() >= 0.0
    assert kids.hours.sum() <= history.used.sum()


def _under(policy: str):
    ready = small_stream()
    world = changed(ready.world, policy=policy)
    return replace(ready, world=world, rates=rates_of(world, ready.weeks, ready.rates.valid_days))


def test_whoever_is_being_asked_waits_until_the_answer():
    """A family that would have given up meanwhile leaves after the no, not before it was asked."""
    ready, asked_meanwhile = small_stream(), 0
    for replication in REPLICATIONS:
        history = simulate(ready, 1, replication)
        kids, waits = history.kids, history.waits
        for spell in range(int(waits.count[0])):
            child = waits.child[spell]
            if waits.end[spell] in (LEFT, OUTGROWN) and kids.returns[child] == 0:
                assert waits.stop[spell] >= kids.since[child]
                asked_meanwhile += kids.since[child] > min(kids.leave[child], kids.outgrown[child])
    assert asked_meanwhile


def test_the_same_seed_gives_the_same_history():
    ready = small_stream()
    one, other = (measured(ready, simulate(ready, 3, 4)) for _ in range(2))
    assert same(one, other)
    assert same(one, stream_metrics(ready.world, 2.0, 4, 3))
    assert not same(one, measured(ready, simulate(ready, 3, 5)))
    assert not same(one, measured(ready, simulate(ready, 4, 4)))


def test_names_and_the_order_of_rows_change_nothing():
    world = small_world()
    case = world.case
    child = {c.child_id: f"X{9999 - n}" for n, c in enumerate(case.children)}
    volunteer = {v.volunteer_id: f"Y{9999 - n}" for n, v in enumerate(case.volunteers)}

    def renamed(rows):
        return tuple(
            row.model_copy(
                update={
                    **({"child_id": child.get(row.child_id, row.child_id)} if "child_id" in type(row).model_fields else {}),
                    **(
                        {"volunteer_id": volunteer.get(row.volunteer_id, row.volunteer_id)}
                        if "volunteer_id" in type(row).model_fields
                        else {}
                    ),
                }
            )
            for row in reversed(rows)
        )

    tables = ("children", "volunteers", "friendships", "declines", "offers", "decisions")
    other = replace(world, case=case.model_copy(update={name: renamed(getattr(case, name)) for name in tables}))
    for replication in range(2):
        assert same(stream_metrics(world, 2.0, replication, 1), stream_metrics(other, 2.0, replication, 1))


def test_no_change_differs_by_exactly_nothing():
    ready, again = small_stream(), prepared(small_world(), 2.0)
    rows = [measured(ready, simulate(ready, 1, replication)) for replication in range(5)]
    others = [measured(again, simulate(again, 1, replication)) for replication in range(5)]
    found = differences(rows, others)
    assert all(found[metric, ""].value == found[metric, ""].low == found[metric, ""].high == 0.0 for metric in METRICS)
    assert all(math.isnan(one.value) or (one.value == 0.0 and not one.low and not one.high) for one in found.values())


def test_without_one_volunteer_all_other_draws_are_the_same():
    world = small_world()
    busy = {f.volunteer_id for f in world.case.friendships}
    gone = next(v.volunteer_id for v in world.case.volunteers if v.volunteer_id not in busy)
    fewer = tuple(v for v in world.case.volunteers if v.volunteer_id != gone)
    offers = tuple(o for o in world.case.offers if o.volunteer_id != gone)
    other = prepared(replace(world, case=world.case.model_copy(update={"volunteers": fewer, "offers": offers})), 2.0)
    ready = small_stream()
    (kids, adults), (kids_then, adults_then) = roster(ready, 1, 0), roster(other, 1, 0)
    for name in ("key", "listed", "due", "leave", "birthday"):
        assert np.array_equal(getattr(kids, name), getattr(kids_then, name))
    kept = np.arange(len(adults.key)) != ready.volunteers.ids.index(gone)
    for name in ("key", "due", "leave", "birthday", "late", "certificate"):
        assert np.array_equal(getattr(adults, name)[kept], getattr(adults_then, name), equal_nan=True)


def test_more_arrivals_are_the_same_and_more():
    ready = small_stream()
    more = replace(ready, coming=(ready.coming[0] * 1.5, ready.coming[1]))
    (kids, adults), (kids_then, adults_then) = roster(ready, 1, 0), roster(more, 1, 0)
    assert set(kids.key.tolist()) < set(kids_then.key.tolist())
    assert np.array_equal(adults.key, adults_then.key)


@pytest.mark.parametrize("expected", [3.0, 499.0, 501.0, 800.0, 2600.0])
def test_however_many_are_expected_they_come(expected):
    weeks = volume(ci=100, long=2000)
    keys, _, days = arriving(np.uint64(34), 11, np.full(weeks, expected), 0, 50)
    assert len(keys) == pytest.approx(expected * weeks, abs=4.0 * math.sqrt(expected * weeks))
    assert len(set(keys.tolist())) == len(keys)
    by_week = np.bincount((days // 7.0).astype(np.int64), minlength=weeks)
    assert by_week.var() == pytest.approx(expected, rel=0.6)
    more, _, _ = arriving(np.uint64(34), 11, np.full(weeks, expected + 0.5), 0, 50)
    assert set(keys.tolist()) < set(more.tolist())


def test_arrivals_are_as_many_as_expected_and_peak_in_their_season():
    ready = small_stream()
    counts = [len(roster(ready, 1, replication)[0].key) - ready.children.here for replication in range(200)]
    expected = float(ready.coming[0].sum())
    assert expected == pytest.approx(2.0 * 62.0, rel=0.03)
    assert np.mean(counts) == pytest.approx(expected, abs=4.0 * math.sqrt(expected / 200))
    assert np.var(counts) == pytest.approx(expected, rel=0.5)
    assert ready.coming[0].max() / ready.coming[0].min() == pytest.approx(1.4 / 0.4)


def test_mirrored_draws_have_the_same_law_and_the_opposite_sign():
    ready = small_stream()
    plain = [len(roster(ready, 1, r)[0].key) for r in range(100)]
    mirror = [len(roster(ready, 1, r, mirrored=True)[0].key) for r in range(100)]
    assert np.mean(plain) == pytest.approx(np.mean(mirror), abs=5.0)
    assert np.corrcoef(plain, mirror)[0, 1] < -0.5


def test_groups_add_up_to_all():
    ready = small_stream()
    found = measured(ready, simulate(ready, 1, 0))
    assert {metric for metric, _ in found} == set(METRICS)
    for metric in ("friendships", "friendship_years", "unmatched_after_365_days"):
        for group in ("gender", "programme", "municipality"):
            parts = [value for (name, of), value in found.items() if name == metric and of.startswith(group)]
            assert math.fsum(parts) == pytest.approx(found[metric, ""])


def test_without_hours_nobody_is_proposed_and_without_people_nothing_happens():
    idle = prepared(changed(small_world(), matcher_hours_per_week=0.0), 1.0)
    history = simulate(idle, 1, 0)
    assert history.asks.opened[0] == 0
    case = small_world().case.model_copy(
        update={"children": (), "volunteers": (), "friendships": (), "offers": (), "declines": (), "decisions": ()}
    )
    empty = stream_metrics(world_of(case, children_per_year=0, volunteers_per_year=0), 1.0, 0, 1)
    assert empty["friendships", ""] == 0.0
    assert math.isnan(empty["offers_per_match", ""])


def test_with_months_as_the_objective_friendships_are_expected_to_last_longer():
    lasts = {}
    for objective in ("score", "friendship_months"):
        ready = prepared(changed(small_world(), objective=objective), 2.0)
        months = prepared(changed(small_world(), objective="friendship_months"), 2.0)
        histories = [simulate(ready, 1, replication) for replication in range(volume(ci=12, long=100))]
        begun = sum(int(history.bonds.count[0]) - history.before for history in histories)
        lasts[objective] = sum(worth(months, history) for history in histories) / begun
    assert lasts["friendship_months"] > lasts["score"] + 1.0


def test_support_contacts_keep_friendships_together():
    share = {}
    for contacts in (0.0, 6.0):
        ready = prepared(changed(small_world(), contacts_first_year=contacts), 2.0)
        rows = [measured(ready, simulate(ready, 1, replication), groups=()) for replication in range(volume(ci=20, long=200))]
        share[contacts] = np.mean([row["lasting_12_months", ""] for row in rows])
    assert share[0.0] + 0.002 < share[6.0] < share[0.0] + 0.05


def test_fewer_hours_fewer_friendships_and_no_more_hours_than_there_are():
    friendships = []
    for hours in (1.0, 3.0, 7.0):
        ready = prepared(changed(small_world(), matcher_hours_per_week=hours), 2.0)
        histories = [simulate(ready, 1, replication) for replication in range(volume(ci=8, long=100))]
        friendships.append(np.mean([int(history.bonds.count[0]) - history.before for history in histories]))
        for history in histories:  # an offer that goes on is paid for in the next weeks, and no more than that is owed
            assert history.used.sum() <= ready.rates.budget.sum() + 20.0 * hours
    assert friendships[0] < friendships[1] < friendships[2]
