"""``matcher outing``: one date and one place for the friendships of some programmes and towns, where most can come."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from matcher.calendar.dates.outing import best_outings, guests
from matcher.case.words import folded, municipality_form
from matcher.errors import UsageError
from matcher.records import PROGRAMMES
from workbench.about import origin
from workbench.answer import Answer
from workbench.dates import called, clock, diary_of, refuse_value, when
from workbench.days import day_of
from workbench.desk import engine_for
from workbench.exits import Exit
from workbench.files import beside, usable
from workbench.tables import Cell, Table, rounded
from workbench.words import counted, listed, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matcher.calendar.dates.diary import Diary
    from matcher.calendar.dates.outing import Outing, Outings
    from matcher.calendar.rules import CalendarBook
    from matcher.engine import Engine
    from matcher.records import Case
    from workbench.screen import Screen


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    year: int | None = None,
    programmes: tuple[str, ...] = (),
    municipalities: tuple[str, ...] = (),
    at_least: int = 1,
    from_date: str | None = None,
    to_date: str | None = None,
    top: int = 5,
    keep: Path | None = None,
) -> Answer:
    """Look for the best date and place."""
    wanted = tuple(name.strip().lower() for name in programmes)
    if set(wanted) - set(PROGRAMMES):
        raise refuse_value("--programme", PROGRAMMES)
    folder = usable(screen.options.out or beside(case) / "outing")
    days = _days(screen.options.language, from_date, to_date)
    engine = engine_for(case, screen, today)
    first, last = _span(engine, year, *days)
    if any(given not in {None, used} for given, used in zip(days, (first, last), strict=True)):
        screen.say("outing.span", first=first, last=last, year=str(first.year), planning_date=engine.case.planning_date)
    invited = guests(engine.case, wanted, [_town(engine.case, name) for name in municipalities])
    diary = diary_of(screen, engine, first, last, keep)
    with screen.working("working.outing"):
        best = best_outings(diary, invited, top)
    found = [one for one in best.outings if one.come >= at_least]
    return Answer(
        text="\n".join(_lines(screen.options.language, diary, best, found, at_least)),
        summary={
            "invited": best.invited,
            "at_least": at_least,
            "best": best.outings[0].come if best.outings else 0,
            "outings": len(found),
            "closed": dict(best.closed),
            "from": first.isoformat(),
            "to": last.isoformat(),
            **origin(engine),
        },
        tables=(_table(diary.book, best, found),),
        folder=folder,
        exit=Exit.DONE if found else Exit.NO_ANSWER,
    )


def _days(language: str, from_date: str | None, to_date: str | None) -> tuple[date | None, date | None]:
    """The first and the last day that are given; raises ``UsageError``."""
    first, last = day_of("--from", from_date), day_of("--to", to_date)
    if first is not None and last is not None and first > last:
        raise UsageError("outing_from_after_to", first=put(language, first), last=put(language, last))
    return first, last


def _span(engine: Engine, year: int | None, first: date | None, last: date | None) -> tuple[date, date]:
    """The days to look at: those of the year that are not past, from the one day to the other.

    The year is the one asked for, else that of the first given day that is not past, else the setting's, else this year.
    """
    today = engine.case.planning_date
    given = max(first, today) if first else last
    of_case = int(engine.rulebook.number("year")) or today.year
    asked = year or (given.year if given else of_case)
    begin = max(date(asked, 1, 1), today, first or date.min)
    end = min(date(asked, 12, 31), last or date.max)
    if begin > end:
        raise UsageError("outing_no_days", year=str(asked), planning_date=today.isoformat())
    return begin, end


def _town(case: Case, name: str) -> str:
    """A municipality as the case writes it; raises ``UsageError`` for one that no child lives in."""
    known = {folded(row.municipality): row.municipality for row in case.children if row.municipality}
    form = municipality_form(name, known)
    if form is None:
        near = get_close_matches(folded(name), known, n=1)
        raise UsageError("unknown_town", name=name, nearest=known[near[0]] if near else "")
    return known[form]


def _table(book: CalendarBook, best: Outings, found: Sequence[Outing]) -> Table:
    columns = ("rank", "date", "slot", "begins", "ends", "venue_id", "matcher_id", "come", "could", "invited", "minutes")
    rows: list[tuple[Cell, ...]] = [
        (
            rank,
            one.date.isoformat(),
            one.slot,
            *clock(book, one.slot),
            one.venue_id,
            one.matcher_id,
            one.come,
            len(one.could),
            best.invited,
            rounded(one.minutes, 3),
            ";".join(one.could),
        )
        for rank, one in enumerate(found, start=1)
    ]
    return Table("outings", (*columns, "friendships"), tuple(rows))


def _lines(language: str, diary: Diary, best: Outings, found: Sequence[Outing], at_least: int) -> Iterator[str]:
    invited = counted(language, "friendships", best.invited)
    if found:
        yield say(language, "outing.found", invited=invited)
        for rank, one in enumerate(found, start=1):
            yield f"  {rank:>2}. {_line(language, diary, one)}"
        return
    yield say(language, "outing.none", invited=invited, at_least=at_least)
    if best.outings:
        one = best.outings[0]
        yield say(language, "outing.best", outing=_line(language, diary, one))
    elif best.closed:
        yield say(language, "outing.all_closed", rules="; ".join(_closing(language, diary, *one) for one in best.closed))
    elif best.invited:
        yield say(language, "outing.no_matcher" if not best.led else "outing.no_venue" if not best.open else "outing.nobody_can")


def _closing(language: str, diary: Diary, key: str, days: int) -> str:
    """A rule that closes days, and how many; closures of the case with their dates."""
    title = next(rule.title[language] for rule in diary.book.rules if rule.key == key)
    begin, end = diary.when(0)[0], diary.when(-1)[0]
    shut = [row for row in diary.case.closures if key == "closure" and row.start <= end and row.end >= begin]
    spans = listed(language, [say(language, "outing.from_to", first=row.start, last=row.end) for row in shut]) if shut else ""
    return say(language, "outing.closing", rule=f"{title} ({key}) {spans}".strip(), days=counted(language, "days", days))


def _line(language: str, diary: Diary, one: Outing) -> str:
    """``tirsdag aften 05-01-2027 kl. 19:00-21:00, sted L01 med M02: 12 venskaber kan komme``, and how far they travel."""
    names = called(diary.case)
    said = say(
        language,
        "outing.date",
        when=when(language, diary.book, one.date, one.slot),
        venue=names.get(("venue", one.venue_id), one.venue_id),
        matcher=names.get(("matcher", one.matcher_id), one.matcher_id),
        come=counted(language, "friendships", one.come),
        minutes=counted(language, "minutes", round(one.minutes)),
    )
    room = put(language, len(one.could))
    return f"{said} {say(language, 'outing.full', could=room)}" if len(one.could) > one.come else said
