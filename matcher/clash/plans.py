"""Whether some demands can hold together: by flow where their limits nest, else by search, with a plan where they can.

A maximum flow in a network whose arcs have a least too says it exactly [1]_. Where limits cross, those that nest are asked
first: if they cannot hold, nor can all; if the flow's plan keeps the others by chance, all can.

.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, section 6.7 (feasible circulations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from matcher.assignment.limits import arranged
from matcher.assignment.solvers.program import UNBOUNDED, Program
from matcher.clash.demands import FACTS, LOOSE, limits_of
from matcher.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matcher.assignment.limits import Arrangement
    from matcher.assignment.pairs import Int, Mask
    from matcher.clash.demands import Demand, Ground

FIRST_LOOK = 0.5
"""Seconds that CP-SAT has before HiGHS is asked; the answer is the same, whoever gives it."""


def plan_of(ground: Ground, demands: Sequence[Demand]) -> Mask | None:
    """A plan that keeps all demands, shape (pairs,); None where there is none.

    Raises
    ------
    CertificateError
        A solver's plan does not keep them, or its answer is no answer.
    """
    plan = _locks(ground, demands)
    if ground.keeps(demands, plan):
        return plan
    if not ground.keeps([one for one in demands if one.code != "quota_least"], plan):  # fewer pairs than its locks no plan has
        return None
    limits = arranged(limits_of(demands), ground.pairs.n_left)
    found = _flow_plan(ground, demands, limits)
    if found is not None and limits.crossing and not ground.keeps(demands, found):
        found = _searched_plan(ground, demands)
    if found is not None and not ground.keeps(demands, found):
        raise CertificateError(["a plan for some demands does not keep them"])
    return found


def refuted(ground: Ground, demands: Sequence[Demand]) -> bool:
    """Whether CP-SAT, without presolve, finds no plan either.

    A second opinion: another solver on a model made from the demands alone, with its pairs and rows in the opposite order.
    """
    from matcher.assignment.solvers.cp_sat import solve_program  # noqa: PLC0415  seldom needed, and slow to load

    program = _program(ground, demands, np.flatnonzero(_of_use(ground, demands))[::-1].copy())
    return solve_program(program, presolve=False).status == "infeasible"


def _locks(ground: Ground, demands: Sequence[Demand]) -> Mask:
    plan = np.zeros(ground.pairs.n_pairs, dtype=np.bool_)
    for one in demands:
        if one.code == "lock":
            plan[one.who] = True
    return plan


def _of_use(ground: Ground, demands: Sequence[Demand]) -> Mask:
    """Locked pairs, and those of children who count for a least number: any other pair can be left out of a plan."""
    counts = np.zeros(ground.pairs.n_left, dtype=np.bool_)
    for one in demands:
        if one.code == "quota_least":
            counts[one.who] = True
    return counts[ground.pairs.left] | _locks(ground, demands)


def _flow_plan(ground: Ground, demands: Sequence[Demand], limits: Arrangement) -> Mask | None:
    """A plan that keeps all demands but the limits that cross; None where there is none."""
    pairs = ground.pairs
    used = np.flatnonzero(_of_use(ground, demands))
    lefts, rights = ground.capacities(demands)
    n_left, n_right, n_groups = pairs.n_left, pairs.n_right, len(limits.parent)
    outside = n_left + n_right + n_groups
    left_ids, right_ids, group_ids = np.split(np.arange(outside), [n_left, n_left + n_right])
    nothing = np.zeros(outside, dtype=np.int64)
    flow = _circulation(
        tail=np.concatenate(
            [
                pairs.left[used],
                np.where(limits.group >= 0, n_left + n_right + limits.group, outside),
                right_ids,
                np.where(limits.parent >= 0, n_left + n_right + limits.parent, outside),
            ]
        ),
        head=np.concatenate([pairs.right[used] + n_left, left_ids, np.full(n_right, outside), group_ids]),
        least=np.concatenate([_locks(ground, demands)[used], nothing[: n_left + n_right], limits.least]).astype(np.int64),
        most=np.concatenate([np.ones(used.size, dtype=np.int64), lefts, rights, limits.most]),
    )
    if flow is None:
        return None
    plan = np.zeros(pairs.n_pairs, dtype=np.bool_)
    plan[used[flow[: used.size] > 0]] = True
    return plan


def _circulation(*, tail: Int, head: Int, least: Int, most: Int) -> Int | None:
    """A flow from ``least`` to ``most`` on every arc that leaves as much at each node as enters it; None where there is none."""
    if (least > most).any():
        return None
    nodes = int(max(tail.max(), head.max())) + 1
    owed = np.bincount(head, least, nodes).astype(np.int64) - np.bincount(tail, least, nodes).astype(np.int64)
    gives, takes = np.flatnonzero(owed > 0), np.flatnonzero(owed < 0)
    solver = SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), np.minimum(most, LOOSE) - least)
    solver.add_arcs_with_capacity(np.full(gives.size, nodes, dtype=np.int32), gives.astype(np.int32), owed[gives])
    solver.add_arcs_with_capacity(takes.astype(np.int32), np.full(takes.size, nodes + 1, dtype=np.int32), -owed[takes])
    if solver.solve(nodes, nodes + 1) != SimpleMaxFlow.OPTIMAL:
        raise CertificateError(["maximum flow ended without an answer"])
    if solver.optimal_flow() < owed[gives].sum():
        return None
    flows: Int = solver.flows(arcs) + least
    return flows


def _searched_plan(ground: Ground, demands: Sequence[Demand]) -> Mask | None:
    """A plan under limits that cross; None where two solvers, or one of them twice, find that there is none.

    CP-SAT sees at once that most clashes are one, but can be long over a plan that is there; then HiGHS is asked.
    """
    from matcher.assignment.solvers.cp_sat import solve_program  # noqa: PLC0415
    from matcher.assignment.solvers.mip import solve_program as solve_by_mip  # noqa: PLC0415

    if ground.clashes(demands):
        return None
    if (seen := ground.seen(demands)) is not None:
        return seen
    used = np.flatnonzero(_of_use(ground, demands))
    program = _program(ground, demands, used)
    found = solve_program(program, seconds=FIRST_LOOK)
    if found.status == "unknown":
        found = solve_by_mip(program)
    if found.status == "infeasible":
        return None
    if found.x is None:
        raise CertificateError([f"the search ended without an answer ({found.status})"])
    plan = np.zeros(ground.pairs.n_pairs, dtype=np.bool_)
    plan[used[found.x]] = True
    ground.plans.append(plan)
    return plan


def _program(ground: Ground, demands: Sequence[Demand], used: Int) -> Program:
    """The demands as rows over the pairs in ``used``, in that order; nothing to be gained."""
    rows = list(_rows(ground, demands, used))
    return Program(
        objective=np.zeros(used.size, dtype=np.int64),
        row_start=np.cumsum([0, *(len(columns) for columns, _, _ in rows)]).astype(np.int64),
        column=np.concatenate([columns for columns, _, _ in rows] or [used[:0]]).astype(np.int32),
        coefficient=np.ones(sum(len(columns) for columns, _, _ in rows), dtype=np.int64),
        lower=np.array([lower for _, lower, _ in rows], dtype=np.int64),
        upper=np.array([upper for _, _, upper in rows], dtype=np.int64),
    )


def _rows(ground: Ground, demands: Sequence[Demand], used: Int) -> Iterator[tuple[Int, int, int]]:
    """Columns, least and most of every row that can bind."""
    pairs = ground.pairs
    for side, capacity in zip((pairs.left[used], pairs.right[used]), ground.capacities(demands), strict=True):
        in_order = np.argsort(side, kind="stable")
        ends = np.flatnonzero(np.diff(side[in_order])) + 1
        for columns in np.split(in_order, ends) if used.size else []:
            most = int(capacity[side[columns[0]]])
            if most < columns.size:
                yield columns, -UNBOUNDED, most
    for one in demands:
        if one.code in FACTS:
            continue
        columns = np.flatnonzero(used == one.who[0] if one.code == "lock" else np.isin(pairs.left[used], one.who))
        yield (columns, one.number, columns.size) if one.at_least else (columns, -UNBOUNDED, one.number)
