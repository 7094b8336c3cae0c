"""What a plan may hold besides eligible pairs: one match a child, room, limits of matchers, quotas, decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from matcher.check.people import Child, Row
from matcher.check.world import Pair, World, free_places


def once_each(pairs: Sequence[Pair]) -> Iterator[str]:
    """No child is matched twice."""
    for child_id, times in sorted(Counter(child_id for child_id, _ in pairs).items()):
        if times > 1:
            yield f"child {child_id}: matched {times} times"


def within_capacity(world: World, pairs: Sequence[Pair]) -> Iterator[str]:
    """Nobody is given more children than there is room for."""
    for volunteer_id, given in sorted(Counter(volunteer_id for _, volunteer_id in pairs).items()):
        room = free_places(world.volunteers[volunteer_id])
        if given > room:
            yield f"volunteer {volunteer_id}: {given} new children, room for {room}"


def within_matchers_limits(world: World, pairs: Sequence[Pair]) -> Iterator[str]:
    """No matcher gets more new friendships than the limit."""
    given = Counter(world.children[child_id].matcher_id for child_id, _ in pairs)
    for matcher_id, limit in sorted(world.matcher_limits.items()):
        if given[matcher_id] > limit:
            yield f"matcher {matcher_id}: {given[matcher_id]} new friendships, at most {limit}"


def within_quotas(world: World, pairs: Sequence[Pair]) -> Iterator[str]:
    """Each quota's least and most are kept."""
    for quota in world.quotas:
        given = sum(counts_for(quota, world.children[child_id]) for child_id, _ in pairs)
        least, most = quota.get("at_least"), quota.get("at_most")
        name = f"quota {quota['dimension']}={quota['value']}"
        if least is not None and given < least:
            yield f"{name}: {given} matches, at least {least}"
        if most is not None and given > most:
            yield f"{name}: {given} matches, at most {most}"


def counts_for(quota: Row, child: Child) -> bool:
    """Whether a match of the child counts for the quota."""
    return plain(quota["value"]) in words_of(child, quota["dimension"])


def words_of(child: Child, dimension: str) -> set[str]:
    """What a child is in a quota's dimension, as ``plain`` words: one word, several, or none."""
    if dimension == "initiative":
        return {plain(word) for word in child.initiatives}
    said = {
        "municipality": child.municipality,
        "programme": child.programme,
        "matcher": child.matcher_id,
        "gender": child.gender,
    }[dimension]
    return set() if said is None else {plain(said)}


def as_decided(world: World, pairs: Sequence[Pair]) -> Iterator[str]:
    """Every lock is in, no forbidden pair is."""
    planned = set(pairs)
    for child_id, volunteer_id in sorted(world.locked - planned):
        yield f"pair {child_id}-{volunteer_id}: locked, but not in the plan"
    for child_id, volunteer_id in sorted(world.forbidden & planned):
        yield f"pair {child_id}-{volunteer_id}: forbidden, but in the plan"


def plain(word: str) -> str:
    """A word without its case and outer spaces."""
    return word.strip().casefold()
