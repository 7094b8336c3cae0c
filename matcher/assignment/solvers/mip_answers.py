"""What HiGHS's answers, which are floats, are worth in whole numbers.

A solution counts only where, rounded, it keeps every row in whole numbers, and its value is computed from these. A bound is
rounded so that it is not too small; ``proved`` is said only where the best solution's exact value equals it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import floor, isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from matcher.assignment.solvers.lp_bound import safe_bound
from matcher.assignment.solvers.program import UNBOUNDED, Found

if TYPE_CHECKING:
    import numpy.typing as npt

    from matcher.assignment.pairs import Mask
    from matcher.assignment.solvers.mip_process import Answer
    from matcher.assignment.solvers.program import Program

EXACT_SUM = 2.0**50
"""Above such sums floats do not tell whole numbers apart well enough."""
NEARLY, NEARLY_PART = 1e-6, 1e-10
"""By how much, and by what part of itself, a bound in floats may be too small."""
OPTIMAL = "TERMINATION_REASON_OPTIMAL"
ENDED_EARLY = ("TERMINATION_REASON_FEASIBLE", "TERMINATION_REASON_NO_SOLUTION_FOUND")
NO_SOLUTION = ("TERMINATION_REASON_INFEASIBLE", "TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one run says: proved; open, as it was cut short; infeasible; or doubted, as it is not true in whole numbers."""

    claim: Literal["proved", "open", "infeasible", "doubted"]
    bound: int | None = None


class Question:
    """One program, how to look at it, and the best solution so far."""

    def __init__(self, program: Program, hint: Mask | None, seconds: float | None, seed: int, *, relax: bool) -> None:
        self.program = program
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.seed = seed
        self.relax = relax
        self.best: Mask | None = None
        self.value: int | None = None
        if hint is not None:
            self.offer(hint)

    @property
    def fits_floats(self) -> bool:
        """Whether floats hold every sum that can occur."""
        program = self.program
        rows = np.zeros(program.n_rows)
        np.add.at(rows, np.repeat(np.arange(program.n_rows), np.diff(program.row_start)), np.abs(program.coefficient) * 1.0)
        return bool(rows.max(initial=0.0) < EXACT_SUM and np.abs(program.objective * 1.0).sum() < EXACT_SUM)

    def left(self) -> float | None:
        """Seconds until the limit, None without one."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def parts(self) -> list[bytes]:
        """The program and the best solution as ``mip_child.solve`` reads them."""
        program = self.program
        rows = np.repeat(np.arange(program.n_rows, dtype=np.int64), np.diff(program.row_start))
        lower = np.where(program.lower <= -UNBOUNDED, -np.inf, program.lower.astype(np.float64))
        upper = np.where(program.upper >= UNBOUNDED, np.inf, program.upper.astype(np.float64))
        hint = np.zeros(0) if self.best is None else self.best.astype(np.float64)
        columns, coefficients = program.column.astype(np.int64), program.coefficient.astype(np.float64)
        arrays = (program.objective.astype(np.float64), hint, rows, columns, coefficients, lower, upper)
        return [array.tobytes() for array in arrays]

    def offer(self, x: npt.NDArray[Any]) -> None:
        """Take a solution as the best, if it is one in whole numbers and better than what is known."""
        whole = np.rint(x.astype(np.float64)) == 1
        value = self.program.value(whole)
        if (self.value is None or value > self.value) and self.program.holds(whole):
            self.best, self.value = whole, value

    def read(self, answer: Answer) -> Look:
        """What one answer says."""
        facts, (x, prices) = answer
        if x:
            self.offer(np.frombuffer(x))
        reason = facts["reason"]
        if reason in NO_SOLUTION:
            return Look(claim="infeasible" if self.best is None else "doubted")
        bound = self._bound(facts["bound"], prices, reason)
        if reason in ENDED_EARLY:
            return Look(claim="open", bound=bound)
        if reason != OPTIMAL or bound is None:
            return Look(claim="doubted")
        if self.value == bound:
            return Look(claim="proved", bound=bound)
        return Look(claim="open", bound=bound) if self.relax else Look(claim="doubted")

    def found(self, look: Look) -> Found:
        """The answer after the last look."""
        if self.best is None or self.value is None:
            return Found(x=None, value=None, bound=look.bound, status="unknown")
        status: Literal["optimal", "feasible"] = "optimal" if look.bound == self.value else "feasible"
        return Found(x=self.best, value=self.value, bound=look.bound, status=status)

    def _bound(self, bound: float | None, prices: bytes, reason: str) -> int | None:
        """A bound that is not too small, None where there is none or a solution is above it."""
        if self.relax:
            return safe_bound(self.program, np.frombuffer(prices)) if prices and reason == OPTIMAL else None
        if bound is None or not isfinite(bound):
            return None
        whole = floor(bound + NEARLY + NEARLY_PART * abs(bound))
        return None if self.value is not None and whole < self.value else whole


def trivial(program: Program) -> Found | None:
    """The answer where it takes no solver: limits that cross each other, no rows, or no columns."""
    gains = program.objective > 0
    if program.n_rows and program.n_columns and (program.lower <= program.upper).all():
        return None
    if not program.holds(gains):
        return Found(x=None, value=None, bound=None, status="infeasible")
    value = program.value(gains)
    return Found(x=gains, value=value, bound=value, status="optimal")
