"""``matcher meet``: the next dates of a talk, a visit or a call, on which all who must be there can."""

from __future__ import annotations

import math
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from matcher.calendar.dates.meet import KINDS, Asked, meet_dates, require
from matcher.errors import UsageError
from workbench.about import origin
from workbench.answer import Answer
from workbench.dates import called, clock, diary_of, refuse_value, when
from workbench.days import day_of
from workbench.desk import engine_for
from workbench.exits import Exit
from workbench.files import beside, usable
from workbench.refusals import in_words
from workbench.sentences import capital, rule_names
from workbench.tables import Cell, Table, rounded
from workbench.words import counted, listed, put, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from matcher.calendar.dates.diary import Diary, Hindrance
    from matcher.calendar.dates.meet import Dates, MeetingDate
    from matcher.calendar.rules import CalendarBook
    from matcher.engine import Engine
    from matcher.records import Matcher
    from workbench.screen import Screen
    from workbench.tables import Value

T = TypeVar("T")
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
    folder, asked_first = usable(screen.options.out or beside(case) / "meet"), day_of("--from", from_date)
    engine = engine_for(case, screen, today)
    asked = _asked(screen.options.language, engine, kind, child, volunteer, matcher)
    first = max(asked_first or engine.case.planning_date, engine.case.planning_date)
    days = 7 * int(engine.rulebook.number("calendar.meet.weeks"))
    last = date.fromordinal(min(first.toordinal() + days - 1, date.max.toordinal()))
    diary = diary_of(screen, engine, first, last, keep)
    with screen.working("working.meeting"):
        found = meet_dates(diary, asked, top, diary.book["calendar.meet.without"])
    unfit = _unfit(engine, *_ids(asked)) if all(_ids(asked)) else []
    _tell(screen, engine, asked, unfit)
    return Answer(
        text="\n".join(_lines(screen.options.language, diary, asked, found, first, last)),
        summary={
            "kind": kind,
            "child_id": _ids(asked)[0] or None,
            "volunteer_id": _ids(asked)[1] or None,
            "asked": _given(asked),
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


def _asked(language: str, engine: Engine, kind: str, child: str | None, volunteer: str | None, matcher: str | None) -> Asked:
    """The meeting that is looked for; raises ``UsageError`` with everything that is wrong with it."""
    wrong: list[UsageError] = []

    def tried(look: Callable[[], T]) -> T | None:
        try:
            return look()
        except UsageError as error:
            wrong.append(error)
            return None

    tried(lambda: require(kind, child=child is not None, volunteer=volunteer is not None))
    children, volunteers = engine.people.children, engine.people.volunteers
    of_child = tried(lambda: children[engine.child_index(child)]) if child is not None else None
    of_volunteer = tried(lambda: volunteers[engine.volunteer_index(volunteer)]) if volunteer is not None else None
    of_matcher = tried(lambda: _matcher(engine, matcher)) if matcher is not None else None
    if len(wrong) > 1:
        raise UsageError("meet.faults", faults="\n".join(in_words(error, language) for error in wrong))
    if wrong:
        raise wrong[0]
    return Asked(kind=kind, child=of_child, volunteer=of_volunteer, matcher=of_matcher)


def _ids(asked: Asked) -> tuple[str, str]:
    """Ids of the child and the volunteer who take part; blank for none."""
    return asked.family.child_id if asked.family else "", asked.guest.volunteer_id if asked.guest else ""


def _given(asked: Asked) -> dict[str, Value]:
    """What was asked, and which option is left aside."""
    return {
        "child_id": asked.child.child_id if asked.child else None,
        "volunteer_id": asked.volunteer.volunteer_id if asked.volunteer else None,
        "matcher_id": asked.matcher.matcher_id if asked.matcher else None,
        "left_aside": f"--{asked.left_aside}" if asked.left_aside else None,
    }


def _tell(screen: Screen, engine: Engine, asked: Asked, unfit: list[str]) -> None:
    """Say beside the answer who is left aside, and that a pair must not meet."""
    language, (child, volunteer) = screen.options.language, _ids(asked)
    if asked.left_aside:
        name = _given(asked)[f"{asked.left_aside}_id"]
        screen.say("meet.left_aside", what=_what(language, asked), role=asked.left_aside, id=name)
    if unfit:
        screen.say("meet.unfit", child=child, volunteer=volunteer, rules=rule_names(language, engine.rulebook, unfit))


def _what(language: str, asked: Asked) -> str:
    child, volunteer = _ids(asked)
    return say(language, f"meet.what.{asked.kind}", child=child, volunteer=volunteer, who=child or volunteer)


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
    child, volunteer = _ids(asked)
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
            child or None,
            volunteer or None,
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
    what, (child, volunteer) = _what(language, asked), _ids(asked)
    if found.dates:
        yield say(language, "meet.found", what=what, dates=counted(language, "dates", len(found.dates)))
        for rank, one in enumerate(found.dates, start=1):
            yield f"  {rank:>2}. {_line(language, diary, one, child, volunteer)}"
        return
    yield say(language, "meet.none", what=what, first=put(language, first), last=put(language, last))
    yield from _why(language, diary, asked, found)


def _line(language: str, diary: Diary, one: MeetingDate, child: str, volunteer: str) -> str:
    names = called(diary.case)
    venue, led = names.get(("venue", one.venue_id), one.venue_id), [names.get(("matcher", name), name) for name in one.matchers]
    place = say(language, f"meet.place.{one.where}", venue=venue, child=child, volunteer=volunteer, matcher=led[0])
    at = when(language, diary.book, one.date, one.slot)
    said = say(language, "meet.date", when=at, place=place, matchers=listed(language, led))
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
    name = called(diary.case).get((one.who.partition("_")[0], one.name), one.name)
    who, times = say(language, f"meet.who.{one.who}", name=name), counted(language, "times", dates)
    if not one.rule:
        return say(language, "meet.without_all", who=who, times=times)
    titles = {rule.key: rule.title[language] for rule in diary.book.rules}
    title = titles[one.rule] if one.rule in titles else say(language, f"meet.rule.{one.rule}")
    return say(language, "meet.without_rule", who=who, title=title, rule=one.rule, times=times)
