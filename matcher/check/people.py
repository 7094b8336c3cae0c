"""A child and a volunteer as the checker sees them: facts read off their rows once, before any pair is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.check.facts import Place, age_on, place_at

Row = Mapping[str, Any]
PROGRAMMES = ("voksenven", "storebror", "familieven")
_SAME_GENDER = {"girl": "woman", "boy": "man", "woman": "girl", "man": "boy"}


@dataclass(frozen=True, slots=True)
class Child:
    """A child's own facts on the planning date; ``befriended`` and ``asked``: an active friendship, an open offer."""

    id: str
    programme: str
    age: int
    gender: str
    wish: str
    registered_on: date
    home_visit_on: date | None
    place: Place | None
    languages: frozenset[str]
    slots: frozenset[str]
    likes: frozenset[str]
    dislikes: frozenset[str]
    allergies: frozenset[str]
    smoke_free: bool
    max_minutes: float | None
    expects_months: float | None
    matcher_id: str | None
    municipality: str | None
    initiatives: frozenset[str]
    befriended: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer's own facts on the planning date; ``busy``: active friendships and open offers together."""

    id: str
    programmes: frozenset[str]
    age: int
    gender: str
    wishes: Mapping[str, str]
    age_from: float | None
    age_to: float | None
    place: Place | None
    transport: str
    languages: frozenset[str]
    slots: frozenset[str]
    likes: frozenset[str]
    dislikes: frozenset[str]
    pets: frozenset[str]
    smoker: bool
    max_minutes: float | None
    expects_months: float | None
    capacity: int
    busy: int
    interview_on: date | None
    home_visit_on: date | None
    criminal_record_on: date | None
    child_certificate_on: date | None
    course_hours: float | None
    paused_from: date | None
    paused_until: date | None
    stops_on: date | None


def read_child(row: Row, today: date, places: Mapping[str, Place], *, befriended: bool, asked: bool) -> Child:
    """Facts of a row of ``children``."""
    programme, gender = row["programme"], row["gender"]
    return Child(
        id=row["child_id"],
        programme=programme,
        age=age_on(row["birth_date"], today),
        gender=gender,
        wish=row.get("wants_gender") or default_wish(gender, programme),
        registered_on=row["registered_on"],
        home_visit_on=row.get("home_visit_on"),
        place=_place(row, places),
        languages=_languages(row),
        slots=frozenset(row.get("availability") or ()),
        likes=frozenset(row.get("likes") or ()),
        dislikes=frozenset(row.get("dislikes") or ()),
        allergies=frozenset(row.get("allergies") or ()),
        smoke_free=bool(row.get("smoke_free")),
        max_minutes=row.get("max_minutes"),
        expects_months=row.get("expects_months"),
        matcher_id=row.get("matcher_id"),
        municipality=row.get("municipality"),
        initiatives=frozenset(row.get("initiative") or ()),
        befriended=befriended,
        asked=asked,
    )


def read_volunteer(row: Row, today: date, places: Mapping[str, Place], *, busy: int) -> Volunteer:
    """Facts of a row of ``volunteers``."""
    gender, said = row["gender"], row.get("wants_gender")
    capacity = row.get("capacity")
    return Volunteer(
        id=row["volunteer_id"],
        programmes=frozenset(row["programmes"]),
        age=age_on(row["birth_date"], today),
        gender=gender,
        wishes={programme: said or default_wish(gender, programme) for programme in PROGRAMMES},
        age_from=row.get("wants_age_min"),
        age_to=row.get("wants_age_max"),
        place=_place(row, places),
        transport=row.get("transport") or "public",
        languages=_languages(row),
        slots=frozenset(row.get("availability") or ()),
        likes=frozenset(row.get("likes") or ()),
        dislikes=frozenset(row.get("dislikes") or ()),
        pets=frozenset(row.get("pets") or ()),
        smoker=bool(row.get("smoker")),
        max_minutes=row.get("max_minutes"),
        expects_months=row.get("expects_months"),
        capacity=1 if capacity is None else capacity,
        busy=busy,
        interview_on=row.get("interview_on"),
        home_visit_on=row.get("home_visit_on"),
        criminal_record_on=row.get("criminal_record_on"),
        child_certificate_on=row.get("child_certificate_on"),
        course_hours=row.get("course_hours"),
        paused_from=row.get("paused_from"),
        paused_until=row.get("paused_until"),
        stops_on=row.get("stops_on"),
    )


def default_wish(gender: str, programme: str) -> str:
    """Whom a person who says nothing wishes for: the like gender, but anybody in Familieven and for ``other``."""
    return "any" if programme == "familieven" else _SAME_GENDER.get(gender, "any")


def fits_wish(wish: str, gender: str) -> bool:
    """Whether ``gender`` is what ``wish`` asks for; nothing but ``any`` asks for ``other``."""
    return wish in {"any", gender}


def read_places(places: Mapping[str, tuple[float, float]]) -> dict[str, Place]:
    """Postcode centres as places."""
    return {postcode: place_at(*point) for postcode, point in places.items()}


def _place(row: Row, places: Mapping[str, Place]) -> Place | None:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if latitude is None or longitude is None:
        return places.get(row["postcode"])
    return place_at(latitude, longitude)


def _languages(row: Row) -> frozenset[str]:
    words: Iterable[str] = row.get("languages") or ("danish",)
    return frozenset(words)
