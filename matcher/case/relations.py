"""What cannot be true, or is unusual, across the rows and tables of a case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from matcher.case import words
from matcher.case.cells import Problem
from matcher.case.tables import BY_NAME
from matcher.dates import add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matcher.case.rows import Row, Rows
    from matcher.case.world import World

Said: TypeAlias = "tuple[str, Row, str, Problem]"
"""A table, its row, a column, and what is said of that cell."""


@dataclass(frozen=True)
class Tables:
    """All tables that were read, with their rows by key; ``broken`` names those whose keys are not all known."""

    rows: Mapping[str, Rows]
    broken: frozenset[str]
    world: World

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        found = self.rows.get(table)
        return found.rows if found else ()

    def by_key(self, table: str) -> dict[str, Row]:
        """The first row of each key."""
        key = BY_NAME[table].key
        return {row.values[key]: row for row in reversed(self[table]) if key in row.values}

    def is_active(self, friendship: Row) -> bool:
        """Whether a friendship counts as active on the planning date; no, where its end cannot be read."""
        ended = friendship.values.get("ended_on")
        return "ended_on" not in friendship.unread and (ended is None or ended > self.world.today)

    def is_open(self, offer: Row) -> bool:
        """Whether somebody is being asked now."""
        return "state" not in offer.unread and offer.values.get("state", "open") == "open"


def _unusual(code: str, **facts: str) -> Problem:
    return Problem(code, facts, is_fault=False)


def keys(tables: Tables) -> Iterator[Said]:
    """No two rows of a table share its key."""
    for rows in tables.rows.values():
        key = rows.table.key
        first: dict[str, int] = {}
        for row in rows.rows if key else ():
            earlier = first.setdefault(row.values[key], row.number) if key in row.values else row.number
            if earlier != row.number:
                yield rows.table.name, row, key, Problem("duplicate_id", {"first": str(earlier)})


def repeated(tables: Tables) -> Iterator[Said]:
    """Rows that say the same: of a table without a key, or of two people under two ids."""
    for rows in tables.rows.values():
        name, key = rows.table.name, rows.table.key
        if key and name not in {"children", "volunteers"}:
            continue
        first: dict[object, Row] = {}
        for row in rows.rows:
            earlier = first.setdefault(tuple((column, value) for column, value in row.values.items() if column != key), row)
            same = earlier.values.get(key) == row.values.get(key) if key else earlier is row
            if not (same or row.unread):
                code = "maybe_same_person" if key else "row_twice"
                yield name, row, key or rows.table.columns[0].name, _unusual(code, first=str(earlier.number))


_Refuses: TypeAlias = "Callable[[Tables, Row], bool | None]"


def _if_active(tables: Tables, row: Row) -> bool | None:
    return True if tables.is_active(row) else None


def _if_open(tables: Tables, row: Row) -> bool | None:
    return True if tables.is_open(row) else None if "state" in row.unread else False


def _if_pinned(_: Tables, row: Row) -> bool | None:
    return None if "pinned" in row.unread else bool(row.values.get("pinned"))


def _always(_: Tables, __: Row) -> bool | None:
    return True


def _never(_: Tables, __: Row) -> bool | None:
    return False


def _warn_if_active(tables: Tables, row: Row) -> bool | None:
    return False if tables.is_active(row) else None


def _names_matcher(_: Tables, row: Row) -> bool | None:
    return False if row.values.get("dimension") == "matcher" else None


# Which column names a row of which table, and whether an unknown id refuses (True), warns (False) or is nothing (None).
_REFERENCES: tuple[tuple[str, str, str, _Refuses], ...] = (
    ("children", "matcher_id", "matchers", _never),
    ("friendships", "child_id", "children", _if_active),
    ("friendships", "volunteer_id", "volunteers", _if_active),
    ("friendships", "matcher_id", "matchers", _warn_if_active),
    ("declines", "child_id", "children", _never),
    ("declines", "volunteer_id", "volunteers", _never),
    ("offers", "child_id", "children", _if_open),
    ("offers", "volunteer_id", "volunteers", _if_open),
    ("decisions", "child_id", "children", _always),
    ("decisions", "volunteer_id", "volunteers", _always),
    ("quotas", "value", "matchers", _names_matcher),
    ("meetings", "venue_id", "venues", _if_pinned),
    ("meetings", "matcher_id", "matchers", _if_pinned),
    ("meetings", "volunteers", "volunteers", _if_pinned),
)


def references(tables: Tables, only: str = "") -> Iterator[Said]:
    """Ids that name nobody, in every table or ``only`` in one. An unknown matcher is told of once a column: many share one."""
    for name, column, target, refuses in _REFERENCES:
        if target in tables.broken or name != (only or name):
            continue
        known, told = tables.by_key(target), set()
        for row in tables[name]:
            value = row.values.get(column, ())
            missing = [key for key in ((value,) if isinstance(value, str) else value) if key not in known]
            fault = refuses(tables, row) if missing else None
            if fault is None or (target == "matchers" and not fault and missing[0] in told):
                continue
            told.update(missing)
            facts = {"target": target, "danish": words.danish_table(target), "count": str(len(missing))}
            yield name, row, column, Problem("unknown_id", facts, is_fault=fault)


def places_taken(tables: Tables) -> Iterator[Said]:
    """Two active friendships of one child, and more friendships and offers of a volunteer than she has room for."""
    volunteers, children, taken = tables.by_key("volunteers"), Counter[str](), Counter[str]()
    friendships = [("friendships", row) for row in tables["friendships"] if tables.is_active(row)]
    offers = [("offers", row) for row in tables["offers"] if tables.is_open(row)]
    for name, row in friendships + offers:
        child, volunteer = row.values.get("child_id"), row.values.get("volunteer_id")
        if name == "friendships" and child is not None:
            children[child] += 1
            if children[child] > 1:
                yield name, row, "child_id", _unusual("two_active_friendships")
        if volunteer in volunteers and "capacity" not in volunteers[volunteer].unread:
            taken[volunteer] += 1
            capacity = volunteers[volunteer].values.get("capacity", 1)
            if taken[volunteer] > capacity:
                yield name, row, "volunteer_id", _unusual("beyond_capacity", capacity=str(capacity), taken=str(taken[volunteer]))


def friendships(tables: Tables) -> Iterator[Said]:
    """A friendship beside the child and the volunteer it names."""
    children, volunteers = tables.by_key("children"), tables.by_key("volunteers")
    for row in tables["friendships"]:
        child, volunteer = children.get(row.values.get("child_id", "")), volunteers.get(row.values.get("volunteer_id", ""))
        for column, problem in _beside_people(row, child, volunteer):
            yield "friendships", row, column, problem
        if volunteer and tables.is_active(row):
            for column, problem in _vetting(volunteer, tables.world):
                yield "friendships", row, column, problem


def _beside_people(row: Row, child: Row | None, volunteer: Row | None) -> Iterator[tuple[str, Problem]]:
    started, programme = row.values.get("started_on"), row.values.get("programme")
    born = [person.values["birth_date"] for person in (child, volunteer) if person and "birth_date" in person.values]
    if started is not None and any(started < day for day in born):
        yield "started_on", _unusual("friendship_before_birth")
    if child and programme and child.values.get("programme", programme) != programme:
        yield "programme", _unusual("friendship_other_programme")
    elif volunteer and programme and programme not in volunteer.values.get("programmes", (programme,)):
        yield "programme", _unusual("friendship_programme_not_offered")


def _vetting(volunteer: Row, world: World) -> Iterator[tuple[str, Problem]]:
    """What is unusual about the volunteer of an active friendship."""
    values, months = volunteer.values, world.usual.get("child_certificate.max_months")
    seen = values.get("child_certificate_on")
    if seen is not None and months is not None and seen < _months_before(world.today, int(months)):
        yield "volunteer_id", _unusual("certificate_expired", months=f"{months:g}")
    elif seen is None and "child_certificate_on" not in volunteer.unread:
        yield "volunteer_id", _unusual("certificate_missing")
    start, end = values.get("paused_from"), values.get("paused_until")
    if (start or end) and (start or world.today) <= world.today <= (end or world.today):
        yield "volunteer_id", _unusual("active_while_paused")


def _months_before(day: date, months: int) -> date:
    """The day so many months before; the first day of the calendar where that is earlier still."""
    return add_months(day, -months) if months < 12 * (day.year - 1) else date.min


def meetings(tables: Tables) -> Iterator[Said]:
    """A meeting that more volunteers are listed for than its venue seats."""
    venues = tables.by_key("venues")
    for row in tables["meetings"]:
        venue, listed = venues.get(row.values.get("venue_id", "")), row.values.get("volunteers", ())
        seats = venue.values.get("capacity") if venue else None
        if seats is not None and len(listed) > seats:
            yield "meetings", row, "volunteers", _unusual("venue_too_small", seats=str(seats), listed=str(len(listed)))


CHECKS: tuple[Callable[[Tables], Iterator[Said]], ...] = (keys, repeated, references, places_taken, friendships, meetings)
"""What is asked of the tables together."""
