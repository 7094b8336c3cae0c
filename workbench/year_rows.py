"""A year's calendar as rows of the contract's files: English codes and ISO dates, sorted by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.tables import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matcher.calendar.dates.followups import FollowUp
    from matcher.calendar.engine import YearAnswer
    from matcher.calendar.plan import YearPlan


def tables(
    answer: YearAnswer, seats: Mapping[str, int], calls: Sequence[FollowUp], unmet: Mapping[str, str], *, kept: bool
) -> tuple[Table, ...]:
    """Every file; ``changed_promises.csv`` only where a year was planned anew.

    Parameters
    ----------
    answer : the checked plan.
    seats : what is left of each meeting's room, by its id.
    calls : the follow-up calls.
    unmet : the sentence on each volunteer with unmet obligations.
    kept : whether an earlier plan was kept.
    """
    plan = answer.plan
    return (
        _meetings(plan, seats),
        _attendance(plan),
        _groups(plan),
        _unmet(answer, unmet),
        Table("followups", ("friendship_id", "month", "matcher_id"), tuple(map(_call, calls))),
        *((_changed(answer),) if kept else ()),
    )


def _meetings(plan: YearPlan, seats: Mapping[str, int]) -> Table:
    columns = ("meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group", "pinned", "seats_left")
    rows = [
        (
            row.meeting_id,
            row.date.isoformat(),
            row.slot,
            row.venue_id,
            row.matcher_id,
            ";".join(row.programme),
            row.group or None,
            row.pinned,
            seats[row.meeting_id],
        )
        for row in plan.meetings
    ]
    return Table("meetings", columns, tuple(sorted(rows, key=_text)))


def _attendance(plan: YearPlan) -> Table:
    rows = [(row.meeting_id, name) for row in plan.meetings for name in row.volunteers]
    return Table("attendance", ("meeting_id", "volunteer_id"), tuple(sorted(rows)))


def _groups(plan: YearPlan) -> Table:
    rows = [(name, group, plan.group_matcher[group] or None) for name, group in plan.home.items()]
    return Table("groups", ("volunteer_id", "group", "matcher_id"), tuple(sorted(rows, key=_text)))


def _unmet(answer: YearAnswer, said: Mapping[str, str]) -> Table:
    rows = [
        (name, missing, ";".join(answer.reasons.get(name, ())) or None, said.get(name))
        for name, missing in sorted(answer.plan.unmet.items())
    ]
    return Table("unmet", ("volunteer_id", "missing", "reason", "explanation"), tuple(rows))


def _changed(answer: YearAnswer) -> Table:
    rows = [(one.volunteer_id, one.date.isoformat(), one.slot, one.venue_id) for one in answer.changed]
    return Table("changed_promises", ("volunteer_id", "date", "slot", "venue_id"), tuple(rows))


def _call(call: FollowUp) -> tuple[Cell, ...]:
    return call.friendship_id, call.month, call.matcher_id or None


def _text(row: Sequence[Cell]) -> str:
    return str(row[0])
