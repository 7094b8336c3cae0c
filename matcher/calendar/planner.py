"""Plans a year: a complete plan at once, then the contract's levels one after another, each with a bound that holds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from matcher.calendar.finish import fixed_of_year, met_of, year_plan
from matcher.calendar.groups.grouping import grouped
from matcher.calendar.groups.improve import Improved, improved
from matcher.calendar.groups.spread import even_loads
from matcher.calendar.meetings import bounds
from matcher.calendar.meetings.greedy import greedy_draft
from matcher.calendar.meetings.model import model_of
from matcher.calendar.meetings.parts import grouped_by_help, joined, parts_of, united
from matcher.calendar.meetings.search import FirstLevels, first_levels
from matcher.calendar.meetings.sessions import Sessions, sessions_of
from matcher.calendar.plan import MINUTE, Levels, YearPlan
from matcher.calendar.running.attended import Relay, attended
from matcher.calendar.running.parallel import planned_apart
from matcher.calendar.running.solver import Clock
from matcher.calendar.running.watch import Effort, Listener, Watch
from matcher.calendar.settings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matcher.calendar.meetings.model import Model
    from matcher.calendar.running.solver import Solver
    from matcher.calendar.year import Year

KEPT_SHARE, KEPT_SECONDS = 0.1, 5.0
"""What the clock keeps for the last level."""
NO_SLACK = (0, 0, 0)


def first_plan(year: Year) -> YearPlan:
    """A complete plan that keeps every hard rule, without a solver; nothing is proved of it."""
    whole = sessions_of(year)
    drafts = [greedy_draft(_sessions(whole, part, shared=False)) for part in parts_of(whole)[0]]
    plans = [year_plan(draft, grouped(met_of(draft))) for draft in drafts]
    return plans[0] if len(plans) == 1 else replace(joined(year, plans, 0, cut=False), status="feasible")


def plan_year(
    year: Year,
    *,
    seconds: float | None = None,
    effort: Effort = Effort.NORMAL,
    seed: int = 1,
    listener: Listener | None = None,
    data_hash: str = "",
    workers: int = 1,
) -> YearPlan:
    """The plan of a year.

    Parameters
    ----------
    year : what is asked.
    seconds : the outer guard. Without one, the same year, effort and seed give the same plan. A plan says whether it was cut.
    effort : how many neighbourhoods are tried for changes and travel.
    seed : of the random choices.
    listener : is told of every level's best value and bound while they change.
    data_hash : names the case and settings; kept in the plan.
    workers : how many regions that share nobody are planned at a time, two at least; without a time limit the plan is the same.

    Notes
    -----
    Ctrl-C ends the search as the clock does: the best plan so far is the answer. Of a year that falls into parts (``parts``), the
    part with most needs alone spends the levels' slack, which is counted once for the whole year.
    """
    watch = Watch(Clock(seconds), listener)
    regions = _Regions(sessions_of(year), effort, data_hash)
    plans = planned_apart(regions.parts(), watch, seed, regions.together, workers)
    if len(plans) == 1:
        plan = replace(plans[0], cut=watch.clock.cut)
    else:
        new = sum(not row.pinned for plan in plans for row in plan.meetings)
        plan = joined(year, plans, bounds.proved_spread(regions.sessions, new), cut=watch.clock.cut)
    relay = Relay(watch)
    close = partial(_closed, regions.sessions, plan, relay.watch, effort, seed)
    return attended([close], watch.clock.stop, relay.tell, workers=1)[0]


def _closed(sessions: Sessions, plan: YearPlan, watch: Watch, effort: Effort, seed: int) -> YearPlan:
    """A small year's plan, closed exactly while there is time."""
    if plan.status == "optimal" or watch.clock.calls_time():
        return plan
    from matcher.calendar.exact.closing import closed_plan  # noqa: PLC0415  CP-SAT takes long to load

    return closed_plan(sessions, plan, watch, effort, seed)


class _Regions:
    """The parts of a year."""

    def __init__(self, sessions: Sessions, effort: Effort, data_hash: str) -> None:
        self.sessions, self.effort, self.data_hash = sessions, effort, data_hash
        self.years, self.shared = parts_of(sessions)
        self.slack = _slack(sessions.year)
        self.largest = max(range(len(self.years)), key=lambda k: (self.years[k].need.sum(), -k))

    def parts(self) -> list[_Part]:
        """Each by itself."""
        return [self._part(year, spends=k == self.largest) for k, year in enumerate(self.years)]

    def _part(self, year: Year, *, spends: bool) -> _Part:
        """A part; ``spends``: the slack, which is one for the whole year, so that one part alone may use it."""
        shared = self.shared and year is not self.sessions.year
        return _Part(_sessions(self.sessions, year, shared=shared), self.slack if spends else NO_SLACK, self, shared=shared)

    def together(self, parts: Sequence[_Part]) -> list[tuple[tuple[int, ...], _Part]]:
        """Parts that could do better as one, where each has its own of the matchers."""
        lacking = [k for k, part in enumerate(parts) if part.lacks and self.shared]
        groups = grouped_by_help(self.sessions, [(part.possible, part.first.draft) for part in parts], lacking)
        return [(one, self._part(united(self.sessions.year, self.years, one), spends=self.largest in one)) for one in groups]


class _Part:
    """A part of a year, planned in two steps: levels 1 and 2, then the others.

    ``possible`` has every session that anybody could lead, ``sessions`` those that the part's own matchers could. ``shared``:
    others might lead here in another plan of the year.
    """

    def __init__(self, possible: Sessions, slack: tuple[int, int, int], regions: _Regions, *, shared: bool) -> None:
        self.possible, self.sessions, self.slack, self.shared = possible, possible.own, slack, shared
        self.effort, self.data_hash = regions.effort, regions.data_hash
        start = greedy_draft(self.sessions)
        self.first = FirstLevels(draft=start, unmet_bound=0, meetings_bound=0)
        self.standing: dict[str, tuple[float, float]] = {"unmet": (start.unmet, 0)}

    @property
    def need(self) -> int:
        """Units that are still owed: how large the part is."""
        return int(self.sessions.year.need.sum())

    @property
    def rank(self) -> tuple[int, int]:
        """Levels 1 and 2."""
        return self.first.draft.rank[:2]

    @property
    def open(self) -> tuple[int, int]:
        """How far levels 1 and 2 may end from their bounds, with the slack of meetings, which is spent last."""
        unmet, meetings = self.rank
        return unmet - self.first.unmet_bound, meetings + self.slack[1] - self.first.meetings_bound

    @property
    def lacks(self) -> bool:
        """Whether more are unmet than is proved, slack aside."""
        return self.open[0] > self.slack[0]

    def _model(self) -> Model:
        """What bounds are proved of."""
        return model_of(self.possible, anybody_leads=self.shared)

    def first_levels(self, solver: Solver, watch: Watch) -> None:
        """Fewest unmet, then fewest meetings."""
        start = self.first.draft
        watch.tell("unmet", start.unmet, None)
        self.first = first_levels(self._model(), self.sessions, start, solver, watch, self.slack[0])
        (unmet, meetings), first = self.rank, self.first
        self.standing = {"unmet": (unmet, first.unmet_bound), "meetings": (meetings, first.meetings_bound)}

    def prove_meetings(self, solver: Solver, watch: Watch, others: int) -> None:
        """Prove level 2 anew where other parts may leave ``others`` fewer unmet: then this one may leave so many more."""
        unmet = self.first.draft.unmet + others
        alone = bounds.fewest_meetings(self.possible, unmet)
        proved = _proved(watch, lambda: bounds.proved_meetings(self._model(), solver, unmet))
        self.first = replace(self.first, meetings_bound=max(alone, proved))

    def plan(self, solver: Solver, watch: Watch, others: tuple[int, int]) -> YearPlan:
        """The other levels. ``others``: how far levels 1 and 2 of the other parts may end from their bounds.

        So much more may this part leave unmet, or hold, in another plan that is as good as a whole.
        """
        first, slack = self.first, self.slack
        unmet, meetings = first.draft.unmet + others[0], first.draft.meetings + slack[1] + others[1]
        travel = _proved(watch, lambda: bounds.proved_travel(self._model(), solver, unmet, meetings))
        watch.clock.keep(KEPT_SHARE, KEPT_SECONDS)
        state = improved(first.draft, solver, watch, self.effort.value, travel, slack[1:], self.effort.walks)
        watch.clock.keep(0, 0)
        state = even_loads(state, solver, state.spare)
        bound = _bounds(self.sessions, first, state, travel)
        return year_plan(state.draft, state.groups, bound, cut=watch.clock.cut, data_hash=self.data_hash)


def _sessions(whole: Sessions, year: Year, *, shared: bool) -> Sessions:
    """Of a part, every session that anybody could lead."""
    return whole if year is whole.year else sessions_of(year, whole.led if shared else None)


def _proved(watch: Watch, bound: Callable[[], int]) -> int:
    """A bound, or 0, which is true of any level, where time is up."""
    return 0 if watch.clock.calls_time() else bound()


def _slack(year: Year) -> tuple[int, int, int]:
    """What levels 1 to 3 may give up for later ones; the last level leaves travel as it is."""
    unmet, meetings, changes = (int(year.book[f"calendar.slack.{level}"]) for level in LEVELS[:3])
    return unmet, meetings, changes


def _bounds(sessions: Sessions, first: FirstLevels, state: Improved, travel: int) -> Levels:
    """Every level's bound, given the earlier levels as reported; fixed meetings are added."""
    year = sessions.year
    fixed = fixed_of_year(year)
    fixed_travel = sum(year.way(name, one.meeting.venue_id) for one in fixed for name in set(one.meeting.volunteers))
    return Levels(
        unmet=first.unmet_bound,
        meetings=first.meetings_bound + len(fixed),
        changes=0,
        travel_minutes=(travel + fixed_travel) / MINUTE,
        load_spread=bounds.proved_spread(sessions, len(state.draft.held)),
    )
