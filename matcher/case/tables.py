"""The one schema of a case: every table and column, what it holds and what it must hold.

Reading, writing, the template and the docs all walk this list, so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from matcher.records import (
    PROGRAMMES,
    SLOTS,
    Child,
    Closure,
    Decision,
    Decline,
    Friendship,
    Matcher,
    Meeting,
    Offer,
    Postcode,
    Quota,
    Record,
    Venue,
    Volunteer,
)


class Kind(StrEnum):
    """What a cell of a column holds; each kind has one parser in ``cells``."""

    ID = "id"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes_no"
    POSTCODE = "postcode"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    IDS = "ids"
    CODES = "codes"
    WORDS = "words"
    RANGES = "ranges"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``choices`` are the codes it takes, ``words`` the dictionary of its free words.

    ``says_none``: the word for none is kept, because nothing stated and none are two things (pets); elsewhere it is a blank.
    """

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    words: str = ""
    says_none: bool = False

    @property
    def field(self) -> str:
        """Its field in the record; ``from`` and ``to`` are no names in Python."""
        return {"from": "start", "to": "end"}.get(self.name, self.name)


@dataclass(frozen=True)
class Table:
    """One table; ``key`` is the column that no two rows may share."""

    name: str
    record: type[Record]
    columns: tuple[Column, ...]
    key: str = ""
    required: bool = False

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Its columns by their contract names."""
        return {column.name: column for column in self.columns}


_PROGRAMME = Column("programme", Kind.CODE, required=True, choices=PROGRAMMES)
_PLACE = (Column("latitude", Kind.LATITUDE), Column("longitude", Kind.LONGITUDE))
_AVAILABILITY = Column("availability", Kind.CODES, choices=SLOTS)
_MATCHER = Column("matcher_id", Kind.ID)
_PAIR = (Column("child_id", Kind.ID, required=True), Column("volunteer_id", Kind.ID, required=True))
_TASTES = (
    Column("languages", Kind.WORDS, words="languages"),
    Column("likes", Kind.WORDS, words="interests"),
    Column("dislikes", Kind.WORDS, words="interests"),
)


def _required(name: str, kind: Kind, *choices: str) -> Column:
    return Column(name, kind, required=True, choices=choices)


CHILDREN = Table(
    "children",
    Child,
    (
        _required("child_id", Kind.ID),
        _PROGRAMME,
        _required("birth_date", Kind.DATE),
        _required("gender", Kind.CODE, "girl", "boy", "other"),
        _required("postcode", Kind.POSTCODE),
        *_PLACE,
        Column("municipality", Kind.TEXT),
        _required("registered_on", Kind.DATE),
        Column("home_visit_on", Kind.DATE),
        *_TASTES,
        Column("wants_gender", Kind.CODE, choices=("woman", "man", "any")),
        _AVAILABILITY,
        Column("allergies", Kind.WORDS, words="animals"),
        Column("smoke_free", Kind.YES_NO),
        Column("max_minutes", Kind.NUMBER),
        Column("expects_months", Kind.NUMBER),
        Column("initiative", Kind.WORDS, words="initiatives"),
        Column("previous_friendships", Kind.WHOLE),
        _MATCHER,
    ),
    key="child_id",
    required=True,
)
VOLUNTEERS = Table(
    "volunteers",
    Volunteer,
    (
        _required("volunteer_id", Kind.ID),
        Column("programmes", Kind.CODES, required=True, choices=PROGRAMMES),
        _required("birth_date", Kind.DATE),
        _required("gender", Kind.CODE, "woman", "man", "other"),
        _required("postcode", Kind.POSTCODE),
        *_PLACE,
        Column("municipality", Kind.TEXT),
        *_TASTES,
        _AVAILABILITY,
        Column("max_minutes", Kind.NUMBER),
        Column("expects_months", Kind.NUMBER),
        Column("wants_gender", Kind.CODE, choices=("girl", "boy", "any")),
        Column("wants_age_min", Kind.NUMBER),
        Column("wants_age_max", Kind.NUMBER),
        Column("capacity", Kind.WHOLE),
        Column("transport", Kind.CODE, choices=("car", "bike", "public")),
        Column("smoker", Kind.YES_NO),
        Column("pets", Kind.WORDS, words="animals", says_none=True),
        Column("interview_on", Kind.DATE),
        Column("home_visit_on", Kind.DATE),
        Column("criminal_record_on", Kind.DATE),
        Column("child_certificate_on", Kind.DATE),
        Column("course_hours", Kind.NUMBER),
        Column("paused_from", Kind.DATE),
        Column("paused_until", Kind.DATE),
        Column("stops_on", Kind.DATE),
    ),
    key="volunteer_id",
    required=True,
)
FRIENDSHIPS = Table(
    "friendships",
    Friendship,
    (
        _required("friendship_id", Kind.ID),
        *_PAIR,
        _PROGRAMME,
        _required("started_on", Kind.DATE),
        Column("ended_on", Kind.DATE),
        Column("end_reason", Kind.TEXT),
        _MATCHER,
    ),
    key="friendship_id",
)
DECLINES = Table(
    "declines",
    Decline,
    (
        *_PAIR,
        _required("declined_on", Kind.DATE),
        Column("declined_by", Kind.CODE, choices=("child", "parent", "volunteer", "matcher")),
        Column("reason", Kind.TEXT),
    ),
)
OFFERS = Table(
    "offers",
    Offer,
    (
        *_PAIR,
        _required("opened_on", Kind.DATE),
        Column("state", Kind.CODE, choices=("open", "closed")),
        Column("by", Kind.TEXT),
    ),
)
DECISIONS = Table(
    "decisions",
    Decision,
    (
        *_PAIR,
        _required("kind", Kind.CODE, "lock", "forbid", "waive"),
        Column("rule", Kind.TEXT),
        _required("by", Kind.TEXT),
        Column("reason", Kind.TEXT),
    ),
)
QUOTAS = Table(
    "quotas",
    Quota,
    (
        _required("dimension", Kind.CODE, "municipality", "programme", "initiative", "matcher", "gender"),
        _required("value", Kind.TEXT),
        Column("at_least", Kind.WHOLE),
        Column("at_most", Kind.WHOLE),
    ),
)
MATCHERS = Table(
    "matchers",
    Matcher,
    (
        _required("matcher_id", Kind.ID),
        Column("name", Kind.TEXT),
        _required("postcode", Kind.POSTCODE),
        Column("programmes", Kind.CODES, choices=PROGRAMMES),
        Column("social_education", Kind.YES_NO),
        _AVAILABILITY,
        Column("max_new_friendships", Kind.WHOLE),
        Column("max_meetings_per_month", Kind.WHOLE),
        Column("absent", Kind.RANGES),
    ),
    key="matcher_id",
)
VENUES = Table(
    "venues",
    Venue,
    (
        _required("venue_id", Kind.ID),
        Column("name", Kind.TEXT),
        _required("postcode", Kind.POSTCODE),
        *_PLACE,
        _required("capacity", Kind.WHOLE),
        _AVAILABILITY,
        Column("closed", Kind.RANGES),
    ),
    key="venue_id",
)
POSTCODES = Table(
    "postcodes",
    Postcode,
    (
        _required("postcode", Kind.POSTCODE),
        _required("latitude", Kind.LATITUDE),
        _required("longitude", Kind.LONGITUDE),
        Column("municipality", Kind.TEXT),
    ),
    key="postcode",
)
MEETINGS = Table(
    "meetings",
    Meeting,
    (
        _required("meeting_id", Kind.ID),
        _required("date", Kind.DATE),
        _required("slot", Kind.CODE, *SLOTS),
        _required("venue_id", Kind.ID),
        _required("matcher_id", Kind.ID),
        Column("programme", Kind.CODES, required=True, choices=PROGRAMMES),
        Column("group", Kind.TEXT),
        Column("pinned", Kind.YES_NO),
        Column("volunteers", Kind.IDS),
    ),
    key="meeting_id",
)
CLOSURES = Table(
    "closures",
    Closure,
    (_required("from", Kind.DATE), _required("to", Kind.DATE), Column("what", Kind.TEXT)),
)

TABLES: tuple[Table, ...] = (
    CHILDREN,
    VOLUNTEERS,
    FRIENDSHIPS,
    DECLINES,
    OFFERS,
    DECISIONS,
    QUOTAS,
    MATCHERS,
    VENUES,
    POSTCODES,
    MEETINGS,
    CLOSURES,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
SETTINGS_SHEET = ("key", "value")
