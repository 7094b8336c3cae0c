"""``matcher why``: one pair rule by rule, or what stands between one child and the volunteers, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import hindrances, rows, sentences
from workbench.about import origin
from workbench.answer import Answer
from workbench.desk import engine_for
from workbench.files import usable
from workbench.tables import score
from workbench.words import counted, decimals, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from matcher.engine import Engine
    from matcher.results import ChildReasons, PairReasons, Verdict
    from workbench.screen import Screen

SHOWN = 12
"""Relaxations shown on the screen; all are in the JSON and in the files."""


def run(
    screen: Screen, *, today: date, case: Path, child: str, volunteer: str | None, decisions: tuple[Path, ...] = ()
) -> Answer:
    """Explain; files are written only where a folder is named."""
    folder = usable(screen.options.out) if screen.options.out else None
    engine = engine_for(case, screen, today, decisions)
    with screen.working("working.explaining"):
        answer = _child(screen, engine, child) if volunteer is None else _pair(screen, engine, child, volunteer)
    return Answer(text=answer.text, summary={**answer.summary, **origin(engine)}, tables=answer.tables, folder=folder)


def _pair(screen: Screen, engine: Engine, child: str, volunteer: str) -> Answer:
    language, found = screen.options.language, engine.why_pair(child, volunteer)
    return Answer(
        text="\n".join(_pair_lines(language, engine, found)),
        summary={
            "child_id": found.child_id,
            "volunteer_id": found.volunteer_id,
            "eligible": found.eligible,
            "forbidden": found.forbidden,
            "score": score(found.points),
            "failing": tuple(_failing(found)),
        },
        tables=rows.pair_reasons(language, engine, found),
    )


def _failing(found: PairReasons) -> list[str]:
    """What keeps a pair apart, by key."""
    return ["forbidden"] * found.forbidden + [v.rule for v in found.verdicts if not v.holds and not v.waived]


def _pair_lines(language: str, engine: Engine, found: PairReasons) -> Iterator[str]:
    book, number = engine.rulebook, decimals(language, score(found.points) or 0, 3)
    names = {"child": found.child_id, "volunteer": found.volunteer_id}
    if found.eligible:
        yield say(language, "why.eligible", **names, score=number)
    else:
        yield say(language, "why.not_eligible", **names, rules=sentences.rule_names(language, book, _failing(found)))
        yield say(language, "why.score_anyway", score=number)
    yield f"\n{say(language, 'why.rules')}"
    for verdict in sorted(found.verdicts, key=lambda v: (v.holds or v.waived, not v.uncertain)):
        yield _verdict_line(language, engine, verdict)
    yield f"\n{say(language, 'why.parts')}"
    for criterion, part in zip(book.criteria, found.parts, strict=True):
        points = f"{decimals(language, score(part.points) or 0, 3)} / {decimals(language, score(part.cap) or 0, 3)}"
        said = sentences.part_sentence(language, criterion, part, approximate=found.approximate)
        yield f"  {points:>15}  {sentences.name_of(language, criterion)} ({criterion.key}): {said}"


def _verdict_line(language: str, engine: Engine, verdict: Verdict) -> str:
    """One rule on a line, such as ``✗ Rejsetid (travel_time): Rejsen tager 52 minutter; højst 45``."""
    mark = "?" if verdict.uncertain else "✓" if verdict.holds else "~" if verdict.waived else "✗"
    said = sentences.verdict_sentence(language, engine.rulebook, verdict)
    waived = f" ({say(language, 'why.waived')})" if verdict.waived and not verdict.holds else ""
    name = sentences.rule_name(language, engine.rulebook, verdict.rule)
    return f"  {mark} {name} ({verdict.rule}){': ' if said else ''}{said}{waived}"


def _child(screen: Screen, engine: Engine, child: str) -> Answer:
    language, found = screen.options.language, engine.why_child(child)
    return Answer(
        text="\n".join(_child_lines(language, engine, found)),
        summary={
            "child_id": found.child_id,
            "volunteers": found.volunteers,
            "eligible": len(found.eligible),
            "own_rules": tuple(verdict.rule for verdict in found.own),
        },
        tables=rows.child_reasons(language, engine, found),
    )


def _child_lines(language: str, engine: Engine, found: ChildReasons) -> Iterator[str]:
    volunteers = counted(language, "volunteers", found.volunteers)
    yield say(language, "why.child", child=found.child_id, eligible=len(found.eligible), volunteers=volunteers)
    if found.eligible:
        yield f"  {sentences.some_ids(language, found.eligible, SHOWN)}"
    if found.own:
        yield f"\n{say(language, 'why.own')}"
        yield from (_verdict_line(language, engine, verdict) for verdict in found.own)
    if found.obstacles:
        yield f"\n{say(language, 'why.obstacles')}"
        yield from _obstacle_lines(language, engine, found)
        yield from _help_lines(language, engine, found)


def _help_lines(language: str, engine: Engine, found: ChildReasons) -> Iterator[str]:
    changes = hindrances.together(found.relaxations)
    when_met = hindrances.when_met(language, found)
    if when_met:
        yield f"\n{when_met}"
        return
    yield f"\n{say(language, 'why.relaxations' if changes else 'why.no_relaxations')}"
    for number, change in enumerate(changes[:SHOWN], start=1):
        yield f"  {number:>2}. {hindrances.relaxation(language, engine.rulebook, change)}; {hindrances.consent(language, change)}"
    if len(changes) > SHOWN:
        yield f"  {say(language, 'why.more', number=len(changes) - SHOWN)}"


def _obstacle_lines(language: str, engine: Engine, found: ChildReasons) -> Iterator[str]:
    for item in found.obstacles:
        rule = f"{sentences.rule_name(language, engine.rulebook, item.rule)} ({item.rule})"
        alone = (
            f"{put(language, len(item.alone))} ({sentences.some_ids(language, item.alone)})" if item.alone else put(language, 0)
        )
        locked = f" [{say(language, 'why.locked')}]" if item.locked else ""
        keeps_out = counted(language, "volunteers", item.keeps_out)
        yield f"  {say(language, 'why.obstacle', rule=rule, keeps_out=keeps_out, alone=alone)}{locked}"
