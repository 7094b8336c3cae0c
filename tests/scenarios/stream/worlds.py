"""Small worlds of fictional people for the stream."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from constraints.rulebook import load_rulebook
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case
from scenarios.stream.prepare import Prepared, prepared
from scenarios.stream.settings import StreamSettings
from scenarios.synthetic import synthetic_case
from scenarios.world import World


def world_of(case: Case, **settings: Any) -> World:
    """A world of a case under the policy in force on its day."""
    values = {"newcomers": 120, **settings}
    return World(
        case=case,
        rulebook=load_rulebook(case.planning_date),
        postcodes=load_postcodes(),
        stream=StreamSettings.standard().with_values(values),
    )


@cache
def small_world(seed: int = 1, children: int = 25, volunteers: int = 12, friendships: int = 15) -> World:
    return world_of(synthetic_case(children=children, volunteers=volunteers, seed=seed, friendships=friendships))


@cache
def small_stream(seed: int = 1, years: float = 2.0) -> Prepared:
    return prepared(small_world(seed), years)


def changed(world: World, **settings: Any) -> World:
    return replace(world, stream=world.stream.with_values(settings))
