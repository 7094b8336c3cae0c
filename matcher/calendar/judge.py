"""Hands every calendar to the independent checker as plain data; what it refuses is withheld."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher import check
from matcher.calendar.settings import LEVELS
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from matcher.calendar.anew.promises import Earlier, Promise
    from matcher.calendar.plan import PlannedMeeting, YearPlan
    from matcher.records import Case, Postcode, SettingValue


@dataclass(frozen=True)
class CalendarJudge:
    """The checker with one case and year before it."""

    world: check.YearWorld

    @classmethod
    def of(
        cls,
        case: Case,
        settings: Mapping[str, SettingValue],
        postcodes: Mapping[str, Postcode],
        year: int,
        holidays: Collection[date],
    ) -> CalendarJudge:
        """Give the checker the raw records, the settings, the map and the holidays; nothing that the engine has computed."""
        places = {name: (row.latitude, row.longitude) for name, row in postcodes.items()}
        places |= {row.postcode: (row.latitude, row.longitude) for row in case.postcodes}
        return cls(check.read_year(case.model_dump(exclude={"settings"}), settings, places, year, holidays))

    def accepts(self, plan: YearPlan, reasons: Mapping[str, str]) -> None:
        """Raise ``CertificateError`` with every violation, or return."""
        _refuse(check.check_calendar(self.world, plain_plan(plan, reasons)))

    def accepts_replan(
        self, earlier: Earlier, plan: YearPlan, changed: Sequence[Promise], from_date: date, reasons: Mapping[str, str]
    ) -> None:
        """Raise ``CertificateError`` with every violation of a calendar planned anew from a date on, or return."""
        before = {**plain_plan(plan, {}), **_plain_tables(earlier.meetings, earlier.home, earlier.group_matcher), "unmet": []}
        after = plain_plan(plan, reasons)
        after["changed_promises"] = [
            {"volunteer_id": one.volunteer_id, "date": one.date, "slot": one.slot, "venue_id": one.venue_id} for one in changed
        ]
        _refuse(check.check_replan(self.world, before, after, from_date))


def _refuse(violations: list[str]) -> None:
    if violations:
        raise CertificateError(violations)


def plain_plan(plan: YearPlan, reasons: Mapping[str, str]) -> dict[str, Any]:
    """A plan as the checker reads it; ``reasons``: the text of ``unmet.csv`` by volunteer."""
    unmet = [{"volunteer_id": name, "missing": number} for name, number in sorted(plan.unmet.items())]
    return {
        "year": plan.year,
        **_plain_tables(plan.meetings, plan.home, plan.group_matcher),
        "unmet": [
            {**row, **({"reason": reasons[name]} if (name := str(row["volunteer_id"])) in reasons else {})} for row in unmet
        ],
        "objective": {level: getattr(plan.objective, level) for level in LEVELS},
        "bound": {level: getattr(plan.bound, level) for level in LEVELS},
        "status": plan.status,
    }


def _plain_tables(
    meetings: Sequence[PlannedMeeting], home: Mapping[str, str], group_matcher: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    columns = ("meeting_id", "date", "slot", "venue_id", "matcher_id", "programme", "group", "volunteers")
    rows = [{name: getattr(row, name) for name in columns} for row in meetings]
    for row in rows:
        row["programme"], row["volunteers"] = list(row["programme"]), list(row["volunteers"])
    groups = [{"volunteer_id": v, "group": g, "matcher_id": group_matcher[g]} for v, g in sorted(home.items())]
    return {"meetings": sorted(rows, key=lambda row: str(row["meeting_id"])), "groups": groups}
