"""Months of friendship as the objective of a plan, in the place of the score: as many matches, the same rules and limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matcher.duration.belief import believed
from matcher.duration.expected import HORIZON, Expected, expected_of_pairs
from matcher.duration.fit import fitted
from matcher.duration.history import history_of
from matcher.planning import assignment_of

if TYPE_CHECKING:
    from matcher.assignment.best import Solved
    from matcher.duration.belief import Belief
    from matcher.duration.fit import Fit
    from matcher.engine import Engine
    from matcher.question import Question
    from matcher.results import Assignment, Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthsPlan:
    """The plan with the most months of friendship to be expected.

    Attributes
    ----------
    plan : with the pairs' scores; its ``price`` is the score that it gives up against the best plan. Seen as a plan by score
        it is ``feasible`` only, and its ``bound`` is the best total; so the independent checker judges it like any other.
    expected : months of each of its pairs, in the order of ``plan.pairs``.
    months, best_plan_months : months in all, in thousandths: of this plan, and of the best plan by score.
    status : ``optimal`` where its own prices prove that no plan with as many matches has more months.
    """

    plan: Assignment
    expected: Expected
    months: int
    best_plan_months: int
    status: Status


def learned(engine: Engine) -> Fit:
    """What the case's own friendships up to its planning date say of how long they last; go by its ``belief``."""
    return fitted(history_of(engine.case, engine.people), believed())


def in_friendship_months(question: Question, belief: Belief, horizon: int = HORIZON) -> Question:
    """The question whose best plan has the most children matched, and then the most months of friendship to be expected.

    Points are thousandths of a month. The plan that ``Question.solved`` finds of it is proved by its prices like any other.
    """
    found = question.candidates
    expected = expected_of_pairs(found.people, belief, found.child, found.volunteer, horizon)
    return replace(question, candidates=replace(found, points=expected.points))


def plan_by_months(engine: Engine, belief: Belief, horizon: int = HORIZON) -> MonthsPlan:
    """Make the plan with the most matches, and then the most months of friendship; the checker accepts it or it is withheld.

    Raises
    ------
    InfeasibleError
        The locked pairs and the limits cannot all hold in one plan.
    CertificateError
        The proof or the independent checker refuses the plan.
    """
    best, question = engine.solved, in_friendship_months(engine.question, belief, horizon)
    solved = question.solved(engine.planning)
    worth, chosen = question.candidates.points, solved.chosen
    score = int(engine.candidates.points[chosen].sum())
    as_scored: Solved = replace(best, chosen=chosen, match=solved.match, total=score, status="feasible")
    plan = assignment_of(engine.question, as_scored, engine.data_hash, price=best.total - score)
    engine.judge.accepts_plan(plan)
    found = engine.candidates
    return MonthsPlan(
        plan=plan,
        expected=expected_of_pairs(engine.people, belief, found.child[chosen], found.volunteer[chosen], horizon),
        months=int(worth[chosen].sum()),
        best_plan_months=int(worth[best.chosen].sum()),
        status=type(plan.status)(solved.status),
    )
