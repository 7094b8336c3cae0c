"""The search between bounds: only pairs that some better plan can have are given to a solver for any linear limit.

A plan with a pair stays below the bound by the pair's loss. So where a search among the pairs within some radius finds a
plan no further below the bound than that radius, no pair outside can improve it [1]_, and it is best among all plans.

.. [1] L. A. Wolsey, Integer Programming, 1998, section 7.5 (reduced cost fixing).
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np

from matcher.assignment.crossing.bound import row_places, row_prices
from matcher.assignment.solvers.mip import MipServer
from matcher.assignment.solvers.program import UNBOUNDED, Found, program_of
from matcher.errors import TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from matcher.assignment.crossing.bound import Dual
    from matcher.assignment.crossing.question import Question
    from matcher.assignment.pairs import Int, Mask
    from matcher.assignment.solvers.program import Program

Answer = TypeVar("Answer")
FIRST_PAIRS = (1.5, 4)
"""The first search has so many pairs a left, the second, where they have no plan, so many more; the third has all."""


class Search:
    """A solver by name (``mip`` or ``cp_sat``) and the seconds that it has left for all its programs.

    An interrupt (``KeyboardInterrupt``) while it works ends it as the limit does: what is known by then is the answer.
    """

    def __init__(self, name: str = "mip", seconds: float | None = None) -> None:
        self._name = name
        self._server = MipServer()
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._interrupted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.__exit__(kind, error, trace)

    def left(self) -> float | None:
        """Seconds left, None for no limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def solve(self, program: Program, hint: Mask | None = None) -> Found:
        """The best solution of a program within the seconds left."""
        seconds = self.left()
        if seconds == 0:
            return _unsolved(program, hint)
        try:
            if self._name == "cp_sat":
                from matcher.assignment.solvers import cp_sat  # noqa: PLC0415  takes long to load

                return cp_sat.solve_program(program, hint=hint, seconds=seconds)
            return self._server.solve(program, hint=hint, seconds=seconds)
        except KeyboardInterrupt:
            self._interrupt()
            return _unsolved(program, hint)

    def waited(self, work: Callable[[], Answer]) -> Answer | None:
        """What ``work``, which hears neither limits nor interrupts, comes to; None where the seconds end before it does."""
        if self.left() == 0:
            return None
        answers: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        threading.Thread(target=_put_answer, args=(work, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=self.left())
        except queue.Empty:
            return None
        except KeyboardInterrupt:
            self._interrupt()
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ended_without_answer(self) -> BaseException:
        """Why there is no answer: the interrupt, or the limit."""
        return KeyboardInterrupt() if self._interrupted else TimeLimitError()

    def _interrupt(self) -> None:
        self._interrupted, self._deadline = True, time.monotonic()


def _put_answer(work: Callable[[], Answer], answers: queue.SimpleQueue[Answer | Exception]) -> None:
    try:
        answers.put(work())
    except Exception as error:  # noqa: BLE001  raised again where it is waited for
        answers.put(error)


def _unsolved(program: Program, hint: Mask | None) -> Found:
    """What is known where the time is over: the hint, if it is a solution."""
    if hint is None or not program.holds(hint):
        return Found(x=None, value=None, bound=None, status="unknown")
    return Found(x=hint, value=program.value(hint), bound=None, status="feasible")


def program_for(question: Question, count: int | None) -> Program:
    """The question as a program; with ``count``, its plans of exactly so many pairs."""
    pairs = question.pairs
    program = program_of(pairs, np.zeros(pairs.n_pairs, dtype=np.bool_))
    for member, least, most in zip(question.member, question.least, question.most, strict=True):
        columns = np.flatnonzero(member[pairs.left])
        program = program.with_row(columns, 1, int(least), min(int(most), columns.size))
    if count is not None:
        program = program.with_row(np.arange(pairs.n_pairs), 1, count, count)
    return program


def program_within(question: Question, dual: Dual, part: Mask, radius: int, count: int | None) -> Program:
    """Plans of the pairs in ``part`` that stay below the bound by no more than ``radius`` units; maximised is how little.

    A limit that is worth more than ``radius`` is used to its end. What all others lose, and the pairs' slack, is the last row:
    numbers no larger than the radius, where points would be too large for a solver that works in fractions.
    """
    program = program_for(question.part(part), count)
    price, places = row_prices(dual.prices), row_places(question, dual.prices)
    lower, upper = program.lower.copy(), program.upper.copy()
    full, least = np.flatnonzero(price > radius), np.flatnonzero(price < -radius)
    lower[full], upper[least] = places[full], places[least]
    loose = np.where(np.abs(price) <= radius, price, 0)
    row = np.repeat(np.arange(program.n_rows), np.diff(program.row_start))
    loss = dual.slack[part]
    of_limits = row < loose.size
    np.subtract.at(loss, program.column[of_limits], loose[row[of_limits]])
    away = int((loose * places).sum()) + int(np.maximum(-dual.slack, 0).sum())
    program = replace(program, lower=lower, upper=upper, objective=-loss)
    costly = np.flatnonzero(loss)
    return program.with_row(costly, loss[costly], -UNBOUNDED, radius - away) if costly.size else program


def near(question: Question, dual: Dual, radius: int) -> Int:
    """Pairs that a plan can have which stays below the bound by no more than ``radius`` units."""
    close = np.flatnonzero(dual.slack <= radius)
    return close[dual.losses(question, close) <= radius] if close.size else close


def best_within(question: Question, dual: Dual, radius: int, count: int | None, search: Search) -> Found:
    """The best plan no further than ``radius`` units below the bound, of all its pairs; ``infeasible`` where none is so near.

    ``optimal``: no plan at all is better.
    """
    part = dual.slack <= radius
    found = search.solve(program_within(question, dual, part, radius, count))
    return found if found.x is None else replace(found, x=_among(part, found.x))


def best_plan(question: Question, dual: Dual, count: int | None, known: Mask | None, search: Search) -> tuple[Mask | None, bool]:
    """The plan of most points, of ``count`` pairs if that is given, and whether that is certain; None for no plan.

    ``known`` is such a plan to start from.
    """
    if not question.pairs.n_pairs:
        empty = np.zeros(0, dtype=np.bool_)
        return (empty if question.holds(empty) and not count else None), True
    known, ended = (known, False) if known is not None else _first_plan(question, dual, count, search)
    if known is None or ended:
        return known, ended
    gap = _gap(question, dual, known)
    if gap < dual.scale:
        return known, True
    part = np.zeros(question.pairs.n_pairs, dtype=np.bool_)
    part[near(question, dual, gap)] = True
    found = search.solve(program_within(question, dual, part, gap, count), known[part])
    return (known if found.x is None else _among(part, found.x)), found.status == "optimal"


def _first_plan(question: Question, dual: Dual, count: int | None, search: Search) -> tuple[Mask | None, bool]:
    """The best plan of the few pairs that lose least, or of more where those have none; and whether no other is better."""
    for pairs_a_left in FIRST_PAIRS:
        part = _closest(question, dual, int(pairs_a_left * question.pairs.n_left))
        found = search.solve(program_for(question.part(part), count))
        if found.x is not None:
            return _among(part, found.x), bool(part.all()) and found.status == "optimal"
        if found.status != "infeasible" or part.all():
            return None, found.status == "infeasible"
    part = np.ones(question.pairs.n_pairs, dtype=np.bool_)
    found = search.solve(program_for(question, count))
    return (None if found.x is None else _among(part, found.x)), found.status in {"optimal", "infeasible"}


def _among(part: Mask, x: Mask) -> Mask:
    plan = np.zeros(part.size, dtype=np.bool_)
    plan[part] = x
    return plan


def _gap(question: Question, dual: Dual, plan: Mask) -> int:
    return dual.below(int(plan.sum()), int(question.pairs.points[plan].sum()))


def _closest(question: Question, dual: Dual, few: int) -> Mask:
    """About so ``few`` pairs: those with the least slack, and whoever has as little."""
    if few >= question.pairs.n_pairs:
        return np.ones(question.pairs.n_pairs, dtype=np.bool_)
    closest: Mask = dual.slack <= np.partition(dual.slack, few)[few]
    return closest
