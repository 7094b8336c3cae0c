"""The year's calendar of one case as one object: a year planned, or planned anew. Every plan passes the independent checker."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from matcher.calendar.judge import CalendarJudge
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import plan_year
from matcher.calendar.promises import Earlier, Promise
from matcher.calendar.reasons import unmet_reasons
from matcher.calendar.relaxations import Nearest, nearest_relaxations
from matcher.calendar.replan import replan
from matcher.calendar.rules import CalendarBook
from matcher.calendar.watch import Effort, Listener
from matcher.calendar.year import Year
from matcher.fingerprint import data_hash
from matcher.records import Case, Postcode
from matcher.rules import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAnswer:
    """A checked plan.

    Attributes
    ----------
    year : what was asked; where it was planned anew, with the earlier plan's past as facts.
    reasons : keys of the rules that leave a volunteer too few, for each with unmet obligations; ``nearest``: what would help.
    changed : where it was planned anew, the promises that are not kept; ``changed_bound``: the fewest proved possible.
    """

    year: Year
    plan: YearPlan
    reasons: Mapping[str, tuple[str, ...]]
    nearest: Nearest
    changed: tuple[Promise, ...] = ()
    changed_bound: int = 0


@dataclass(frozen=True, kw_only=True)
class CalendarEngine:
    """Plans the calendar of one year of a case, under the settings in force.

    ``holidays``: the public holidays of the year, as the rules have them; the checker compares them with its own.
    """

    case: Case
    rulebook: Rulebook
    book: CalendarBook
    postcodes: Mapping[str, Postcode]
    number: int
    holidays: Collection[date] = field(default=())

    @cached_property
    def data_hash(self) -> str:
        """Names the case and the settings that a plan was made from."""
        return data_hash(self.case, self.rulebook.all_values())

    @cached_property
    def year(self) -> Year:
        """What is asked.

        Raises
        ------
        InfeasibleError
            Pinned meetings clash with each other.
        """
        return Year.of(self.case, self.book, self.rulebook.all_values(), self.postcodes, self.number)

    @cached_property
    def judge(self) -> CalendarJudge:
        """The independent checker, told about this year."""
        return CalendarJudge.of(self.case, self.rulebook.all_values(), self.postcodes, self.number, self.holidays)

    @property
    def seed(self) -> int:
        """Of the random choices."""
        return int(self.rulebook.number("seed"))

    def plan(
        self, *, seconds: float | None = None, effort: Effort = Effort.NORMAL, listener: Listener | None = None
    ) -> YearAnswer:
        """Plan the year; ``plan_year`` says what ``seconds`` and ``effort`` mean.

        Raises
        ------
        InfeasibleError
            Pinned meetings clash with each other.
        CertificateError
            The independent checker refuses the plan.
        """
        plan = plan_year(self.year, seconds=seconds, effort=effort, seed=self.seed, listener=listener, data_hash=self.data_hash)
        reasons = unmet_reasons(self.year, plan)
        self.judge.accepts(plan, joined(reasons))
        return YearAnswer(year=self.year, plan=plan, reasons=reasons, nearest=self._nearest(self.year, plan))

    def replan(
        self,
        earlier: Earlier,
        from_date: date,
        *,
        seconds: float | None = None,
        effort: Effort = Effort.NORMAL,
        listener: Listener | None = None,
    ) -> YearAnswer:
        """Plan the year anew from a date on, with as few changed promises as the obligations allow; raises as ``plan`` does."""
        found = replan(
            self.year,
            earlier,
            from_date,
            seconds=seconds,
            effort=effort,
            seed=self.seed,
            listener=listener,
            data_hash=self.data_hash,
        )
        reasons = unmet_reasons(found.year, found.plan)
        self.judge.accepts_replan(earlier, found.plan, found.changed, from_date, joined(reasons))
        return YearAnswer(
            year=found.year,
            plan=found.plan,
            reasons=reasons,
            nearest=self._nearest(found.year, found.plan),
            changed=found.changed,
            changed_bound=found.changed_bound,
        )

    def _nearest(self, year: Year, plan: YearPlan) -> Nearest:
        return nearest_relaxations(year, plan, self.rulebook.all_values(), self.postcodes)


def joined(reasons: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The text of ``unmet.csv`` by volunteer."""
    return {name: ";".join(keys) for name, keys in reasons.items()}
