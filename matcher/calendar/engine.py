"""The year's calendar of one case as one object: a year planned, or planned anew. Every plan passes the independent checker."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from matcher.calendar.anew.promises import Earlier, Promise
from matcher.calendar.anew.replan import Replanned, replan
from matcher.calendar.judge import CalendarJudge
from matcher.calendar.plan import YearPlan
from matcher.calendar.planner import plan_year
from matcher.calendar.reasons.causes import unmet_reasons
from matcher.calendar.reasons.relaxations import Nearest, nearest_relaxations
from matcher.calendar.rules import CalendarBook
from matcher.calendar.running.watch import Effort, Listener
from matcher.calendar.year import Year
from matcher.fingerprint import data_hash
from matcher.records import Case, Postcode
from matcher.rules import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """What a year was planned anew from, and with what promises kept."""

    earlier: Earlier
    from_date: date
    replanned: Replanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan before it is checked and explained; ``anew`` where an earlier one was kept."""

    year: Year
    plan: YearPlan
    anew: Anew | None = None


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

    def search(self, *, seconds: float | None = None, effort: Effort = Effort.NORMAL, listener: Listener | None = None) -> Found:
        """Look for the plan of the year; ``plan_year`` says what the arguments mean. It is not checked yet.

        Raises
        ------
        InfeasibleError
            Pinned meetings clash with each other.
        """
        year = self.year
        workers = int(self.rulebook.number("workers"))
        plan = plan_year(
            year, seconds=seconds, effort=effort, seed=self.seed, listener=listener, data_hash=self.data_hash, workers=workers
        )
        return Found(year=year, plan=plan)

    def search_anew(
        self,
        earlier: Earlier,
        from_date: date,
        *,
        seconds: float | None = None,
        effort: Effort = Effort.NORMAL,
        listener: Listener | None = None,
    ) -> Found:
        """Look for a plan from a date on, with as few changed promises as the obligations allow; as ``search`` does."""
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
        return Found(year=found.year, plan=found.plan, anew=Anew(earlier=earlier, from_date=from_date, replanned=found))

    def answered(self, found: Found) -> YearAnswer:
        """The plan with its reasons, once the independent checker has accepted it.

        Raises
        ------
        CertificateError
            The independent checker refuses the plan.
        """
        reasons, anew = unmet_reasons(found.year, found.plan), found.anew
        if anew is None:
            self.judge.accepts(found.plan, joined(reasons))
        else:
            self.judge.accepts_replan(anew.earlier, found.plan, anew.replanned.changed, anew.from_date, joined(reasons))
        return YearAnswer(
            year=found.year,
            plan=found.plan,
            reasons=reasons,
            nearest=self._nearest(found.year, found.plan),
            changed=anew.replanned.changed if anew else (),
            changed_bound=anew.replanned.changed_bound if anew else 0,
        )

    def plan(
        self, *, seconds: float | None = None, effort: Effort = Effort.NORMAL, listener: Listener | None = None
    ) -> YearAnswer:
        """Plan the year: ``search``, then ``answered``."""
        return self.answered(self.search(seconds=seconds, effort=effort, listener=listener))

    def replan(
        self,
        earlier: Earlier,
        from_date: date,
        *,
        seconds: float | None = None,
        effort: Effort = Effort.NORMAL,
        listener: Listener | None = None,
    ) -> YearAnswer:
        """Plan the year anew from a date on: ``search_anew``, then ``answered``."""
        return self.answered(self.search_anew(earlier, from_date, seconds=seconds, effort=effort, listener=listener))

    def _nearest(self, year: Year, plan: YearPlan) -> Nearest:
        return nearest_relaxations(year, plan, self.rulebook.all_values(), self.postcodes)


def joined(reasons: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The text of ``unmet.csv`` by volunteer."""
    return {name: ";".join(keys) for name, keys in reasons.items()}
