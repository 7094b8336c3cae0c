"""What a stream written elsewhere is given ready: people as days, who may be paired with whom, and how long friendships last.

Pairs, points, hazard ratios at the start and the rules about one person are the product's tables, as its own loop has them.
Rates, gates, hours, ages and hazards are worked out here from the settings, the records and the priors.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, inf, log, log1p
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.duration.hazard import DAYS_A_MONTH, OLDEST, load_priors

if TYPE_CHECKING:
    from scenarios.stream.prepare import Prepared
    from scenarios.stream.settings import StreamSettings

FloatArray: TypeAlias = npt.NDArray[np.float64]
YEAR, NEVER = 365.25, 1e8
PERIODS = {"weekly": 1, "monthly": 4, "quarterly": 13}
"""Weeks between two rounds of proposals."""


class Lasting:
    """The baseline hazard by day, its sum, and the day on which the sum is reached."""

    def __init__(self, months: tuple[float, ...], monthly: tuple[float, ...]) -> None:
        self.edges = [month * DAYS_A_MONTH for month in months]
        self.daily = [rate / DAYS_A_MONTH for rate in monthly]
        self.sums = [0.0]
        for k in range(1, len(months)):
            self.sums.append(self.sums[-1] + self.daily[k - 1] * (self.edges[k] - self.edges[k - 1]))

    def summed(self, age: float) -> float:
        """The hazard summed up to an age in days."""
        k = bisect_right(self.edges, age) - 1
        return self.sums[k] + self.daily[k] * (age - self.edges[k])

    def age_at(self, summed: float) -> float:
        """The age in days at which the sum is reached."""
        k = bisect_right(self.sums, summed) - 1
        return self.edges[k] + (summed - self.sums[k]) / self.daily[k]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that stays as it is over the replications; lists are by row of the product's table of people.

    Attributes
    ----------
    here : children and volunteers of the case; later rows are who may come.
    child, volunteer : days until the first birthday, and age in years, when each is known.
    grown, outgrown : days until a child is 18, and until no rule about it holds again.
    gate : chance of a yes by score in tenths and gate.
    budget : matchers' hours of each week.
    limits : matches that a matcher or a quota allows in ``limit_days``, and whose count, by row.
    """

    ready: Prepared
    settings: StreamSettings
    weeks: int
    here: tuple[int, int]
    child: list[tuple[float, int]]
    volunteer: list[tuple[float, int]]
    grown: list[float]
    outgrown: list[float]
    gate: FloatArray
    budget: list[float]
    limits: list[tuple[int, frozenset[int]]]
    limit_days: float
    lasting: Lasting
    variance: float
    contact_log: float
    usual_contacts: float
    child_year_log: float
    volunteer_year_log: float
    broken_log: float
    causes: tuple[float, ...]

    @classmethod
    def of(cls, ready: Prepared) -> Facts:
        """Gather them from a world that is ready."""
        settings, priors, day = ready.world.stream, load_priors(), ready.world.case.planning_date
        child = [_birthday(row.birth_date, day) for row in ready.child_records]
        baseline, log_ratios = ready.belief.baseline, dict(zip(ready.belief.names, ready.belief.log_ratios, strict=True))
        return cls(
            ready=ready,
            settings=settings,
            weeks=ready.weeks,
            here=(len(ready.world.case.children), len(ready.world.case.volunteers)),
            child=child,
            volunteer=[_birthday(row.birth_date, day) for row in ready.volunteer_records],
            grown=[_days(_anniversary(row.birth_date, 18), day) for row in ready.child_records],
            outgrown=[_outgrown(ok, first) for ok, (first, _) in zip(ready.kinds.child_ok, child, strict=True)],
            gate=gates(settings),
            budget=budget(ready),
            limits=limits(ready),
            limit_days=settings.limit_months * DAYS_A_MONTH,
            lasting=Lasting(baseline.months, baseline.monthly),
            variance=priors.variance,
            contact_log=log(priors.contact.ratio),
            usual_contacts=priors.usual_contacts,
            child_year_log=float(log_ratios["child_year"]),
            volunteer_year_log=float(log_ratios["volunteer_decade"]) / 10.0,
            broken_log=float(log_ratios["broken_before"]),
            causes=tuple(priors.causes.values()),
        )

    def ratio(self, row: int, years: tuple[int, int], age: int, *, broken: bool) -> float:
        """A pair's hazard ratio when both are some ``years`` older than the table knows them; ``age`` of the volunteer there."""
        older = min(age + years[1], OLDEST) - min(age, OLDEST)
        known = float(self.ready.kinds.log_ratio[row]) if row >= 0 else 0.0
        both = years[0] * self.child_year_log + older * self.volunteer_year_log
        return exp(known + both + broken * self.broken_log)

    def arrivals(self, yearly: float, day: float) -> float:
        """Expected arrivals a day."""
        season = self.settings.season
        month = (self.ready.world.case.planning_date + timedelta(days=int(day))).month
        return yearly / YEAR * season[month - 1] / (sum(season) / len(season))

    def days_of_year(self, begun: float) -> float:
        """Days to the same day of the next year; from 29 February to the 28th."""
        day = self.ready.world.case.planning_date + timedelta(days=int(begun))
        last = 28 if (day.month, day.day) == (2, 29) else day.day
        return _days(date(day.year + 1, day.month, last), day)


def steps(day: float, birthday: float) -> int:
    """Completed years since a person is known."""
    return 0 if day < birthday else 1 + int((day - birthday) / YEAR)


def daily(monthly_share: float) -> float:
    """Hazard a day at which so large a share leaves in a month."""
    return -log1p(-monthly_share) / DAYS_A_MONTH


def gates(settings: StreamSettings) -> FloatArray:
    """Chance of a yes by score in tenths and gate: a slope of the logit for each standard deviation of the score."""
    score = np.linspace(0.0, 100.0, 1001)[:, None]
    usual = np.array(settings.acceptance)
    odds = usual / (1.0 - usual) * np.exp(settings.acceptance_slope * (score - settings.score_mean) / settings.score_sd)
    return np.asarray(odds / (1.0 + odds))


def budget(ready: Prepared) -> list[float]:
    """Hours of all matchers in each week; who is away for at least half of a week has none in it."""
    case, found = ready.world.case, []
    for week in range(ready.weeks):
        days = [case.planning_date + timedelta(days=7 * week + k) for k in range(7)]
        at_work = [sum(not _away(matcher.absent, day) for day in days) > 3 for matcher in case.matchers]
        found.append((ready.world.untabled_matchers + sum(at_work)) * ready.world.stream.matcher_hours_per_week)
    return found


def limits(ready: Prepared) -> list[tuple[int, frozenset[int]]]:
    """Matchers' limits, and quotas by gender, programme or matcher."""
    case, kids, of = ready.world.case, ready.child_records, {"matcher": "matcher_id"}
    asked = [(row.max_new_friendships, "matcher_id", row.matcher_id) for row in case.matchers]
    asked += [(row.at_most, of.get(row.dimension, row.dimension), row.value) for row in case.quotas]
    return [
        (most, frozenset(k for k, child in enumerate(kids) if getattr(child, field) == value))
        for most, field, value in asked
        if most is not None
    ]


def _away(spells: Any, day: date) -> bool:  # noqa: ANN401  pairs of dates
    return any(first <= day <= last for first, last in spells)


def _birthday(born: date, day: date) -> tuple[float, int]:
    """Days until the next birthday, and the age before it."""
    age = day.year - born.year - 1
    while _anniversary(born, age + 1) <= day:
        age += 1
    return _days(_anniversary(born, age + 1), day), age


def _anniversary(born: date, years: int) -> date:
    """The birthday; whoever was born on a leap day has it on 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _days(then: date, day: date) -> float:
    return float((then - day).days)


def _outgrown(ok: npt.NDArray[np.bool_], birthday: float) -> float:
    """The day from which none of the child's later ages will do."""
    return birthday + YEAR * int(np.flatnonzero(ok)[-1]) if ok.any() else -inf
