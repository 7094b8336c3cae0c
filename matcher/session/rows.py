"""Rows put into a case, taken out of it, and put in others' places: a case in, another case out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from matcher.errors import UsageError
from matcher.records import (
    Case,
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

Rows = tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a case, and the column that names its rows; without one a row is its own name."""

    name: str
    column: str = ""

    def rows(self, case: Case) -> Rows:
        found: Rows = getattr(case, self.name)
        return found

    def named(self, row: Record) -> Hashable:
        name: Hashable = getattr(row, self.column) if self.column else row
        return name

    def must_have(self, names: Collection[Hashable], rows: Rows) -> None:
        """Raise ``UsageError`` with the first of the ``names`` that no row has."""
        there = {self.named(row) for row in rows}
        for name in names:
            if name not in there:
                near = get_close_matches(str(name), [str(one) for one in there], n=1, cutoff=0.5) if self.column else []
                raise UsageError("row_unknown", table=self.name, id=str(name), nearest=near[0] if near else "")


_TABLES = MappingProxyType(
    {
        Child: _Table("children", "child_id"),
        Volunteer: _Table("volunteers", "volunteer_id"),
        Friendship: _Table("friendships", "friendship_id"),
        Decline: _Table("declines"),
        Offer: _Table("offers"),
        Decision: _Table("decisions"),
        Quota: _Table("quotas"),
        Matcher: _Table("matchers", "matcher_id"),
        Venue: _Table("venues", "venue_id"),
        Postcode: _Table("postcodes", "postcode"),
        Meeting: _Table("meetings", "meeting_id"),
        Closure: _Table("closures"),
    }
)


def _by_table(rows: Sequence[Record]) -> Iterator[tuple[_Table, Rows]]:
    for kind in dict.fromkeys(type(row) for row in rows):
        yield _TABLES[kind], tuple(row for row in rows if type(row) is kind)


def added(case: Case, rows: Sequence[Record]) -> Case:
    """The case with more rows; raises ``UsageError`` (``row_taken``) where a row of that name is there already."""
    tables = {}
    for table, own in _by_table(rows):
        taken = {table.named(row) for row in table.rows(case)} if table.column else set()
        for row in own if table.column else ():
            if table.named(row) in taken:
                raise UsageError("row_taken", table=table.name, id=str(table.named(row)))
            taken.add(table.named(row))
        tables[table.name] = (*table.rows(case), *own)
    return case.model_copy(update=tables)


def removed(case: Case, rows: Sequence[Record]) -> Case:
    """The case without some rows, each told by its name, or by all it says; raises ``UsageError`` (``row_unknown``).

    With a child or volunteer go the friendships, declines, offers and decisions that name them: a case must not name nobody.
    """
    tables = {}
    for table, own in _by_table(rows):
        gone = dict.fromkeys(table.named(row) for row in own)
        table.must_have(gone, table.rows(case))
        tables[table.name] = tuple(row for row in table.rows(case) if table.named(row) not in gone)
    children = {row.child_id for row in rows if isinstance(row, Child)}
    volunteers = {row.volunteer_id for row in rows if isinstance(row, Volunteer)}
    return _without_mentions(case.model_copy(update=tables), children, volunteers)


def _without_mentions(case: Case, children: Collection[str], volunteers: Collection[str]) -> Case:
    """The case without the rows about pairs that name somebody gone, and meetings without them."""
    if not children and not volunteers:
        return case
    tables: dict[str, Rows] = {
        name: tuple(r for r in getattr(case, name) if r.child_id not in children and r.volunteer_id not in volunteers)
        for name in ("friendships", "declines", "offers", "decisions")
    }
    if any(name in volunteers for meeting in case.meetings for name in meeting.volunteers):
        tables["meetings"] = tuple(
            meeting.model_copy(update={"volunteers": tuple(v for v in meeting.volunteers if v not in volunteers)})
            for meeting in case.meetings
        )
    return case.model_copy(update=tables)


def replaced(case: Case, rows: Sequence[Record]) -> Case:
    """The case with rows in the places of those of the same name.

    Raises ``UsageError``: ``row_unknown`` where no row has the name, ``row_unnamed`` for rows that have none.
    """
    tables = {}
    for table, own in _by_table(rows):
        if not table.column:
            raise UsageError("row_unnamed", table=table.name)
        new = {table.named(row): row for row in own}
        table.must_have(new, table.rows(case))
        tables[table.name] = tuple(new.get(table.named(row), row) for row in table.rows(case))
    return case.model_copy(update=tables)
