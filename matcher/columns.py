"""Every fact that a rule or criterion may name: one line makes a field of a record a column.

A column's getter answers in plain words: a number (``None`` = unknown), or words over a vocabulary. ``matcher.table`` turns
them into arrays for all people, or into the values of one person; explanations show the words themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from matcher.dates import completed_years, months_ago, months_until
from matcher.geography.distance import UNKNOWN, Point, point
from matcher.records import PROGRAMMES, SLOTS, Case, Child, Postcode, SettingValue, Volunteer

FIXED: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "programme": {word: 1 << i for i, word in enumerate(PROGRAMMES)},
        "gender": {"girl": 1, "woman": 1, "boy": 2, "man": 2, "other": 4, "any": 7},
        "transport": {"car": 1, "bike": 2, "public": 4},
        "slots": {word: 1 << i for i, word in enumerate(SLOTS)},
    }
)
"""Fixed vocabularies: word -> bits. The constants of ``matcher.bodies`` name some of them."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What columns need beside the person: the day, the settings, the map, and who is in a friendship or being asked."""

    planning_date: date
    settings: Mapping[str, SettingValue]
    postcodes: Mapping[str, Postcode]
    child_active: Mapping[str, int]
    child_offers: Mapping[str, int]
    volunteer_active: Mapping[str, int]
    volunteer_offers: Mapping[str, int]

    @classmethod
    def of(cls, case: Case, settings: Mapping[str, SettingValue], postcodes: Mapping[str, Postcode]) -> Facts:
        """Gather the facts of a case; its own postcodes add to or replace the given ones."""
        active = [f for f in case.friendships if f.active_on(case.planning_date)]
        offers = [o for o in case.offers if o.state == "open"]
        return cls(
            planning_date=case.planning_date,
            settings=settings,
            postcodes={**postcodes, **{row.postcode: row for row in case.postcodes}},
            child_active=Counter(f.child_id for f in active),
            child_offers=Counter(o.child_id for o in offers),
            volunteer_active=Counter(f.volunteer_id for f in active),
            volunteer_offers=Counter(o.volunteer_id for o in offers),
        )

    def place(self, person: Child | Volunteer) -> Point:
        """Earth-centred place of a person; the postcode's land point where no full coordinates are given."""
        if person.latitude is not None and person.longitude is not None:
            return point(person.latitude, person.longitude)
        row = self.postcodes.get(person.postcode)
        return UNKNOWN if row is None else point(row.latitude, row.longitude)

    def free_places(self, volunteer: Volunteer) -> int:
        """How many more children a volunteer can take."""
        taken = self.volunteer_active.get(volunteer.volunteer_id, 0) + self.volunteer_offers.get(volunteer.volunteer_id, 0)
        return max(0, volunteer.capacity - taken)

    def days_since(self, day: date | None) -> int | None:
        """Days from ``day`` to the planning date; negative: still to come."""
        return None if day is None else (self.planning_date - day).days

    def number(self, key: str) -> float:
        """Value of a setting that is a number."""
        return float(self.settings[key])  # type: ignore[arg-type]


Getter = Callable[[Any, Facts], Any]
_ADULT = {"girl": "woman", "boy": "man"}
_CHILD = {"woman": "girl", "man": "boy"}


@dataclass(frozen=True, slots=True)
class Column:
    """A fact by name. ``vocabulary`` is empty for a number; ``fixed`` vocabularies make codes, others sets."""

    name: str
    get: Getter
    vocabulary: str = ""

    @property
    def kind(self) -> str:
        """``number``, ``code`` or ``set`` (``matcher.bodies``)."""
        if not self.vocabulary:
            return "number"
        return "code" if self.vocabulary in FIXED else "set"


def _child_wants_gender(c: Child, _: Facts) -> tuple[str, ...]:
    """The wish, or the contract's default: the child's own gender, but any for Familieven and for ``other``."""
    if c.wants_gender is not None:
        return (c.wants_gender,)
    return ("any",) if c.gender == "other" or c.programme == "familieven" else (_ADULT[c.gender],)


def _volunteer_wants_gender(v: Volunteer, _: Facts) -> tuple[str, ...]:
    """The wish, or the default outside Familieven: the volunteer's own gender, but any for ``other``."""
    if v.wants_gender is not None:
        return (v.wants_gender,)
    return ("any",) if v.gender == "other" else (_CHILD[v.gender],)


def _certificate_months(v: Volunteer, f: Facts) -> int | None:
    """Months begun since the certificate was seen; unknown where it was not, or not yet."""
    day = v.child_certificate_on
    return None if day is None or day > f.planning_date else months_ago(day, f.planning_date)


def _pause_starts_in(v: Volunteer, f: Facts) -> float:
    """Days until the pause begins: never where there is none, long ago where only its end is known."""
    if v.paused_from is None:
        return float("inf") if v.paused_until is None else float("-inf")
    return (v.paused_from - f.planning_date).days


CHILD: tuple[Column, ...] = (
    Column("child_programme", lambda c, _: (c.programme,), "programme"),
    Column("child_age", lambda c, f: completed_years(c.birth_date, f.planning_date)),
    Column("child_gender", lambda c, _: (c.gender,), "gender"),
    Column("child_wants_gender", _child_wants_gender, "gender"),
    Column("child_home_visit_days", lambda c, f: f.days_since(c.home_visit_on)),
    Column("child_languages", lambda c, _: c.languages, "languages"),
    Column("child_likes", lambda c, _: c.likes, "interests"),
    Column("child_dislikes", lambda c, _: c.dislikes, "interests"),
    Column("child_slots", lambda c, _: c.availability, "slots"),
    Column("child_allergies", lambda c, _: c.allergies, "animals"),
    Column("child_smoke_free", lambda c, _: int(c.smoke_free)),
    Column("child_max_minutes", lambda c, _: c.max_minutes),
    Column("child_expects_months", lambda c, _: c.expects_months),
    Column("child_active_friendships", lambda c, f: f.child_active.get(c.child_id, 0)),
    Column("child_open_offers", lambda c, f: f.child_offers.get(c.child_id, 0)),
    Column("child_x", lambda c, f: f.place(c).x),
    Column("child_y", lambda c, f: f.place(c).y),
    Column("child_z", lambda c, f: f.place(c).z),
)

VOLUNTEER: tuple[Column, ...] = (
    Column("volunteer_programmes", lambda v, _: v.programmes, "programme"),
    Column("volunteer_age", lambda v, f: completed_years(v.birth_date, f.planning_date)),
    Column("volunteer_gender", lambda v, _: (v.gender,), "gender"),
    Column("volunteer_wants_gender", _volunteer_wants_gender, "gender"),
    Column("volunteer_states_gender", lambda v, _: int(v.wants_gender is not None)),
    Column("volunteer_wants_age_min", lambda v, _: v.wants_age_min),
    Column("volunteer_wants_age_max", lambda v, _: v.wants_age_max),
    Column("volunteer_interview_days", lambda v, f: f.days_since(v.interview_on)),
    Column("volunteer_home_visit_days", lambda v, f: f.days_since(v.home_visit_on)),
    Column("volunteer_criminal_record_days", lambda v, f: f.days_since(v.criminal_record_on)),
    Column("volunteer_child_certificate_months", _certificate_months),
    Column("volunteer_course_hours", lambda v, _: v.course_hours),
    Column("volunteer_pause_starts_in", _pause_starts_in),
    Column("volunteer_pause_ends_in", lambda v, f: None if v.paused_until is None else (v.paused_until - f.planning_date).days),
    Column(
        "volunteer_months_left",
        lambda v, f: None if v.stops_on is None else months_until(v.stops_on, f.planning_date),
    ),
    Column("volunteer_languages", lambda v, _: v.languages, "languages"),
    Column("volunteer_likes", lambda v, _: v.likes, "interests"),
    Column("volunteer_dislikes", lambda v, _: v.dislikes, "interests"),
    Column("volunteer_slots", lambda v, _: v.availability, "slots"),
    Column("volunteer_pets", lambda v, _: v.pets, "animals"),
    Column("volunteer_smoker", lambda v, _: None if v.smoker is None else int(v.smoker)),
    Column("volunteer_max_minutes", lambda v, _: v.max_minutes),
    Column("volunteer_expects_months", lambda v, _: v.expects_months),
    Column("volunteer_capacity", lambda v, _: v.capacity),
    Column("volunteer_active_friendships", lambda v, f: f.volunteer_active.get(v.volunteer_id, 0)),
    Column("volunteer_open_offers", lambda v, f: f.volunteer_offers.get(v.volunteer_id, 0)),
    Column("volunteer_transport", lambda v, _: (v.transport,), "transport"),
    Column("volunteer_x", lambda v, f: f.place(v).x),
    Column("volunteer_y", lambda v, f: f.place(v).y),
    Column("volunteer_z", lambda v, f: f.place(v).z),
    Column(
        "volunteer_minutes_per_km",
        lambda v, f: 60.0 * f.number("travel.detour") / f.number(f"travel.{v.transport}_kmh"),
    ),
    Column("volunteer_minutes_fixed", lambda v, f: f.number(f"travel.{v.transport}_minutes")),
)

COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in (*CHILD, *VOLUNTEER)})
