"""How long friendships last in the stream: by the model's own facts at every age, and by the history where that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matcher.columns import Facts
from matcher.duration.fit import FEWEST_ENDS
from matcher.duration.hazard import DAYS_A_MONTH, load_priors, log_hazard_ratio
from matcher.duration.history import history_of
from matcher.records import Friendship
from matcher.table import People
from scenarios.changes.lose import Lose
from scenarios.changes.stream import Stream
from scenarios.compare import compare
from scenarios.scenario import Scenario
from scenarios.stream.bonds import ratio_of
from scenarios.stream.lasting import with_history, with_one_history
from scenarios.stream.metrics import measured
from scenarios.stream.prepare import Prepared, prepared
from scenarios.stream.run import roster, simulate
from scenarios.stream.state import YEAR
from scenarios.stream.table import older
from scenarios.world import World
from tests.scenarios.stream.worlds import changed, small_stream, small_world


def people_of(ready: Prepared) -> People:
    """Everybody who may appear, as on the planning date."""
    world = ready.world
    facts = Facts.of(world.case, world.rulebook.all_values(), world.postcodes)
    return People(ready.child_records, ready.volunteer_records, facts)


def test_the_ratio_of_a_pair_is_that_of_its_facts_at_every_age():
    """Volunteers of 60 and more are all alike, whether they are as old when they come or grow so old while they wait."""
    ready = small_stream()
    people, (kids, adults) = people_of(ready), roster(ready, 1, 0)
    rows = np.argwhere(ready.kinds.row[kids.kind][:, adults.kind] >= 0)
    ages = people.values("volunteer_age")
    old = np.flatnonzero(np.abs(ages[adults.kind[rows[:, 1]]] - 58) <= 3)
    assert len(old) > 10
    for years in (0, 1, 4):
        grown = older(people, years, years)
        for c, v in rows[np.concatenate([np.arange(20), old[:60]])].tolist():
            birthdays = kids.birthday[c], adults.birthday[v]
            if years and abs(birthdays[0] - birthdays[1]) > YEAR - 2.0:
                continue  # they are never so many years older on one day
            day = max(birthdays) + YEAR * (years - 1) + 1.0 if years else 0.0
            expected = log_hazard_ratio(grown, kids.kind[[c]].astype(np.intp), adults.kind[[v]].astype(np.intp))[0]
            assert ratio_of(kids, adults, ready.kinds, ready.rates, c, v, day) == pytest.approx(expected)


def test_the_ratio_of_an_active_friendship_is_that_of_the_day_on_which_it_began():
    ready = small_stream()
    case, people = ready.world.case, people_of(ready)
    active = [row for row in case.friendships if row.active_on(case.planning_date)]
    found = history_of(case.model_copy(update={"friendships": tuple(active)}), people)
    expected = np.exp(found.facts @ load_priors().log_ratios)
    assert np.sort(ready.standing.active.ratio) == pytest.approx(np.sort(expected))


def with_past(world: World, ended: int, months: int = 5) -> World:
    """The same world, with so many friendships of people who have left, that ended after some months; one went on for long."""
    day = world.case.planning_date
    past = tuple(
        Friendship(
            friendship_id=f"past{k}",
            child_id=f"gone{k}",
            volunteer_id=f"gone{k}",
            programme="voksenven",
            started_on=day - timedelta(days=900 + 7 * k),
            ended_on=day - timedelta(days=900 + 7 * k - 30 * months),
        )
        for k in range(ended)
    )
    return replace(world, case=world.case.model_copy(update={"friendships": (*world.case.friendships, *past)}))


def lasting(world: World) -> list[dict[tuple[str, str], float]]:
    ready = prepared(world, 1.0)
    return [measured(ready, simulate(ready, 1, replication), groups=()) for replication in range(6)]


def test_the_associations_own_history_is_gone_by_where_it_says_enough():
    long_gone = with_past(small_world(), 80)
    asked = with_history(changed(long_gone, baseline="own"))
    assert asked.history is not None
    assert asked.history.belief is asked.history.posterior
    own, prior = (np.mean([row["lasting_12_months", ""] for row in lasting(one)]) for one in (asked, long_gone))
    assert own < prior - 0.2
    ready = prepared(asked, 1.0)
    assert np.array_equal(ready.belief.mean, asked.history.posterior.mean)
    assert ready.rates.hazard[365] == pytest.approx(float(asked.history.posterior.baseline.cumulative(365 / DAYS_A_MONTH)))
    people, kinds = people_of(ready), ready.kinds
    c, v = np.argwhere(kinds.row >= 0)[:50].T
    expected = log_hazard_ratio(people, c, v, asked.history.posterior.log_ratios)
    assert kinds.log_ratio[kinds.row[c, v]] == pytest.approx(expected)


def test_a_history_that_says_too_little_leaves_the_prior_as_it_is():
    world = small_world()
    history = with_history(changed(world, baseline="own")).history
    assert history is not None
    assert 0 < history.ends < FEWEST_ENDS
    assert repr(lasting(changed(world, baseline="own"))) == repr(lasting(world))


def test_scenarios_go_by_the_history_of_the_case_as_it_is():
    """Whoever is lost takes friendships away, and these would else look as if they had never been."""
    start = with_past(small_world(), 80)
    own = changed(start, baseline="own")
    fewer = Lose(number=5).apply(own, 1)
    worlds = with_one_history({"own": own, "fewer": fewer, "B": start}, start)
    assert worlds["own"].history is worlds["fewer"].history is not None
    assert worlds["B"].history is None
    assert np.array_equal(prepared(worlds["fewer"], 1.0).belief.mean, prepared(own, 1.0).belief.mean)


def test_a_comparison_says_what_its_streams_went_by():
    start = with_past(small_world(), 80)
    asked = Scenario(name="A", mode="stream", years=1, replications=2, change=(Stream(name="baseline", value="own"),))
    found = compare([asked, Scenario(name="B", mode="stream", years=1, replications=2)], start)
    assert found.remarks["A"][-1:] == ("history_used",)
    assert "history_used" not in found.remarks["B"]
    row = found.value("A", "lasting_12_months")
    assert row is not None
    assert row.difference is not None
    assert row.difference < 0
