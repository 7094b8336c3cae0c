"""An earlier year plan, read back from the folder it was written to, and what of it the case no longer knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.calendar.anew.promises import Earlier
from matcher.calendar.plan import PlannedMeeting
from matcher.case import words
from matcher.case.cells import Problem
from matcher.case.csv_files import read_csv
from matcher.case.raw import fault, warning
from matcher.case.rows import Row, Rows, personal_numbers, read_rows
from matcher.case.tables import MEETINGS, Column, Kind, Table
from matcher.errors import CaseError
from matcher.records import DAYS, PROGRAMMES, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from matcher.findings import Finding
    from matcher.records import Case


class _Attendance(Record):
    meeting_id: str
    volunteer_id: str


class _Home(Record):
    volunteer_id: str
    group: str
    matcher_id: str


_ATTENDANCE = Table(
    "attendance",
    _Attendance,
    (Column("meeting_id", Kind.ID, required=True), Column("volunteer_id", Kind.ID, required=True)),
)
_GROUPS = Table(
    "groups",
    _Home,
    (
        Column("volunteer_id", Kind.ID, required=True),
        Column("group", Kind.TEXT, required=True),
        Column("matcher_id", Kind.ID),
    ),
    key="volunteer_id",
)


@dataclass(frozen=True)
class _Files:
    meetings: Rows
    attendance: Rows
    groups: Rows


def read_plan(folder: Path) -> Earlier:
    """Read the earlier plan in ``folder``: its ``meetings.csv``, ``attendance.csv`` and ``groups.csv``.

    Raises
    ------
    CaseError
        If there is any fault; it holds every one.
    """
    found: dict[str, Rows] = {}
    findings: list[Finding] = []
    for table in (MEETINGS, _ATTENDANCE, _GROUPS):
        rows, wrong = _read(folder, table)
        findings += wrong
        if rows is not None:
            found[table.name] = rows
    if len(found) == 3:
        findings += _untrue(_Files(**found))
    if any(finding.is_fault for finding in findings):
        raise CaseError(findings)
    return _earlier(_Files(**found))


def strangers(earlier: Earlier, case: Case) -> tuple[Finding, ...]:
    """Warnings of ids in an earlier plan that its case no longer has, one for each column and file, with their number."""
    venues, matchers = {row.venue_id for row in case.venues}, {row.matcher_id for row in case.matchers}
    volunteers = {row.volunteer_id for row in case.volunteers}
    held = earlier.meetings
    looked: tuple[tuple[Table, str, str, Iterable[str], set[str]], ...] = (
        (MEETINGS, "venue_id", "venues", (row.venue_id for row in held), venues),
        (MEETINGS, "matcher_id", "matchers", (row.matcher_id for row in held), matchers),
        (_ATTENDANCE, "volunteer_id", "volunteers", (name for row in held for name in row.volunteers), volunteers),
        (_GROUPS, "volunteer_id", "volunteers", earlier.home, volunteers),
        (_GROUPS, "matcher_id", "matchers", filter(None, earlier.group_matcher.values()), matchers),
    )
    return tuple(
        replace(warning("unknown_id", f"{table.name}.csv", table=table.name, facts=_unknown(target, len(missing))), column=column)
        for table, column, target, named, known in looked
        if (missing := {*named} - known)
    )


def _unknown(target: str, number: int) -> dict[str, str]:
    return {"count": str(number), "target": target, "danish": words.danish_table(target)}


def _read(folder: Path, table: Table) -> tuple[Rows | None, list[Finding]]:
    name = f"{table.name}.csv"
    try:
        raw, findings = read_csv((folder / name).read_bytes(), table.name, name)
    except FileNotFoundError:
        return None, [fault("plan_file_missing", name, table=table.name, facts={"folder": folder.name})]
    except (OSError, ValueError):
        return None, [fault("file_unreadable", name, table=table.name)]
    if raw is None:
        return None, list(findings)
    rows, wrong = read_rows(raw, table)
    wrong = [one for one in wrong if one.is_fault]  # a plan may have columns of somebody's own
    return rows, [*findings, *personal_numbers(raw), *wrong]


def _untrue(files: _Files) -> Iterator[Finding]:
    """What cannot be of a plan: an id twice, a slot of another weekday, somebody at a meeting that is not there."""
    for rows, key in ((files.meetings, ("meeting_id",)), (files.groups, ("volunteer_id",))):
        yield from _twice(rows, key)
    yield from _twice(files.attendance, ("meeting_id", "volunteer_id"))
    for row in files.meetings.rows:
        day, slot = row.values.get("date"), row.values.get("slot")
        if day is not None and slot is not None and DAYS[day.weekday()] != slot[:3]:
            problem = Problem("slot_on_other_day", {"day": words.both_days(DAYS[day.weekday()])})
            yield files.meetings.finding(row, "slot", problem)
    held = {row.values.get("meeting_id") for row in files.meetings.rows}
    for row in files.attendance.rows:
        if row.values.get("meeting_id") not in held:
            yield files.attendance.finding(row, "meeting_id", Problem("unknown_id", _unknown(MEETINGS.name, 1)))
    years = ((row, row.values["date"].year) for row in files.meetings.rows if "date" in row.values)
    yield from _other(files.meetings, "date", "meetings_of_two_years", (("", *one) for one in years))
    led = ((row.values["group"], row, row.values.get("matcher_id", "")) for row in files.groups.rows if "group" in row.values)
    yield from _other(files.groups, "matcher_id", "group_with_two_matchers", led)


def _other(rows: Rows, column: str, code: str, said: Iterable[tuple[str, Row, object]]) -> Iterator[Finding]:
    """Rows that say something else than the first one with the same key."""
    first: dict[str, tuple[int, object]] = {}
    for key, row, value in said:
        number, before = first.setdefault(key, (row.number, value))
        if value != before:
            yield rows.finding(row, column, Problem(code, {"first": str(number)}))


def _twice(rows: Rows, key: tuple[str, ...]) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for row in rows.rows:
        earlier = first.setdefault(tuple(row.values.get(name) for name in key), row.number)
        if earlier != row.number:
            yield rows.finding(row, key[-1], Problem("duplicate_id", {"first": str(earlier)}))


def _earlier(files: _Files) -> Earlier:
    who: dict[str, list[str]] = {}
    for row in files.attendance.rows:
        who.setdefault(row.values["meeting_id"], []).append(row.values["volunteer_id"])
    meetings = (_meeting(row, who.get(row.values["meeting_id"], [])) for row in files.meetings.rows)
    homes = sorted((row.values["volunteer_id"], row.values) for row in files.groups.rows)
    return Earlier(
        meetings=tuple(sorted(meetings, key=lambda one: (one.date, one.slot, one.meeting_id))),
        home={name: values["group"] for name, values in homes},
        group_matcher={values["group"]: values.get("matcher_id", "") for _, values in homes},
    )


def _meeting(row: Row, volunteers: list[str]) -> PlannedMeeting:
    values = row.values
    return PlannedMeeting(
        meeting_id=values["meeting_id"],
        date=values["date"],
        slot=values["slot"],
        venue_id=values["venue_id"],
        matcher_id=values["matcher_id"],
        programme=tuple(sorted(values["programme"], key=PROGRAMMES.index)),
        group=values.get("group", ""),
        volunteers=tuple(sorted(volunteers)),
        pinned=bool(values.get("pinned", False)),
    )
