"""Wait or match: what simulated futures say of one pair."""

from __future__ import annotations

import pytest

from matcher.errors import RuleError
from scenarios.stream.advice import NEWCOMER, advice
from scenarios.stream.prepare import prepared
from scenarios.stream.proposing import free_adults_of, waiting_kids
from scenarios.stream.run import roster
from tests.scenarios.stream.worlds import changed, small_world


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
    case = small_world().case
    alone = case.model_copy(
        update={
            "children": tuple(c for c in case.children if c.child_id == child),
            "volunteers": tuple(v for v in case.volunteers if v.volunteer_id == volunteer),
            "friendships": (),
            "offers": (),
        }
    )
    world = changed(small_world(), children_per_year=0, volunteers_per_year=0)
    said = advice(
        type(world)(case=alone, rulebook=world.rulebook, postcodes=world.postcodes, stream=world.stream), child, volunteer
    )
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
