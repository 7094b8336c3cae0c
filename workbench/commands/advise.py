"""``matcher advise``: whether to match a named pair now, or to keep both for others."""

from __future__ import annotations

import time
from difflib import get_close_matches
from typing import TYPE_CHECKING

from matcher.engine import Engine
from matcher.errors import RuleError, UsageError
from matcher.geography.postcodes import load_postcodes
from scenarios.stream.advice import CHUNK, NEWCOMER, NOBODY, advice
from scenarios.stream.settings import OBJECTIVES, POLICIES, StreamSettings
from scenarios.world import World
from workbench import sentences
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import open_for
from workbench.exits import Exit
from workbench.files import beside, usable
from workbench.tables import Table, rounded, score
from workbench.timer import Clock, limited
from workbench.words import decimals, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from matcher.results import PairReasons
    from scenarios.stream.advice import Advice
    from workbench.screen import Screen
    from workbench.tables import Cell

YEARS = 2
"""How far ahead is simulated."""
WRITING = 0.5
"""Processor seconds that the files take."""


def run(
    screen: Screen,
    *,
    today: date,
    case: Path,
    child: str,
    volunteer: str,
    decisions: tuple[Path, ...] = (),
    policy: str | None = None,
    objective: str | None = None,
) -> Answer:
    """Advise on a pair."""
    began, clock, language = time.perf_counter(), Clock(), screen.options.language
    stream = _stream(language, policy, objective)
    folder = usable(screen.options.out or beside(case))
    opened = open_for(case, screen, today, decisions)
    limited(opened.rulebook, screen.options)
    engine = Engine.of(opened.case, opened.rulebook, load_postcodes())
    reasons = engine.why_pair(child, volunteer)
    if not reasons.eligible:
        return _refused(engine, reasons, folder, "\n".join(_why_not(language, engine, reasons)))
    world = World(case=engine.case, rulebook=engine.rulebook, postcodes=load_postcodes(), stream=stream)
    seed = int(engine.rulebook.number("seed"))
    try:
        with screen.progress("working.advise") as news, clock.naming_limit():
            told = _teller(language, news)
            found = advice(world, child, volunteer, years=YEARS, seed=seed, left=clock.before(WRITING), told=told)
    except RuleError:  # the ids are known and the pair is eligible: so one of the two is not free in the stream's own terms
        return _refused(engine, reasons, folder, say(language, "advise.not_free", child=child, volunteer=volunteer))
    row = _row(found)
    return Answer(
        text="\n".join(lines(language, found)),
        summary={
            "eligible": True,
            **row,
            "score": score(reasons.points),
            "years": YEARS,
            "cut": found.cut,
            "repeatable": not found.cut,
            "seconds": rounded(time.perf_counter() - began, 3),
            **origin(engine),
        },
        tables=(Table("advice", tuple(row), (tuple(row.values()),)),),
        folder=folder,
    )


def _stream(language: str, policy: str | None, objective: str | None) -> StreamSettings:
    """The settings with what was asked for; raises ``UsageError`` with the nearest word for one that there is not."""
    asked = {name: word for name, word in (("policy", policy), ("objective", objective)) if word is not None}
    for name, known in (("policy", POLICIES), ("objective", OBJECTIVES)):
        word = asked.get(name, known[0])
        if word not in known:
            near = get_close_matches(word, known, n=1, cutoff=0.5)
            facts = {"what": f"--{name}", "expected": say(language, f"usage.expected.{name}")}
            raise UsageError("usage.bad_value", **facts, nearest=near[0] if near else "")
    return StreamSettings.standard().with_values(asked)


def _teller(language: str, news: Callable[[str], None]) -> Callable[[int, int], None]:
    """What passes on how many futures are done, at each tenth of those there are at most."""

    def told(done: int, most: int) -> None:
        if done * 10 // most > (done - CHUNK) * 10 // most:
            news(say(language, "advise.played", done=done, most=most))

    return told


# A pair that cannot be asked


def _refused(engine: Engine, reasons: PairReasons, folder: Path, text: str) -> Answer:
    """No advice; that of an earlier run is taken away."""
    return Answer(
        text=text,
        summary={
            "child_id": reasons.child_id,
            "volunteer_id": reasons.volunteer_id,
            "eligible": reasons.eligible,
            "failing": tuple(_failing(reasons)),
            **origin(engine),
        },
        folder=folder,
        stale=("advice.csv",),
        exit=Exit.NO_ANSWER,
    )


def _failing(reasons: PairReasons) -> list[str]:
    """What keeps the two apart, by key."""
    return ["forbidden"] * reasons.forbidden + [v.rule for v in reasons.verdicts if not v.holds and not v.waived]


def _why_not(language: str, engine: Engine, reasons: PairReasons) -> Iterator[str]:
    names = sentences.rule_names(language, engine.rulebook, _failing(reasons))
    yield say(language, "why.not_eligible", child=reasons.child_id, volunteer=reasons.volunteer_id, rules=names)
    for verdict in reasons.verdicts:
        if not verdict.holds and not verdict.waived:
            name = sentences.rule_name(language, engine.rulebook, verdict.rule)
            yield f"  {name}: {sentences.verdict_sentence(language, engine.rulebook, verdict)}"
    yield say(language, "advise.no_advice", child=reasons.child_id, volunteer=reasons.volunteer_id)


# The advice


def _row(found: Advice) -> dict[str, Cell]:
    """The advice as one row; gains in score points or months, as the objective is, shares from 0 to 1."""
    return {
        "child_id": found.child_id,
        "volunteer_id": found.volunteer_id,
        "advice": "now" if found.now else "wait",
        "sure": found.sure,
        "gain": rounded(found.gain.value, 3),
        "gain_low": rounded(found.gain.low, 3),
        "gain_high": rounded(found.gain.high, 3),
        "chance": rounded(found.says_yes, 3),
        "child_kept_for": found.child_kept_for or None,
        "child_kept_share": rounded(found.child_kept_share, 3),
        "volunteer_kept_for": found.volunteer_kept_for or None,
        "volunteer_kept_share": rounded(found.volunteer_kept_share, 3),
        "volunteer_lost_now": rounded(found.volunteer_lost_now, 3),
        "volunteer_lost_kept": rounded(found.volunteer_lost, 3),
        "child_without_now": rounded(found.child_left_now, 3),
        "child_without_kept": rounded(found.child_left, 3),
        "futures": found.futures,
        "policy": found.policy,
        "objective": found.objective,
    }


def lines(language: str, found: Advice) -> Iterator[str]:
    """The advice in a few lines: what to do, what it gains, for whom else, what is risked, and what the model is."""
    pair = {"child": found.child_id, "volunteer": found.volunteer_id}
    yield say(language, f"advise.{'now' if found.now else 'wait'}{'' if found.sure else '_unsure'}", **pair)
    gain, low, high = (_signed(language, value) for value in (found.gain.value, found.gain.low, found.gain.high))
    yield f"  {say(language, f'advise.gain_{found.objective}', gain=gain, low=low, high=high)}"
    yield f"  {say(language, 'advise.chance', share=_percent(language, found.says_yes))}"
    yield f"  {_kept(language, 'child', found.child_id, found.child_kept_for, found.child_kept_share)}"
    yield f"  {_kept(language, 'volunteer', found.volunteer_id, found.volunteer_kept_for, found.volunteer_kept_share)}"
    for who, now, kept in (
        ("volunteer", found.volunteer_lost_now, found.volunteer_lost),
        ("child", found.child_left_now, found.child_left),
    ):
        facts = {"now": _percent(language, now), "kept": _percent(language, kept), "years": YEARS}
        yield f"  {say(language, f'advise.risk_{who}', **facts)}"
    yield say(language, f"advise.counted_{found.objective}", policy=say(language, f"whatif.policy.{found.policy}"))
    if found.cut:
        yield say(language, "advise.cut", futures=found.futures)
    yield say(language, "advise.limits", futures=found.futures, years=YEARS)


def _kept(language: str, who: str, name: str, other: str, share: float) -> str:
    """With whom somebody begins a friendship most often if the two are kept apart."""
    ending = {NOBODY: "nobody", NEWCOMER: "newcomer"}.get(other, "other")
    return say(language, f"advise.{who}_{ending}", name=name, other=other, share=_percent(language, share))


def _percent(language: str, share: float) -> str:
    return decimals(language, 100 * share, 0)


def _signed(language: str, points: float) -> str:
    shown = round(points, 1)
    return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{decimals(language, abs(shown), 1)}"
