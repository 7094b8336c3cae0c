"""Programs by HiGHS, in a process of its own that is ended at the limit; what it says is checked in whole numbers.

Where its answer does not hold there, it is asked again with finer tolerances, and CP-SAT after it. That there is no
solution it must say twice, the second time without presolve, which is known to err on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matcher.assignment.solvers.mip_answers import Look, Question, trivial
from matcher.assignment.solvers.mip_process import Child
from matcher.assignment.solvers.program import Found

if TYPE_CHECKING:
    from types import TracebackType

    from matcher.assignment.pairs import Mask
    from matcher.assignment.solvers.program import Program

GRACE = 0.1
"""Seconds after the limit in which HiGHS may still end by itself, with its best solution."""


def solve_program(
    program: Program, *, hint: Mask | None = None, seconds: float | None = None, seed: int = 0, relax: bool = False
) -> Found:
    """The best solution of one program; see ``MipServer.solve``. For many programs one ``MipServer`` starts one process."""
    with MipServer() as server:
        return server.solve(program, hint=hint, seconds=seconds, seed=seed, relax=relax)


class MipServer:
    """HiGHS for many programs, one after another, in one process; as a context, which ends the process."""

    def __init__(self) -> None:
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The id of the process, None where there is none now."""
        return None if self._child is None else self._child.pid

    def solve(
        self, program: Program, *, hint: Mask | None = None, seconds: float | None = None, seed: int = 0, relax: bool = False
    ) -> Found:
        """Solve a program: one thread, no gap.

        Parameters
        ----------
        hint : a solution to start from; where it keeps every row, the answer is no worse.
        seconds : limit; the answer comes within half a second after it, whatever becomes of the process.
        seed : of the solver's random choices.
        relax : solve it in fractions, for the bound alone; a solution comes only where it happens to be whole.

        Raises
        ------
        RuleError
            The numbers exceed what any solver can hold.
        """
        question = Question(program, hint, seconds, seed, relax=relax)
        look = Look(claim="doubted")
        if (known := trivial(program)) is not None:
            return known
        if question.fits_floats:
            look = self._look(question)
            if look.claim == "infeasible":  # said of questions with solutions, with presolve (google/or-tools issue 5274)
                look = self._look(question, presolve=False)
                if look.claim == "infeasible":
                    return Found(x=None, value=None, bound=None, status="infeasible")
            elif look.claim == "doubted":
                look = self._look(question, tight=True)
        if look.claim in {"infeasible", "doubted"} and not relax:
            return _by_cp_sat(question)
        return question.found(look)

    def _look(self, question: Question, *, presolve: bool = True, tight: bool = False) -> Look:
        """One run of HiGHS; a solution that it finds is the question's best from then on."""
        self._child = self._child or Child()
        facts = {"seed": question.seed, "relax": question.relax, "presolve": presolve, "tight": tight}
        try:
            answer = self._child.ask(facts, question.parts(), question.left, GRACE)
        except BaseException:  # an interrupt too: what comes later must not be taken for the answer to another question
            self._end()
            raise
        if answer is not None:
            return question.read(answer)
        for x in self._child.written(question.program.n_columns):
            question.offer(x)
        self._end()
        return Look(claim="open")

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None


def _by_cp_sat(question: Question) -> Found:
    from matcher.assignment.solvers import cp_sat  # noqa: PLC0415  a second solver is needed seldom, and takes long to load

    return cp_sat.solve_program(question.program, hint=question.best, seconds=question.left(), seed=question.seed)
