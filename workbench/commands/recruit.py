"""``matcher recruit``: where one more volunteer would help most."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from matcher.geography.postcodes import load_postcodes
from scenarios.recruiting import recruiting
from scenarios.recruits import centres
from scenarios.stream.settings import StreamSettings
from scenarios.world import World
from workbench import recruit_rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import open_for
from workbench.files import beside, usable
from workbench.report import recruit_book, recruit_words
from workbench.report.names import book_name
from workbench.report.recruit_map import picture
from workbench.tables import rounded, score
from workbench.timer import Clock, limited
from workbench.words import counted, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from scenarios.recruiting import Recruiting
    from workbench.screen import Screen

WRITING = 1.5
"""Processor seconds that the files take."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    decisions: tuple[Path, ...] = (),
    draws: int = 10,
    top: int = 5,
    municipalities: tuple[str, ...] = (),
) -> Answer:
    """Try one more volunteer of every kind."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    opened = open_for(case, screen, today, decisions)
    limited(opened.rulebook, screen.options)
    world = World(case=opened.case, rulebook=opened.rulebook, postcodes=load_postcodes(), stream=StreamSettings.standard())
    with screen.progress("working.recruit") as news, clock.naming_limit():
        found = recruiting(
            world,
            seed=int(opened.rulebook.number("seed")),
            draws=draws,
            top=top,
            municipalities=municipalities,
            told=lambda number, all_, name: news(say(language, "recruit.progress", number=number, all=all_, name=name)),
            left=clock.before(WRITING),
        )
    seconds = time.perf_counter() - began
    return Answer(
        text="\n".join(_lines(language, found, draws)),
        summary={
            "matched": found.session.solved.matched,
            "total": score(found.session.solved.total),
            "kinds": len(found.worths),
            "draws": draws,
            "plans": found.plans,
            "exact": all(one.exact for one in found.worths),
            "best": [recruit_rows.named(one) for one in found.best],
            "repeatable": True,
            "seconds": rounded(seconds, 3),
            **origin(found.session),
        },
        tables=(recruit_rows.table(found.worths),),
        workbooks={
            book_name(language, "recruit"): recruit_book.workbook(language, found),
            "recruit.svg": picture(language, found.worths, centres(world)),
        },
        folder=folder,
    )


def _lines(language: str, found: Recruiting, draws: int) -> Iterator[str]:
    children = counted(language, "children", found.session.solved.matched)
    helping = [one for one in found.best if (one.matches, one.points) > (0, 0)]
    yield say(language, "recruit.today" if helping else "recruit.nowhere", children=children)
    yield from (f"  {number}. {recruit_words.line(language, one)}" for number, one in enumerate(helping, start=1))
    yield say(language, "recruit.note.drawn", draws=draws)
    yield say(language, "recruit.note.one")
    key = "recruit.note.exact" if all(one.exact for one in found.worths) else "recruit.note.estimate"
    yield say(language, key, plans=found.plans)
