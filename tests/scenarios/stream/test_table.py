"""Who may be paired, and how well they fit: what the engine says of the same people, today and when all are older."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matcher.engine import Engine
from scenarios.stream.bonds import steps_of
from scenarios.stream.offers import points_of
from scenarios.stream.prepare import prepared
from scenarios.stream.proposing import free_adults_of, waiting_kids
from scenarios.stream.run import roster, simulate
from scenarios.synthetic import synthetic_case
from tests.scenarios.stream.worlds import changed, small_world, world_of

YEARS = 3.0


def engine_pairs(world) -> dict[tuple[str, str], int]:
    found = Engine.of(world.case, world.rulebook, world.postcodes).candidates
    children, volunteers = found.people.children, found.people.volunteers
    rows = zip(found.child.tolist(), found.volunteer.tolist(), found.points.tolist(), strict=True)
    return {(children[i].child_id, volunteers[j].volunteer_id): points for i, j, points in rows}


def stream_pairs(world) -> dict[tuple[str, str], int]:
    """The pairs that the policy may ask on the first day."""
    ready = prepared(world, 1.0)
    kids, adults = roster(ready, 1, 0)
    found = {}
    for c in waiting_kids(kids, ready.kinds, 0.0):
        for v in free_adults_of(adults, ready.kinds, ready.rates, 0.0, 0):
            points = points_of(kids, adults, ready.kinds, c, v, 0.0)
            if points >= 0:
                found[ready.children.ids[c], ready.volunteers.ids[v]] = points
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_the_first_day_the_stream_may_ask_exactly_the_engine_s_pairs(seed):
    world = world_of(synthetic_case(children=40, volunteers=40, seed=seed, friendships=10))
    pairs = stream_pairs(world)
    assert pairs == engine_pairs(world)
    assert len(pairs) > 50


def without_papers(world):
    """A volunteer who has a friend, room for one more, and no criminal record seen."""
    case, friends = world.case, [f.volunteer_id for f in world.case.friendships if f.active_on(world.case.planning_date)]
    asked = {volunteer for _, volunteer in engine_pairs(world)}
    for one in friends:
        rows = tuple(v.model_copy(update={"capacity": 2}) if v.volunteer_id == one else v for v in case.volunteers)
        other = replace(world, case=case.model_copy(update={"volunteers": rows}))
        if one in {volunteer for _, volunteer in engine_pairs(other)} - asked:
            break
    rows = tuple(v.model_copy(update={"criminal_record_on": None}) if v.volunteer_id == one else v for v in rows)
    return replace(world, case=case.model_copy(update={"volunteers": rows})), one


def test_a_friend_without_papers_is_asked_for_no_other_child_until_they_are_there():
    world, name = without_papers(world_of(synthetic_case(children=40, volunteers=40, seed=1, friendships=40)))
    assert stream_pairs(world) == engine_pairs(world)
    assert name not in {volunteer for _, volunteer in stream_pairs(world)}
    ready = prepared(changed(world, matcher_hours_per_week=100.0), 2.0)
    v, later = ready.volunteers.ids.index(name), 0
    for replication in range(20):
        adults, history = roster(ready, 1, replication)[1], simulate(ready, 1, replication)
        new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
        begun = bonds.begun[new][bonds.adult[new] == v]
        assert (begun >= adults.due[v] + 30.0).all()
        later += len(begun)
    assert later  # then she is asked like everybody


def test_certificates_run_out_whatever_the_first_volunteer_is_like():
    world = small_world()
    usual = prepared(world, 1.0).rates.valid_days
    assert usual == pytest.approx(24 * 30.4375)
    none = tuple(v.model_copy(update={"capacity": 0}) for v in world.case.volunteers)
    assert prepared(replace(world, case=world.case.model_copy(update={"volunteers": none})), 1.0).rates.valid_days == usual
    empty = {"volunteers": (), "friendships": (), "offers": (), "declines": (), "decisions": ()}
    assert prepared(replace(world, case=world.case.model_copy(update=empty)), 1.0).rates.valid_days == usual
    strict = replace(world, rulebook=world.rulebook.with_settings({"child_certificate.max_months": 12}))
    assert prepared(strict, 1.0).rates.valid_days == pytest.approx(12 * 30.4375)


def test_a_changed_setting_is_heard():
    world = small_world()
    far = replace(world, rulebook=world.rulebook.with_settings({"travel_time.max_minutes": 90}))
    assert stream_pairs(far) == engine_pairs(far)
    assert len(stream_pairs(far)) > len(stream_pairs(world))


@pytest.mark.parametrize("years", [1, 2])
def test_later_the_table_says_what_the_engine_says_then(years):
    case = synthetic_case(children=40, volunteers=40, seed=4, friendships=0)
    steady = [v.model_copy(update={"stops_on": None, "paused_from": None, "paused_until": None}) for v in case.volunteers]
    case = case.model_copy(update={"volunteers": tuple(steady), "offers": ()})
    then = date(case.planning_date.year + years, case.planning_date.month, case.planning_date.day)
    renewed = tuple(v.model_copy(update={"child_certificate_on": v.child_certificate_on and then}) for v in steady)
    world = world_of(case)
    later = replace(world, case=case.model_copy(update={"planning_date": then, "volunteers": renewed}))
    ready = prepared(world, YEARS)
    kids, adults = roster(ready, 1, 0)
    child = {name: c for c, name in enumerate(ready.children.ids)}
    volunteer = {name: v for v, name in enumerate(ready.volunteers.ids)}
    pairs = engine_pairs(later)
    assert len(pairs) > 50
    for (one, other), points in pairs.items():
        c, v = child[one], volunteer[other]
        day = float((then - case.planning_date).days)
        assert steps_of(day, kids.birthday[c], 3) == years
        assert points_of(kids, adults, ready.kinds, c, v, day) == points


def test_children_who_outgrow_their_programme_leave_then():
    ready = prepared(small_world(), YEARS)
    kids, _ = roster(ready, 1, 0)
    for c, child in enumerate(ready.child_records[: ready.children.here]):
        oldest = {"voksenven": 12, "storebror": 15, "familieven": 6}[child.programme]
        born = child.birth_date
        leaves = (date(born.year + oldest + 1, born.month, min(born.day, 28)) - ready.world.case.planning_date).days
        assert kids.outgrown[c] == pytest.approx(leaves, abs=4.0) or (kids.outgrown[c] <= 0.0 and leaves <= 4.0)


def test_declined_forbidden_and_former_pairs_are_never_asked():
    world = small_world()
    pairs = sorted(stream_pairs(world))
    case = world.case
    forbidden = {"child_id": pairs[0][0], "volunteer_id": pairs[0][1], "kind": "forbid", "by": "M0001"}
    other = replace(world, case=type(case).model_validate({**dict(case), "decisions": (*case.decisions, forbidden)}))
    assert sorted(stream_pairs(other)) == pairs[1:]
    ready = prepared(other, 2.0)
    c, v = ready.children.ids.index(pairs[0][0]), ready.volunteers.ids.index(pairs[0][1])
    for replication in range(20):
        bonds = simulate(ready, 1, replication).bonds
        count = int(bonds.count[0])
        assert not ((bonds.child[:count] == c) & (bonds.adult[:count] == v)).any()


def test_more_wishes_of_any_gender_never_take_a_pair_away():
    world = small_world()
    children = tuple(c.model_copy(update={"wants_gender": "any"}) for c in world.case.children)
    open_ = replace(world, case=world.case.model_copy(update={"children": children}))
    assert stream_pairs(world).keys() <= stream_pairs(open_).keys()


def test_acceptance_rises_with_the_score():
    ready = prepared(changed(small_world(), newcomers=10), 1.0)
    assert (np.diff(ready.rates.joint) > 0.0).all()
    typical = round(10 * ready.world.stream.score_mean)
    assert ready.rates.joint[typical] == pytest.approx(0.85 * 0.88 * 0.85 * 0.92)
    logit = np.log(ready.rates.joint / (1.0 - ready.rates.joint))
    spread = round(10 * ready.world.stream.score_sd)
    assert (logit[typical + spread // 2] - logit[typical - spread // 2]) == pytest.approx(1.2, abs=0.05)


def test_a_waiver_of_a_rule_about_two_lets_the_pair_be_asked():
    world = small_world()
    case = world.case
    near = replace(world, rulebook=world.rulebook.with_settings({"travel_time.max_minutes": 10}))
    lost = sorted(stream_pairs(world).keys() - stream_pairs(near).keys())
    waiver = {"child_id": lost[0][0], "volunteer_id": lost[0][1], "kind": "waive", "rule": "travel_time", "by": "M0001"}
    waived = replace(near, case=type(case).model_validate({**dict(case), "decisions": (*case.decisions, waiver)}))
    assert stream_pairs(waived) == engine_pairs(waived)
    assert stream_pairs(waived).keys() - stream_pairs(near).keys() == {lost[0]}


def test_a_case_without_matchers_has_as_many_hours_as_one_of_its_size():
    world = small_world()
    without = replace(world, case=world.case.model_copy(update={"matchers": ()}))
    assert prepared(without, 1.0).rates.budget.tolist() == [6 * 7.0] * 52
    some = prepared(world, 1.0).rates.budget
    assert some.max() == 6 * 7.0
    assert some.min() < some.max()  # somebody is away


def test_a_locked_pair_is_asked_before_all_others():
    world = small_world()
    case, (pair, _) = world.case, min(stream_pairs(world).items(), key=lambda item: item[1])
    lock = {"child_id": pair[0], "volunteer_id": pair[1], "kind": "lock", "by": "M0001"}
    values = {"acceptance": (1.0, 1.0, 1.0, 1.0), "acceptance_slope": 0.0}
    for decisions, together in ((case.decisions, False), ((*case.decisions, lock), True)):
        locked = replace(world, case=type(case).model_validate({**dict(case), "decisions": decisions}))
        ready = prepared(changed(locked, **values), 1.0)
        c, v = ready.children.ids.index(pair[0]), ready.volunteers.ids.index(pair[1])
        history = simulate(ready, 1, 0)
        new, bonds = slice(history.before, int(history.bonds.count[0])), history.bonds
        assert ((bonds.child[new] == c) & (bonds.adult[new] == v) & (bonds.begun[new] == 30.0)).any() == together
