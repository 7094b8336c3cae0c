"""The words of the field as frozen records: one class per table of a case, one field per column.

Fields keep the contract's column names, so a record, its row in a file and its row in the docs read alike.
Lists are tuples of canonical words (the English code where there is one), without repeats, in the order given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Programme = Literal["voksenven", "storebror", "familieven"]
PROGRAMMES: tuple[Programme, ...] = ("voksenven", "storebror", "familieven")
ChildGender = Literal["girl", "boy", "other"]
AdultGender = Literal["woman", "man", "other"]
Transport = Literal["car", "bike", "public"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
SLOTS = tuple(f"{day}_{part}" for day in DAYS for part in PARTS)


class Record(BaseModel):
    """A row of a case; frozen, and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Child(Record):
    """A child who waits for, or has, an adult friend. In Familieven: the family, dated by its youngest child."""

    child_id: str
    programme: Programme
    birth_date: date
    gender: ChildGender
    postcode: str
    latitude: float | None = None
    longitude: float | None = None
    municipality: str | None = None
    registered_on: date
    home_visit_on: date | None = None
    languages: tuple[str, ...] = ("danish",)
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    wants_gender: Literal["woman", "man", "any"] | None = None
    availability: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    smoke_free: bool = False
    max_minutes: float | None = None
    expects_months: float | None = None
    initiative: tuple[str, ...] = ()
    previous_friendships: int = 0
    matcher_id: str | None = None


class Volunteer(Record):
    """An adult who offers to be a friend (frivillig)."""

    volunteer_id: str
    programmes: tuple[Programme, ...]
    birth_date: date
    gender: AdultGender
    postcode: str
    latitude: float | None = None
    longitude: float | None = None
    municipality: str | None = None
    languages: tuple[str, ...] = ("danish",)
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    max_minutes: float | None = None
    expects_months: float | None = None
    wants_gender: Literal["girl", "boy", "any"] | None = None
    wants_age_min: float | None = None
    wants_age_max: float | None = None
    capacity: int = 1
    transport: Transport = "public"
    smoker: bool | None = None
    pets: tuple[str, ...] = ()
    interview_on: date | None = None
    home_visit_on: date | None = None
    criminal_record_on: date | None = None
    child_certificate_on: date | None = None
    course_hours: float | None = None
    paused_from: date | None = None
    paused_until: date | None = None
    stops_on: date | None = None


class Friendship(Record):
    """A friendship that has begun; active while it has no end, or one after the planning date."""

    friendship_id: str
    child_id: str
    volunteer_id: str
    programme: Programme
    started_on: date
    ended_on: date | None = None
    end_reason: str = ""
    matcher_id: str | None = None

    def active_on(self, day: date) -> bool:
        """Whether it counts as active on ``day``; a start still to come counts too."""
        return self.ended_on is None or self.ended_on > day


class Decline(Record):
    """Somebody said no to this pair."""

    child_id: str
    volunteer_id: str
    declined_on: date
    declined_by: Literal["child", "parent", "volunteer", "matcher"] | None = None
    reason: str = ""


class Offer(Record):
    """Somebody is being asked now, while it is open."""

    child_id: str
    volunteer_id: str
    opened_on: date
    state: Literal["open", "closed"] = "open"
    by: str = ""


class Decision(Record):
    """A matcher's own word on a pair: lock it, forbid it, or waive one rule for it."""

    child_id: str
    volunteer_id: str
    kind: Literal["lock", "forbid", "waive"]
    rule: str = ""
    by: str
    reason: str = ""


class Quota(Record):
    """How many matches of one plan children of one kind get."""

    dimension: Literal["municipality", "programme", "initiative", "matcher", "gender"]
    value: str
    at_least: int | None = None
    at_most: int | None = None


class Matcher(Record):
    """A person of the association who makes matches and leads network meetings (matcher)."""

    matcher_id: str
    name: str = ""
    postcode: str
    programmes: tuple[Programme, ...] = PROGRAMMES
    social_education: bool = False
    availability: tuple[str, ...] = ()
    max_new_friendships: int | None = None
    max_meetings_per_month: int = 4
    absent: tuple[tuple[date, date], ...] = ()


class Venue(Record):
    """A place for network meetings (netværksmøder)."""

    venue_id: str
    name: str = ""
    postcode: str
    latitude: float | None = None
    longitude: float | None = None
    capacity: int
    availability: tuple[str, ...] = ()
    closed: tuple[tuple[date, date], ...] = ()


class Postcode(Record):
    """The centre on land of a postcode, and its municipality."""

    postcode: str
    latitude: float
    longitude: float
    municipality: str | None = None


class Meeting(Record):
    """A network meeting that is already set."""

    meeting_id: str
    date: date
    slot: str
    venue_id: str
    matcher_id: str
    programme: tuple[Programme, ...]
    group: str = ""
    pinned: bool = False
    volunteers: tuple[str, ...] = ()


class Closure(Record):
    """Days without meetings, such as a school break. ``start`` and ``end`` are the columns from and to."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")
    what: str = ""
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


SettingValue = bool | int | float | str | date | tuple[str, ...]


class Case(Record):
    """Everything a question is asked about, sorted by ids; ``settings`` are those the case itself gives."""

    planning_date: date
    children: tuple[Child, ...]
    volunteers: tuple[Volunteer, ...]
    friendships: tuple[Friendship, ...] = ()
    declines: tuple[Decline, ...] = ()
    offers: tuple[Offer, ...] = ()
    decisions: tuple[Decision, ...] = ()
    quotas: tuple[Quota, ...] = ()
    matchers: tuple[Matcher, ...] = ()
    venues: tuple[Venue, ...] = ()
    postcodes: tuple[Postcode, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    closures: tuple[Closure, ...] = ()
    settings: Mapping[str, SettingValue] = Field(default_factory=dict)
