"""What the commands on dates share: an earlier plan, a case's diary, names of places and matchers, and times of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constraints.calendar_rules import load_calendar
from matcher.calendar.dates.diary import Diary
from matcher.case.plan_files import read_plan, strangers
from matcher.errors import UsageError
from workbench import findings
from workbench.words import put, say, word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from pathlib import Path

    from matcher.calendar.anew.promises import Earlier
    from matcher.calendar.dates.diary import Taken
    from matcher.calendar.rules import CalendarBook
    from matcher.engine import Engine
    from matcher.records import Case
    from workbench.screen import Screen

FORENOON = "09:00"
"""From when on Danes no longer call the hours before noon morning."""


def earlier_plan(screen: Screen, case: Case, keep: Path, out: Path | None = None) -> Earlier:
    """The plan in a folder; says which ids in it the case no longer has, and where a new plan in ``out`` will replace it.

    Raises ``UsageError`` where there is no such folder, ``CaseError`` with every fault of the files.
    """
    if not keep.is_dir():
        raise UsageError("keep_no_folder", folder=str(keep))
    earlier = read_plan(keep)
    for found in strangers(earlier, case):
        screen.tell(findings.line(screen.options.language, found))
    if out is not None and out.resolve() == keep.resolve():
        screen.say("keep_is_out", folder=str(keep))
    return earlier


def diary_of(screen: Screen, engine: Engine, first: date, last: date, keep: Path | None) -> Diary:
    """The times from the first day to the last; ``keep``: the folder of a year's plan, whose meetings are set too."""
    book = load_calendar(engine.rulebook.all_values())
    taken = _taken(engine.case, earlier_plan(screen, engine.case, keep) if keep else None)
    return Diary.of(engine.case, book, engine.people.facts, first, last, taken)


def _taken(case: Case, earlier: Earlier | None) -> tuple[Taken, ...]:
    """Meetings that are set: the case's; with a plan, the plan's and those that the case has pinned, as the case has them."""
    if earlier is None:
        return case.meetings
    pinned = [row for row in case.meetings if row.pinned]
    known = {row.meeting_id for row in pinned}
    return (*pinned, *(row for row in earlier.meetings if row.meeting_id not in known))


def called(case: Case) -> Mapping[tuple[str, str], str]:
    """``Mødested 8 (L0008)``: what each venue and matcher of the case is called in a sentence, by kind and id."""
    venues = {("venue", row.venue_id): row.name for row in case.venues}
    matchers = {("matcher", row.matcher_id): row.name for row in case.matchers}
    return {key: f"{' '.join(name.split())} ({key[1]})" for key, name in {**venues, **matchers}.items() if name}


def clock(book: CalendarBook, slot: str) -> tuple[str, str]:
    """When a slot's part of the day begins and ends, ``19:00`` and ``21:00``."""
    begins, _, ends = str(book[f"calendar.times.{slot.partition('_')[2]}"]).partition("-")
    return begins, ends


def when(language: str, book: CalendarBook, day: date, slot: str) -> str:
    """``tirsdag aften 05-01-2027 kl. 19:00-21:00``."""
    begins, ends = clock(book, slot)
    forenoon = slot.endswith("_morning") and begins >= FORENOON
    part = say(language, "date.forenoon", day=say(language, f"day.{slot[:3]}")) if forenoon else word(language, slot)
    return say(language, "date.when", slot=part, date=put(language, day), begins=begins, ends=ends)


def refuse_value(option: str, expected: Collection[str]) -> UsageError:
    """The error of an option that must be one of some words."""
    return UsageError("usage.bad_value", what=option, expected=", ".join(expected))
