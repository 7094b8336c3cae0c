"""Closes a small year: each level that is not proved is proved, made better, or given a better bound, by an exact model.

The levels are taken in their order, the earlier ones held at their values. The last two are first asked of a model without
groups, which is far smaller: what it proves is true of all plans. Work is counted, not time, so a run can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.calendar.exact.groups import Grouped, Under
from matcher.calendar.exact.model import CHANGES, MEETINGS, SPREAD, TRAVEL, UNMET, Exact
from matcher.calendar.exact.prices import Settled, settled
from matcher.calendar.exact.run import ran
from matcher.calendar.exact.state import state_of
from matcher.calendar.finish import fixed_of_year, met_of, year_plan
from matcher.calendar.measure import leaders
from matcher.calendar.meetings.model import model_of
from matcher.calendar.plan import MINUTE, Levels
from matcher.calendar.running.solver import Solver
from matcher.calendar.running.watch import Effort
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from matcher.assignment.solvers.program import Program
    from matcher.calendar.groups.improve import Improved
    from matcher.calendar.meetings.model import Model
    from matcher.calendar.meetings.sessions import Sessions
    from matcher.calendar.plan import YearPlan
    from matcher.calendar.running.watch import Watch
    from matcher.calendar.year import Year

WORK, MODELS = {Effort.QUICK: 0.25, Effort.NORMAL: 3.0, Effort.THOROUGH: 20.0}, 4
"""Of a model, in CP-SAT's deterministic seconds, each one or two of a processor; and how many times that all may take."""
LARGEST_SITTING, LARGEST = 4_000, 60_000
"""Entries of a year that is looked at at all, and the size of a model: its entries, times the volunteers where it has groups."""
PRICED_FROM, ITERATIONS = 300, 20_000
"""Entries from which prices are worth their while, and the most steps towards them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closed:
    """A plan that is as good or better, and the bounds that are as large or larger."""

    state: Improved
    bound: Levels


def closed_plan(sessions: Sessions, plan: YearPlan, watch: Watch, effort: Effort, seed: int) -> YearPlan:
    """The plan with each level proved, made better or better bounded, where the year is small enough.

    Without a time limit the same plan, effort and seed give the same plan. The clock and Ctrl-C end it: then the answer is what
    is closed so far.
    """
    if plan.status == "optimal" or len(sessions.who) > LARGEST_SITTING or watch.clock.calls_time():
        return plan
    found = closed(model_of(sessions), state_of(sessions, plan), plan.bound, watch, WORK[effort], seed)
    return year_plan(found.state.draft, found.state.groups, found.bound, cut=watch.clock.cut, data_hash=plan.data_hash)


def closed(model: Model, state: Improved, bound: Levels, watch: Watch, work: float, seed: int, *, first: int = UNMET) -> Closed:
    """Prove, improve or bound each level from ``first`` on.

    Parameters
    ----------
    model : the session model with all sessions; rows that were added to it are kept.
    state : the plan so far, which the model allows.
    bound : what is proved of each level, given the earlier ones as reported; fixed meetings and attendances counted.
    watch : ends it; then what is closed so far is the answer.
    work : of each model at most, in CP-SAT's deterministic seconds; ``MODELS`` times as much in all.
    seed : of the solver.
    """
    closing = _Closing(model, state, bound, watch, work, seed)
    try:
        if state.draft.sessions.year.volunteers and state.draft.sessions.year.matchers:
            closing.all_levels(first)
    except KeyboardInterrupt:
        watch.clock.stop()
    return Closed(state=closing.state, bound=closing.proved())


def fixed_part(year: Year) -> tuple[int, int, int, int, int]:
    """What the fixed meetings alone add to each level: their number, and their travel in thousandths of a minute."""
    fixed = fixed_of_year(year)
    travel = sum(year.way(name, one.meeting.venue_id) for one in fixed for name in set(one.meeting.volunteers))
    return (0, len(fixed), 0, travel, 0)


class _Closing:
    def __init__(self, model: Model, state: Improved, bound: Levels, watch: Watch, work: float, seed: int) -> None:
        self.sitting, self.watch, self.work, self.seed = model, watch, work, seed
        self.left = MODELS * work
        self.prices: tuple[Program, npt.NDArray[np.float64]] | None = None
        self.known = Settled.nothing(model.program.n_columns)
        self.year = model.sessions.year
        self.state, self.values = state, _values(state)
        self.added = fixed_part(self.year)
        scaled = [round(one * MINUTE) if level == TRAVEL else int(one) for level, one in enumerate(bound.values())]
        self.bound = [one - more for one, more in zip(scaled, self.added, strict=True)]
        slack = [float(self.year.book[f"calendar.slack.{level}"]) for level in LEVELS[:-1]]
        self.slack = [*(int(one) for one in slack[:TRAVEL]), int(slack[TRAVEL] * MINUTE), 0]

    def all_levels(self, first: int) -> None:
        """Those that need no groups, then the others, with prices where the year is large enough for them."""
        self.levels(range(first, CHANGES), None)
        rest = range(max(first, CHANGES), SPREAD + 1)
        if len(self.sitting.x_entry) < PRICED_FROM or not self.any_open(rest):
            self.levels(rest, None)
            return
        with Solver(self.watch.clock, self.seed) as solver:
            self.levels(rest, solver)

    def any_open(self, levels: range) -> bool:
        """Whether any is not proved."""
        return (
            any(self.values[level] - self.slack[level] > self.bound[level] for level in levels)
            and not self.watch.clock.calls_time()
        )

    def levels(self, levels: range, solver: Solver | None) -> None:
        """Level after level; ``solver`` finds prices, which make the models smaller."""
        for level in levels:
            if level >= CHANGES and solver is not None and self.any_open(range(level, level + 1)):
                self._settle(TRAVEL if level > CHANGES else MEETINGS, solver)
            self._asked(Under if level in {CHANGES, SPREAD} else Exact, level, self.known)
            if level == TRAVEL and self.prices is not None:  # a plan at the bound has few sessions to choose from
                self._asked(Grouped, level, self.known.and_also(settled(*self.prices, -self.bound[level])), aim=True)
            if level >= CHANGES:
                self._asked(Grouped, level, self.known)

    def _asked(self, kind: type[Exact], level: int, known: Settled, *, aim: bool = False) -> None:
        """Ask a model, unless it is too large; ``aim``: for a plan that reaches the bound, or nothing."""
        entries = int((~known.never[self.sitting.x_columns]).sum())
        size = entries * len(self.year.volunteers) if kind is Grouped else entries
        if size <= LARGEST and self.left > 0 and self.any_open(range(level, level + 1)):
            self._ask(kind(self.sitting, known), level, self.bound[level] if aim else self.values[level])

    def _settle(self, level: int, solver: Solver) -> None:
        """Leave out what no plan that is as good has, by the prices of meetings or of travel."""
        model, (unmet, meetings) = self.sitting, self.values[:CHANGES]
        program = model.program.with_row(model.u_columns, 1, 0, unmet)
        if level == TRAVEL:
            program = program.with_row(model.y_columns, 1, 0, meetings)
        costs = model.costs(meeting=1) if level == MEETINGS else model.costs(entry=model.sessions.entry_minutes)
        program = program.with_objective(costs)
        found = solver.fractions(program, "pdlp", ITERATIONS)
        if found is not None:
            self.prices = (program, found.prices) if level == TRAVEL else None
            self.known = self.known.and_also(settled(program, found.prices, -self.values[level]))

    def _ask(self, exact: Exact, level: int, most: int) -> None:
        for earlier in exact.levels:
            if earlier < level:
                exact.limit(earlier, self.bound[earlier], self.values[earlier])
        exact.limit(level, self.bound[level], most)
        found = ran(exact.hinted(level, self.state), min(self.work, self.left), self.seed, self.watch)
        self.left -= found.work
        if found.bound is not None and most == self.values[level]:
            self.bound[level] = min(max(self.bound[level], found.bound), self.values[level])
        if found.x is not None:
            self._offer(exact.state(found.x), level)
        self.watch.tell(LEVELS[level], *(self._shown(level, one[level]) for one in (self.values, self.bound)))

    def _offer(self, state: Improved, level: int) -> None:
        """Take a plan that is better on a level by more than its slack, and on none before it worse."""
        values = _values(state)
        as_good = all(one <= most for one, most in zip(values[:level], self.values[:level], strict=True))
        if as_good and values[level] < self.values[level] - self.slack[level]:
            if values[MEETINGS] != self.values[MEETINGS]:
                self.bound[SPREAD] = 0  # it was that of sharing out another number
            self.state, self.values = state, values

    def _shown(self, level: int, value: int) -> float:
        return (value + self.added[level]) / MINUTE if level == TRAVEL else value + self.added[level]

    def proved(self) -> Levels:
        """The bounds."""
        return Levels(**{name: self._shown(level, self.bound[level]) for level, name in enumerate(LEVELS)})  # type: ignore[arg-type]


def _values(state: Improved) -> list[int]:
    """The levels, fixed meetings and attendances aside but for the last."""
    year, met = state.draft.sessions.year, met_of(state.draft)
    loads = [int((met.leader == year.matcher_index[name]).sum()) for name in leaders(year)]
    return [*state.rank, max(loads, default=0) - min(loads, default=0)]
