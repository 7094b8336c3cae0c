"""Who may be paired with whom, and how well they fit, as both grow older: one table over all people who may ever appear.

The rules and criteria are the engine's own compiled loop, asked once for every step of both ages: completed years since the
day a person is known from (a newcomer's arrival, else the planning date), up to ``STEPS`` - 1 years; who waits longer is
judged as then. A volunteer's known last day comes 12 months nearer with each step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.ask import ask
from matcher.candidates import BLOCK, PairFacts, pair_rules, parts_of
from matcher.columns import COLUMNS
from matcher.duration.hazard import log_hazard_ratio
from matcher.fused import fused_pairs
from matcher.settings import GENERAL
from matcher.table import People

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matcher.rules import Rulebook
    from matcher.table import Values
    from scenarios.world import World

IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]

STEPS = 6
"""Age steps at most: years of the stream, and one."""
BARRED = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairTable:
    """Pairs that the rules about two people allow at some step.

    Attributes
    ----------
    row : int32, shape (children, volunteers); the pair's row in the others, below 0 for none.
    points : int32, shape (rows, steps, steps): thousandths by the child's and the volunteer's step; ``BARRED`` where not allowed.
    judged : the same by the rulebook by which people answer (``World.judge``); ``points`` itself where both score alike.
    log_ratio : shape (rows,), the pair's log hazard ratio at step 0.
    """

    row: npt.NDArray[np.int32]
    points: npt.NDArray[np.int32]
    judged: npt.NDArray[np.int32]
    log_ratio: FloatArray


def pair_table(world: World, people: People, steps: int, log_ratios: FloatArray | None = None) -> PairTable:
    """Ask all pairs at all steps; declines, earlier friendships, forbidden pairs and waivers are the case's.

    ``log_ratios``: what each fact does to the hazard, as ``log_hazard_ratio``.
    """
    width = len(people.volunteers)
    found = [(k, m, *_asked(people, world.rulebook, k, m)) for k in range(steps) for m in range(steps)]
    facts = PairFacts.of(world.case, people, world.rulebook)
    waived = _waived(people, world.rulebook, facts)
    row = np.full(len(people.children) * width, -1, dtype=np.int32)
    for _, _, key, _ in found:
        row[key] = 0
    row[waived] = 0
    row[[i * width + j for i, j in facts.declined | facts.befriended | facts.forbidden]] = -1
    keys = np.flatnonzero(row == 0)
    row[keys] = np.arange(len(keys), dtype=np.int32)
    points = np.full((len(keys), steps, steps), BARRED, dtype=np.int32)
    for k, m, key, worth in found:
        kept = row[key] >= 0
        points[row[key[kept]], k, m] = worth[kept]
    child, volunteer = np.divmod(keys, width) if width else (keys, keys)
    again = row[waived[row[waived] >= 0]]
    if len(again):
        points[again] = parts_of(people, world.rulebook, child[again], volunteer[again]).sum(axis=1)[:, None, None]
    return PairTable(
        row=row.reshape(len(people.children), width),
        points=points,
        judged=_judged(world, people, (child, volunteer), points),
        log_ratio=log_hazard_ratio(people, child, volunteer, log_ratios),
    )


def _judged(world: World, people: People, pairs: tuple[IntArray, IntArray], points: npt.NDArray[np.int32]) -> Any:  # noqa: ANN401
    """The points of the pairs, shape (rows,) each, by which people answer."""
    if scoring(world.rulebook) == scoring(world.judge):
        return points
    facts = replace(people.facts, settings=world.judge.all_values())
    judged = np.full_like(points, BARRED)
    same = People(people.children, people.volunteers, facts)
    for k in range(points.shape[1]):
        for m in range(points.shape[2]):
            then, there = older(same, k, m), np.flatnonzero(points[:, k, m] >= 0)
            for some in np.array_split(there, len(there) // BLOCK + 1):
                parts = parts_of(then, world.judge, pairs[0][some], pairs[1][some])
                judged[some, k, m] = parts.sum(axis=1)
    return judged


def scoring(rulebook: Rulebook) -> tuple[object, ...]:
    """Everything that the points of a pair depend on but the pair."""
    arguments = [sorted(rulebook.arguments(item).items()) for item in rulebook.criteria]
    return rulebook.criteria, rulebook.caps, arguments, [rulebook[item.key] for item in GENERAL]


def _asked(people: People, rulebook: Rulebook, child_step: int, volunteer_step: int) -> tuple[IntArray, IntArray]:
    """Keys and points of the pairs that are allowed at a step."""
    if not people.children or not people.volunteers:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    later = older(people, child_step, volunteer_step)
    everyone = (np.arange(len(people.children)), np.arange(len(people.volunteers)))
    child, volunteer, points = fused_pairs(later, rulebook, pair_rules(rulebook), *everyone)
    return child * len(people.volunteers) + volunteer, points


def older(people: People, child_years: int, volunteer_years: int) -> People:
    """The same people when they are some years older."""
    arrays: dict[str, Values] = {name: people.values(name) for name in COLUMNS}
    arrays["child_age"] = people.values("child_age") + child_years  # type: ignore[operator]
    arrays["volunteer_age"] = people.values("volunteer_age") + volunteer_years  # type: ignore[operator]
    arrays["volunteer_months_left"] = people.values("volunteer_months_left") - 12.0 * volunteer_years  # type: ignore[operator,assignment]
    later = People(people.children, people.volunteers, people.facts, arrays)
    vars(later)["vocabularies"] = people.vocabularies  # nobody's words depend on age
    return later


def _waived(people: People, rulebook: Rulebook, facts: PairFacts) -> IntArray:
    """Keys of the pairs that a waiver of rules about two people allows; it holds at every age."""
    rules = pair_rules(rulebook)

    def allowed() -> Iterator[int]:
        for (i, j), keys in sorted(facts.waived.items()):
            child, volunteer = np.array([i]), np.array([j])
            if all(rule.key in keys or bool(np.all(ask(people, rulebook, rule, child, volunteer))) for rule in rules):
                yield i * len(people.volunteers) + j

    return np.fromiter(allowed(), dtype=np.int64)
