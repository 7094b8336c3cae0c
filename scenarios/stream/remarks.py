"""What a stream reads in a way of its own, or passes over, so that whoever reads its answers is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.stream.limits import limits_of

if TYPE_CHECKING:
    from scenarios.world import World

REMARKS = ("limits", "quota_least", "waiver", "venues", "history_used", "history_thin", "history_missing")
"""
``limits``
    matchers' and quotas' limits of one plan hold for all matches of some months together.
``quota_least``
    what quotas ask for at least is passed over.
``waiver``
    so is a waiver of a rule about one person; one of a rule about two acts.
``venues``
    so are venues: network meetings take place as planned, wherever that is.
``history_used``, ``history_thin``, ``history_missing``
    friendships last as the association's own say; or as the prior has it: these are too few, or ended ones seem to be missing.
"""


def remarks(world: World, start: World) -> tuple[str, ...]:
    """Which of ``REMARKS`` must be made of a world; ``start``: the case as it is, which it was made of."""
    alone = {rule.key for rule in world.rulebook.eligibility if rule.sides != "pair"}
    learned = world.history
    found = {
        "limits": limits_of(world.case).size > 0,
        "quota_least": any(row.at_least for row in world.case.quotas),
        "waiver": any(row.kind == "waive" and row.rule in alone for row in world.case.decisions),
        "venues": world.case.venues != start.case.venues,
        "history_used": learned is not None and learned.belief is learned.posterior,
        "history_thin": learned is not None and not learned.enough,
        "history_missing": learned is not None and learned.enough and learned.ends_missing,
    }
    return tuple(name for name in REMARKS if found[name])
