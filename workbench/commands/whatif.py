"""``matcher whatif``: scenarios beside the case as it is: who gets a match, who does not, and what changes."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from matcher.engine import Engine
from matcher.errors import UsageError
from matcher.geography.postcodes import load_postcodes
from scenarios import library
from scenarios.changes.matchers import Matchers
from scenarios.compare import compare
from scenarios.over_time import CHUNK, PRECISION, Playing
from scenarios.scenario_file import ScenarioFile, looked_through
from scenarios.stream.bands import SAID
from scenarios.stream.remarks import REMARKS
from scenarios.stream.settings import StreamSettings
from scenarios.world import World
from workbench import whatif_rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import open_for
from workbench.exits import Exit
from workbench.files import beside, usable
from workbench.hindrances import held_back
from workbench.report import whatif_words as words
from workbench.report.names import book_name, page_name
from workbench.report.whatif_book import whatif_workbook
from workbench.report.whatif_page import whatif_page
from workbench.sentences import capital
from workbench.tables import rounded
from workbench.timer import Clock, finishing, limited
from workbench.words import decimals, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from scenarios.comparison import Comparison, Row
    from scenarios.scenario import Scenario
    from workbench.screen import Screen
    from workbench.tables import Value

NEXT_YEAR_FROM = 10
"""From this month on, the calendar to plan is the next year's, if nobody says which."""
WRITING = 1.5
"""Processor seconds that the files take."""
ADDING, MEASURING = frozenset({"recruit", "children"}), frozenset({"setting", "weight"})


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    scenarios: Path | None = None,
    saved: tuple[str, ...] = (),
    decisions: tuple[Path, ...] = (),
    calendar: bool = False,
    year: int | None = None,
    precision: float = 100 * PRECISION,
    cluster: str | None = None,
) -> Answer:
    """Answer the scenarios of a file, and of the library."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    asked = _asked(scenarios, saved)
    opened = open_for(case, screen, today, decisions)
    limited(opened.rulebook, screen.options)
    start = World(case=opened.case, rulebook=opened.rulebook, postcodes=load_postcodes(), stream=StreamSettings.standard())
    asked.refuse_beside(start)
    day = opened.case.planning_date
    planned = year or int(opened.rulebook.number("year")) or day.year + (day.month >= NEXT_YEAR_FROM)
    workers = int(opened.rulebook.number("workers"))
    with screen.progress("working.whatif") as news, clock.naming_limit():

        def played(done: int, most: int) -> None:
            if done * 10 // most > max(0, done - CHUNK) * 10 // most:  # a tenth more
                news(say(language, "whatif.played", done=done, most=most))

        found = compare(
            asked.scenarios,
            start,
            year=planned if calendar or year else None,
            places=asked.places,
            told=lambda number, all_, name: news(say(language, "whatif.progress", number=number, all=all_, name=name)),
            left=clock.before(WRITING),
            playing=Playing(precision=precision / 100, workers=workers, cluster=cluster, told=played),
        )
    with finishing(lambda: screen.say("working.files")):  # there is an answer: an interrupt must not lose it
        seconds, engine = time.perf_counter() - began, Engine.of(start.case, start.rulebook, start.postcodes)
        notes = tuple(_said_beside(language, found, planned if calendar or year else None))
        return Answer(
            text=_text(language, found, notes),
            summary={
                "scenarios": [_summary(one, found) for one in found.scenarios],
                "refused": tuple(sorted(found.refused)),
                "without_baseline": tuple(sorted(found.without_baseline)),
                "unfinished": found.unfinished,
                "cut": found.cut,
                "repeatable": not (found.unfinished or found.cut),
                "seconds": rounded(seconds, 3),
                **origin(engine),
            },
            tables=whatif_rows.tables(found),
            workbooks={
                book_name(language, "whatif"): whatif_workbook(language, found, engine),
                page_name(language, "whatif"): whatif_page(language, found, engine, notes),
            },
            folder=folder,
            exit=Exit.NO_ANSWER if found.refused or found.without_baseline else Exit.DONE,
        )


def _asked(file: Path | None, saved: Sequence[str]) -> ScenarioFile:
    """The scenarios of the file and of the library, in this order."""
    if file is None and not saved:
        raise UsageError("whatif.nothing_asked", expected=", ".join(library.names()))
    parts = [library.saved(name) for name in saved]
    if file is not None:
        try:
            parts.insert(0, looked_through(file.read_bytes(), file.name))
        except OSError:
            raise UsageError("whatif.file_missing", file=str(file)) from None
    return ScenarioFile(
        scenarios=tuple(one for part in parts for one in part.scenarios),
        places={name: place for part in parts for name, place in part.places.items()},
        partly=tuple(one for part in parts for one in part.partly),
        faults=tuple(finding for part in parts for finding in part.faults),
    )


def _summary(one: Scenario, found: Comparison) -> dict[str, Value]:
    """A scenario for programs: how it was asked, its values for all, and how many children's matches change."""
    moved = Counter(pair.how for pair in found.pairs if pair.scenario == one.name)
    rows = [row for row in found.rows if row.scenario == one.name and not row.group]
    state = words.state(found, one.name)
    moves: dict[str, Value] = {name: moved[name] for name in ("gains", "loses", "changes")}
    values: dict[str, Value] = {row.metric: row.value for row in rows}
    held: dict[str, Value] = {code: after for code, (_, after) in found.held.get(one.name, {}).items()}
    return {
        "scenario": one.name,
        "mode": one.mode,
        "baseline": one.baseline or None,
        "state": "cut" if one.name in found.cut else state,
        **(_of_stream(one, found) if one.mode == "stream" else {}),
        **values,
        "differences": {row.metric: row.difference for row in rows},
        **({**moves, "held_back": held} if one.mode == "today" and state == "done" else {}),
    }


def _of_stream(one: Scenario, found: Comparison) -> dict[str, Value]:
    """What a scenario over time rests on, and what it reads otherwise or passes over."""
    return {"replications": found.replications.get(one.name, 0), "remarks": found.remarks.get(one.name, ())}


def _text(language: str, found: Comparison, notes: Sequence[str]) -> str:
    return "\n\n".join(part for part in (*(_about(language, one, found) for one in found.scenarios), "\n".join(notes)) if part)


def _about(language: str, one: Scenario, found: Comparison) -> str:
    """What a scenario comes to, in a few lines."""
    beside_it = say(language, "whatif.beside_named", baseline=one.baseline) if one.baseline else say(language, "whatif.beside")
    lines = [say(language, f"whatif.heading_{one.mode}", scenario=one.name, beside=beside_it, years=one.years)]
    if one.note:
        lines.append(f"  {one.note}")
    if words.state(found, one.name) != "done":
        return "\n".join([*lines, *(f"  {line}" for line in words.no_answer(language, found, one).splitlines())])
    lines += [f"  {_line(language, row)}" for row in found.rows if row.scenario == one.name and not row.group]
    if one.mode == "today":
        held = held_back(language, {code: after for code, (_, after) in found.held[one.name].items()})
        lines += [f"  {line}" for line in (words.moves(language, one.name, found), held) if line]
    else:
        key = "whatif.cut" if one.name in found.cut else "whatif.replications"
        lines.append(f"  {say(language, key, number=found.replications[one.name], most=one.replications)}")
    return "\n".join(lines)


def _line(language: str, row: Row) -> str:
    """One measure: before, after, and the difference."""
    title = capital(say(language, f"whatif.metric.{row.metric}"))
    said, signed = partial(words.said, language, row.metric), partial(words.signed, language, row.metric)
    if row.mode == "stream":
        band = say(language, "whatif.band", low=said(row.low), high=said(row.high))
        gap = say(language, "whatif.band", low=signed(row.difference_low), high=signed(row.difference_high))
        facts = {"value": said(row.value), "band": band, "change": signed(row.difference), "gap": gap}
        return say(language, "whatif.over_time", title=title, **facts)
    if row.difference is not None and not row.difference:
        return say(language, "whatif.same", title=title, value=said(row.value))
    facts = {"before": said(row.baseline_value), "after": said(row.value), "change": signed(row.difference)}
    return say(language, "whatif.other", title=title, **facts)


def _said_beside(language: str, found: Comparison, calendar: int | None) -> Iterator[str]:
    """What must be known to read the numbers."""
    changes = [change for one in found.scenarios for change in one.change]
    if any(change.kind in ADDING for change in changes):
        yield say(language, "whatif.note.drawn")
    if any(change.kind == "lose" for change in changes):
        yield say(language, "whatif.note.lose")
    if any(isinstance(change, Matchers) and change.lose is not None and not change.take_over for change in changes):
        yield say(language, "whatif.note.matchers")
    if any(change.kind in MEASURING for change in changes) and any(row.metric == "total_score" for row in found.rows):
        yield say(language, "whatif.note.points")
    if calendar is not None:
        yield say(language, "whatif.note.calendar", year=str(calendar))
    if any(row.mode == "stream" for row in found.rows):
        yield say(language, "whatif.note.stream")
        yield _usual(language, StreamSettings.standard())
    if any(row.value is None for row in found.rows if row.mode == "stream" and not row.group):
        yield say(language, "whatif.note.undefined", share=f"{SAID:.0%}".rstrip("%"))
    made = {name for names in found.remarks.values() for name in names}
    yield from (say(language, f"whatif.note.stream_{name}") for name in REMARKS if name in made)
    if any(row.group and row.value is None for row in found.rows if row.mode == "today"):
        yield say(language, "whatif.note.small")


def _usual(language: str, settings: StreamSettings) -> str:
    """Whoever comes, and when matches are proposed, where a scenario says nothing of it."""
    numbers = {"children": settings.children_per_year, "volunteers": settings.volunteers_per_year}
    facts = {name: decimals(language, value, 0) for name, value in numbers.items()}
    return say(language, "whatif.note.stream_usual", policy=say(language, f"whatif.policy.{settings.policy}"), **facts)
