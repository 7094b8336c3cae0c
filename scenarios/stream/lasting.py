"""How long friendships last in a world: a published baseline, or what the association's own history makes of one.

The prior is the default. It holds for every case alike, so that answers of two cases can be compared, and its calibration is
published with it. The history of one case is short, says little of single facts, and may lack friendships that were struck
from the list; who wants to know what it would change asks for it by name (``baseline = "own"``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matcher.columns import Facts
from matcher.duration.belief import believed
from matcher.duration.fit import fitted
from matcher.duration.history import history_of
from matcher.table import People
from scenarios.stream.settings import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.duration.belief import Belief
    from scenarios.world import World


def with_history(world: World) -> World:
    """The same world; where it goes by the association's own history, with what that says, unless it has it already.

    Scenarios are given that of the case as it is: a change that takes people away says nothing of how long friendships last.
    """
    if world.stream.baseline != OWN or world.history is not None:
        return world
    people = People(
        world.case.children, world.case.volunteers, Facts.of(world.case, world.rulebook.all_values(), world.postcodes)
    )
    return replace(world, history=fitted(history_of(world.case, people), believed()))


def with_one_history(worlds: Mapping[str, World], start: World) -> dict[str, World]:
    """The worlds; those that go by the association's own history with that of the case as it is."""
    found = dict(worlds)
    for name, world in worlds.items():
        if world.stream.baseline == OWN:
            start = with_history(replace(start, stream=world.stream))
            found[name] = replace(world, history=start.history)
    return found


def belief_of(world: World) -> Belief:
    """What the stream goes by: one of the priors, or its own history's posterior where that says enough (``Fit.belief``)."""
    if world.stream.baseline != OWN:
        return believed(baseline=world.stream.baseline)
    history = with_history(world).history
    return believed() if history is None else history.belief
