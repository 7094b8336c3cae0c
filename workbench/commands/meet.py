"""``matcher meet``: the next dates of a talk, a visit or a call, on which all who must be there can."""

from __future__ import annotations

import math
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from matcher.calendar.meet import KINDS, Asked, meet_dates
from matcher.errors import UsageError
from workbench.about import origin
from workbench.answer import Answer
from workbench.dates import clock, diary_of, refuse_value, when
from workbench.days import day_of
from workbench.desk import engine_for
from workbench.exits import Exit
from workbench.files import beside, usable
from workbench.sentences import capital, rule_names
from workbench.tables import Cell, Table, rounded
from workbench.words import counted, listed, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matcher.calendar.diary import Diary, Hindrance
    from matcher.calendar.meet import Dates, MeetingDate
    from matcher.calendar.rules import CalendarBook
    from matcher.engine import Engine
    from matcher.records import Matcher
    from workbench.screen import Screen

OWN = {
    "child_active_friendships",
    "child_open_offers",
    "volunteer_active_friendships",
    "volunteer_open_offers",
    "pair_befriended",
}
"""Facts that an offer to the pair, or its friendship, changes."""
SHOWN = 12
"""Hindrances shown on the screen; all are in the files."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    kind: str,
    child: str | None = None,
    volunteer: str | None = None,
    matcher: str | None = None,
    from_date: str | None = None,
    top: int = 5,
    keep: Path | None = None,
) -> Answer:
    """Look for dates."""
    if kind not in KINDS:
        raise refuse_value("--kind", KINDS)
    folder, asked_first = usable(screen.options.out or beside(case)), day_of("--from", from_date)
    engine = engine_for(case, screen, today)
    asked = Asked(
        kind=kind,
        child=engine.people.children[engine.child_index(child)] if child is not None else None,
        volunteer=engine.people.volunteers[engine.volunteer_index(volunteer)] if volunteer is not None else None,
        matcher=_matcher(engine, matcher) if matcher is not None else None,
    )
    first = max(asked_first or engine.case.planning_date, engine.case.planning_date)
    days = 7 * int(engine.rulebook.number("calendar.meet.weeks"))
    last = date.fromordinal(min(first.toordinal() + days - 1, date.max.toordinal()))
    diary = diary_of(engine, first, last, keep)
    with screen.working("working.meeting"):
        found = meet_dates(diary, asked, top, diary.book["calendar.meet.without"])
    unfit = _unfit(engine, child, volunteer) if child is not None and volunteer is not None else []
    if unfit:
        rules = rule_names(screen.options.language, engine.rulebook, unfit)
        screen.say("meet.unfit", child=child, volunteer=volunteer, rules=rules)
    return Answer(
        text="\n".join(_lines(screen.options.language, diary, asked, found, first, last)),
        summary={
            "kind": kind,
            "child_id": child,
            "volunteer_id": volunteer,
            "dates": len(found.dates),
            "unfit": tuple(unfit),
            "from": first.isoformat(),
            "to": last.isoformat(),
            **origin(engine),
        },
        tables=(_dates(diary.book, asked, found), _hindrances(found)),
        folder=folder,
        exit=Exit.DONE if found.dates else Exit.NO_ANSWER,
    )


def _unfit(engine: Engine, child: str, volunteer: str) -> list[str]:
    """Rules that the pair fails, and a matcher's word against it; not those on offers and friendships, which may be its own."""
    found = engine.why_pair(child, volunteer)
    failing = [verdict.rule for verdict in found.verdicts if not verdict.holds and not verdict.waived]
    return ["forbidden"] * found.forbidden + [key for key in failing if not set(engine.rulebook.rule(key).needs) & OWN]


def _matcher(engine: Engine, name: str) -> Matcher:
    known = {row.matcher_id: row for row in engine.case.matchers}
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        raise UsageError("unknown_matcher", id=name, nearest=near[0] if near else "")
    return known[name]


def _dates(book: CalendarBook, asked: Asked, found: Dates) -> Table:
    columns = ("kind", "rank", "date", "slot", "begins", "ends", "place", "venue_id", "matcher_id", "child_id", "volunteer_id")
    minutes = ("volunteer_minutes", "family_minutes", "matcher_minutes")
    child = asked.child.child_id if asked.child else None
    volunteer = asked.volunteer.volunteer_id if asked.volunteer else None
    rows: list[tuple[Cell, ...]] = [
        (
            asked.kind,
            rank,
            one.date.isoformat(),
            one.slot,
            *clock(book, one.slot),
            one.where,
            one.venue_id or None,
            ";".join(one.matchers),
            child,
            volunteer,
            *map(_minutes, (one.volunteer_minutes, one.family_minutes, one.matcher_minutes)),
        )
        for rank, one in enumerate(found.dates, start=1)
    ]
    return Table("dates", (*columns, *minutes), tuple(rows))


def _minutes(value: float | None) -> Cell:
    return None if value is None or math.isnan(value) else rounded(value, 3)


def _hindrances(found: Dates) -> Table:
    rows = tuple((one.who, one.name or None, one.rule or None, dates) for one, dates in found.hindrances)
    return Table("hindrances", ("who", "id", "rule", "dates"), rows)


def _lines(language: str, diary: Diary, asked: Asked, found: Dates, first: date, last: date) -> Iterator[str]:
    child, volunteer = (asked.child.child_id if asked.child else ""), (asked.volunteer.volunteer_id if asked.volunteer else "")
    what = say(language, f"meet.what.{asked.kind}", child=child, volunteer=volunteer, who=child or volunteer)
    if found.dates:
        yield say(language, "meet.found", what=what, dates=counted(language, "dates", len(found.dates)))
        for rank, one in enumerate(found.dates, start=1):
            yield f"  {rank:>2}. {_line(language, diary.book, one, child, volunteer)}"
        return
    yield say(language, "meet.none", what=what, first=put(language, first), last=put(language, last))
    yield from _why(language, diary, asked, found)


def _line(language: str, book: CalendarBook, one: MeetingDate, child: str, volunteer: str) -> str:
    facts = {"venue": one.venue_id, "child": child, "volunteer": volunteer, "matcher": one.matchers[0]}
    place, led = say(language, f"meet.place.{one.where}", **facts), listed(language, list(one.matchers))
    said = say(language, "meet.date", when=when(language, book, one.date, one.slot), place=place, matchers=led)
    leading = "matcher" if len(one.matchers) == 1 else "matchers"
    ways = {"volunteer": one.volunteer_minutes, "family": one.family_minutes, leading: one.matcher_minutes}
    known = [say(language, f"meet.way.{who}", minutes=_about(language, way)) for who, way in ways.items() if way is not None]
    return f"{said} {say(language, 'meet.ways', ways=', '.join(known))}" if known else said


def _about(language: str, minutes: float) -> str:
    return say(language, "unknown") if math.isnan(minutes) else counted(language, "minutes", round(minutes))


def _why(language: str, diary: Diary, asked: Asked, found: Dates) -> Iterator[str]:
    """What leaves no date."""
    needed, there = asked.terms.matchers, len(diary.case.matchers)
    if there < needed:
        yield say(language, "meet.few_matchers", needed=needed, number=there)
        return
    if not found.hindrances:
        yield say(language, "meet.why_together")
        return
    single = bool(found.hindrances[0][0].rule)
    yield say(language, "meet.why_rules" if single else "meet.why_whole")
    for one, dates in found.hindrances[:SHOWN]:
        yield f"  {capital(_hindrance(language, diary, one, dates))}"
    if len(found.hindrances) > SHOWN:
        yield f"  {say(language, 'meet.why_more', number=len(found.hindrances) - SHOWN)}"


def _hindrance(language: str, diary: Diary, one: Hindrance, dates: int) -> str:
    who, times = say(language, f"meet.who.{one.who}", name=one.name), counted(language, "times", dates)
    if not one.rule:
        return say(language, "meet.without_all", who=who, times=times)
    titles = {rule.key: rule.title[language] for rule in diary.book.rules}
    title = titles[one.rule] if one.rule in titles else say(language, f"meet.rule.{one.rule}")
    return say(language, "meet.without_rule", who=who, title=title, rule=one.rule, times=times)
