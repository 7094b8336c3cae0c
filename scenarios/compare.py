"""Scenarios beside their baselines: every value with its difference, and who gains, loses or changes in the plan of today.

::

    asked = Scenario(name="Ti mænd", change=(Recruit(number=10, gender="man"),))
    found = compare([asked], World(case=case, rulebook=rulebook, postcodes=postcodes, stream=StreamSettings.standard()))
    found.value("Ti mænd", "matched").difference
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from matcher.errors import InfeasibleError, TimeLimitError
from scenarios.comparison import Comparison, Held, PairChange, Row, order_of
from scenarios.over_time import HERE, Pace, Playing, Streams, rows_over_time
from scenarios.runs import interrupts_heard
from scenarios.scenario import MODES, Place, Scenario, worlds_of
from scenarios.stream.lasting import with_one_history
from scenarios.stream.remarks import remarks
from scenarios.today import Measures, Today, today

if TYPE_CHECKING:
    from matcher.results import Assignment
    from scenarios.world import World

Told = Callable[[int, int, str], None]
"""Is told which scenario is begun: its number, how many there are, its name."""


def compare(
    scenarios: Sequence[Scenario],
    start: World,
    *,
    year: int | None = None,
    places: Mapping[str, Place] | None = None,
    told: Told = lambda *_: None,
    left: Callable[[], float | None] = lambda: None,
    playing: Playing = HERE,
) -> Comparison:
    """Answer scenarios, those of mode ``today`` first; an interrupt keeps what is finished, and of a stream its replications.

    Parameters
    ----------
    start
        The case as it is: the baseline of whoever names none.
    year
        The calendar of that year is planned too, in mode ``today``.
    places
        Where each scenario stands in its file, for what is wrong with it.
    left
        The seconds that are left. A plan is not begun where the longest so far took more. Streams share what is left, and each
        rests on what was done.
    playing
        How replications of streams are run.

    Raises
    ------
    CaseError
        What does not fit together, or this case; every fault of every scenario.
    InfeasibleError
        The case as it is has no feasible plan, and nothing else was answered.
    UsageError
        The cluster cannot be used.
    TimeLimitError, KeyboardInterrupt
        Before any scenario was finished.
    """
    worlds = {"": start, **with_one_history(worlds_of(scenarios, start, places), start)}
    pace, plans, streams = Pace(left), _Plans(worlds, year), Streams(worlds, playing, left)
    stopped: KeyboardInterrupt | TimeLimitError = TimeLimitError()
    together = playing.together and left() is None
    waiting = deque(_batches(scenarios, together=together, streams_first=playing.cluster is not None))
    try:
        while waiting and left() != 0:
            batch = waiting.popleft()
            over_time = batch[0].mode == "stream"  # which can be cut short, so it is begun in any case
            if not over_time and pace.is_out_of_time():
                waiting = deque(rest for rest in waiting if rest[0].mode == "stream")
                continue
            for one in batch:
                told(scenarios.index(one) + 1, len(scenarios), one.name)
            with interrupts_heard(), suppress(TimeLimitError):  # what time is left is for the others
                if over_time:
                    later = [one for rest in waiting for one in rest]
                    streams.play(batch, later, bold=not (plans.rows or streams.have_answer))
                else:
                    plans.make(*batch)
    except KeyboardInterrupt as error:
        stopped = error
    try:
        found = _found(scenarios, plans, streams)
    except KeyboardInterrupt:  # the work is done: this one is heard when it has been put together, a second one at once
        found = _found(scenarios, plans, streams)
    if plans.impossible and not found:
        raise plans.impossible
    answered = {*found, *plans.refused, *plans.without_baseline}
    undone = [one.name for one in scenarios if one.name not in answered]
    if undone and len(undone) == len(scenarios):
        raise stopped
    return Comparison(
        scenarios=tuple(scenarios),
        rows=tuple(row for rows in found.values() for row in rows),
        pairs=tuple(pair for one in scenarios for pair in plans.moved.get(one.name, ())),
        held=plans.held,
        refused=plans.refused,
        without_baseline=plans.without_baseline,
        unfinished=tuple(undone),
        replications={one.name: len(streams.of(one)[0]) for one in scenarios if one.mode == "stream" and one.name in found},
        cut=tuple(name for name in found if name in streams.cut),
        remarks={one.name: remarks(worlds[one.name], start) for one in scenarios if one.mode == "stream"},
    )


def _batches(scenarios: Sequence[Scenario], *, together: bool, streams_first: bool) -> list[list[Scenario]]:
    """What is answered at once: each plan by itself; streams together where they share workers, else each by itself.

    ``streams_first``: so that a cluster that does not answer is known before anything else is worked out.
    """
    today_, streams = ([one for one in scenarios if one.mode == mode] for mode in MODES)
    plans, played = [[one] for one in today_], [streams] if together and streams else [[one] for one in streams]
    return [*played, *plans] if streams_first else [*plans, *played]


def _found(scenarios: Sequence[Scenario], plans: _Plans, streams: Streams) -> dict[str, list[Row]]:
    """The rows of the scenarios that have some, by name."""
    return {one.name: rows for one in scenarios if (rows := _answer(one, plans, streams))}


def _answer(one: Scenario, plans: _Plans, streams: Streams) -> list[Row]:
    """The rows of a scenario; none where it is not finished."""
    return list(rows_over_time(one, *streams.of(one))) if one.mode == "stream" else plans.rows.get(one.name, [])


class _Plans:
    """Plans of today, each made once where several scenarios have one baseline.

    ``refused``: scenarios without a feasible plan; ``without_baseline``: those whose baseline has none, with the clash of that.
    """

    def __init__(self, worlds: Mapping[str, World], year: int | None) -> None:
        self._worlds, self._year = worlds, year
        self._real = frozenset(row.child_id for row in worlds[""].case.children)
        self._today: dict[str, Today] = {}
        self.rows: dict[str, list[Row]] = {}
        self.moved: dict[str, list[PairChange]] = {}
        self.held: dict[str, Held] = {}
        self.refused: dict[str, InfeasibleError] = {}
        self.without_baseline: dict[str, InfeasibleError] = {}
        self.impossible: InfeasibleError | None = None

    def make(self, one: Scenario) -> None:
        """Answer a scenario of mode ``today``."""
        without = self.refused
        try:
            after = self._plan(one.name)
            without = self.without_baseline
            before = self._plan(one.baseline)
        except InfeasibleError as error:
            without[one.name] = error
        else:
            self.rows[one.name] = list(_rows(one, after.measures, before.measures))
            self.moved[one.name] = list(_moved(one.name, before.plan, after.plan))
            self.held[one.name] = _held(before.plan, after.plan)

    def _plan(self, name: str) -> Today:
        """The plan of a world; that of the case as it is first, for the others start from it where it has one."""
        if name and self.impossible is None:
            with suppress(InfeasibleError):
                self._plan("")
        if name not in self._today:
            before = self._today[""].session if "" in self._today else None
            try:
                self._today[name] = today(self._worlds[name], real=self._real, before=before, year=self._year)
            except InfeasibleError as error:
                self.impossible = self.impossible if name else error
                raise
        return self._today[name]


def _rows(one: Scenario, after: Measures, before: Measures) -> Iterator[Row]:
    """The rows of mode ``today``; what a group's few real children give is blank, with its difference."""
    for metric, group in sorted({*after, *before}, key=order_of):
        mine, other = after.get((metric, group)), before.get((metric, group))
        value, beside = (None if m is None or (group and m.is_small) else m.value for m in (mine, other))
        yield Row(
            scenario=one.name,
            baseline=one.baseline,
            mode=one.mode,
            metric=metric,
            group=group,
            value=value,
            difference=None if value is None or beside is None else value - beside,
            baseline_value=beside,
        )


def _held(before: Assignment, after: Assignment) -> Held:
    """What holds back those who get nobody, in both plans."""
    was, now = (Counter(child.code for child in plan.unmatched) for plan in (before, after))
    return {code: (was[code], now[code]) for code in sorted({*was, *now})}


def _moved(scenario: str, before: Assignment, after: Assignment) -> Iterator[PairChange]:
    """Children who have another match than before, by id."""
    was, now = ({pair.child_id: pair for pair in plan.pairs} for plan in (before, after))
    for child_id in sorted({*was, *now}):
        old, new = was.get(child_id), now.get(child_id)
        if old and new and old.volunteer_id == new.volunteer_id:
            continue
        yield PairChange(
            scenario=scenario,
            child_id=child_id,
            how="changes" if old and new else "gains" if new else "loses",
            before=old.volunteer_id if old else "",
            after=new.volunteer_id if new else "",
            points_before=old.points if old else None,
            points_after=new.points if new else None,
        )
