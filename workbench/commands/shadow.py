"""``matcher shadow``: past friendships beside what the engine would have proposed on the day they began."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from matcher.duration.belief import believed
from matcher.duration.evaluate import HORIZONS, evaluated
from matcher.duration.history import history_of
from matcher.duration.objective import learned
from matcher.duration.replay import TOPS, shadow
from matcher.engine import Engine
from matcher.geography.postcodes import load_postcodes
from workbench import shadow_rows
from workbench.about import origin
from workbench.answer import Answer
from workbench.days import day_of
from workbench.desk import open_for
from workbench.files import beside, usable
from workbench.tables import rounded
from workbench.timer import Clock, limited
from workbench.words import counted, decimals, listed, number_in_words, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from matcher.duration.evaluate import Evaluation
    from matcher.duration.fit import Fit
    from matcher.duration.replay import Shadow
    from matcher.rules import Rulebook
    from workbench.screen import Screen

WRITING = 0.5
"""Processor seconds that the fit and the files take."""
TOLD_EACH = 100
"""Friendships between two lines of progress."""
MOST_RULES = 3
"""So many of the rules that pairs failed are said; the table has all."""


def run(screen: Screen, *, today: date, case: Path, from_date: str) -> Answer:
    """Replay the friendships begun since a day."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    folder = usable(screen.options.out or beside(case))
    since = cast("date", day_of("--from", from_date))
    opened = open_for(case, screen, today)
    limited(opened.rulebook, screen.options)
    engine = Engine.of(opened.case, opened.rulebook, load_postcodes())
    left = clock.before(WRITING)

    def told(number: int, all_: int) -> None:
        if number % TOLD_EACH == 0:
            news(say(language, "shadow.progress", number=number, all=all_))

    with screen.progress("working.shadow") as news:
        found = shadow(
            opened.case,
            opened.rulebook,
            load_postcodes(),
            since,
            told=told,
            in_time=lambda: left() != 0.0,
        )
    judged = evaluated(history_of(opened.case, engine.people), believed(), since, opened.case.planning_date)
    known = learned(engine)
    return Answer(
        text="\n".join(_lines(language, opened.rulebook, found, known, judged, since)),
        summary={
            "from": since.isoformat(),
            **shadow_rows.counts(found),
            "lasting": shadow_rows.lasting(found.lasting),
            "duration": shadow_rows.duration(known, judged),
            "unfinished": found.unfinished,
            "repeatable": not found.unfinished,
            "seconds": rounded(time.perf_counter() - began, 3),
            **origin(engine),
        },
        tables=(shadow_rows.table(found),),
        folder=folder,
    )


def _lines(language: str, rulebook: Rulebook, found: Shadow, known: Fit, judged: Evaluation, since: date) -> Iterator[str]:
    """The answer in a few lines, with what it does not show."""
    yield say(language, "shadow.found", friendships=counted(language, "friendships", len(found.rows)), since=put(language, since))
    if found.unfinished:
        yield say(language, "shadow.unfinished", friendships=counted(language, "friendships", found.unfinished))
    if left_out := len(found.rows) - len(found.replayed):
        yield say(language, "shadow.left_out", friendships=counted(language, "friendships", left_out))
    if found.replayed:
        yield from _ranks(language, rulebook, found)
    if found.rows:
        yield _lasted(language, found)
        yield from _learned(language, judged)
        yield _today(language, known)
        yield say(language, "shadow.caution")


def _ranks(language: str, rulebook: Rulebook, found: Shadow) -> Iterator[str]:
    titles = {rule.key: rule.title[language] for rule in rulebook.eligibility}
    ranked = len(found.ranked)
    yield say(
        language,
        "shadow.eligible",
        eligible=ranked,
        friendships=counted(language, "friendships", len(found.replayed)),
        share=_share(language, ranked / len(found.replayed)),
    )
    if found.failed:
        most = list(found.failed.items())[:MOST_RULES]
        rules = listed(language, [f"{titles[key]} ({number})" for key, number in most])
        yield say(language, "shadow.failed", rules=rules)
    if not ranked:
        return
    for top in TOPS:
        chance = _share(language, found.chance_in_top[top] / ranked)
        share = _share(language, found.in_top(top) / ranked)
        yield say(language, f"shadow.top.{top}", number=found.in_top(top), of=ranked, share=share, chance=chance)
    yield say(
        language,
        "shadow.middle",
        rank=number_in_words(language, found.median_rank or 0),
        of=number_in_words(language, found.median_eligible or 0),
        below=decimals(language, found.median_below_best or 0.0, 1),
    )


def _share(language: str, share: float) -> str:
    return number_in_words(language, round(100.0 * share))


def _lasted(language: str, found: Shadow) -> str:
    """Whether those ranked high lasted longer."""
    lasting = found.lasting
    if lasting.difference is None:
        return say(language, "shadow.too_little", high=lasting.high_friendships, low=lasting.low_friendships)
    value, low, high = (decimals(language, one, 1) for one in lasting.difference)
    facts = {"high": decimals(language, lasting.high or 0.0, 1), "low": decimals(language, lasting.low or 0.0, 1)}
    sure = low.startswith("-") == high.startswith("-")
    line = say(language, "shadow.lasted", difference=value, least=low, most=high, **facts)
    return line if sure else f"{line} {say(language, 'shadow.may_be_chance')}"


def _learned(language: str, judged: Evaluation) -> Iterator[str]:
    """What the years before taught, and what it was worth afterwards."""
    fit = judged.fit
    if fit.ends_missing:
        yield say(language, "shadow.ends_missing", ends=fit.ends, expected=number_in_words(language, round(fit.expected_ends)))
    if not fit.enough:
        yield say(language, "shadow.not_learned", friendships=counted(language, "friendships", fit.friendships), ends=fit.ends)
        return
    value, low, high = (_share(language, share) for share in fit.posterior.share_band(HORIZONS[0]))
    yield say(language, "shadow.learned", ends=fit.ends, share=value, low=low, high=high)
    first = judged.brier[0]
    if not first.enough:
        yield say(language, "shadow.not_judged")
        return
    better = "better" if first.gain[1] > 0.0 else "worse" if first.gain[2] < 0.0 else "same"
    facts = {"fit": decimals(language, first.fit, 3), "prior": decimals(language, first.prior, 3)}
    yield say(language, f"shadow.judged.{better}", nobody=decimals(language, first.nobody, 3), **facts)
    if first.fit >= first.nobody:
        yield say(language, "shadow.judged.no_better")


def _today(language: str, known: Fit) -> str:
    """What is to be gone by now: all that has been seen, or the published figures."""
    value, low, high = (_share(language, share) for share in known.belief.share_band(HORIZONS[0]))
    facts = {"share": value, "low": low, "high": high, "ends": known.ends}
    return say(language, "shadow.today.published" if known.belief is known.prior else "shadow.today.learned", **facts)
