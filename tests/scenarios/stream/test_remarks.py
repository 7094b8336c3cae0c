"""What a stream reads otherwise or passes over is said, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcher.records import Decision, Matcher, Quota
from scenarios.changes.venues import Venues
from scenarios.stream.lasting import with_history
from scenarios.stream.remarks import REMARKS, remarks
from scenarios.world import World
from tests.scenarios.stream.worlds import changed, small_world
from workbench.words import knows

WORLD = small_world()
START = replace(WORLD, case=WORLD.case.model_copy(update={"decisions": (), "quotas": (), "matchers": ()}))
PAIR = {"child_id": START.case.children[0].child_id, "volunteer_id": START.case.volunteers[0].volunteer_id, "by": "leader"}


def told(**tables: Any) -> tuple[str, ...]:
    return remarks(replace(START, case=START.case.model_copy(update=tables)), START)


def test_nothing_is_said_where_there_is_nothing_to_say():
    assert told() == ()
    assert told(decisions=(Decision(kind="waive", rule="travel_time", **PAIR),), quotas=()) == ()
    assert told(matchers=(Matcher(matcher_id="M1", postcode="2750"),)) == ()


def test_limits_quotas_waivers_and_venues_are_named():
    assert told(matchers=(Matcher(matcher_id="M1", postcode="2750", max_new_friendships=3),)) == ("limits",)
    assert told(quotas=(Quota(dimension="gender", value="girl", at_most=9),)) == ("limits",)
    assert told(quotas=(Quota(dimension="gender", value="girl", at_least=1),)) == ("quota_least",)
    assert told(decisions=(Decision(kind="waive", rule="not_paused", **PAIR),)) == ("waiver",)
    assert remarks(Venues(lose=1).apply(START, 1), START) == ("venues",)


def test_how_the_history_is_used_is_said_where_it_is_asked_for():
    def of(world: World) -> tuple[str, ...]:
        return remarks(with_history(world), START)

    assert of(changed(START, baseline="A")) == ()
    few = START.case.model_copy(update={"friendships": START.case.friendships[:3]})
    assert of(changed(replace(START, case=few), baseline="own")) == ("history_thin",)


def test_every_remark_has_its_sentence():
    assert all(knows(f"whatif.note.stream_{name}") for name in REMARKS)
