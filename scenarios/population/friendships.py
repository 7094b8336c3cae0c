"""Synthetic friendships: active ones with their children and volunteers, and ended ones of people who are free again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from matcher.records import Child, Friendship, Volunteer
from scenarios.population.children import age_bounds, draw_children, with_a_friend
from scenarios.population.figures import Draws, figure
from scenarios.population.shared import days_before, wished_adult
from scenarios.population.towns import load_towns
from scenarios.population.volunteers import Given, draw_volunteers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from scenarios.population.figures import IntArray

_SHORTEST_DAYS = 30


def volunteers_of(friendships: int) -> int:
    """How many volunteers share so many active friendships; the first of them have two."""
    return round(friendships / (1.0 + float(figure("friendships.two_children")["share"])))


def draw_active(
    seed: int, child_ids: Sequence[str], volunteer_ids: Sequence[str], planning_date: date, matcher_ids: Sequence[str]
) -> tuple[tuple[Child, ...], tuple[Volunteer, ...], list[Friendship]]:
    """One active friendship for each child: volunteer k befriends child k, and some the child ``len(volunteer_ids)`` later.

    The volunteers are vetted, live near their child, offer its programme and have the gender it wishes.
    """
    draws = Draws(seed, "child with a friend", len(child_ids))
    waits = with_a_friend(draws, planning_date)
    children = draw_children(draws, child_ids, waits, planning_date, matcher_ids)
    many = len(volunteer_ids)
    owned = [range(k, len(child_ids), many) for k in range(many)]
    given = Given(
        homes=load_towns().homes_near(Draws(seed, "friend", many), waits.homes[:many]),
        since=np.array([max(waits.until[i] for i in own) for own in owned], dtype=np.int64),
        programmes=[tuple(dict.fromkeys(children[i].programme for i in own)) for own in owned],
        genders=[None if (wish := wished_adult(children[own[0]])) == "any" else wish for own in owned],
        vetted=True,
    )
    volunteers = _friends(Draws(seed, "friend", many), volunteer_ids, planning_date, given, [len(own) for own in owned])
    return (
        children,
        volunteers,
        [
            Friendship(
                friendship_id="",
                child_id=child.child_id,
                volunteer_id=volunteer_ids[i % many],
                programme=child.programme,
                started_on=days_before(planning_date, waits.until[i]),
                matcher_id=child.matcher_id,
            )
            for i, child in enumerate(children)
        ],
    )


def _friends(
    draws: Draws, ids: Sequence[str], planning_date: date, given: Given, children: Sequence[int]
) -> tuple[Volunteer, ...]:
    """Volunteers with so many children each; a few certificates have run out since."""
    volunteers = draw_volunteers(draws, ids, planning_date, given)
    expired = draws.chance("expired", "friendships.expired").tolist()
    days = draws.whole("expired days", *figure("volunteers.certificate_days")["past"]).tolist()
    return tuple(
        volunteer.model_copy(
            update={
                "capacity": max(volunteer.capacity, many),
                "child_certificate_on": days_before(planning_date, ago) if past else volunteer.child_certificate_on,
            }
        )
        for volunteer, many, past, ago in zip(volunteers, children, expired, days, strict=True)
    )


def ended_of_children(seed: int, children: Sequence[Child], matcher_ids: Sequence[str]) -> list[Friendship]:
    """Friendships that broke before a child came to wait again, with volunteers who have left."""
    draws = Draws(seed, "broken friendship", len(children))
    broken = draws.chance("broken", "children.broken_friendship").tolist()
    lasted = _lasted(draws).tolist()
    gap = draws.whole("gap", 10, 120).tolist()
    reasons = draws.pick("reason", "friendships.end_reasons")
    led = draws.whole("matcher", 0, len(matcher_ids) - 1).tolist()
    found: list[Friendship] = []
    for i, child in enumerate(children):
        ended = days_before(child.registered_on, gap[i])
        first = days_before(child.birth_date, -int(age_bounds([child.programme])[0][0]))
        started = max(first, days_before(ended, lasted[i]))
        if broken[i] and (ended - started).days >= _SHORTEST_DAYS:
            found.append(
                Friendship(
                    friendship_id="",
                    child_id=child.child_id,
                    volunteer_id=f"TV{len(found) + 1:04d}",
                    programme=child.programme,
                    started_on=started,
                    ended_on=ended,
                    end_reason=reasons[i],
                    matcher_id=matcher_ids[led[i]],
                )
            )
    return found


def ended_of_volunteers(
    seed: int, volunteers: Sequence[Volunteer], matcher_ids: Sequence[str], planning_date: date
) -> list[Friendship]:
    """Friendships of free volunteers that have ended, with children who have left."""
    draws = Draws(seed, "former friendship", len(volunteers))
    before = draws.chance("before", "friendships.formerly_matched").tolist()
    part = draws.uniform("part").tolist()
    reasons = draws.pick("reason", "friendships.end_reasons")
    led = draws.whole("matcher", 0, len(matcher_ids) - 1).tolist()
    found: list[Friendship] = []
    for i, volunteer in enumerate(volunteers):
        if not before[i] or volunteer.interview_on is None:
            continue
        room = (planning_date - volunteer.interview_on).days - 60
        if room < 2 * _SHORTEST_DAYS:
            continue
        started = volunteer.interview_on + timedelta(days=45)
        found.append(
            Friendship(
                friendship_id="",
                child_id=f"TB{len(found) + 1:04d}",
                volunteer_id=volunteer.volunteer_id,
                programme=volunteer.programmes[0],
                started_on=started,
                ended_on=started + timedelta(days=_SHORTEST_DAYS + int(part[i] * (room - _SHORTEST_DAYS))),
                end_reason=reasons[i],
                matcher_id=matcher_ids[led[i]],
            )
        )
    return found


def _lasted(draws: Draws) -> IntArray:
    """Days that a friendship lasted before it broke."""
    longest = int(figure("friendships.ended_days")["longest"])
    return draws.waiting("lasted", "friendships.ended_days", np.ones(longest))


def default_friendships(children: int) -> int:
    """How many active friendships a case with so many waiting children has where nobody says."""
    return min(
        round(children * float(figure("friendships.per_waiting_child")["share"])), int(figure("friendships.most")["count"])
    )
