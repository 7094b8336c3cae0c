"""Small random cases whose facts lie on the rules' edges: birthdays today, certificates of exactly 24 months, equal limits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from matcher.dates import add_months
from matcher.records import PROGRAMMES, SLOTS, Case, Child, Decision, Decline, Friendship, Matcher, Offer, Volunteer

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
PLACES = ((55.7337, 12.3610), (55.7338, 12.3610), (55.6761, 12.5683), (55.93, 12.30), (None, None))
WORDS = tuple(f"interest{n}" for n in range(6))


def years_ago(draw: random.Random, ages: Sequence[int]) -> date:
    """A birth date within a day of a birthday that matters."""
    return add_months(TODAY, -12 * draw.choice(ages)) + draw.choice((-1, 0, 0, 1)) * DAY


def some(draw: random.Random, words: Sequence[str], most: int) -> tuple[str, ...]:
    """Up to ``most`` different words."""
    return tuple(draw.sample(list(words), draw.randint(0, most)))


def edge_child(draw: random.Random, number: int, words: Sequence[str]) -> Child:
    latitude, longitude = draw.choice(PLACES)
    return Child(
        child_id=f"B{number:03}",
        programme=draw.choice(PROGRAMMES),
        birth_date=min(years_ago(draw, (0, 6, 7, 11, 12, 13, 15, 16)), TODAY),
        gender=draw.choice(("girl", "boy", "boy", "other")),
        postcode=draw.choice(("2750", "2100", "9999")),
        latitude=latitude,
        longitude=longitude,
        registered_on=TODAY - draw.randint(0, 3) * 100 * DAY,
        home_visit_on=draw.choice((TODAY, TODAY - 5 * DAY, TODAY - DAY, TODAY + DAY, None)),
        languages=draw.choice((("danish",), ("danish", "arabic"), ("arabic",))),
        likes=some(draw, words, 4),
        dislikes=some(draw, words, 2),
        wants_gender=draw.choice((None, None, "any", "woman", "man")),
        availability=some(draw, SLOTS[:5], 3),
        allergies=some(draw, ("dog", "cat"), 1),
        smoke_free=draw.random() < 0.3,
        max_minutes=draw.choice((None, 12, 20.5, 60)),
        expects_months=draw.choice((None, 0, 6, 24, 48)),
    )


def edge_volunteer(draw: random.Random, number: int, words: Sequence[str]) -> Volunteer:
    latitude, longitude = draw.choice(PLACES)

    def done(*more: date | None) -> date | None:
        return draw.choice((TODAY,) * 5 + (TODAY + DAY, None, *more))

    return Volunteer(
        volunteer_id=f"V{number:03}",
        programmes=tuple(draw.sample(list(PROGRAMMES), draw.randint(1, 3))),
        birth_date=years_ago(draw, (18, 20, 25, 35, 36, 48, 70)),
        gender=draw.choice(("woman", "man", "man", "other")),
        postcode=draw.choice(("2750", "2100", "9999")),
        latitude=latitude,
        longitude=longitude,
        languages=draw.choice((("danish",), ("danish", "arabic"), ("english",))),
        likes=some(draw, words, 4),
        dislikes=some(draw, words, 2),
        availability=some(draw, SLOTS[:5], 3),
        max_minutes=draw.choice((None, 12, 45, 60)),
        expects_months=draw.choice((None, 0, 6, 24, 48)),
        wants_gender=draw.choice((None, None, "any", "girl", "boy")),
        wants_age_min=draw.choice((None, 6, 7)),
        wants_age_max=draw.choice((None, 12, 15)),
        capacity=draw.choice((1, 1, 2, 0)),
        transport=draw.choice(("car", "bike", "public")),
        smoker=draw.choice((None, True, False)),
        pets=some(draw, ("dog", "cat", "none"), 2),
        interview_on=done(),
        home_visit_on=done(),
        criminal_record_on=done(),
        child_certificate_on=done(add_months(TODAY, -24), add_months(TODAY, -24) - DAY),
        course_hours=draw.choice((20, 20, 20, 25.5, 19.5, None)),
        paused_from=draw.choice((None, None, None, TODAY, TODAY + DAY)),
        paused_until=draw.choice((None, None, None, TODAY, TODAY - DAY)),
        stops_on=draw.choice((None, None, None, add_months(TODAY, 12), add_months(TODAY, 12) - DAY, add_months(TODAY, 30))),
    )


def edge_case(seed: int, *, children: int = 6, volunteers: int = 7, words: Sequence[str] = WORDS, decisions: bool = True) -> Case:
    """A case of people on the edges, with friendships, offers, declines, matchers' limits and, if asked for, decisions."""
    draw = random.Random(seed)
    kids = [edge_child(draw, n, words) for n in range(children)]
    adults = [edge_volunteer(draw, n, words) for n in range(volunteers)]

    def pair() -> dict[str, str]:
        return {"child_id": draw.choice(kids).child_id, "volunteer_id": draw.choice(adults).volunteer_id}

    ends = (None, TODAY, TODAY + DAY, TODAY - 100 * DAY)
    rows: dict[str, list[Any]] = {"friendships": [], "declines": [], "offers": [], "decisions": []}
    if kids and adults:
        begun = {"programme": "voksenven", "started_on": TODAY - 200 * DAY}
        rows["friendships"] = [
            Friendship(friendship_id=f"F{n}", **pair(), **begun, ended_on=draw.choice(ends)) for n in range(draw.randint(0, 2))
        ]
        rows["declines"] = [Decline(**pair(), declined_on=TODAY, declined_by="parent") for _ in range(draw.randint(0, 2))]
        state = draw.choice(("open", "closed"))
        rows["offers"] = [Offer(**pair(), opened_on=TODAY, state=state) for _ in range(draw.randint(0, 1))]
        if decisions:
            rules = ("travel_time", "child_wants_gender", "common_slots", "child_age")
            rows["decisions"] = [Decision(**pair(), kind="waive", rule=draw.choice(rules), by="M1") for _ in range(2)]
            rows["decisions"] += [Decision(**pair(), kind="forbid", by="M1")]
    limited = draw.choice((None, 0, 1))
    kids = [kid.model_copy(update={"matcher_id": draw.choice((None, "M1", "M2"))}) for kid in kids]
    matchers = (Matcher(matcher_id="M1", postcode="2750", max_new_friendships=limited), Matcher(matcher_id="M2", postcode="2750"))
    tables = {name: tuple(found) for name, found in rows.items()}
    return Case(planning_date=TODAY, children=tuple(kids), volunteers=tuple(adults), matchers=matchers, **tables)


def dense_case(seed: int) -> Case:
    """A small case in which many pairs are eligible."""
    case = edge_case(seed, children=5, volunteers=4)
    vetted = {
        **dict.fromkeys(("interview_on", "home_visit_on", "criminal_record_on", "child_certificate_on"), TODAY),
        **dict.fromkeys(("paused_from", "paused_until", "stops_on", "max_minutes", "wants_age_min", "wants_age_max")),
        "course_hours": 20,
        "wants_gender": "any",
        "languages": ("danish",),
        "programmes": ("voksenven", "storebror", "familieven"),
    }
    open_child = {
        "wants_gender": "any",
        "home_visit_on": TODAY,
        "languages": ("danish",),
        "max_minutes": None,
        "postcode": "2750",
    }
    return case.model_copy(
        update={
            "children": tuple(c.model_copy(update=open_child) for c in case.children),
            "volunteers": tuple(v.model_copy(update={**vetted, "postcode": "2750"}) for v in case.volunteers),
        }
    )
