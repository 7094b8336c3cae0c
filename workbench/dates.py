"""What the commands that look for a date share: a case's diary, and times of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constraints.calendar_rules import load_calendar
from matcher.calendar.diary import Diary
from matcher.case.plan_files import read_plan
from matcher.errors import UsageError
from workbench.words import put, say, word

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    from matcher.calendar.diary import Taken
    from matcher.calendar.rules import CalendarBook
    from matcher.engine import Engine
    from matcher.records import Case


def diary_of(engine: Engine, first: date, last: date, keep: Path | None) -> Diary:
    """The times from the first day to the last; ``keep``: the folder of a year's plan, whose meetings are set too."""
    book = load_calendar(engine.rulebook.all_values())
    return Diary.of(engine.case, book, engine.people.facts, first, last, _taken(engine.case, keep))


def _taken(case: Case, keep: Path | None) -> tuple[Taken, ...]:
    """Meetings that are set: the case's; with a plan, the plan's and those that the case has pinned, as the case has them."""
    if keep is None:
        return case.meetings
    if not keep.is_dir():
        raise UsageError("keep_no_folder", folder=str(keep))
    pinned = [row for row in case.meetings if row.pinned]
    known = {row.meeting_id for row in pinned}
    return (*pinned, *(row for row in read_plan(keep).meetings if row.meeting_id not in known))


def clock(book: CalendarBook, slot: str) -> tuple[str, str]:
    """When a slot's part of the day begins and ends, ``19:00`` and ``21:00``."""
    begins, _, ends = str(book[f"calendar.times.{slot.partition('_')[2]}"]).partition("-")
    return begins, ends


def when(language: str, book: CalendarBook, day: date, slot: str) -> str:
    """``tirsdag aften 05-01-2027 kl. 19:00-21:00``."""
    begins, ends = clock(book, slot)
    return say(language, "date.when", slot=word(language, slot), date=put(language, day), begins=begins, ends=ends)


def refuse_value(option: str, expected: Collection[str]) -> UsageError:
    """The error of an option that must be one of some words."""
    return UsageError("usage.bad_value", what=option, expected=", ".join(expected))
