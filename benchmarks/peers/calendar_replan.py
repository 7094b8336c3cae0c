"""Planning anew from a date on: a matcher falls ill for two months, the busiest venue closes.

``python -m benchmarks.peers.calendar_replan OBLIGED`` prints both as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from benchmarks.peers.calendar_years import YEAR, Question, along
from benchmarks.tools.figures import Goal, short
from benchmarks.tools.section import Table
from constraints.rulebook import load_rulebook
from matcher.calendar.judge import CalendarJudge
from matcher.calendar.planner import plan_year
from matcher.calendar.running.watch import Effort
from matcher.check.calendar_days import public_holidays
from matcher.errors import CertificateError
from matcher.geography.postcodes import load_postcodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from matcher.calendar.plan import YearPlan
    from matcher.records import Case

SEED, FROM = 1, date(YEAR, 2, 1)
ILL = (date(YEAR, 2, 1), date(YEAR, 3, 31))
LATER = (FROM, date(YEAR, 12, 31))
AIMS: Mapping[int, float] = {66: 1, 87: 1, 267: 5}
"""Seconds in which the fewest changed promises are proved."""


@dataclass(frozen=True, kw_only=True)
class Replanning:
    """What changed: promises not kept and their bound, unmet before and after, seconds, and faults that were found."""

    obliged: int
    what: str
    changed: int
    bound: int
    unmet_before: int
    unmet: int
    seconds: float
    proved_after: float
    faults: tuple[str, ...]


def installed() -> bool:
    """Whether the planner can plan anew."""
    return importlib.util.find_spec("matcher.calendar.anew.replan") is not None


def measured(sizes: Sequence[int], keep: Path | None) -> list[Replanning]:
    """Both disturbances at all sizes, each size in a process of its own, or read from the folder ``keep``."""
    found: list[Replanning] = []
    for size in sizes:
        kept = None if keep is None else keep / f"replan-{size}.json"
        if kept is not None and kept.exists():
            text = kept.read_text("utf-8")
        else:
            print(f"  replan {size}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "benchmarks.peers.calendar_replan", str(size)]
            text = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout  # noqa: S603
            if kept is not None:
                kept.write_text(text, "utf-8")
        found += [Replanning(**{**plain, "faults": tuple(plain["faults"])}) for plain in json.loads(text)]
    return found


def replanned(size: int) -> list[Replanning]:
    """Plan a year, disturb it, plan it anew."""
    question = along(size, SEED)
    before = plan_year(question.year, effort=Effort.QUICK, seed=SEED)
    return [_anew(before, Question(case), size, what) for what, case in _disturbed(question.case, before).items()]


def _disturbed(case: Case, before: YearPlan) -> dict[str, Case]:
    busiest_matcher = _busiest(row.matcher_id for row in before.meetings if ILL[0] <= row.date <= ILL[1])
    busiest_venue = _busiest(row.venue_id for row in before.meetings if row.date >= FROM)
    matchers = tuple(
        row.model_copy(update={"absent": (*row.absent, ILL)}) if row.matcher_id == busiest_matcher else row
        for row in case.matchers
    )
    venues = tuple(
        row.model_copy(update={"closed": (*row.closed, LATER)}) if row.venue_id == busiest_venue else row for row in case.venues
    )
    return {
        "the matcher who leads most is ill for two months": case.model_copy(update={"matchers": matchers}),
        "the busiest venue closes": case.model_copy(update={"venues": venues}),
    }


def _busiest(names: Iterable[str]) -> str:
    return max(sorted(Counter(names).items()), key=lambda item: item[1])[0]


def _anew(before: YearPlan, question: Question, size: int, what: str) -> Replanning:
    from matcher.calendar.anew.promises import Earlier  # noqa: PLC0415  what is measured where it is there
    from matcher.calendar.anew.replan import replan  # noqa: PLC0415

    year, earlier = question.year, Earlier.of(before)
    proofs: list[float] = []
    began = time.perf_counter()

    def heard(progress: Any) -> None:  # noqa: ANN401
        if progress.level == "changed_promises" and progress.bound is not None and progress.best <= progress.bound:
            proofs.append(time.perf_counter() - began)

    after = replan(year, earlier, FROM, effort=Effort.QUICK, seed=SEED, listener=heard)
    seconds = time.perf_counter() - began
    return Replanning(
        obliged=size,
        what=what,
        changed=len(after.changed),
        bound=after.changed_bound,
        unmet_before=before.objective.unmet,
        unmet=after.plan.objective.unmet,
        seconds=seconds,
        proved_after=min(proofs, default=seconds),
        faults=tuple(_faults(question, earlier, after)),
    )


def _faults(question: Question, earlier: Any, after: Any) -> list[str]:  # noqa: ANN401
    values = load_rulebook(question.case.planning_date).all_values()
    judge = CalendarJudge.of(question.case, values, load_postcodes(), YEAR, public_holidays(YEAR))
    try:
        judge.accepts_replan(earlier, after.plan, after.changed, FROM, {})
    except CertificateError as refused:
        return [str(refused)]
    return []


def table(found: Sequence[Replanning]) -> Table:
    """A row for each."""
    rows = [
        (
            f"{one.obliged}: {one.what}",
            f"{one.unmet_before} to {one.unmet}",
            str(one.changed),
            str(one.bound),
            short(one.proved_after),
            short(one.seconds),
            str(len(one.faults)),
        )
        for one in found
    ]
    heading = ("obliged, and what happens", "unmet", "changed promises", "bound", "proved, s", "whole run, s", "faults")
    return Table(caption=f"planning anew from {FROM}", heading=heading, rows=tuple(rows))


def goals(found: Sequence[Replanning]) -> list[Goal]:
    """The aims, where the fewest changed promises are proved."""
    return [
        Goal(f"{one.obliged}: {one.what}, s", one.proved_after if one.changed == one.bound else float("inf"), AIMS[one.obliged])
        for one in found
        if one.obliged in AIMS
    ]


if __name__ == "__main__":
    print(json.dumps([asdict(one) for one in replanned(int(sys.argv[1]))]))
