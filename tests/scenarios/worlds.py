"""Small worlds to change: synthetic ones, and the same people in another order."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from constraints.rulebook import load_rulebook
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from matcher.records import Case
from scenarios.stream.settings import StreamSettings
from scenarios.synthetic import PLANNING_DATE, synthetic_case
from scenarios.world import World

BOOK = load_rulebook(PLANNING_DATE)
STREAM = StreamSettings.standard()
TABLES = ("children", "volunteers", "friendships", "declines", "offers", "decisions", "matchers", "venues", "closures")


def world_of(case: Case, book: Any = BOOK) -> World:
    return World(case=case, rulebook=book, postcodes=load_postcodes(), stream=STREAM)


@cache
def world(children: int = 40, volunteers: int = 35, seed: int = 3, friendships: int = 12) -> World:
    return world_of(synthetic_case(children=children, volunteers=volunteers, seed=seed, friendships=friendships))


def shuffled(case: Case, seed: int) -> Case:
    """The same rows in another order."""
    draw, tables = random.Random(seed), {}
    for name in TABLES:
        rows = list(getattr(case, name))
        draw.shuffle(rows)
        tables[name] = tuple(rows)
    return case.model_copy(update=tables)


def in_order(case: Case) -> dict[str, list[str]]:
    """Every table whatever its order."""
    return {name: sorted(row.model_dump_json() for row in getattr(case, name)) for name in (*TABLES, "quotas", "meetings")}


def solved(one: World) -> tuple[Any, ...]:
    """What a new engine answers: the plan, its total, and the eligible pairs."""
    plan = Engine.of(one.case, one.rulebook, one.postcodes).assign()
    return plan.pairs, plan.total, plan.eligible_pairs, plan.forbidden_pairs
