"""``matcher calendar``: the year's network meetings, each level of the plan beside the best that is proved possible."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from constraints.calendar.public_holiday import holidays_of
from constraints.calendar_rules import load_calendar
from matcher.calendar.dates.followups import followups
from matcher.calendar.engine import CalendarEngine
from matcher.calendar.running.watch import Effort
from matcher.calendar.seats import seats_left
from matcher.calendar.settings import LEVELS
from matcher.errors import UsageError
from matcher.geography.postcodes import load_postcodes
from workbench import year_rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.dates import called, earlier_plan
from workbench.days import day_of
from workbench.desk import open_for
from workbench.files import beside, usable
from workbench.report.ics import CALENDAR, calendars
from workbench.report.ics_earlier import told_by
from workbench.report.ics_names import left_over
from workbench.report.names import book_name, page_name
from workbench.report.year_book import year_workbook
from workbench.report.year_page import year_page
from workbench.report.year_view import view_of
from workbench.sentences import capital
from workbench.tables import rounded
from workbench.timer import Clock, finishing, limited
from workbench.unmet import help_lines, relaxations_table, unmet_sentences
from workbench.words import counted, decimals, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from matcher.calendar.anew.promises import Earlier
    from matcher.calendar.engine import YearAnswer
    from matcher.calendar.plan import Levels, YearPlan
    from matcher.calendar.running.watch import Progress
    from matcher.records import Case
    from workbench.screen import Screen
    from workbench.tables import Value

CALLS = "calendar.followups.calls"
NEXT_YEAR_FROM = 10
"""From this month on, the year to plan is the next one, if nobody says which."""
WRITING, WRITING_A_VOLUNTEER = 0.4, 0.004
"""Processor seconds that checking, reasons and files take: by themselves, and for each volunteer who is planned."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    year: int | None = None,
    keep: Path | None = None,
    from_date: str | None = None,
    effort: str = "normal",
) -> Answer:
    """Plan the year, or plan it anew from a date on."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder, first = usable(screen.options.out or beside(case)), day_of("--from", from_date)
    opened = open_for(case, screen, today)
    limited(opened.rulebook, screen.options)
    earlier = _earlier(screen, opened.case, keep, folder, first)
    told_by(_calendar_before(keep))  # what is none of ours is refused before any work is done
    engine = CalendarEngine(
        case=opened.case,
        rulebook=opened.rulebook,
        book=load_calendar(opened.rulebook.all_values()),
        postcodes=load_postcodes(),
        number=(number := _year(year, opened.rulebook.number("year"), earlier, opened.case.planning_date, keep)),
        holidays=holidays_of(number),
    )
    asked = engine.year
    with screen.progress("working.calendar") as news:
        left = clock.before(WRITING + WRITING_A_VOLUNTEER * len(asked.volunteers))
        tried, told = Effort[effort.upper()], _Telling(language, news)
        if earlier is None:
            found = engine.search(seconds=left(), effort=tried, listener=told)
        else:
            begin = first or opened.case.planning_date
            found = engine.search_anew(earlier, begin, seconds=left(), effort=tried, listener=told)
    with finishing(lambda: screen.say("working.files")):  # a plan is there: an interrupt must not lose it
        return _answer(screen, engine, engine.answered(found), folder, keep, began)


def _earlier(screen: Screen, case: Case, keep: Path | None, folder: Path, from_date: date | None) -> Earlier | None:
    """The plan that was made before, where one is to be kept."""
    if keep is None:
        if from_date is not None:
            raise UsageError("from_without_keep")
        return None
    return earlier_plan(screen, case, keep, folder)


def _year(asked: int | None, setting: float, earlier: Earlier | None, planning_date: date, keep: Path | None) -> int:
    """The year that is asked for; else that of the settings, of the earlier plan, or by the planning date."""
    planned = earlier.meetings[0].date.year if earlier and earlier.meetings else 0
    year = asked or int(setting) or planned or planning_date.year + (planning_date.month >= NEXT_YEAR_FROM)
    if planned not in (0, year):
        raise UsageError("keep_of_other_year", folder=str(keep), planned=str(planned), asked=str(year))
    return year


class _Telling:
    """Puts progress into words, one line whenever a level has become better or its bound known."""

    def __init__(self, language: str, news: Callable[[str], None]) -> None:
        self._language, self._news = language, news
        self._last: dict[str, str] = {}

    def __call__(self, progress: Progress) -> None:
        bound = "" if progress.bound is None else say(self._language, "calendar.bound", bound=_number(progress.bound))
        level = say(self._language, f"level.{progress.level}")
        said = say(self._language, "calendar.progress", level=level, best=_number(progress.best), bound=bound)
        if said != self._last.get(progress.level):
            self._last[progress.level] = said
            seconds = decimals(self._language, progress.seconds, 1)
            self._news(say(self._language, "calendar.progress_at", said=said, seconds=seconds))


def _number(value: float) -> int:
    return round(value)


def _answer(screen: Screen, engine: CalendarEngine, answer: YearAnswer, folder: Path, keep: Path | None, began: float) -> Answer:
    language, plan = screen.options.language, answer.plan
    asked = answer.year
    seats, calls = seats_left(asked, plan), followups(asked.case, asked.year, int(engine.rulebook.number(CALLS)))
    sentences = unmet_sentences(language, asked, answer)
    view = view_of(asked, plan, unmet=sentences, seats_left=seats, changed=answer.changed, seed=engine.seed)
    earlier = _calendar_before(keep)
    dates = calendars(language, asked, plan, earlier)
    tables = year_rows.tables(answer, seats, calls, sentences, kept=keep is not None)
    seconds = time.perf_counter() - began
    return Answer(
        text=_text(language, answer, kept=keep is not None),
        summary={
            "year": plan.year,
            "meetings": len(plan.meetings),
            "unmet": plan.objective.unmet,
            "objective": _levels(plan.objective),
            "bound": _levels(plan.bound),
            "status": plan.status,
            "proved": {level: getattr(plan.objective, level) == getattr(plan.bound, level) for level in LEVELS},
            "repeatable": not plan.cut,
            **({"changed_promises": len(answer.changed), "changed_promises_bound": answer.changed_bound} if keep else {}),
            "seconds": rounded(seconds, 3),
            **origin(engine),
        },
        tables=(*tables, relaxations_table(language, answer.nearest, called(asked.case))),
        workbooks={
            book_name(language, "year"): year_workbook(language, view),
            page_name(language, "year"): year_page(language, view),
            **dates,
        },
        folder=folder,
        stale=left_over(folder, dates),
    )


def _calendar_before(keep: Path | None) -> bytes | None:
    """The ``calendar.ics`` of the plan that is kept, where there is one: its events keep their numbers.

    Without ``--keep`` the folder of the answer is not looked at: the same case gives the same files, whatever lies there.
    """
    file = keep / CALENDAR if keep else None
    try:
        return file.read_bytes() if file and file.is_file() else None
    except OSError:
        raise UsageError("earlier_calendar") from None


def _levels(levels: Levels) -> dict[str, Value]:
    return {
        name: rounded(value, 3) if name == "travel_minutes" else value for name in LEVELS for value in (getattr(levels, name),)
    }


def _text(language: str, answer: YearAnswer, *, kept: bool) -> str:
    plan = answer.plan
    if not plan.home:
        return say(language, "calendar.nobody", year=str(plan.year))
    counts = {
        "meetings": counted(language, "meetings", len(plan.meetings)),
        "volunteers": counted(language, "volunteers", len(plan.home)),
    }
    lines = [say(language, "calendar.planned", year=str(plan.year), **counts)]
    if kept:
        lines.append(_promises(language, answer))
    if plan.unmet:
        missing, people = counted(language, "meetings", plan.objective.unmet), counted(language, "volunteers", len(plan.unmet))
        lines.append(say(language, "calendar.unmet", missing=missing, volunteers=people))
    else:
        lines.append(say(language, "calendar.all_met"))
    lines += [f"  {_level(language, plan, name)}" for name in LEVELS]
    if plan.cut:
        lines.append(say(language, "calendar.cut"))
    return "\n".join([*lines, *help_lines(language, answer.nearest.helps, called(answer.year.case))])


def _level(language: str, plan: YearPlan, name: str) -> str:
    """What a level came to, and what is proved of it. A value is rounded up and a bound down, so that equal ones are proved."""
    value, bound = getattr(plan.objective, name), getattr(plan.bound, name)
    level = capital(say(language, f"level.{name}"))
    if value == bound:
        return say(language, "calendar.proved", level=level, value=_number(value))
    key = "calendar.gap" if bound else "calendar.no_bound"
    return say(language, key, level=level, value=math.ceil(value), bound=math.floor(bound))


def _promises(language: str, answer: YearAnswer) -> str:
    """What of an earlier plan is kept."""
    broken = len(answer.changed)
    if not broken:
        return say(language, "calendar.kept")
    proved = broken == answer.changed_bound
    proof = (
        say(language, "calendar.changed_proved")
        if proved
        else say(language, "calendar.changed_bound", bound=answer.changed_bound)
    )
    return say(
        language,
        "calendar.changed",
        promises=counted(language, "promises", broken),
        volunteers=counted(language, "volunteers", len({one.volunteer_id for one in answer.changed})),
        proof=proof,
    )
