"""A synthetic case: fictional people with the figures of the capital region, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from matcher.records import Case, Child, Friendship
from scenarios.population.asking import draw_declines, draw_offers
from scenarios.population.children import draw_children, still_waiting
from scenarios.population.figures import Draws
from scenarios.population.friendships import (
    default_friendships,
    draw_active,
    ended_of_children,
    ended_of_volunteers,
    volunteers_of,
)
from scenarios.population.organisation import draw_matchers, draw_venues, matcher_count, school_breaks, venue_count
from scenarios.population.volunteers import draw_volunteers

PLANNING_DATE = date(2027, 1, 4)


def synthetic_case(
    *, children: int, volunteers: int, seed: int, planning_date: date = PLANNING_DATE, friendships: int | None = None
) -> Case:
    """A case of fictional people, drawn from the figures of ``synthetic.toml``.

    Parameters
    ----------
    children
        Children without an active friendship: those who wait. A few of them are not visited yet, have an open offer, or have
        outgrown their programme. They come first: B0001, B0002, ...
    volunteers
        Volunteers without an active friendship. Most are fully vetted; some lack something, pause, or have an open offer.
        They come first: V0001, V0002, ...
    seed
        At least 0. The same arguments give the same case, in every process. More children or volunteers leave the first ones
        as they are, but for declines and offers, and for the figures in their ids where those get longer.
    planning_date
        The day on which everything is true; stored among the case's settings.
    friendships
        Active friendships, one child each. Their children and volunteers are further rows of the case (a few volunteers have
        two). As in the region where not given: 200 for 70 waiting children, at most 2,000. Ended ones come on top.

    Raises
    ------
    ValueError
        A number is below 0.
    """
    active = default_friendships(children) if friendships is None else friendships
    if min(children, volunteers, active, seed) < 0:
        raise ValueError(f"numbers below 0: children {children}, volunteers {volunteers}, friendships {active}, seed {seed}")
    years = (planning_date.year, planning_date.year + 1)
    matchers = draw_matchers(seed, _ids("M", matcher_count(active)), children, years)
    matcher_ids = [row.matcher_id for row in matchers]
    child_ids, volunteer_ids = _ids("B", children + active), _ids("V", volunteers + volunteers_of(active))
    waiting_draws = Draws(seed, "child", children)
    waits = still_waiting(waiting_draws, planning_date)
    waiting = draw_children(waiting_draws, child_ids[:children], waits, planning_date, matcher_ids)
    free = draw_volunteers(Draws(seed, "volunteer", volunteers), volunteer_ids[:volunteers], planning_date)
    befriended, friends, begun = draw_active(seed, child_ids[children:], volunteer_ids[volunteers:], planning_date, matcher_ids)
    ended = [*ended_of_children(seed, waiting, matcher_ids), *ended_of_volunteers(seed, free, matcher_ids, planning_date)]
    declines = draw_declines(seed, waiting, free, planning_date)
    offers = draw_offers(seed, waiting, free, planning_date, declines)
    return Case(
        planning_date=planning_date,
        children=_with_earlier((*waiting, *befriended), ended),
        volunteers=(*free, *friends),
        friendships=_numbered([*begun, *ended]),
        declines=tuple(sorted(declines, key=lambda row: (row.child_id, row.volunteer_id))),
        offers=tuple(sorted(offers, key=lambda row: (row.child_id, row.volunteer_id))),
        matchers=matchers,
        venues=draw_venues(seed, _ids("L", venue_count(len(matchers))), years),
        closures=school_breaks(years),
        settings={"planning_date": planning_date},
    )


def _ids(letter: str, count: int) -> list[str]:
    """B0001, B0002, ...: as many figures as the last needs, so that the order of the text is that of the numbers."""
    width = max(4, len(str(count)))
    return [f"{letter}{n:0{width}d}" for n in range(1, count + 1)]


def _with_earlier(children: tuple[Child, ...], ended: list[Friendship]) -> tuple[Child, ...]:
    """The children with the number of their friendships that broke."""
    broken = Counter(row.child_id for row in ended)
    return tuple(
        child.model_copy(update={"previous_friendships": broken[child.child_id]}) if child.child_id in broken else child
        for child in children
    )


def _numbered(friendships: list[Friendship]) -> tuple[Friendship, ...]:
    ids = _ids("F", len(friendships))
    return tuple(row.model_copy(update={"friendship_id": name}) for row, name in zip(friendships, ids, strict=True))
