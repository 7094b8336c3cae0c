"""Whoever can look for the best plan, by name. Ties fall as each likes; proof and tie rule make one plan of them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from matcher.assignment.solvers.flow import best_pairs
from matcher.assignment.solvers.program import program_of
from matcher.errors import CertificateError, InfeasibleError, UsageError

if TYPE_CHECKING:
    from matcher.assignment.network import Network
    from matcher.assignment.pairs import Mask, ScoredPairs
    from matcher.assignment.solvers.program import Found, Program

NAMES = ("kernel", "flow", "linear_sum", "mip", "cp_sat")
"""Our own, and OR-Tools' min-cost flow, linear sum assignment, HiGHS and CP-SAT."""
AUTO = "auto"
"""Whoever suits the structure and the size."""
SEARCHES = ("mip", "cp_sat")
"""Those that can hold limits that cross, the usual one first."""


class Solve(Protocol):
    """A solver of programs."""

    def __call__(self, program: Program, *, hint: Mask | None = None) -> Found:
        """The best solution of the program."""


def search_of(name: str) -> str:
    """Who searches where limits cross, when ``name`` is asked for; raises ``UsageError`` where that one cannot."""
    if name == AUTO:
        return SEARCHES[0]
    if name not in NAMES:
        raise UsageError("solver_unknown", solver=name, known=", ".join((AUTO, *NAMES)))
    if name not in SEARCHES:
        raise UsageError("solver_cannot", solver=name, nearest=SEARCHES[0])
    return name


def best_plan(name: str, pairs: ScoredPairs, fixed: Mask, network: Network) -> Mask:
    """A best plan beside the ``fixed`` pairs, as a mask like ``flow.best_pairs``'s, by the solver of that name.

    Most pairs first, then the highest total; where ``network.match_weight`` is 0, the highest total alone.

    Raises
    ------
    UsageError
        ``solver_unknown``, or ``solver_cannot``: the solver cannot hold these limits; facts: the nearest one that can.
    InfeasibleError
        No plan keeps all limits (``limits_clash``); ``flow`` and ``kernel`` answer with a plan that breaks a least instead.
    RuleError
        The points exceed what the solver can hold.
    CertificateError
        A solver ended without a proof.
    """
    if name == "mip":
        return _by_mip(pairs, fixed, network)
    if name == "cp_sat":
        from matcher.assignment.solvers import cp_sat  # noqa: PLC0415  each loads only where it is asked for

        return _by_program(cp_sat.solve_program, pairs, fixed, network)
    chosen = _by_network(name, replace(pairs, crossing=()), fixed, network)
    lefts = pairs.counts(chosen | fixed)[0]
    for limit in pairs.crossing:
        if not limit.least <= int(lefts[limit.members].sum()) <= limit.most:
            raise UsageError("solver_cannot", solver=name, nearest=SEARCHES[0])
    return chosen


def _by_network(name: str, pairs: ScoredPairs, fixed: Mask, network: Network) -> Mask:
    """By a solver that knows capacities and, at most, groups."""
    if name == "kernel" and not pairs.group_least.any():  # what a group must have, our own asks the flow for
        from matcher.assignment.kernel.plan import kernel_plan  # noqa: PLC0415

        return kernel_plan(pairs, fixed, network)[0]
    if name == "linear_sum":
        from matcher.assignment.solvers.linear_sum import linear_sum_pairs  # noqa: PLC0415

        return linear_sum_pairs(pairs, network)
    if name in {"kernel", "flow"}:
        return best_pairs(pairs, network)
    raise UsageError("solver_unknown", solver=name, known=", ".join((AUTO, *NAMES)))


def _by_mip(pairs: ScoredPairs, fixed: Mask, network: Network) -> Mask:
    from matcher.assignment.solvers.mip import MipServer  # noqa: PLC0415

    with MipServer() as server:
        return _by_program(server.solve, pairs, fixed, network)


def _by_program(solve: Solve, pairs: ScoredPairs, fixed: Mask, network: Network) -> Mask:
    """How many pairs there can be, then the best total with so many: no number is ever a sum of both."""
    program = program_of(pairs, fixed)
    first: Mask | None = None
    if network.match_weight:
        first = _proved(solve(program.with_objective(1)))
        matched = int(first.sum())
        program = program.with_row(np.arange(pairs.n_pairs), 1, matched, matched)
    return _proved(solve(program, hint=first)) & ~fixed


def _proved(found: Found) -> Mask:
    if found.status == "infeasible":
        raise InfeasibleError([("limits_clash", {})])
    if found.x is None or found.status != "optimal":
        raise CertificateError([f"the solver ended without a proof ({found.status})"])
    return found.x
