"""The year's calendar: values and bounds after some time, beside one CP-SAT model, Timefold and the greedy plan."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from statistics import mean, median
from typing import TYPE_CHECKING

from benchmarks.peers import calendar_replan, calendar_timefold
from benchmarks.peers.calendar_runs import in_a_process
from benchmarks.tools.figures import Goal, goals_table, short
from benchmarks.tools.section import Lines, Section, Table
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.peers.calendar_replan import Replanning
    from benchmarks.peers.calendar_runs import Run

NAMES = {"greedy": "greedy plan", "ours": "ours", "cp_sat": "OR-Tools CP-SAT, one model", "timefold": "Timefold"}
UNMET, MEETINGS, CHANGES, TRAVEL, SPREAD = range(len(LEVELS))
VARIANTS = {
    "before": "all friendships begun before the planning date",
    "along": "friendships begin along the way",
    "daytime": "half the venues open in the afternoons alone",
    "apart": "Familieven by itself",
    "half": "half the year past",
}
TEXT = (
    "Synthetic years of 2027 in which friendships begin along the way, planned on 1 December 2026 (`matcher sample`'s people, "
    "rules and holidays as in the contract). Means over the seeds that have been run, in brackets; seconds are the wall clock's, "
    "of one contestant at a time (but for the nation's branches). Everybody gets the rules' answers as arrays. Each plan becomes "
    "the same records, and is judged by the rules and by the independent checker: *faults* counts plans that either refuses. A "
    "level's bound holds given the earlier levels as reported, so later levels compare only where the earlier are equal; a dash: "
    "none. *MB*: the most of one run's process and its largest child together.",
    "- *greedy plan*: `first_plan`. *ours*: `plan_year`, thorough, with that time limit, one thread; a run that ends by itself "
    "stands for longer limits too.\n"
    "- *{cp_sat}*: sessions, leaders, groups and homes as one model, a level after another, each half the time left, then held "
    "at its value; 2 workers, the last level's plan as hint (first the greedy one), whether she meets on a day as a variable, "
    "presolve cut short. Building the model in Python is in its time, which it may overrun by the last. Tried without gain: "
    "more linear relaxation, 8 workers.\n"
    "- *{timefold}*: local search by its default moves from the greedy plan, five levels one before another; one thread, as its "
    "free edition has. It gives no bounds. Tried without gain: ruin-and-recreate and pillar moves.\n"
    "- Of the peers' plans, homes and groups are settled by our exchange before they are judged, in their favour.",
)


@dataclass(frozen=True, kw_only=True)
class Volume:
    """How much is run. ``peers`` : moments of the peers at all seeds but the first, which has those of ours."""

    sizes: tuple[int, ...]
    seeds: tuple[int, ...]
    moments: tuple[float, ...]
    peers: tuple[float, ...]
    kind_seconds: float
    branches: int
    branch_seconds: float


FULL = Volume(
    sizes=(66, 87, 267, 470),
    seeds=(1, 2, 3, 4, 5),
    moments=(10, 60, 300),
    peers=(10, 60),
    kind_seconds=60,
    branches=40,
    branch_seconds=20,
)
QUICK = Volume(sizes=(66, 267), seeds=(1,), moments=(10,), peers=(), kind_seconds=5, branches=2, branch_seconds=5)
BRANCH, FIRST_BRANCH = 66, 1001
"""First-year volunteers of a branch of the nation, and the seed of the first."""
LEAST_SHOWN = 0.5
"""A logarithmic scale has no 0."""
Runs = dict[tuple[str, int, int], list["Run"]]
"""The runs of a contestant, a size and a seed, by rising time."""


def measure(*, quick: bool = False, keep: Path | None = None) -> Section:
    """Run everything; runs that are in the folder ``keep`` are read from there, and new ones left there."""
    volume = QUICK if quick else FULL
    runs: Runs = {}
    for seed in volume.seeds:
        for size in volume.sizes:
            for who in ("greedy", "ours", "cp_sat", "timefold"):
                moments = volume.moments if who in ("greedy", "ours") or seed == volume.seeds[0] else volume.peers
                if moments and not (who == "timefold" and calendar_timefold.missing()):
                    runs[who, size, seed] = in_a_process(who, "along", size, seed, moments, keep)
    kinds = {kind: in_a_process("ours", kind, BRANCH, 1, (volume.kind_seconds,), keep)[0] for kind in VARIANTS}
    replanned = calendar_replan.measured(volume.sizes, keep) if calendar_replan.installed() else []
    return section(volume, runs, kinds, replanned, nation(volume, keep))


def nation(volume: Volume, keep: Path | None) -> list[Run]:
    """All branches, two at a time."""
    seeds = range(FIRST_BRANCH, FIRST_BRANCH + volume.branches)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(in_a_process, "ours", "along", BRANCH, seed, (volume.branch_seconds,), keep) for seed in seeds]
        return [one.result()[0] for one in asked]


def section(
    volume: Volume, runs: Runs, kinds: Mapping[str, Run], replanned: Sequence[Replanning], branches: Sequence[Run]
) -> Section:
    """Tables, goals and pictures."""
    tables = [levels_table(volume, runs, size) for size in volume.sizes]
    tables += [times_table(volume, runs), kinds_table(kinds, volume.kind_seconds)]
    tables += [calendar_replan.table(replanned)] * bool(replanned)
    tables += [nation_table(branches, volume.branch_seconds)]
    text = [part.format(**NAMES) for part in TEXT]
    text += [f"{NAMES['timefold']} is left out: {calendar_timefold.missing()} is not here."] * bool(calendar_timefold.missing())
    text += [f"{NAMES['timefold']}'s model is `benchmarks/peers/CalendarTimefold.java`, written for this comparison."]
    return Section(
        title="The year's calendar",
        text=tuple(text),
        tables=(*tables, goals_table([*goals(volume, runs), *calendar_replan.goals(replanned), *nation_goals(volume, branches)])),
        pictures=tuple(picture(volume, runs, size) for size in volume.sizes),
    )


def levels_table(volume: Volume, runs: Runs, size: int) -> Table:
    """Values and bounds of each contestant after each moment."""
    rows = []
    for who, name in NAMES.items():
        for k, moment in enumerate(volume.moments):
            found = [runs[who, size, seed][k] for seed in volume.seeds if len(runs.get((who, size, seed), ())) > k]
            if found and (who != "greedy" or not k):
                title = name if who == "greedy" else f"{name}, {moment:g} s"
                rows.append((f"{title} ({len(found)})", *_levels(found)))
    obliged = mean(run.obliged for (_, of, _), some in runs.items() if of == size for run in some)
    return Table(caption=f"{obliged:.0f} first-year volunteers", heading=("contestant (seeds)", *HEADING), rows=tuple(rows))


HEADING = ("unmet", "bound", "meetings", "bound", "changes", "bound", "travel min", "bound", "spread", "bound", "MB", "faults")


def _levels(found: Sequence[Run]) -> tuple[str, ...]:
    cells = []
    for k in range(len(LEVELS)):
        bounds = [bound for run in found if (bound := run.bounds[k]) is not None]
        cells += [_figure(run.levels[k] for run in found), _figure(bounds) if len(bounds) == len(found) else "-"]
    return (*cells, f"{max(run.megabytes for run in found):,.0f}", str(sum(bool(run.faults) for run in found)))


def _figure(values: Iterable[float]) -> str:
    return f"{mean(values):,.1f}".removesuffix(".0")


def proved_after(run: Run) -> float:
    """Seconds until levels 1 and 2 stood at their bounds; infinite where they never did."""
    known: dict[str, bool] = {}
    for seconds, level, best, bound in run.told:
        known[level] = bound is not None and best <= bound
        if known.get("unmet") and known.get("meetings"):
            return seconds
    return inf


def value_after(run: Run, level: str, seconds: float) -> float:
    """The last value told of a level by then; infinite where there was none."""
    return next((best for at, name, best, _ in reversed(run.told) if name == level and at <= seconds), inf)


def times_table(volume: Volume, runs: Runs) -> Table:
    """The first plan and the proof of levels 1 and 2."""
    rows = []
    for size in volume.sizes:
        first = [runs["greedy", size, seed][0].took for seed in volume.seeds]
        proved = [proved_after(run) for run in _longest(volume, runs, size)]
        in_time = [seconds for seconds in proved if seconds < inf]
        times = (short(median(in_time)), short(max(in_time))) if in_time else ("-", "-")
        rows.append((f"{size}", short(median(first)), f"{len(in_time)} of {len(proved)}", *times))
    heading = ("obliged", "first plan, s", "levels 1 and 2 proved", "median s", "longest s")
    return Table(caption="ours: the first plan, from records on, and the proof", heading=heading, rows=tuple(rows))


def _longest(volume: Volume, runs: Runs, size: int) -> list[Run]:
    return [runs["ours", size, seed][-1] for seed in volume.seeds]


def kinds_table(kinds: Mapping[str, Run], seconds: float) -> Table:
    """Other years."""
    rows = [(f"{VARIANTS[kind]} ({run.obliged})", *_levels([run])) for kind, run in kinds.items()]
    return Table(
        caption=f"other years, ours, {seconds:g} s", heading=("year (first-year volunteers)", *HEADING), rows=tuple(rows)
    )


def nation_table(branches: Sequence[Run], seconds: float) -> Table:
    """All branches together."""
    cells = _levels(branches)
    proved = sum(run.levels[:CHANGES] == run.bounds[:CHANGES] for run in branches)
    took = sum(run.took for run in branches) / 2
    rows = (
        ("branches, first-year volunteers", f"{len(branches)}, {sum(run.obliged for run in branches):,}"),
        ("levels 1 and 2 proved", f"{proved} of {len(branches)}"),
        ("gap of unmet, of meetings", f"{100 * gap(branches, UNMET):.2f} %, {100 * gap(branches, MEETINGS):.2f} %"),
        ("minutes, two at a time", short(took / 60)),
        ("MB of two at once", f"{two_at_once(branches):,.0f}"),
        ("faults", cells[-1]),
    )
    return Table(caption=f"a nation of branches, {seconds:g} s each", heading=("what", "measured"), rows=rows)


def gap(runs: Sequence[Run], level: int) -> float:
    """The sum of the values over that of the bounds, less one; infinite where the bounds say nothing."""
    value, bound = sum(run.levels[level] for run in runs), sum(run.bounds[level] or 0 for run in runs)
    if bound <= 0:
        return inf if value > 0 else 0.0
    return (value - bound) / bound


def two_at_once(runs: Sequence[Run]) -> float:
    """MB of the two largest."""
    return sum(sorted(run.megabytes for run in runs)[-2:])


AIMS: Mapping[int, tuple[float, float, tuple[tuple[float, float], ...], float]] = {
    66: (1.5, 5, ((45, 14),), 5),
    87: (1.5, 5, ((45, 19),), 5),
    267: (5, 30, ((120, 125), (300, 100)), 15),
}
"""Seconds of the first plan and of the proof; changes in so many seconds; travel's gap in per cent."""


def goals(volume: Volume, runs: Runs) -> list[Goal]:
    """The aims for single years, medians over the seeds."""
    listed = []
    for size in set(volume.sizes) & set(AIMS):
        first, proof, changes, travel = AIMS[size]
        found = _longest(volume, runs, size)
        listed.append(Goal(f"{size}: first plan, s", median(runs["greedy", size, seed][0].took for seed in volume.seeds), first))
        listed.append(Goal(f"{size}: levels 1 and 2 proved, s", median(proved_after(run) for run in found), proof))
        listed += [
            Goal(f"{size}: changes after {at:g} s", median(value_after(run, "changes", at) for run in found), most)
            for at, most in changes
            if at <= max(volume.moments)
        ]
        over = median(100 * gap([run], TRAVEL) for run in found)
        listed.append(Goal(f"{size}: travel above its bound, %", over, travel))
    return sorted(listed, key=lambda goal: int(goal.what.split(":")[0]))


def nation_goals(volume: Volume, branches: Sequence[Run]) -> list[Goal]:
    """The aims for the nation, where it is whole."""
    if volume.branches < FULL.branches:
        return []
    worst = 100 * max(gap(branches, UNMET), gap(branches, MEETINGS))
    return [
        Goal("nation: minutes", sum(run.took for run in branches) / 120, 10),
        Goal("nation: gap of levels 1 and 2, %", worst, 2),
        Goal("nation: MB", two_at_once(branches), 4_000),
    ]


def picture(volume: Volume, runs: Runs, size: int) -> Lines:
    """Changes against time on the first seed, as each contestant tells of them; all begin at the greedy plan."""
    seed, last = volume.seeds[0], max(volume.moments)
    start = runs["greedy", size, seed][0]
    lines = {}
    for who in ("ours", "cp_sat", "timefold"):
        if (who, size, seed) in runs:
            points = [(start.took, start.levels[CHANGES])]
            for at, level, best, _ in runs[who, size, seed][-1].told:
                if level == "changes" and start.took < at < last:
                    points += [(at, points[-1][1]), (at, best)]
            points.append((last, points[-1][1]))
            lines[NAMES[who]] = tuple((at, max(best, LEAST_SHOWN)) for at, best in points)
    title = f"{size} first-year volunteers: changes, each at its own unmet and meetings"
    return Lines(name=f"performance-calendar-{size}", title=title, across="seconds", unit="changes", lines=lines)
